//! Shows a deployment: with a spinner on a terminal, as plain lines elsewhere.

use std::time::Duration;

use coolify_sdk::DeploymentStatus;
use coolify_sdk_examples::println;
use indicatif::{ProgressBar, ProgressStyle};

pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn start() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message("requested");
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    pub fn status(&self, status: &DeploymentStatus) {
        self.bar.set_message(status.to_string());
        self.line(&format!("-- {status}"));
    }

    pub fn line(&self, text: &str) {
        // A hidden bar drops lines that are printed through it.
        if self.bar.is_hidden() {
            println!("{text}");
        } else {
            self.bar.println(text);
        }
    }

    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}
