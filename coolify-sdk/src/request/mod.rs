//! Requests that have not been sent yet.

#[cfg(feature = "request-json")]
mod json;
mod list;
mod source;

#[cfg(feature = "request-json")]
pub use json::Fields;
#[cfg(feature = "request-json")]
pub(crate) use json::fill;
pub use list::IntoList;
pub(crate) use list::{TextItem, TypedItem, check_items, check_list, comma_list};
pub(crate) use source::check_source;

use std::fmt;
use std::future::Future;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, ErrorKind, Result};
use crate::raw::types::Message;
pub(crate) use crate::transport::Body;
pub(crate) use crate::transport::{BoxFuture, awaitable};
use crate::{Call, Clearable, Coolify, raw};

pub(crate) type Sender<B, R> = Box<dyn FnOnce(raw::Client, B) -> BoxFuture<Result<R>> + Send>;

/// A request with its body, before it is sent. Each builder contains one.
/// `#[builder]` gives a builder its methods, and `#[derive(Request)]` on the body
/// its setters.
pub struct Request<B, R> {
    pub(crate) body: B,
    coolify: Coolify,
    send: Sender<B, R>,
}

impl<B: Body, R: 'static> Request<B, R> {
    pub(crate) fn new<F>(
        coolify: &Coolify,
        body: B,
        send: impl FnOnce(raw::Client, B) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<R>> + Send + 'static,
    {
        Self {
            body,
            coolify: coolify.clone(),
            send: Box::new(move |raw, body| Box::pin(send(raw, body))),
        }
    }

    pub(crate) fn coolify(&self) -> &Coolify {
        &self.coolify
    }

    /// Returns the client, the body, and the function that sends the body.
    pub(crate) fn into_parts(self) -> (Coolify, B, Sender<B, R>) {
        (self.coolify, self.body, self.send)
    }

    /// Checks the body and sends it.
    pub(crate) fn send(self) -> Call<R> {
        if let Err(error) = self.body.check() {
            return Call::failed(error);
        }
        Call::boxed((self.send)(self.coolify.raw(), self.body))
    }
}

impl<B: fmt::Debug, R> Request<B, R> {
    /// Writes `Debug` for the builder with this name.
    pub(crate) fn show(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

impl Call<Message> {
    /// Returns the call with the text of Coolify's message.
    pub(crate) fn message(self) -> Call<String> {
        self.map(|reply| reply.message)
    }
}

pub(crate) fn set<T>(field: &mut Option<T>, value: impl Into<T>) {
    *field = Some(value.into());
}

pub(crate) fn set_clearable<T>(field: &mut Option<Clearable<T>>, value: impl Into<T>) {
    *field = Some(Clearable::Set(value.into()));
}

/// Encodes plain text or bytes as the API expects them.
pub(crate) fn base64(plain: &[u8]) -> String {
    STANDARD.encode(plain)
}

/// Coolify answers an over-long text with a bare 500.
pub(crate) fn max_len(field: &str, text: &str, max: usize) -> Result<()> {
    at_most(max, text.chars().count(), field, "characters")
}

/// Coolify stores some texts encrypted, so their length in bytes is limited.
pub(crate) fn max_bytes(field: &str, text: &str, max: usize) -> Result<()> {
    at_most(max, text.len(), field, "bytes")
}

fn at_most(max: usize, len: usize, field: &str, unit: &str) -> Result<()> {
    if len <= max {
        return Ok(());
    }
    let problem = format!("has {len} {unit}; Coolify accepts at most {max}");
    Err(
        Error::new(ErrorKind::InvalidRequest, format!("`{field}` {problem}"))
            .with_field_error(field, problem),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        assert!(max_len("command", &"ä".repeat(255), 255).is_ok());
        assert!(max_len("command", &"a".repeat(256), 255).is_err());
    }
}
