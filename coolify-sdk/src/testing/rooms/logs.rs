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
        let lines = call.query("lines").and_then(|lines| lines.parse().ok());
        let lines = lines.filter(|&lines| lines > 0).unwrap_or(DEFAULT_LINES);
        Self {
            lines: lines.min(MOST_LINES),
            has_times: state.release().has("4.2.0") && call.switch("show_timestamps"),
        }
    }
}
