//! Compares recorded requests with sent ones. A placeholder matches any text, but the
//! same text everywhere.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value};

use crate::testing::scrub::{compose, forms, inner, words::PLACEHOLDERS};

/// The texts that the placeholders match in this run.
#[derive(Clone, Debug, Default)]
pub(super) struct Bindings(BTreeMap<String, String>);

/// How strictly a body and a query are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rigour {
    /// They are equal.
    Equal,
    /// The sent value may have additional fields, as in requests of another version of
    /// the SDK.
    More,
}

impl Bindings {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether the values are equal, and binds the placeholders. After a
    /// difference, the bindings are useless.
    pub(super) fn value(&mut self, recorded: &Value, sent: &Value, rigour: Rigour) -> bool {
        match (recorded, sent) {
            (Value::Object(recorded), Value::Object(sent)) => self.object(recorded, sent, rigour),
            (Value::Array(recorded), Value::Array(sent)) => {
                recorded.len() == sent.len()
                    && recorded
                        .iter()
                        .zip(sent)
                        .all(|(recorded, sent)| self.value(recorded, sent, rigour))
            }
            (Value::String(recorded), Value::String(sent)) => self.text(recorded, sent),
            // A secret number.
            (Value::Number(recorded), Value::Number(_)) if recorded.as_u64() == Some(0) => true,
            _ => recorded == sent,
        }
    }

    fn object(
        &mut self,
        recorded: &Map<String, Value>,
        sent: &Map<String, Value>,
        rigour: Rigour,
    ) -> bool {
        if recorded.len() > sent.len() || (recorded.len() < sent.len() && rigour == Rigour::Equal) {
            return false;
        }
        // A key may be a placeholder, too.
        let (plain, replaced): (Vec<_>, Vec<_>) = recorded
            .iter()
            .partition(|(key, _)| sent.contains_key(*key));
        let mut others = sent.iter().filter(|(key, _)| !recorded.contains_key(*key));
        plain
            .into_iter()
            .all(|(key, value)| self.value(value, &sent[key], rigour))
            && replaced.into_iter().all(|(key, value)| {
                let other = others.next();
                other.is_some_and(|(other, sent)| {
                    self.text(key, other) && self.value(value, sent, rigour)
                })
            })
    }

    /// Returns whether the texts are equal, and binds the placeholders.
    pub(super) fn text(&mut self, recorded: &str, sent: &str) -> bool {
        if recorded == sent || forms::is_time(recorded) && forms::is_time(sent) {
            return true;
        }
        if let (Some(recorded), Some(sent)) = (inner(recorded), inner(sent)) {
            return self.value(&recorded, &sent, Rigour::Equal);
        }
        // A compose file is sent in base64.
        if let Some(recorded) =
            compose::decoded(recorded).filter(|text| PLACEHOLDERS.is_match(text))
        {
            return compose::decoded(sent).is_some_and(|sent| self.text(&recorded, &sent));
        }
        let Some((pattern, names)) = self.pattern(recorded) else {
            return false;
        };
        let Some(found) = pattern.captures(sent) else {
            return false;
        };
        let mut groups = found.iter().skip(1).flatten();
        names.into_iter().all(|name| {
            let Some(value) = groups.next().map(|it| it.as_str()) else {
                return false;
            };
            self.bind(name, value)
        })
    }

    /// Returns whether a placeholder can stand for a value. A placeholder that is sent
    /// back stands for itself.
    fn bind(&mut self, placeholder: &str, value: &str) -> bool {
        if placeholder == value {
            return true;
        }
        let known = self.0.entry(placeholder.to_owned());
        let known = known.or_insert_with(|| value.to_owned());
        known == value || is_host(placeholder) && known.eq_ignore_ascii_case(value)
    }

    /// Returns a pattern for a text with placeholders, and the placeholders of its
    /// groups; `None` if it has none.
    fn pattern<'a>(&self, recorded: &'a str) -> Option<(Regex, Vec<&'a str>)> {
        let mut pattern = "(?s)^".to_owned();
        let mut names = Vec::new();
        let mut end = 0;
        for found in PLACEHOLDERS.find_iter(recorded) {
            pattern += &regex::escape(&recorded[end..found.start()]);
            end = found.end();
            let own = regex::escape(found.as_str());
            let known = self.0.get(found.as_str()).map(|known| regex::escape(known));
            let group = match known {
                Some(known) if is_host(found.as_str()) => format!("((?i:{known})|{own})"),
                Some(known) => format!("({known}|{own})"),
                None if found.as_str().starts_with("scrubbed-") => "(.+?)".to_owned(),
                None => r"([^/\s]+?)".to_owned(),
            };
            pattern += &group;
            names.push(found.as_str());
        }
        if names.is_empty() {
            return None;
        }
        pattern += &regex::escape(&recorded[end..]);
        pattern += "$";
        Some((Regex::new(&pattern).ok()?, names))
    }

    /// Returns a recorded value with its placeholders replaced.
    pub(super) fn restored(&self, recorded: &Value) -> Value {
        match recorded {
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, value)| (self.restored_text(key), self.restored(value)));
                Value::Object(fields.collect())
            }
            Value::Array(items) => items.iter().map(|item| self.restored(item)).collect(),
            Value::String(text) => Value::String(self.restored_text(text)),
            other => other.clone(),
        }
    }

    /// Returns a recorded text with its placeholders replaced.
    pub(super) fn restored_text(&self, recorded: &str) -> String {
        if let Some(json) = inner(recorded) {
            return self.restored(&json).to_string();
        }
        let restore = |found: &regex::Captures<'_>| match self.0.get(&found[0]) {
            Some(known) => known.clone(),
            None => found[0].to_owned(),
        };
        PLACEHOLDERS.replace_all(recorded, restore).into_owned()
    }
}

