//! Observers, which tests use to see every reply.

use std::fmt;

use reqwest::header::HeaderMap;

use super::OutgoingRequest;

/// Sees every reply of a client.
pub(crate) trait Observe: fmt::Debug + Send + Sync {
    /// Called for each reply, with the request and the reply as they were sent.
    fn answered(&self, outgoing: &OutgoingRequest, status: u16, headers: &HeaderMap, reply: &[u8]);

    /// Called for each request that got no reply. `unsent` tells whether it certainly did
    /// not reach the server.
    fn broken(&self, _outgoing: &OutgoingRequest, _unsent: bool) {}
}
