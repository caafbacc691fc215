//! Hints: what to do next.

use std::{borrow::Cow, fmt};

use super::Error;

impl Error {
    pub(crate) fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.set_hint(hint);
        self
    }

    pub(crate) fn set_hint(&mut self, hint: impl Into<Cow<'static, str>>) {
        self.0.hint = Some(hint.into());
    }

    /// Adds a sentence to the hint, without replacing it.
    #[cfg_attr(
        not(feature = "full"),
        allow(
            dead_code,
            reason = "only modules that have a feature make several calls"
        )
    )]
    pub(crate) fn and_hint(mut self, more: impl fmt::Display) -> Self {
        let hint = match self.hint() {
            Some(hint) => format!("{hint}; {more}"),
            None => more.to_string(),
        };
        self.set_hint(hint);
        self
    }

    /// Returns what to do next, as a sentence for the user.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}