/// Capital letters do not matter in the name of a host.
fn is_host(placeholder: &str) -> bool {
    placeholder.starts_with("host-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bound(recorded: &Value, sent: &Value) -> Option<Bindings> {
        let mut bindings = Bindings::default();
        bindings
            .value(recorded, sent, Rigour::Equal)
            .then_some(bindings)
    }

    #[test]
    fn a_placeholder_stands_for_one_text_everywhere() {
        let recorded = json!({
            "name": "scrubbed-1",
            "domains": "https://host-1.example.com:3000/part-1,http://host-2.example.com",
            "note": "scrubbed-1",
            "pin": 0,
        });
        let sent = |note: &str| {
            json!({
                "name": "web",
                "domains": "https://Shop.acme.dev:3000/admin,http://10-0-0-1.nip.io",
                "note": note,
                "pin": 4711,
            })
        };
        assert!(bound(&recorded, &sent("api")).is_none());
        let bindings = bound(&recorded, &sent("web")).unwrap();
        let reply = json!({
            "scrubbed-1": "at https://host-1.example.com/part-1?scrubbed-9",
            "list": [r#"{"a":"scrubbed-1"}"#],
        });
        let restored = bindings.restored(&reply);
        let wanted = json!({
            "web": "at https://Shop.acme.dev/admin?scrubbed-9",
            "list": [r#"{"a":"web"}"#],
        });
        assert_eq!(restored, wanted);
    }

    #[test]
    fn a_placeholder_that_is_sent_back_is_itself() {
        let mut bindings = Bindings::default();
        assert!(bindings.text("postgres://scrubbed-1", "postgres://scrubbed-1"));
        assert!(bindings.text("scrubbed-2", "scrubbed-2"));
        assert_eq!(bindings.len(), 0);
        assert!(bindings.text("scrubbed-2", "mine"));
        assert!(bindings.text("scrubbed-2", "scrubbed-2"));
        assert!(!bindings.text("scrubbed-2", "yours"));
        assert!(bindings.text("scrubbed-3 at scrubbed-4", "scrubbed-3 at mine"));
        assert_eq!(bindings.len(), 2);
    }

    #[test]
    fn capital_letters_matter_except_in_the_names_of_hosts() {
        let mut bindings = Bindings::default();
        assert!(bindings.text("host-1.example.com scrubbed-1", "shop.acme.dev web"));
        assert!(bindings.text("https://host-1.example.com/a", "https://SHOP.acme.dev/a"));
        assert!(bindings.text("host-1.example.com", "Shop.Acme.Dev"));
        assert!(!bindings.text("https://host-1.example.com/a", "https://shop.acme.de/a"));
        assert!(!bindings.text("a scrubbed-1", "a WEB") && !bindings.text("scrubbed-1", "Web"));
    }

    #[test]
    fn what_is_not_replaced_has_to_be_equal() {
        for (recorded, sent) in [
            (json!({"a": 1}), json!({"a": 2})),
            (json!({"a": 1}), json!({"a": 1, "b": 1})),
            (json!({"a": 1, "b": 1}), json!({"a": 1})),
            (json!(["a"]), json!(["a", "a"])),
            (json!("at scrubbed-1"), json!("in web")),
            (json!("scrubbed-1"), json!("")),
            (json!("scrubbed-1"), json!(1)),
        ] {
            assert!(bound(&recorded, &sent).is_none(), "{recorded} {sent}");
        }
        let mut bindings = Bindings::default();
        assert!(bindings.value(&json!({"a": 1}), &json!({"a": 1, "b": 1}), Rigour::More));
        assert!(!bindings.value(&json!({"a": 1, "b": 1}), &json!({"a": 1}), Rigour::More));
        assert!(bindings.text("2026-11-22T00:27:18Z", "2027-01-01T01:02:03Z"));
    }
}
