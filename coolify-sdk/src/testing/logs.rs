//! What containers write.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::{call::Call, state::State};

/// How many lines of a log are shown.
const DEFAULT_LINES: usize = 100;
const MOST_LINES: usize = 10_000;

/// The log of a container, each line with its time.
#[derive(Default)]
pub(super) struct Log(Vec<(String, String)>);

impl Log {
    /// The container writes a line.
    pub(super) fn write(&mut self, line: impl Into<String>) {
        let time = humantime::format_rfc3339_nanos(SystemTime::now());
        self.0.push((time.to_string(), line.into()));
    }

    /// The lines that a call asks for. A log that nobody has written to holds three.
    pub(super) fn shown(&mut self, name: &str, page: Page) -> Value {
        if self.0.is_empty() {
            (1..=3).for_each(|line| self.write(format!("{name} line {line}")));
        }
        let skip = self.0.len().saturating_sub(page.lines);
        let shown: Vec<_> = self.0[skip..]
            .iter()
            .map(|(time, line)| {
                if page.has_times {
                    format!("{time} {line}")
                } else {
                    line.clone()
                }
            })
            .collect();
        json!({"logs": shown.join("\n")})
    }
}

/// Which part of a log is asked for.
#[derive(Clone, Copy)]
pub(super) struct Page {
    lines: usize,
    has_times: bool,
}

impl Page {
    /// What a call asks for.
    pub(super) fn of(state: &State, call: &Call<'_>) -> Self {
        let lines = call.query("lines").and_then(|lines| lines.parse().ok());
        let lines = lines.filter(|&lines| lines > 0).unwrap_or(DEFAULT_LINES);
        Self {
            lines: lines.min(MOST_LINES),
            has_times: state.release().has("4.2.0") && call.switch("show_timestamps"),
        }
    }
}
