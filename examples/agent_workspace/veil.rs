//! Hides secrets in texts from outside, such as logs.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

/// Shorter values are words and numbers that appear everywhere.
const SHORTEST: usize = 8;
const HIDDEN: &str = "[hidden]";

/// The secrets that this session has seen. They are removed from logs, from the
/// output of commands, and from error messages.
///
/// This does not stop an attacker: a command can read the variables of its
/// application and print them in another form. It keeps secrets that are printed
/// by accident out of the agent's memory.
#[derive(Clone, Default)]
pub struct Veil(Arc<Mutex<Vec<String>>>);

impl Veil {
    pub fn learn(&self, secret: &str) {
        // In a log, a secret of several lines appears line by line.
        let parts = secret.lines().map(str::trim).chain([secret.trim()]);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for part in parts.filter(|part| part.len() >= SHORTEST) {
            if !known.iter().any(|secret| secret == part) {
                known.push(part.to_owned());
            }
        }
        // A secret can be part of another one.
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// Learns the credentials in a URL, such as those of a repository.
    pub fn learn_url(&self, url: &str) {
        let Ok(url) = url::Url::parse(url) else {
            return;
        };
        match url.password() {
            Some(password) => self.learn(password),
            // Some hosts take a token in the place of the user.
            None => self.learn(url.username()),
        }
    }

    pub fn over(&self, text: &str) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let secrets = known.iter().filter(|secret| text.contains(*secret));
        let secrets: Vec<_> = secrets.collect();
        secrets.iter().fold(text.to_owned(), |text, secret| {
            text.replace(secret.as_str(), HIDDEN)
        })
    }

    pub fn over_all(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.over(text),
            Value::Array(values) => values.iter_mut().for_each(|it| self.over_all(it)),
            Value::Object(fields) => fields.values_mut().for_each(|it| self.over_all(it)),
            _ => {}
        }
    }
}
