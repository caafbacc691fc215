//! Implements the gate of the transport for the scope.

use reqwest::Url;

use super::Scope;
use crate::operations::Operation;
use crate::transport::{Gate, Lookup, OutgoingRequest, Passage};
use crate::{Error, Result, Uuid};

impl Gate for Scope {
    fn project(&self) -> &Uuid {
        &self.project
    }

    fn admit<'a>(
        &'a self,
        lookup: Lookup<'a>,
        outgoing: &'a mut OutgoingRequest,
    ) -> Passage<'a, Result<()>> {
        Box::pin(self.admit(lookup, outgoing))
    }

    fn review<'a>(
        &'a self,
        lookup: Lookup<'a>,
        operation: &'a Operation,
        url: &'a Url,
        reply: &'a [u8],
    ) -> Passage<'a, Result<Option<Vec<u8>>>> {
        Box::pin(self.review(lookup, operation, url, reply))
    }

    fn withhold<'a>(&'a self, lookup: Lookup<'a>, error: &'a mut Error) -> Passage<'a, ()> {
        Box::pin(self.withhold(lookup, error))
    }
}
