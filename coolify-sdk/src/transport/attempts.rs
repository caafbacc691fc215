//! Tells a program about each attempt of its calls.

use std::{fmt, sync::Arc, time::Duration};

use crate::{ErrorKind, operations::Method};

/// One attempt of a call, for [`CoolifyBuilder::on_attempt`](crate::CoolifyBuilder::on_attempt).
///
/// It contains no body, no header, no id and no address.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The id of the operation, such as `list-projects`: a name of
    /// [`operations`](crate::operations::operations).
    pub operation: &'static str,
    /// The method that was sent.
    pub method: Method,
    /// The number of the attempt; the first one is 1.
    pub attempt: u32,
    /// Whether the call ends with this attempt.
    pub is_last: bool,
    /// The status of the reply. It is `None` if there was no reply.
    pub status: Option<u16>,
    /// The kind of the error, if the attempt failed.
    pub error: Option<ErrorKind>,
    /// How long the attempt took, from sending the request to the end of the reply.
    pub duration: Duration,
    /// How long the call waited before it, for the rate limit or between two attempts.
    pub waited: Duration,
    /// The size of the reply's body in bytes, as far as it was read.
    pub bytes: usize,
}

type Observer = dyn Fn(&Attempt) + Send + Sync;

/// The function that is called with each attempt.
#[derive(Clone, Default)]
pub(crate) struct OnAttempt(Option<Arc<Observer>>);

impl OnAttempt {
    pub(crate) fn new(observer: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(observer)))
    }

    pub(super) fn tell(&self, attempt: &Attempt) {
        if let Some(observer) = &self.0 {
            observer(attempt);
        }
    }
}

impl fmt::Debug for OnAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnAttempt").finish_non_exhaustive()
    }
}
