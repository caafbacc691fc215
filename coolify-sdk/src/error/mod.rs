//! What can go wrong, and what to do then.

mod classify;
mod decode;
mod detail;
mod hint;
mod left_behind;
mod parse;
mod reply;
mod transport;

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

use serde::Serialize;

#[cfg(feature = "request-json")]
pub(crate) use self::decode::without_values;
pub(crate) use self::decode::{Step, render, steps_at};
pub use self::left_behind::LeftBehind;
pub use self::reply::{Conflict, ErrorReply, FieldError};
pub(crate) use self::{classify::Class, detail::Detail, transport::Trail};
use crate::{Version, operations::Ability};

/// The result of everything this SDK does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong.
///
/// Ask it with its predicates, show it with `Display`, and tell the user what
/// to do next with [`hint`](Self::hint). [`report`](Self::report) prints it
/// with its causes and its hint, and so does `Debug`, for a `main` that returns a
/// [`Result`]. Nothing of it ever holds a body, a header or
/// the token. Of a deployment that failed it holds the end of the log, as far as
/// Coolify's dashboard shows it; of a resource that did not come up, the end of its
/// container's log.
///
/// ```no_run
/// # async fn example(coolify: coolify_sdk::Coolify) {
/// match coolify.version().await {
///     Ok(version) => println!("Coolify {version}"),
///     Err(error) if error.is_unauthenticated() => println!("sign in again"),
///     Err(error) => eprintln!("{}", error.report()),
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

type Source = Box<dyn StdError + Send + Sync>;

/// `Display` names no more fields than these, which is more than a request has
/// that a person writes.
const MOST_FIELD_ERRORS: usize = 50;

#[expect(
    clippy::struct_excessive_bools,
    reason = "they do not exclude each other"
)]
struct Inner {
    kind: ErrorKind,
    summary: Cow<'static, str>,
    operation: Option<&'static str>,
    reply: Option<ErrorReply>,
    status: Option<u16>,
    hint: Option<Cow<'static, str>>,
    retry_after: Option<Duration>,
    attempts: u32,
    unsupported_since: Option<Version>,
    missing_ability: Option<Ability>,
    json_path: Option<String>,
    timed_out: bool,
    too_large: bool,
    unknown_route: bool,
    outcome_unknown: bool,
    left_behind: Vec<LeftBehind>,
    details: Vec<Box<dyn Detail>>,
    source: Option<Source>,
}

/// What kind of failure an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was configured with something it cannot work with.
    Config,
    /// The call was made outside of a Tokio runtime, or in one without timers or
    /// I/O: nothing was sent.
    NoRuntime,
    /// The SDK refused the request before sending it.
    InvalidRequest,
    /// No connection came about: nothing was sent.
    Connect,
    /// The reply took longer than allowed.
    Timeout,
    /// The connection broke before the whole reply was there.
    Interrupted,
    /// The server at this URL says that Coolify is at another one.
    Redirect,
    /// The client is bound to a project, and this is beyond it.
    OutOfScope,
    /// The token is missing, wrong or expired.
    Unauthenticated,
    /// The token is valid and may not do this.
    Forbidden,
    /// There is no such resource.
    NotFound,
    /// Coolify refused the request as it is.
    Validation,
    /// The request is fine and the state of things forbids it.
    Conflict,
    /// Too many requests.
    RateLimited,
    /// The deployment queue is full.
    QueueFull,
    /// This Coolify does not have the operation.
    Unsupported,
    /// The reply came from something that is not Coolify's API.
    NotCoolify,
    /// The server failed.
    Server,
    /// The server did its work and its reply has a form the SDK cannot read.
    Decode,
    /// There would be more applications than a quota allows.
    QuotaExceeded,
    /// A deployment ended without success.
    DeploymentFailed,
    /// A resource came up and did not stay up.
    NotHealthy,
    /// What was waited for had not happened when the maximum wait was over.
    WaitExpired,
}

