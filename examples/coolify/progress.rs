//! Shows on stderr that something is being done, if people look at it.

use std::time::Duration;

use coolify_sdk_examples::eprintln;
use indicatif::{ProgressBar, ProgressStyle};

/// A spinner with a text, until it is dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn start(text: impl Into<String>) -> Self {
        // It draws nothing if stderr is no terminal.
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(text.into());
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    pub fn say(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
    }

    /// Prints a line above the spinner.
    pub fn line(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
