//! Removes everything from a recording that is not known to be harmless, and
//! keeps its form.
//!
//! A text is kept if its field contains words of Coolify ([`forms`]); in messages
//! of Coolify, plain English words are kept ([`words`]). Everything else is
//! replaced, with the same placeholder for the same text throughout a run, so
//! that references still match.

pub(in crate::testing) mod compose;
pub(in crate::testing) mod forms;
mod names;
mod sought;
pub(in crate::testing) mod words;

use std::fmt;

use serde_json::{Map, Value};

use self::names::Place;
use self::words::Words;

/// Texts that the SDK looks for in the log of a deployment.
const LOG: [&str; 2] = [
    "Gracefully shutting down build container",
    "post-deployment command",
];

/// Removes everything from JSON of Coolify that is not known to be harmless: tokens,
/// passwords, hosts, addresses, names of people and what they wrote.
///
/// Ids, times, numbers, and words of Coolify in the fields that have them stay. Every
/// other text is replaced, with the same placeholder for the same text, so that
/// references still match. A [`Cassette`](crate::testing::Cassette) uses it, and so do
/// the recordings that this SDK is tested with.
///
/// ```
/// use coolify_sdk::testing::Scrubber;
/// use serde_json::json;
///
/// let mut scrubber = Scrubber::new("3|a-secret-token", "https://panel.acme.dev");
/// let reply = json!({"status": "running", "ip": "panel.acme.dev", "password": "opensesame"});
/// scrubber.learn(&reply);
/// let scrubbed = scrubber.scrub(&reply);
/// assert_eq!(scrubbed["status"], "running");
/// assert_ne!(scrubbed["ip"], reply["ip"]);
/// assert_ne!(scrubbed["password"], reply["password"]);
/// ```
pub struct Scrubber(Words);

impl Scrubber {
    /// Returns a scrubber that knows the token and the URL of a server. Secrets become
    /// base64, so that fields which have to be base64 stay valid.
    #[must_use]
    pub fn new(token: &str, url: &str) -> Self {
        Self::of(Words::default(), token, url)
    }

    /// Returns a scrubber with numbered placeholders.
    pub(in crate::testing) fn numbered(token: &str, url: &str) -> Self {
        Self::of(Words::numbered(), token, url)
    }

    fn of(mut words: Words, token: &str, url: &str) -> Self {
        if words.is_numbered() {
            for text in LOG {
                words.keep(text);
            }
        }
        let secret = token.split_once('|').map_or(token, |(_, secret)| secret);
        words.learn(token.trim());
        words.learn(secret.trim());
        words.learn_host(host_of(url));
        Self(words)
    }

    /// Registers a text that stays as it is, in fields with secrets too.
    pub(in crate::testing) fn keep(&mut self, text: &str) {
        self.0.keep(text);
    }

    /// Registers a text that is replaced everywhere.
    pub(in crate::testing) fn hide(&mut self, text: &str) {
        self.0.hide(text);
    }

    /// Registers the secrets of a value, to find them in other texts as well, and its
    /// ids, to keep them there. Learn everything before you scrub anything.
    pub fn learn(&mut self, value: &Value) {
        self.learn_in("", Place::Said, value);
    }