/// The kind in a few words, as in `not found`.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Config => "configuration",
            Self::NoRuntime => "no runtime",
            Self::InvalidRequest => "invalid request",
            Self::Connect => "no connection",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Redirect => "redirect",
            Self::OutOfScope => "out of scope",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Validation => "validation",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate limited",
            Self::QueueFull => "queue full",
            Self::Unsupported => "unsupported",
            Self::NotCoolify => "not Coolify",
            Self::Server => "server error",
            Self::Decode => "unreadable reply",
            Self::QuotaExceeded => "quota exceeded",
            Self::DeploymentFailed => "deployment failed",
            Self::NotHealthy => "not healthy",
            Self::WaitExpired => "wait expired",
        })
    }
}

impl Error {
    /// An error that says `summary`: one clause, lower case, no full stop.
    pub(crate) fn new(kind: ErrorKind, summary: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            summary: summary.into(),
            operation: None,
            reply: None,
            status: None,
            hint: None,
            retry_after: None,
            attempts: 0,
            unsupported_since: None,
            missing_ability: None,
            json_path: None,
            timed_out: false,
            too_large: false,
            unknown_route: false,
            outcome_unknown: false,
            left_behind: Vec::new(),
            details: Vec::new(),
            source: None,
        }))
    }

    pub(crate) fn with_missing_ability(mut self, ability: Ability) -> Self {
        self.0.missing_ability = Some(ability);
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// The source must be fit to be printed: no body, no header, no URL query.
    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Whether the server has no such route, and it is open why.
    pub(crate) fn is_unknown_route(&self) -> bool {
        self.0.unknown_route
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the resource that was asked for does not exist.
    ///
    /// # Troubleshooting
    ///
    /// Coolify also says so when the resource belongs to another team than the
    /// token. A route that the server does not have is not this error: see
    /// [`unsupported_since`](Self::unsupported_since).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Whether the SDK refused the request before sending it.
    ///
    /// # Troubleshooting
    ///
    /// The message says which value it was, and what it may be.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest
    }

    /// Whether the client is [bound to a project](crate::Coolify::in_project) and
    /// this is beyond it. Coolify was not asked to do anything.
    ///
    /// # Troubleshooting
    ///
    /// The message says what it was. For what belongs to the whole team, use a
    /// client that is not bound.
    #[must_use]
    pub fn is_out_of_scope(&self) -> bool {
        self.0.kind == ErrorKind::OutOfScope
    }

    /// Whether Coolify refused what was sent.
    ///
    /// # Troubleshooting
    ///
    /// [`field_errors`](Self::field_errors) says which field and why, where
    /// Coolify says so.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.0.kind == ErrorKind::Validation
    }

    /// Whether there were too many requests, for Coolify or for the cloud
    /// provider behind it.
    ///
    /// # Troubleshooting
    ///
    /// The client waits for the limit by itself. This error means that the
    /// wait would have been longer than the
    /// [`RetryPolicy`](crate::RetryPolicy) or the
    /// [`Pacing`](crate::Pacing) allows: see
    /// [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// Whether the deployment queue of the server is full.
    ///
    /// # Troubleshooting
    ///
    /// This is not the rate limit: it ends when running deployments do. Cancel
    /// some, or raise the queue limit in the settings of the server.
    #[must_use]
    pub fn is_queue_full(&self) -> bool {
        self.0.kind == ErrorKind::QueueFull
    }

    /// Whether the state of things is in the way: a name or a domain that is
    /// taken, something that still holds resources, something that runs
    /// already.
    ///
    /// # Troubleshooting
    ///
    /// [`conflicts`](Self::conflicts) names who has the domains.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.kind == ErrorKind::Conflict
    }

    /// Whether the token is missing, wrong, expired or without a team.
    ///
    /// # Troubleshooting
    ///
    /// Make a new token under *Keys & Tokens*; what it may do is another
    /// question, answered by [`missing_ability`](Self::missing_ability).
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.0.kind == ErrorKind::Unauthenticated
    }

    /// Whether the token, its owner or the caller's address may not do this.
    ///
    /// # Troubleshooting
    ///
    /// [`hint`](Self::hint) tells which of them it is.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.kind == ErrorKind::Forbidden
    }

    /// Whether something took longer than allowed: connecting, or the reply.
    ///
    /// # Troubleshooting
    ///
    /// Allow more with [`Coolify::with_timeout`](crate::Coolify::with_timeout).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout || self.0.timed_out
    }

    /// Whether no connection to the server came about. Nothing was sent.
    ///
    /// # Troubleshooting
    ///
    /// [`source`](StdError::source) says why: the name, the port, the
    /// certificate.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Whether the server redirects. The token was not sent on.
    ///
    /// # Troubleshooting
    ///
    /// Configure the URL that the message names.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.0.kind == ErrorKind::Redirect
    }

    /// Whether the reply could not be understood, or is larger than the client
    /// takes. On a write this means that the write was carried out.
    ///
    /// # Troubleshooting
    ///
    /// [`json_path`](Self::json_path) says where; please report it, with the
    /// version of your Coolify. The size is bounded by
    /// [`max_reply_size`](crate::CoolifyBuilder::max_reply_size).
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// What the token would have to be allowed to do.
    #[must_use]
    pub fn missing_ability(&self) -> Option<Ability> {
        if self.0.kind != ErrorKind::Forbidden {
            return None;
        }
        self.0
            .missing_ability
            .or_else(|| classify::missing_ability(self.message()?))
    }

    /// The first Coolify that has the operation, when this one is too old.
    #[must_use]
    pub fn unsupported_since(&self) -> Option<Version> {
        self.0.unsupported_since.clone()
    }

    /// Whether the server may or may not have carried out the write. Look
    /// before repeating it.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// The HTTP status, when there was a reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The id of the operation that failed, as in `create-project`.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// What Coolify said.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0
            .reply
            .as_ref()
            .and_then(ErrorReply::message)
            .filter(|message| !message.is_empty())
    }

    /// The reply of the server, when there was one with an error status.
    #[must_use]
    pub fn reply(&self) -> Option<&ErrorReply> {
        self.0.reply.as_ref()
    }

    /// What is wrong with the request, field by field.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        self.reply().map_or(&[], ErrorReply::field_errors)
    }

    /// Who has the domains that were asked for.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        self.reply().map_or(&[], ErrorReply::conflicts)
    }

    pub(crate) fn conflicts_mut(&mut self) -> &mut [Conflict] {
        let reply = self.0.reply.as_mut();
        reply.map_or(&mut [], ErrorReply::conflicts_mut)
    }

    /// The one-click types that the server has, when an unknown one was asked
    /// for.
    #[must_use]
    pub fn valid_service_types(&self) -> &[String] {
        self.reply().map_or(&[], ErrorReply::valid_service_types)
    }

    /// How long the server asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many times the request was sent or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Where in the reply the SDK stopped understanding, as in
    /// `$.deployments[0].status`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The error, its causes, what is known about the failure and the hint, for a person
    /// to read. `Debug` prints the same.
    #[must_use]
    pub fn report(&self) -> impl fmt::Display + '_ {
        Report(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&inner.summary)?;
        if let Some(path) = &inner.json_path {
            // The keys in it may be anybody's.
            write!(f, " at `{path:.200}`")?;
        }
        if let Some(status) = inner.status {
            write!(f, " (HTTP {status})")?;
        }
        self.fmt_reply(f)?;
        self.fmt_left_behind(f)
    }
}

