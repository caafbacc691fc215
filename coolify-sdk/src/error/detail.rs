//! Details that a room adds to an error. The error carries them without knowing
//! the room; the room has the accessor.

use std::any::Any;
use std::fmt;

use super::Error;

/// A detail that a room adds to an error.
pub(crate) trait Detail: Any + Send + Sync {
    /// Writes the lines for the report of the error. Each begins with a line
    /// break and two spaces. Writes nothing if the message says everything.
    fn fmt_report(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = f;
        Ok(())
    }
}

impl Error {
    /// Adds a detail, which [`detail`](Self::detail) returns.
    pub(crate) fn with_detail(mut self, detail: impl Detail) -> Self {
        self.0.details.push(Box::new(detail));
        self
    }

    /// Returns the detail of this type, if a room has added one.
    pub(crate) fn detail<T: Detail>(&self) -> Option<&T> {
        self.0.details.iter().find_map(|detail| {
            let detail: &dyn Any = &**detail;
            detail.downcast_ref()
        })
    }
}
