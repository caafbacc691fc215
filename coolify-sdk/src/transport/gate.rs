//! The checks before and after a call of a client that is bound to something. The
//! transport does not know what a client is bound to: it asks the client's gate.

use std::{any::Any, future::Future, pin::Pin};

use reqwest::Url;

use super::{Lookup, OutgoingRequest};
use crate::{Error, Result, Uuid, operations::Operation};

/// A step of a gate, which may call the server.
pub(crate) type Passage<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Decides which calls are allowed, and which parts of their replies may be seen.
pub(crate) trait Gate: Any + Send + Sync {
    /// Returns the project that the client is bound to.
    fn project(&self) -> &Uuid;

    /// Refuses a request that reaches too far, and changes defaults of the
    /// request that would.
    fn admit<'a>(
        &'a self,
        lookup: Lookup<'a>,
        outgoing: &'a mut OutgoingRequest,
    ) -> Passage<'a, Result<()>>;

    /// Returns the reply without what must not be seen, or `None` if nothing has
    /// to be removed. Refuses a reply about something else.
    fn review<'a>(
        &'a self,
        lookup: Lookup<'a>,
        operation: &'a Operation,
        url: &'a Url,
        reply: &'a [u8],
    ) -> Passage<'a, Result<Option<Vec<u8>>>>;

    /// Removes from an error what must not be seen.
    fn withhold<'a>(&'a self, lookup: Lookup<'a>, error: &'a mut Error) -> Passage<'a, ()>;
}
