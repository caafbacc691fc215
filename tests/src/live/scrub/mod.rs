//! Removes everything from a recording that is not known to be harmless, and
//! keeps its form.
//!
//! A text is kept if its field contains words of Coolify ([`forms`]); in messages
//! of Coolify, plain English words are kept ([`words`]). Everything else is
//! replaced, with the same placeholder for the same text throughout a run, so
//! that references still match.

mod forms;
mod names;
mod words;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use self::names::Place;
use self::words::Words;

/// Replaces texts, and remembers the placeholders.
pub struct Scrubber(Words);

impl Scrubber {
    /// Returns one that knows the token and the host of this run.
    pub fn new(token: &str, url: &str) -> Self {
        let mut words = Words::default();
        let secret = token.split_once('|').map_or(token, |(_, secret)| secret);
        words.learn(token.trim());
        words.learn(secret.trim());
        let host = url.split("://").nth(1).unwrap_or(url);
        words.learn_host(host.split(['/', ':']).next().unwrap_or_default());
        Self(words)
    }

    /// Remembers secrets, to find them in other texts as well, and ids, to keep
    /// them there.
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

    /// Returns the value with placeholders for what is not known to be harmless.
    pub fn scrub(&mut self, value: &Value) -> Value {
        self.value("", Place::Said, value)
    }

    fn value(&mut self, name: &str, place: Place, value: &Value) -> Value {
        match value {
            Value::Object(fields) => Value::Object(self.object(place, fields)),
            Value::Array(items) => {
                let items = items.iter().map(|item| self.value(name, place, item));
                items.collect()
            }
            Value::String(text) => Value::String(self.text(name, place, text)),
            Value::Number(_) if place == Place::Secret => 0.into(),
            other => other.clone(),
        }
    }

    fn object(&mut self, place: Place, fields: &Map<String, Value>) -> Map<String, Value> {
        let scrubbed = fields.iter().map(|(key, value)| {
            let value = self.value(key, place.inside(key, fields), value);
            // A key can be a host or a name, as in a map of domains.
            let key = if forms::is_key(key) && !self.0.holds_secret(key) {
                key.clone()
            } else {
                self.0.unknown(key)
            };
            (key, value)
        });
        scrubbed.collect()
    }

    fn text(&mut self, name: &str, place: Place, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        if let Some(json) = inner(text) {
            return self.value(name, place, &json).to_string();
        }
        match place {
            Place::Secret if forms::is_about_a_line(name, text) => text.to_owned(),
            Place::Secret => self.0.secret(text),
            Place::Said => self.0.said(text),
            Place::Plain if forms::is_harmless(name, text) && !self.0.holds_secret(text) => {
                text.to_owned()
            }
            Place::Plain => self.0.unknown(text),
        }
    }
}

/// Returns the JSON inside of a text, such as the log of a deployment.
fn inner(text: &str) -> Option<Value> {
    let json = text.trim_start().starts_with(['{', '[']);
    json.then(|| serde_json::from_str(text).ok()).flatten()
}
