//! Errors: what went wrong, and what to do next.

mod classify;
mod decode;
mod detail;
mod found;
mod hint;
mod left_behind;
#[cfg(any(feature = "contexts", feature = "estate", feature = "services"))]
mod nearest;
mod parse;
mod reply;
#[cfg(test)]
mod tests;
mod transport;
mod unsupported;

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

use serde::Serialize;

#[cfg(feature = "request-json")]
pub(crate) use self::decode::without_values;
pub(crate) use self::decode::{Step, render, steps_at};
pub use self::left_behind::LeftBehind;
#[cfg(feature = "contexts")]
pub(crate) use self::nearest::nearest;
pub use self::reply::{Conflict, ErrorReply, FieldError};
pub use self::unsupported::Unsupported;
pub(crate) use self::{classify::Class, detail::Detail, transport::CallTrace};
use crate::operations::Ability;

/// The result of everything this SDK does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Any error of this SDK.
///
/// Its predicates tell what kind of failure it is, `Display` prints a message,
/// and [`hint`](Self::hint) returns what to do next. [`report`](Self::report)
/// prints the message with the causes and the hint; so does `Debug`, for a `main`
/// that returns a [`Result`].
///
/// An error never contains a body, a header or the token. For a failed deployment
/// it contains the end of the log, as far as Coolify's dashboard shows it; for a
/// resource that did not become healthy, the end of its container's log.
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

/// The number of field errors that `Display` prints. It is more than a request of
/// a human author has.
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
    unsupported: Option<Unsupported>,
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

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client is invalid.
    Config,
    /// The call was made outside of a Tokio runtime, or in one without timers or
    /// I/O. Nothing was sent.
    NoRuntime,
    /// The SDK rejected the request before sending it.
    InvalidRequest,
    /// No connection could be established. Nothing was sent.
    Connect,
    /// The reply took longer than allowed.
    Timeout,
    /// The connection broke before the whole reply had arrived.
    Interrupted,
    /// The server redirects to another URL.
    Redirect,
    /// The client is bound to a project, and the request reaches beyond it.
    OutOfScope,
    /// The token is missing, wrong or expired.
    Unauthenticated,
    /// The token is valid, but not allowed to do this.
    Forbidden,
    /// The resource does not exist.
    NotFound,
    /// Coolify rejected the request as invalid.
    Validation,
    /// A name matches several resources.
    Ambiguous,
    /// The request is valid, but conflicts with the current state.
    Conflict,
    /// Too many requests.
    RateLimited,
    /// The deployment queue is full.
    QueueFull,
    /// This Coolify does not have the operation.
    Unsupported,
    /// The reply did not come from Coolify's API.
    NotCoolify,
    /// The server failed.
    Server,
    /// The call succeeded, but the SDK cannot read the reply.
    Decode,
    /// A quota does not allow that many applications.
    QuotaExceeded,
    /// A deployment did not succeed.
    DeploymentFailed,
    /// A backup did not succeed.
    BackupFailed,
    /// An import into a database did not succeed.
    ImportFailed,
    /// A resource did not become healthy, or did not stay so.
    NotHealthy,
    /// The maximum wait was over before the awaited state was reached.
    WaitExpired,
}

/// Writes the kind in a few words, such as `not found`.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
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
            Self::Ambiguous => "ambiguous",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate limited",
            Self::QueueFull => "queue full",
            Self::Unsupported => "unsupported",
            Self::NotCoolify => "not Coolify",
            Self::Server => "server error",
            Self::Decode => "unreadable reply",
            Self::QuotaExceeded => "quota exceeded",
            Self::DeploymentFailed => "deployment failed",
            Self::BackupFailed => "backup failed",
            Self::ImportFailed => "import failed",
            Self::NotHealthy => "not healthy",
            Self::WaitExpired => "wait expired",
        })
    }
}

impl Error {
    /// Makes an error with a summary: one clause, in lower case, without a full
    /// stop.
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
            unsupported: None,
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

    /// The source has to be safe to print: no body, no header, no URL query.
    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Returns whether the router does not know the route, before the reason is
    /// known.
    pub(crate) fn is_unknown_route(&self) -> bool {
        self.0.unknown_route
    }

    /// Returns the kind of the failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns whether the requested resource does not exist.
    ///
    /// # Troubleshooting
    ///
    /// Coolify gives the same answer if the resource belongs to another team than
    /// the token. This does not include routes that the server does not have: see
    /// [`unsupported`](Self::unsupported).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// Returns whether the SDK rejected the request before sending it.
    ///
    /// # Troubleshooting
    ///
    /// The message names the invalid value and what is allowed.
    #[must_use]
    pub fn is_invalid_request(&self) -> bool {
        self.0.kind == ErrorKind::InvalidRequest
    }

    /// Returns whether the request reaches beyond the project that the client is
    /// [bound to](crate::Coolify::in_project). Coolify was not asked to do
    /// anything.
    ///
    /// # Troubleshooting
    ///
    /// The message names what is out of reach. Use an unbound client for what
    /// belongs to the whole team.
    #[must_use]
    pub fn is_out_of_scope(&self) -> bool {
        self.0.kind == ErrorKind::OutOfScope
    }