impl Error {
    fn fmt_reply(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(reply) = &self.0.reply else {
            return Ok(());
        };
        if let Some(message) = self.message() {
            write!(f, ": {message}")?;
        } else if let Some(title) = reply.title() {
            write!(f, ": a page titled \"{title}\"")?;
        }
        for text in [reply.error(), reply.details()].into_iter().flatten() {
            write!(f, " {text}")?;
        }
        let errors = reply.field_errors();
        for error in errors.iter().take(MOST_FIELD_ERRORS) {
            match error.field() {
                Some(field) => write!(f, " [{field}: {}]", error.message())?,
                None => write!(f, " [{}]", error.message())?,
            }
        }
        if let Some(more) = errors.len().checked_sub(MOST_FIELD_ERRORS + 1) {
            write!(f, " [and {} more]", more + 1)?;
        }
        Ok(())
    }
}

/// The [`report`](Error::report), since this is what `unwrap` and a `main` that returns
/// a [`Result`] print.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.report(), f)
    }
}

/// For `?` behind a `try_from` that cannot fail.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|source| &**source as &(dyn StdError + 'static))
    }
}

struct Report<'a>(&'a Error);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = StdError::source(self.0);
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        for detail in &self.0.0.details {
            detail.fmt_report(f)?;
        }
        if let Some(hint) = self.0.hint() {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
