//! What is about to be sent.

#[cfg(feature = "request-json")]
mod json;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, ErrorKind, Result};
use crate::verify::{self, Subject, UpdateReport, Verify};
use crate::{Clearable, Coolify, raw};

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

type Sender<B, R> = Box<dyn FnOnce(raw::Client, B) -> BoxFuture<Result<R>> + Send>;

/// A request with its body, waiting to be sent.
///
/// What Coolify requires was asked for where the request was made; everything
/// else is a setter, and a setter exists only for a field that the endpoint
/// takes. Nothing is sent before [`send`](Self::send) or `.await`.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let project = coolify
///     .projects()
///     .create("shop")
///     .description("Everything that sells")
///     .await?;
/// # Ok(()) }
/// ```
///
/// `S` is `()`, or the [`Subject`](crate::verify::Subject) that an update is
/// about: then it can be [`verified`](Self::verified).
#[must_use = "a request is not sent before `.send()` or `.await`"]
pub struct Request<B, R, S = ()> {
    pub(crate) body: B,
    coolify: Coolify,
    send: Sender<B, R>,
    subject: S,
}

impl<B: Body, R> Request<B, R> {
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
            subject: (),
        }
    }

    /// The same, about something that can be read back afterwards.
    pub(crate) fn about(self, subject: Subject) -> Request<B, R, Subject> {
        Request {
            body: self.body,
            coolify: self.coolify,
            send: self.send,
            subject,
        }
    }
}

impl<B: Body, R, S> Request<B, R, S> {
    pub(crate) fn coolify(&self) -> &Coolify {
        &self.coolify
    }

    /// The body as it would be sent now.
    pub fn body(&self) -> &B {
        &self.body
    }

    /// Checks the body and sends it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] before anything is sent, when a field breaks
    /// a limit that Coolify is known to check late or badly; otherwise what the
    /// server answers.
    pub async fn send(self) -> Result<R> {
        self.body.check()?;
        (self.send)(self.coolify.raw(), self.body).await
    }
}

impl<B: Verify, R: 'static> Request<B, R, Subject> {
    /// Reads back what the update was about, and reports on each field.
    ///
    /// Coolify can answer an update as if all were well and leave a field as it
    /// was. With this nothing is claimed that was not seen. It costs one more
    /// request, and one before it where a field may have to be
    /// [rerouted](UpdateReport::rerouted).
    ///
    /// A refusal that says what is wrong becomes part of the report
    /// ([`rejected`](UpdateReport::rejected)). A connection that broke is no
    /// error when everything is seen to be as it was asked for. Needs the `read`
    /// ability beside what the update needs; what is shown with
    /// `read:sensitive` only is [`unseen`](UpdateReport::unseen) without it.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let report = coolify
    ///     .application("khzsv5nucvscskrm5gez3p8v")
    ///     .update()
    ///     .domains(["https://web.example.com"])
    ///     .limits_memory("512M")
    ///     .verified()
    ///     .await?;
    /// if !report.is_complete() {
    ///     println!("{report}");
    /// }
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn verified(self) -> Request<B, UpdateReport> {
        let Self {
            body,
            coolify,
            send,
            subject,
        } = self;
        let reader = coolify.clone();
        Request::new(&coolify, body, move |raw, body| async move {
            verify::run(&reader, &subject, body, |body| send(raw, body)).await
        })
    }
}

impl<B: Body + Send + 'static, R: 'static, S: Send + 'static> IntoFuture for Request<B, R, S> {
    type Output = Result<R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<R>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<B: fmt::Debug, R, S> fmt::Debug for Request<B, R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// A request body; `#[derive(Request)]` implements it.
pub trait Body {
    /// Refuses what Coolify would refuse badly.
    #[doc(hidden)]
    fn check(&self) -> Result<()>;
}

/// Nothing to say beyond the request itself.
impl Body for () {
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

pub(crate) fn set<T>(field: &mut Option<T>, value: impl Into<T>) {
    *field = Some(value.into());
}

pub(crate) fn set_clearable<T>(field: &mut Option<Clearable<T>>, value: impl Into<T>) {
    *field = Some(Clearable::Set(value.into()));
}

/// Plain text or bytes as the wire wants them.
pub(crate) fn base64(plain: &[u8]) -> String {
    STANDARD.encode(plain)
}

/// A list as the wire wants it.
pub(crate) fn comma_list(items: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(item.as_ref());
    }
    text
}

/// Coolify answers an over-long text with a bare 500.
pub(crate) fn max_len(field: &str, text: &str, max: usize) -> Result<()> {
    let len = text.chars().count();
    if len <= max {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidRequest,
        format!("`{field}` has {len} characters, Coolify takes {max} at most"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_become_one_text() {
        assert_eq!(
            comma_list(["https://a.example", "https://b.example"]),
            "https://a.example,https://b.example"
        );
        assert_eq!(comma_list(Vec::<String>::new()), "");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(max_len("command", &"ä".repeat(255), 255).is_ok());
        assert!(max_len("command", &"a".repeat(256), 255).is_err());
    }
}
