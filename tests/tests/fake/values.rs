//! The values of the fake's replies beside the recorded ones.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// How much of a value is shown.
const SHOWN: usize = 60;

/// The values that differ from the recorded ones, each with the number of its
/// occurrences. Times and random words always differ. Ids are compared by the pairs that
/// they form.
#[derive(Default)]
pub(crate) struct Values {
    differences: BTreeMap<String, u32>,
    /// The fake's id for a recorded one, by the name of the field.
    ids: BTreeMap<(String, String), String>,
}

impl Values {
    pub(crate) fn compare(&mut self, at: &str, recorded: &Value, given: &Value) {
        match (recorded, given) {
            (Value::Object(recorded), Value::Object(given)) => {
                for (key, value) in given {
                    if let Some(recorded) = recorded.get(key) {
                        let key = if is_position(key) { "*" } else { key };
                        self.compare(&format!("{at}/{key}"), recorded, value);
                    }
                }
            }
            (Value::Array(recorded), Value::Array(given)) => {
                if recorded.len() != given.len() {
                    let (had, has) = (recorded.len(), given.len());
                    self.tell(format!("{}: {had} entries → {has}", place(at)));
                }
                for (position, value) in recorded.iter().enumerate() {
                    if let Some(given) = counterpart(recorded, position, given) {
                        self.compare(&format!("{at}/*"), value, given);
                    }
                }
            }
            _ if recorded == given => {}
            _ => self.scalar(at, recorded, given),
        }
    }

    fn scalar(&mut self, at: &str, recorded: &Value, given: &Value) {
        let field = at.rsplit('/').next().unwrap_or_default();
        if field == "payload" {
            // It contains uuids in base64.
            return;
        }
        let at = place(at);
        if recorded.is_number() && given.is_number() && (field == "id" || field.ends_with("_id")) {
            let pair = (field.to_owned(), recorded.to_string());
            let ours = given.to_string();
            let known = self.ids.entry(pair).or_insert_with(|| ours.clone());
            if *known != ours {
                self.tell(format!("{at}: another id than before"));
            }
            return;
        }
        let [recorded, given] = [recorded, given].map(masked);
        let is_word = |it: &str| matches!(it, "\"{uuid}\"" | "\"{word}\"");
        if is_word(&recorded) && is_word(&given) {
            return;
        }
        // Recordings have Coolify's sentences; the fake has its own.
        if recorded == given && !at.starts_with("errors/") {
            return;
        }
        if recorded.contains(' ') || at.starts_with("errors/") {
            self.tell(format!("{at}: → {given}"));
        } else {
            self.tell(format!("{at}: {recorded} → {given}"));
        }
    }

    fn tell(&mut self, difference: String) {
        *self.differences.entry(difference).or_default() += 1;
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (difference, count) in &self.differences {
            writeln!(f, "{count:>3} {difference}")?;
        }
        Ok(())
    }
}

/// Returns the end of a path: a field and what it is in. The same row is part of many
/// replies.
fn place(at: &str) -> String {
    let segments: Vec<_> = at.split('/').filter(|it| *it != "*").collect();
    let from = segments.len().saturating_sub(2).max(1);
    if segments.len() == 1 {
        return segments[0].to_owned();
    }
    segments[from..].join("/")
}

/// Returns the entry of a list that stands for a recorded one: the only one with its name,
/// or the one at its place.
pub(crate) fn counterpart<'a>(
    recorded: &[Value],
    position: usize,
    given: &'a [Value],
) -> Option<&'a Value> {
    let value = &recorded[position];
    let same = |it: &&Value| {
        ["name", "key"]
            .iter()
            .any(|field| value[*field].is_string() && value[*field] == it[*field])
    };
    let mut named = given.iter().filter(same);
    match (named.next(), named.next()) {
        (Some(only), None) => Some(only),
        _ => (recorded.len() == given.len()).then(|| &given[position]),
    }
}

/// Lists with gaps are objects in PHP.
fn is_position(key: &str) -> bool {
    key.parse::<u32>().is_ok()
}

fn masked(value: &Value) -> String {
    let text = masked_text(&value.to_string());
    if text.chars().count() > SHOWN {
        return text.chars().take(SHOWN).chain(['…']).collect();
    }
    text
}

/// Replaces what differs between servers: times, addresses, uuids and random words.
pub(crate) fn masked_text(text: &str) -> String {
    static MASKS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.000000Z", "{second}"),
            (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d+Z", "{instant}"),
            (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", "{time}"),
            (r"127\.0\.0\.1:\d+", "{host}"),
            (r"\b[a-z0-9]{24}\b", "{uuid}"),
            (r"\b[A-Za-z0-9+]{32,}", "{word}"),
        ]
        .map(|(pattern, mask)| (Regex::new(pattern).expect("a pattern"), mask))
        .into()
    });
    MASKS.iter().fold(text.to_owned(), |text, (pattern, mask)| {
        pattern.replace_all(&text, *mask).into_owned()
    })
}
