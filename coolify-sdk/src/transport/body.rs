//! The body of a request.

use crate::Result;

/// A request body; `#[derive(Request)]` implements it.
pub trait Body {
    /// Refuses what Coolify would refuse badly.
    #[doc(hidden)]
    fn check(&self) -> Result<()>;
}

/// Nothing to say beyond the request itself.
impl Body for () {
    fn check(&self) -> Result<()> {
        Ok(())
    }
}
