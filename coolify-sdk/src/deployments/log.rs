//! The lines of a deployment's log.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::entries::{self, Entries};
use crate::open_enum;
use crate::scalar::{Timestamp, tolerant};

open_enum! {
    /// The output stream of a line.
    pub enum LogStream {
        /// Standard output.
        Stdout = "stdout",
        /// Standard error, which contains failures and other messages.
        Stderr = "stderr",
    }
}

/// A line of a deployment's log.
///
/// Coolify stores the log as a JSON array in a string; this is one entry. An
/// entry of another form also becomes a line: its readable fields are read, and a
/// value that is not an entry is kept as text in [`output`](Self::output).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[non_exhaustive]
pub struct LogLine {
    /// The text, which can contain line breaks.
    #[serde(default, deserialize_with = "text_or_null")]
    pub output: String,
    /// The command, if the line is about one.
    #[serde(default)]
    pub command: Option<String>,
    /// The output stream of the line.
    #[serde(rename = "type", default = "stdout")]
    pub stream: LogStream,
    /// When it was written.
    #[serde(default)]
    pub timestamp: Option<Timestamp>,
    /// Whether Coolify's dashboard shows the line only in debug mode. These are
    /// internal commands, which can contain values of variables.
    #[serde(default)]
    pub hidden: bool,
    /// Its number in the log; the first line has none.
    #[serde(default, deserialize_with = "tolerant::optional")]
    pub order: Option<i64>,
}

fn stdout() -> LogStream {
    LogStream::Stdout
}

fn text_or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Writes the text.
impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.output)
    }
}

impl LogLine {
    /// Makes a line with only this text.
    fn text(output: String) -> Self {
        Self {
            output,
            command: None,
            stream: LogStream::Stdout,
            timestamp: None,
            hidden: false,
            order: None,
        }
    }

    /// Reads an entry field by field, so that an odd field does not affect the
    /// others.
    pub(super) fn of(entry: Value) -> Self {
        match entry {
            Value::Object(entry) => Self::of_object(entry),
            other => Self::text(words(other)),
        }
    }

    fn of_object(mut entry: Map<String, Value>) -> Self {
        if !["output", "command"]
            .iter()
            .any(|key| entry.contains_key(*key))
        {
            return Self::text(Value::Object(entry).to_string());
        }
        let mut take = |key: &str| entry.remove(key).filter(|value| !value.is_null());
        Self {
            output: take("output").map(words).unwrap_or_default(),
            command: take("command").map(words),
            stream: match take("type") {
                Some(Value::String(stream)) => stream.into(),
                _ => LogStream::Stdout,
            },
            timestamp: take("timestamp").map(|time| words(time).as_str().into()),
            // A line with an odd mark is hidden, because it may contain a secret.
            hidden: take("hidden")
                .is_some_and(|hidden| !matches!(words(hidden).as_str(), "false" | "0" | "" | "[]")),
            order: take("order").and_then(|order| tolerant::optional(order).ok().flatten()),
        }
    }

    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// Returns text unchanged, and anything else as JSON.
fn words(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Returns all lines of a log.
pub(crate) fn parse(log: &str) -> Vec<LogLine> {
    Cursor::default().advance(log)
}

/// How many bytes of a log's end are remembered to recognise it.
const END: usize = 64;

/// Reads a growing log: each call returns the new lines, and parses only what was
/// added.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    /// The length of the log without its closing bracket when it was last read; 0
    /// if it is unknown.
    read: usize,
    /// The text before that position.
    end: String,
    /// The fingerprints of the lines when the log was last read.
    given: Vec<u64>,
    /// The fingerprints of lines that were returned and have disappeared.
    gone: Vec<u64>,
}

impl Cursor {
    pub(crate) fn advance(&mut self, log: &str) -> Vec<LogLine> {
        let log = log.trim_end();
        let lines = self.appended(log).unwrap_or_else(|| self.rewritten(log));
        let mut new = Vec::with_capacity(lines.len());
        for line in lines {
            let print = line.fingerprint();
            self.given.push(print);
            match self.gone.iter().position(|gone| *gone == print) {
                Some(back) => drop(self.gone.swap_remove(back)),
                None => new.push(line),
            }
        }
        let open = log.strip_suffix(']').filter(|_| !self.given.is_empty());
        self.read = open.map_or(0, str::len);
        self.end = open.map_or_else(String::new, |open| end(open).to_owned());
        new
    }

