//! Who is shown every reply, in tests.

use std::fmt;

use reqwest::header::HeaderMap;

use super::Ask;

/// Looks over a client's shoulder.
pub(crate) trait Observe: fmt::Debug + Send + Sync {
    /// A reply came to this request; both are as they were on the wire.
    fn answered(&self, ask: &Ask, status: u16, headers: &HeaderMap, reply: &[u8]);
}
