//! What goes to stdout: for people, for other programs as lines, or as JSON.

use std::io::{self, IsTerminal as _};

use coolify_sdk::{Health, ResourceStatus};
use coolify_sdk_examples::{Result, println};
use serde::Serialize;

use crate::table::Table;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
    /// Whether people read it.
    is_terminal: bool,
    has_colours: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    None,
    Green,
    Yellow,
    Red,
    Bold,
    Dim,
}

impl Output {
    pub fn new(json: bool) -> Self {
        let is_terminal = io::stdout().is_terminal() && !json;
        let is_set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
        let is_dumb = std::env::var_os("TERM").is_none_or(|it| it == "dumb");
        Self {
            json,
            is_terminal,
            has_colours: is_terminal && !is_set("NO_COLOR") && !is_dumb,
        }
    }

    /// Prints a value as JSON if that is wanted, and otherwise what `text` prints. A value
    /// of the SDK hides its secrets.
    pub fn print(self, value: &impl Serialize, text: impl FnOnce()) -> Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(value)?);
        } else {
            text();
        }
        Ok(())
    }

    /// Prints a value as one line of JSON, for streams.
    pub fn json_line(value: &impl Serialize) -> Result<()> {
        println!("{}", serde_json::to_string(value)?);
        Ok(())
    }

    pub fn table(self, table: &Table) {
        for line in table.lines(self) {
            println!("{line}");
        }
    }

    pub fn is_terminal(self) -> bool {
        self.is_terminal
    }

    /// Colours a text, if there are colours.
    pub fn paint(self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Green => 32,
            Colour::Yellow => 33,
            Colour::Red => 31,
            Colour::Bold => 1,
            Colour::Dim => 2,
            Colour::None => 0,
        };
        if self.has_colours && code != 0 {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Returns how good a status is.
pub fn colour_of(status: &ResourceStatus) -> Colour {
    match &status.health {
        _ if !status.is_running() => Colour::Red,
        Some(Health::Unhealthy) => Colour::Red,
        Some(Health::Healthy) => Colour::Green,
        _ => Colour::Yellow,
    }
}

/// Returns a text of a server without characters that move the cursor.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect()
}