    /// Returns the new lines if the array was only appended to, which is the
    /// usual case: a comma and the new entries follow its old end.
    fn appended(&self, log: &str) -> Option<Vec<LogLine>> {
        if self.read == 0 {
            return None;
        }
        let (known, added) = log.split_at_checked(self.read)?;
        if end(known) != self.end {
            return None;
        }
        if added == "]" {
            return Some(Vec::new());
        }
        match entries::read(&format!("[{}", added.strip_prefix(',')?)) {
            Entries::All(lines) => Some(lines),
            Entries::Some(_) => None,
        }
    }

    /// Returns the lines from the first one that differs. Coolify's job rewrites
    /// the log from its memory, so an entry of another process, such as a
    /// cancellation, can disappear and come back.
    fn rewritten(&mut self, log: &str) -> Vec<LogLine> {
        let mut lines = match entries::read(log) {
            Entries::All(lines) => lines,
            Entries::Some(lines) if !lines.is_empty() => lines,
            // Not JSON: an old log, or an unknown form.
            Entries::Some(_) if log.is_empty() => Vec::new(),
            Entries::Some(_) => vec![LogLine::text(log.to_owned())],
        };
        let same = self.given.iter().zip(&lines);
        let same = same.take_while(|(print, line)| **print == line.fingerprint());
        let same = same.count();
        self.gone.extend(self.given.drain(same..));
        lines.split_off(same)
    }
}

/// Returns the last bytes of a text, from a character boundary on.
fn end(text: &str) -> &str {
    let from = text.len().saturating_sub(END);
    (from..=text.len())
        .find_map(|from| text.get(from..))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: usize) -> String {
        format!(r#"{{"output":"line {n}","type":"stdout","order":{n},"hidden":false}}"#)
    }

    fn log_of(entries: impl IntoIterator<Item = String>) -> String {
        format!("[{}]", entries.into_iter().collect::<Vec<_>>().join(","))
    }

    fn log(count: usize) -> String {
        log_of((1..=count).map(entry))
    }

    fn outputs(lines: &[LogLine]) -> Vec<&str> {
        lines.iter().map(|line| line.output.as_str()).collect()
    }

    #[test]
    fn no_line_is_lost_or_doubled() {
        let mut cursor = Cursor::default();
        let mut seen = Vec::new();
        for count in [0, 0, 1, 1, 4, 5, 9] {
            let new = cursor.advance(&log(count));
            seen.extend(new.into_iter().filter_map(|line| line.order));
        }
        assert_eq!(seen, (1..=9).collect::<Vec<_>>());
    }

    #[test]
    fn a_rewritten_log_gives_only_what_is_new() {
        let mut cursor = Cursor::default();
        cursor.advance(&log(3));
        let spaced = log(5).replace("},{", "}, {");
        assert_eq!(outputs(&cursor.advance(&spaced)), ["line 4", "line 5"]);
        assert_eq!(outputs(&cursor.advance(&log(6))), ["line 6"]);
    }

    #[test]
    fn an_entry_that_takes_the_place_of_another_is_given_too() {
        let cancelled = r#"{"output":"Cancelled.","type":"stderr"}"#.to_owned();
        let mut cursor = Cursor::default();
        cursor.advance(&log(3));
        let with = log_of([1, 2, 3].map(entry).into_iter().chain([cancelled.clone()]));
        assert_eq!(outputs(&cursor.advance(&with)), ["Cancelled."]);
        // The job does not know the entry and overwrites it, and then it comes back.
        assert_eq!(outputs(&cursor.advance(&log(4))), ["line 4"]);
        let again = log_of([1, 2, 3, 4].map(entry).into_iter().chain([cancelled]));
        assert!(cursor.advance(&again).is_empty());
    }

    #[test]
    fn lines_that_say_the_same_are_all_given() {
        let same = r#"{"output":"tick"}"#;
        let mut cursor = Cursor::default();
        assert_eq!(cursor.advance(&format!("[{same},{same}]")).len(), 2);
        assert_eq!(cursor.advance(&format!("[{same},{same},{same}]")).len(), 1);
        assert_eq!(
            cursor
                .advance(&format!("[{same}, {same}, {same}, {same}]"))
                .len(),
            1
        );
    }

    #[test]
    fn other_text_is_one_line() {
        for text in ["Deployment failed early.", "[not json", "3 errors"] {
            assert_eq!(outputs(&parse(text)), [text]);
        }
        assert_eq!(outputs(&parse(r#""quoted""#)), ["quoted"]);
        for nothing in ["", "  ", "null", "[]", "{}", r#""""#] {
            assert_eq!(parse(nothing), [], "{nothing:?}");
        }
    }

    #[test]
    fn an_odd_entry_takes_none_along() {
        let odd = [
            r#"{"output":"x","type":null}"#,
            r#"{"output":5}"#,
            r#"{"output":true,"order":"many"}"#,
            r#"{"output":"x","type":7,"hidden":null,"timestamp":17}"#,
            r#"{"output":["a"],"command":{"run":1}}"#,
            r#""only text""#,
            "17",
            r#"{"level":"info"}"#,
            "[1]",
        ];
        let read = [
            "x",
            "5",
            "true",
            "x",
            r#"["a"]"#,
            "only text",
            "17",
            r#"{"level":"info"}"#,
            "[1]",
        ];
        for (odd, read) in odd.into_iter().zip(read) {
            let log = log_of([entry(1), odd.to_owned(), entry(2)]);
            assert_eq!(outputs(&parse(&log)), ["line 1", read, "line 2"], "{odd}");
        }
        let all = log_of(odd.map(str::to_owned));
        assert_eq!(outputs(&parse(&all)), read);
        // The same if it comes back later, and with more lines after it.
        let mut cursor = Cursor::default();
        cursor.advance(&log(1));
        for (at, read) in read.iter().enumerate() {
            let log = log_of(
                [entry(1)]
                    .into_iter()
                    .chain(odd[..=at].iter().map(|&it| it.to_owned())),
            );
            assert_eq!(outputs(&cursor.advance(&log)), [*read]);
        }
    }

    #[test]
    fn what_may_be_secret_stays_hidden() {
        for hidden in ["1", r#""true""#, r#""yes""#, "true", "2.5", r#"{"a":1}"#] {
            let log = format!(r#"[{{"output":"x","type":null,"hidden":{hidden}}}]"#);
            assert!(parse(&log)[0].hidden, "{hidden}");
        }
        for shown in ["0", r#""false""#, r#""0""#, r#""""#, "null", "false"] {
            let log = format!(r#"[{{"output":"x","type":null,"hidden":{shown}}}]"#);
            assert!(!parse(&log)[0].hidden, "{shown}");
        }
    }

    #[test]
    fn an_object_with_numeric_keys_is_a_list() {
        let log = format!(r#"{{"0":{},"2":{},"10":{}}}"#, entry(1), entry(2), entry(3));
        let mut cursor = Cursor::default();
        assert_eq!(
            outputs(&cursor.advance(&log)),
            ["line 1", "line 2", "line 3"]
        );
        assert!(cursor.advance(&log).is_empty());
        let more = log.replace(r#","10""#, r#","3":{"output":"new","type":null},"10""#);
        assert_eq!(outputs(&cursor.advance(&more)), ["new"]);
        // A single entry is not a list.
        assert_eq!(outputs(&parse(&entry(7))), ["line 7"]);
    }

    #[test]
    fn a_log_that_breaks_off_gives_what_came_before() {
        let whole = log(3);
        let mut cursor = Cursor::default();
        assert_eq!(
            outputs(&cursor.advance(&whole[..whole.len() - 20])),
            ["line 1", "line 2"]
        );
        assert_eq!(outputs(&cursor.advance(&whole)), ["line 3"]);
    }

    #[test]
    fn an_entry_that_is_as_long_as_the_one_before_is_new() {
        let entry = |text: &str| format!(r#"{{"output":"{text}"}}"#);
        let mut cursor = Cursor::default();
        cursor.advance(&log_of([entry("one")]));
        let other = log_of([entry("two"), entry("six")]);
        assert_eq!(outputs(&cursor.advance(&other)), ["two", "six"]);
    }
}
