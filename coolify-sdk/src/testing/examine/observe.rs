//! Looking over a client's shoulder.

use std::{fmt, sync::Arc};

use reqwest::header::{HeaderMap, HeaderName};

use crate::{
    CoolifyBuilder,
    transport::{Ask, Observe},
};

/// A reply that a client got, with the request that it answers: what
/// [`CoolifyBuilder::observe`] shows. Both are as they were on the wire, secrets
/// included; the token is in neither.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The operation's id, as in [`operations`](crate::operations::operations).
    pub operation: &'a str,
    /// The method, in capitals.
    pub method: &'a str,
    /// The URL with its query.
    pub url: &'a str,
    /// What was sent.
    pub sent: Option<&'a [u8]>,
    /// The status of the reply.
    pub status: u16,
    /// What came back; of a refusal only its beginning, if it is very long.
    pub reply: &'a [u8],
    headers: &'a HeaderMap,
}

impl Exchange<'_> {
    /// A header of the reply.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The names of the reply's headers.
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
    fn answered(&self, ask: &Ask, status: u16, headers: &HeaderMap, reply: &[u8]) {
        (self.0)(&Exchange {
            operation: ask.operation.id,
            method: ask.method.as_str(),
            url: ask.url.as_str(),
            sent: ask.body.as_deref(),
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

impl CoolifyBuilder {
    /// Shows every reply as it came, with the request that it answers: for tests
    /// and recorders. Replies that are asked for again are shown each time.
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
    pub fn observe(mut self, observer: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(Observer(Box::new(observer))));
        self
    }
}
