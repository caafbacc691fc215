//! Reads the entries of a deployment's log one by one.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Deserializer, Map, Value};

use super::log::LogLine;

/// The readable part of a log.
pub(super) enum Entries {
    All(Vec<LogLine>),
    /// The entries before the first invalid JSON.
    Some(Vec<LogLine>),
}

/// Reads a list of entries, an object with numeric keys, or a single entry.
pub(super) fn read(log: &str) -> Entries {
    // Nearly always, all entries are valid.
    let usual: Option<Vec<LogLine>> = serde_json::from_str(log).ok();
    if let Some(lines) = usual.filter(|lines| !lines.iter().any(says_nothing)) {
        return Entries::All(lines);
    }
    let mut lines = Vec::new();
    let mut deserializer = Deserializer::from_str(log);
    let read = deserializer.deserialize_any(Each(&mut lines));
    match read.and_then(|()| deserializer.end()) {
        Ok(()) => Entries::All(lines),
        Err(_) if log.starts_with(['[', '{']) => Entries::Some(lines),
        Err(_) => Entries::Some(Vec::new()),
    }
}

/// Returns whether none of the known fields of an entry could be read.
fn says_nothing(line: &LogLine) -> bool {
    line.output.is_empty() && line.command.is_none()
}

struct Each<'a>(&'a mut Vec<LogLine>);

impl Each<'_> {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the type that every visit method returns"
    )]
    fn put<E: Error>(self, entry: impl Into<Value>) -> Result<(), E> {
        self.0.push(LogLine::of(entry.into()));
        Ok(())
    }
}

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a log")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(entry) = seq.next_element()? {
            self.0.push(LogLine::of(entry));
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut alone = Map::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if key.bytes().all(|byte| byte.is_ascii_digit()) {
                self.0.push(LogLine::of(value));
            } else {
                alone.insert(key, value);
            }
        }
        if alone.is_empty() {
            return Ok(());
        }
        self.put(alone)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text.is_empty() {
            return Ok(());
        }
        self.put(text)
    }

    fn visit_bool<E: Error>(self, entry: bool) -> Result<(), E> {
        self.put(entry)
    }

    fn visit_u64<E: Error>(self, entry: u64) -> Result<(), E> {
        self.put(entry)
    }

    fn visit_i64<E: Error>(self, entry: i64) -> Result<(), E> {
        self.put(entry)
    }

    fn visit_f64<E: Error>(self, entry: f64) -> Result<(), E> {
        self.put(entry)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}
