//! Observes the requests and replies of a client.

use std::{fmt, sync::Arc};

use reqwest::header::{HeaderMap, HeaderName};

use crate::{
    CoolifyBuilder,
    transport::{Observe, OutgoingRequest},
};

/// A request and its reply, as [`CoolifyBuilder::observe`] reports them. Both are
/// unchanged and contain secrets, except for the token.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The operation's id, as in [`operations`](crate::operations::operations).
    pub operation: &'a str,
    /// The method, in capitals.
    pub method: &'a str,
    /// The URL with its query.
    pub url: &'a str,
    /// The body of the request.
    pub sent: Option<&'a [u8]>,
    /// The status of the reply.
    pub status: u16,
    /// The body of the reply. A very long error reply is cut.
    pub reply: &'a [u8],
    headers: &'a HeaderMap,
}

impl Exchange<'_> {
    /// Returns a header of the reply.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the names of the reply's headers.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.keys().map(HeaderName::as_str)
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

type Eye = dyn Fn(&Exchange<'_>) + Send + Sync;

struct Observer(Box<Eye>);

impl Observe for Observer {
    fn answered(&self, outgoing: &OutgoingRequest, status: u16, headers: &HeaderMap, reply: &[u8]) {
        (self.0)(&Exchange {
            operation: outgoing.operation.id,
            method: outgoing.method.as_str(),
            url: outgoing.url.as_str(),
            sent: outgoing.body.as_deref(),
            status,
            reply,
            headers,
        });
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Two observers of one client.
#[derive(Debug)]
struct Both(Arc<dyn Observe>, Arc<dyn Observe>);

impl Observe for Both {
    fn answered(&self, outgoing: &OutgoingRequest, status: u16, headers: &HeaderMap, reply: &[u8]) {
        self.0.answered(outgoing, status, headers, reply);
        self.1.answered(outgoing, status, headers, reply);
    }

    fn broken(&self, outgoing: &OutgoingRequest, unsent: bool) {
        self.0.broken(outgoing, unsent);
        self.1.broken(outgoing, unsent);
    }
}

impl CoolifyBuilder {
    /// Adds an observer to those that the client has.
    pub(in crate::testing) fn observed_by(mut self, observer: Arc<dyn Observe>) -> Self {
        self.observer = Some(match self.observer.take() {
            Some(first) => Arc::new(Both(first, observer)),
            None => observer,
        });
        self
    }

    /// Calls a function with every request and its reply, for tests and
    /// recorders. Repeated requests are reported each time. Several functions are called
    /// in the order in which they were set.
    ///
    /// ```
    /// # use coolify_sdk::{Coolify, testing::FakeCoolify};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = FakeCoolify::start().await;
    /// let coolify = Coolify::builder()
    ///     .url(fake.url())
    ///     .token(fake.token())
    ///     .observe(|it| println!("{} {}: {}", it.method, it.operation, it.status))
    ///     .build()?;
    /// coolify.projects().list().await
    /// # }).unwrap();
    /// ```
    pub fn observe(self, observer: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        self.observed_by(Arc::new(Observer(Box::new(observer))))
    }
}
