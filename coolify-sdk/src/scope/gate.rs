//! Implements the gate of the transport for the scope.

use reqwest::Url;

use super::Scope;
use crate::operations::Operation;
use crate::transport::{Ask, Gate, Line, Passage};
use crate::{Error, Result, Uuid};

impl Gate for Scope {
    fn project(&self) -> &Uuid {
        &self.project
    }

    fn admit<'a>(&'a self, line: Line<'a>, ask: &'a mut Ask) -> Passage<'a, Result<()>> {
        Box::pin(self.admit(line, ask))
    }

    fn review<'a>(
        &'a self,
        line: Line<'a>,
        operation: &'a Operation,
        url: &'a Url,
        reply: &'a [u8],
    ) -> Passage<'a, Result<Option<Vec<u8>>>> {
        Box::pin(self.review(line, operation, url, reply))
    }

    fn withhold<'a>(&'a self, line: Line<'a>, error: &'a mut Error) -> Passage<'a, ()> {
        Box::pin(self.withhold(line, error))
    }
}
