//! The lines of a deployment's log.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::open_enum;
use crate::scalar::{Timestamp, tolerant};

open_enum! {
    /// Where a line came from.
    pub enum LogStream {
        /// What went well.
        Stdout = "stdout",
        /// What went wrong, or was only told on the error stream.
        Stderr = "stderr",
    }
}

/// A line of a deployment's log.
///
/// Coolify keeps the log as a JSON array inside a string; this is one entry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LogLine {
    /// The text; it can hold line breaks.
    #[serde(default, deserialize_with = "text_or_null")]
    pub output: String,
    /// The command that was run, for lines that stand for one.
    #[serde(default)]
    pub command: Option<String>,
    /// Where the line came from.
    #[serde(rename = "type", default = "stdout")]
    pub stream: LogStream,
    /// When it was written.
    #[serde(default)]
    pub timestamp: Option<Timestamp>,
    /// Whether Coolify's UI shows it only in debug mode: inner commands, which
    /// can hold values of variables.
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

/// All lines of a log; one that is not what we know of becomes one line of text.
pub(crate) fn parse(log: &str) -> Vec<LogLine> {
    Cursor::default().advance(log)
}

/// Reads a growing log: each call gives the lines that were not there before,
/// and looks only at what was added.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    /// Length of the log without its closing bracket when it was last read.
    read: usize,
    lines: usize,
}

impl Cursor {
    pub(crate) fn advance(&mut self, log: &str) -> Vec<LogLine> {
        let log = log.trim_end();
        if self.read > 0 && log.len() <= self.read + 1 {
            return Vec::new();
        }
        let lines = self.appended(log).unwrap_or_else(|| self.all(log));
        if let Some(open) = log.strip_suffix(']') {
            self.read = if self.lines + lines.len() > 0 {
                open.len()
            } else {
                0
            };
            self.lines += lines.len();
        }
        lines
    }

    /// The array is only appended to, so what follows its old end is a comma
    /// and the new entries.
    fn appended(&self, log: &str) -> Option<Vec<LogLine>> {
        if self.read == 0 {
            return None;
        }
        let added = log.get(self.read..)?.strip_prefix(',')?;
        serde_json::from_str(&format!("[{added}")).ok()
    }

    /// From the start, past the lines that were given out already.
    fn all(&self, log: &str) -> Vec<LogLine> {
        if let Ok(mut lines) = serde_json::from_str::<Vec<LogLine>>(log) {
            return lines.split_off(self.lines.min(lines.len()));
        }
        if self.lines > 0 || log.is_empty() || serde_json::from_str::<IgnoredAny>(log).is_ok() {
            return Vec::new();
        }
        vec![LogLine {
            output: log.to_owned(),
            command: None,
            stream: LogStream::Stdout,
            timestamp: None,
            hidden: false,
            order: None,
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(count: usize) -> String {
        let entries: Vec<_> = (1..=count)
            .map(|n| {
                format!(r#"{{"output":"line {n}","type":"stdout","order":{n},"hidden":false}}"#)
            })
            .collect();
        format!("[{}]", entries.join(","))
    }

    #[test]
    fn no_line_is_lost_or_doubled() {
        let mut cursor = Cursor::default();
        let mut seen = Vec::new();
        for count in [0, 0, 1, 1, 4, 5, 9] {
            seen.extend(
                cursor
                    .advance(&log(count))
                    .into_iter()
                    .filter_map(|l| l.order),
            );
        }
        assert_eq!(seen, (1..=9).collect::<Vec<_>>());
    }

    #[test]
    fn a_rewritten_log_gives_only_what_lies_beyond() {
        let mut cursor = Cursor::default();
        cursor.advance(&log(3));
        let spaced = log(5).replace("},{", "}, {");
        let new: Vec<_> = cursor
            .advance(&spaced)
            .iter()
            .filter_map(|l| l.order)
            .collect();
        assert_eq!(new, [4, 5]);
    }

    #[test]
    fn other_text_is_one_line() {
        let lines = parse("Deployment failed early.");
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].output, "Deployment failed early.");
        assert_eq!(parse(""), []);
    }
}
