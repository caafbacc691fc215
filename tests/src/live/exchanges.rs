//! The replies that the tests received.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use coolify_sdk::testing::{Exchange, inspect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// All replies of one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replies {
    /// The number of replies with each status.
    pub statuses: BTreeMap<String, usize>,
    /// How many successful replies were read completely.
    pub decoded: usize,
    /// The places of unexpected values in replies that could not be read.
    pub undecodable: BTreeSet<String>,
    /// Fields that the SDK does not know.
    pub unknown_fields: BTreeSet<String>,
    /// Values that an enum of the SDK does not know.
    pub unknown_values: BTreeSet<String>,
    /// The tests that made the calls.
    pub tests: BTreeSet<String>,
}

impl Replies {
    /// Adds the replies of another process.
    pub fn absorb(&mut self, other: Self) {
        for (status, times) in other.statuses {
            *self.statuses.entry(status).or_default() += times;
        }
        self.decoded += other.decoded;
        self.undecodable.extend(other.undecodable);
        self.unknown_fields.extend(other.unknown_fields);
        self.unknown_values.extend(other.unknown_values);
        self.tests.extend(other.tests);
    }

    fn read(&mut self, exchange: &Exchange<'_>) {
        let Ok(text) = std::str::from_utf8(exchange.reply) else {
            self.undecodable.insert("it is not text".to_owned());
            return;
        };
        match inspect(exchange.operation, text) {
            // The reply is text.
            None => self.decoded += 1,
            // The message of the error may contain a secret, so only its place is kept.
            Some(Err(error)) => {
                let place = format!("{:?} error at byte {}", error.classify(), error.column());
                self.undecodable.insert(place);
            }
            Some(Ok(read)) => {
                self.decoded += 1;
                let sent: Value = serde_json::from_str(text).unwrap_or_default();
                let lost = crate::lost(&sent, &read.kept);
                let passed_over = read.unknown_fields.iter().map(String::as_str);
                let fields = passed_over.chain(lost.iter().map(String::as_str));
                self.unknown_fields.extend(fields.map(place));
                let values = read.unknown_values.iter();
                let values = values.map(|(name, value)| format!("{name}: {value}"));
                self.unknown_values.extend(values);
            }
        }
    }
}

/// Returns a path, which has two forms, without the positions in lists.
fn place(path: &str) -> String {
    let path = path
        .trim_start_matches('$')
        .replace('[', ".")
        .replace(']', "");
    let steps = path
        .split('.')
        .filter(|step| !step.is_empty() && *step != "?");
    let steps: Vec<_> = steps
        .map(|step| {
            if step.parse::<usize>().is_ok() {
                "*"
            } else {
                step
            }
        })
        .collect();
    steps.join(".")
}

static SEEN: Mutex<BTreeMap<String, Replies>> = Mutex::new(BTreeMap::new());

tokio::task_local! {
    /// The test that is running.
    pub(super) static TEST: &'static str;
}

/// Records a reply.
pub fn note(exchange: &Exchange<'_>) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let replies = seen.entry(exchange.operation.to_owned()).or_default();
    *replies
        .statuses
        .entry(exchange.status.to_string())
        .or_default() += 1;
    if let Ok(test) = TEST.try_with(|test| *test) {
        replies.tests.insert(short(test).to_owned());
    }
    if (200..300).contains(&exchange.status) {
        replies.read(exchange);
    }
}

/// Returns the replies of this process.
pub fn seen() -> BTreeMap<String, Replies> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Returns a test's name without the name of the whole suite.
pub fn short(test: &str) -> &str {
    test.split_once("::").map_or(test, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn paths_have_one_form() {
        assert_eq!(place("$[0].settings.mood"), "*.settings.mood");
        assert_eq!(place("0.settings.?.mood"), "*.settings.mood");
    }
}
