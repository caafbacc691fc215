//! The body of a request.

use crate::Result;

/// A request body; `#[derive(Request)]` implements it.
pub trait Body {
    /// Rejects values that Coolify rejects late or badly.
    #[doc(hidden)]
    fn check(&self) -> Result<()>;
}

/// A request without a body.
impl Body for () {
    fn check(&self) -> Result<()> {
        Ok(())
    }
}
