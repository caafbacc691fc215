//! What a room knows about a failure. Errors carry it without knowing the room; the
//! accessor stands in the room.

use std::any::Any;
use std::fmt;

use super::Error;

/// What a room adds to an error.
pub(crate) trait Detail: Any + Send + Sync {
    /// Writes what the report of the error says about it: each line begins with a
    /// line break and two blanks. Nothing, where the message says it all.
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = f;
        Ok(())
    }
}

impl Error {
    /// Adds what the room knows, for [`detail`](Self::detail).
    pub(crate) fn with_detail(mut self, detail: impl Detail) -> Self {
        self.0.details.push(Box::new(detail));
        self
    }

    /// Returns what the room has added, by its type.
    pub(crate) fn detail<T: Detail>(&self) -> Option<&T> {
        self.0.details.iter().find_map(|detail| {
            let detail: &dyn Any = &**detail;
            detail.downcast_ref()
        })
    }
}
