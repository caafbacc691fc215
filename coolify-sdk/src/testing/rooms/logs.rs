//! The part of a container's log that a call requests.

use crate::testing::{
    http::Call,
    state::{Page, State},
};

/// The number of lines.
const DEFAULT_LINES: usize = 100;
const MOST_LINES: usize = 10_000;

impl Page {
    /// The requested part.
    pub(in crate::testing) fn of(state: &State, call: &Call<'_>) -> Self {
        let lines = call.query("lines").unwrap_or_default();
        let wants_all = matches!(lines.as_str(), "all" | "-1");
        let lines = lines.parse().ok().filter(|&lines| lines > 0);
        let lines = lines.unwrap_or(DEFAULT_LINES).min(MOST_LINES);
        Self {
            lines: if wants_all && state.release().has("4.3.23") {
                usize::MAX
            } else {
                lines
            },
            has_times: state.release().has("4.2.0") && call.switch("show_timestamps"),
        }
    }
}