    /// Returns whether Coolify rejected the request as invalid.
    ///
    /// # Troubleshooting
    ///
    /// [`field_errors`](Self::field_errors) names the fields and the reasons, if
    /// Coolify does.
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.0.kind == ErrorKind::Validation
    }

    /// Returns whether there were too many requests, for Coolify or for the cloud
    /// provider behind it.
    ///
    /// # Troubleshooting
    ///
    /// The client waits for the limit by itself. This error means that the wait
    /// would have been longer than the [`RetryPolicy`](crate::RetryPolicy) or the
    /// [`Pacing`](crate::Pacing) allows: see [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.0.kind == ErrorKind::RateLimited
    }

    /// Returns whether the deployment queue of the server is full.
    ///
    /// # Troubleshooting
    ///
    /// This is not the rate limit. The queue has room again when running
    /// deployments have ended. Cancel some, or raise the queue limit in the
    /// settings of the server.
    #[must_use]
    pub fn is_queue_full(&self) -> bool {
        self.0.kind == ErrorKind::QueueFull
    }

    /// Returns whether the current state prevents the request: a name or a domain
    /// is taken, something still contains resources, or something is already
    /// running.
    ///
    /// # Troubleshooting
    ///
    /// [`conflicts`](Self::conflicts) names the resources that have the domains.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.0.kind == ErrorKind::Conflict
    }

    /// Returns whether the token is missing, wrong, expired or without a team.
    ///
    /// # Troubleshooting
    ///
    /// Make a new token under *Keys & Tokens*. If the token is valid but not
    /// allowed to do this, see [`missing_ability`](Self::missing_ability)
    /// instead.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.0.kind == ErrorKind::Unauthenticated
    }

    /// Returns whether the token, its owner or the caller's address is not
    /// allowed to do this.
    ///
    /// # Troubleshooting
    ///
    /// [`hint`](Self::hint) says which of the three it is.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.0.kind == ErrorKind::Forbidden
    }

    /// Returns whether connecting or the reply took longer than allowed.
    ///
    /// # Troubleshooting
    ///
    /// Allow more time with
    /// [`Coolify::with_timeout`](crate::Coolify::with_timeout).
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.0.kind == ErrorKind::Timeout || self.0.timed_out
    }

    /// Returns whether no connection to the server could be established. Nothing
    /// was sent.
    ///
    /// # Troubleshooting
    ///
    /// [`source`](StdError::source) has the reason: the host name, the port or
    /// the certificate.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns whether the server redirects. The token was not sent to the new
    /// address.
    ///
    /// # Troubleshooting
    ///
    /// Configure the URL that the message names.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.0.kind == ErrorKind::Redirect
    }

    /// Returns whether the reply could not be read, or is larger than the client
    /// allows. A write with this error was carried out.
    ///
    /// # Troubleshooting
    ///
    /// [`json_path`](Self::json_path) says where reading failed. Please report
    /// it, with the version of your Coolify.
    /// [`max_reply_size`](crate::CoolifyBuilder::max_reply_size) limits the size.
    #[must_use]
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// Returns the ability that the token lacks.
    #[must_use]
    pub fn missing_ability(&self) -> Option<Ability> {
        if self.0.kind != ErrorKind::Forbidden {
            return None;
        }
        self.0
            .missing_ability
            .or_else(|| classify::missing_ability(self.message()?))
    }

    /// Returns whether it is unknown if the server has carried out the write.
    /// Check before you repeat it.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    /// Returns the HTTP status, if there was a reply.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the id of the operation that failed, such as `create-project`.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// Returns Coolify's message.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.0
            .reply
            .as_ref()
            .and_then(ErrorReply::message)
            .filter(|message| !message.is_empty())
    }

    /// Returns the reply of the server, if it had an error status.
    #[must_use]
    pub fn reply(&self) -> Option<&ErrorReply> {
        self.0.reply.as_ref()
    }

    /// Returns what is wrong with the request, field by field. The SDK's own checks of
    /// fields name the field as well; then nothing was sent.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        let found = self.found_field_errors();
        found.unwrap_or_else(|| self.reply().map_or(&[], ErrorReply::field_errors))
    }

    /// Returns the domains that are taken, with the resources that have them.
    #[must_use]
    pub fn conflicts(&self) -> &[Conflict] {
        let found = self.found_conflicts();
        found.unwrap_or_else(|| self.reply().map_or(&[], ErrorReply::conflicts))
    }

    pub(crate) fn conflicts_mut(&mut self) -> &mut [Conflict] {
        let reply = self.0.reply.as_mut();
        reply.map_or(&mut [], ErrorReply::conflicts_mut)
    }

    /// Returns the one-click service types that the server has, if an unknown one
    /// was requested.
    #[must_use]
    pub fn valid_service_types(&self) -> &[String] {
        self.reply().map_or(&[], ErrorReply::valid_service_types)
    }

    /// Returns how long the server asks the client to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns how many times the SDK tried to send the request.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns where in the reply decoding failed, such as
    /// `$.deployments[0].status`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// Returns the message, the causes, the details of the failure and the hint,
    /// for people to read. `Debug` prints the same.
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
            // The keys come from the server, so their length is limited.
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

/// Prints the [`report`](Error::report), because `unwrap` and a `main` that
/// returns a [`Result`] use `Debug`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.report(), f)
    }
}

/// For `?` after a `try_from` that cannot fail.
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
