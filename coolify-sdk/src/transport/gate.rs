//! What stands before and after a call of a client that is bound to something. The
//! transport knows no bound: it asks the gate that the client has.

use std::{any::Any, future::Future, pin::Pin};

use reqwest::Url;

use super::{Ask, Line};
use crate::{Error, Result, Uuid, operations::Operation};

/// The work of a gate, which may ask the server.
pub(crate) type Passage<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Decides which calls pass, and what of their replies may be seen.
pub(crate) trait Gate: Any + Send + Sync {
    /// The project that the client is bound to.
    fn project(&self) -> &Uuid;

    /// Refuses a request that would reach too far, and takes out of it what would by
    /// default.
    fn admit<'a>(&'a self, line: Line<'a>, ask: &'a mut Ask) -> Passage<'a, Result<()>>;

    /// Returns the reply without what must not be seen, `None` where there is nothing
    /// to take out. Refuses a reply that is about something else.
    fn review<'a>(
        &'a self,
        line: Line<'a>,
        operation: &'a Operation,
        url: &'a Url,
        reply: &'a [u8],
    ) -> Passage<'a, Result<Option<Vec<u8>>>>;

    /// Takes out of an error what must not be seen.
    fn withhold<'a>(&'a self, line: Line<'a>, error: &'a mut Error) -> Passage<'a, ()>;
}