    fn learn_in(&mut self, name: &str, place: Place, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.learn_in(key, place.inside(key, fields), value);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.learn_in(name, place, item);
                }
            }
            Value::String(text) => match inner(text) {
                Some(json) => self.learn_in(name, place, &json),
                None if place == Place::Secret && !forms::is_about_a_line(name, text) => {
                    self.0.learn(text);
                }
                None if forms::is_id(name, text) => self.0.learn_id(text),
                None => {}
            },
            _ => {}
        }
    }

    /// Returns the value with placeholders for what is not known to be harmless. In
    /// messages of Coolify, plain English words stay.
    #[must_use = "the value itself does not change"]
    pub fn scrub(&mut self, value: &Value) -> Value {
        self.value("", Place::Said, value)
    }

    /// Returns what a user sent, with placeholders. It contains no messages of Coolify.
    pub(in crate::testing) fn scrub_sent(&mut self, value: &Value) -> Value {
        self.value("", Place::Plain, value)
    }

    /// Registers the texts that a user sent, to find them in messages. Learn everything
    /// else first.
    pub(in crate::testing) fn learn_sent(&mut self, value: &Value) {
        self.0.settle();
        self.learn_sent_in("", value);
    }

    fn learn_sent_in(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.learn_sent_in(name, value);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.learn_sent_in(name, item);
                }
            }
            Value::String(text) if !self.is_open(name, text) && !self.0.is_kept(text) => {
                self.0.learn_whole(text);
            }
            _ => {}
        }
    }

    /// Returns the value of a parameter, with placeholders.
    pub(in crate::testing) fn scrub_parameter(&mut self, name: &str, value: &str) -> String {
        self.text(name, Place::Plain, value)
    }

    /// Returns a text that does not come from the API's JSON, with placeholders.
    pub(in crate::testing) fn scrub_text(&mut self, text: &str) -> String {
        self.text("", Place::Secret, text)
    }

    fn value(&mut self, name: &str, place: Place, value: &Value) -> Value {
        match value {
            Value::Object(fields) => Value::Object(self.object(place, fields)),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(name, place, item));
                items.collect()
            }
            Value::String(text) => Value::String(self.text(name, place, text)),
            Value::Number(number) => {
                let is_secret = place == Place::Secret && !forms::is_place_of_a_line(name);
                if is_secret || self.0.holds_hidden(&number.to_string()) {
                    return 0.into();
                }
                value.clone()
            }
            other => other.clone(),
        }
    }

    fn object(&mut self, place: Place, fields: &Map<String, Value>) -> Map<String, Value> {
        let scrubbed = fields.iter().map(|(key, value)| {
            let value = self.value(key, place.inside(key, fields), value);
            // A key can be a host or a name, as in a map of domains.
            let is_open = forms::is_key(key) && !self.0.holds_secret(key);
            let key = if is_open || self.0.is_kept(key) {
                key.clone()
            } else {
                self.0.unknown(key)
            };
            (key, value)
        });
        scrubbed.collect()
    }

    /// Returns whether a text stays because of the field that contains it. The names of
    /// variables stay in a cassette, because what the SDK does depends on them.
    fn is_open(&self, name: &str, text: &str) -> bool {
        let mut is_harmless = forms::is_harmless(name, text);
        if self.0.is_numbered() {
            is_harmless |= name == "key" && forms::is_variable(text);
            // Such a hash would make it possible to guess the secrets.
            is_harmless &= !forms::is_fingerprint(name);
        }
        is_harmless && !self.0.holds_secret(text)
    }

    fn text(&mut self, name: &str, place: Place, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        // The value of a variable is read back as it was set, white space and all.
        let is_whole = self.0.is_numbered() && matches!(name, "value" | "real_value");
        if let Some(json) = inner(text).filter(|_| !is_whole) {
            return self.value(name, place, &json).to_string();
        }
        if self.0.is_kept(text) {
            return text.to_owned();
        }
        if self.0.is_numbered() && compose::is_compose(name, text) {
            return compose::scrub(&mut self.0, text);
        }
        let file = compose::decoded(text).filter(|file| compose::is_compose(name, file));
        if let Some(file) = file.filter(|_| self.0.is_numbered()) {
            return compose::encoded(&compose::scrub(&mut self.0, &file));
        }
        match place {
            Place::Secret if forms::is_about_a_line(name, text) => text.to_owned(),
            Place::Secret => self.0.secret(text),
            Place::Said => self.0.said(text),
            Place::Plain if self.is_open(name, text) => text.to_owned(),
            Place::Plain => self.0.unknown(text),
        }
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber").finish_non_exhaustive()
    }
}

/// Returns the host of a URL, without its port.
pub(in crate::testing) fn host_of(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    host.split(['/', ':']).next().unwrap_or_default()
}

/// Returns the JSON inside of a text, such as the log of a deployment.
pub(in crate::testing) fn inner(text: &str) -> Option<Value> {
    let json = text.trim_start().starts_with(['{', '[']);
    json.then(|| serde_json::from_str(text).ok()).flatten()
}
