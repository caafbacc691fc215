//! The logs of containers.

use std::time::SystemTime;

use serde_json::{Value, json};

/// The log of a container, each line with its time.
#[derive(Default)]
pub(in crate::testing) struct Log(Vec<(String, String)>);

impl Log {
    /// Adds a line.
    pub(in crate::testing) fn write(&mut self, line: impl Into<String>) {
        let time = humantime::format_rfc3339_nanos(SystemTime::now());
        self.0.push((time.to_string(), line.into()));
    }

    /// Returns the requested lines. An unused log contains three lines.
    pub(in crate::testing) fn shown(&mut self, name: &str, page: Page) -> Value {
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

/// The requested part of a log.
#[derive(Clone, Copy)]
pub(in crate::testing) struct Page {
    pub(in crate::testing) lines: usize,
    pub(in crate::testing) has_times: bool,
}
