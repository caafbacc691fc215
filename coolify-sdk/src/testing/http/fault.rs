//! Faults: failures on demand.

use std::{fmt, time::Duration};

use serde_json::Value;

use crate::operations::Operation;
use crate::testing::http::{Reply, call::decode_segment, routes};

/// A failure of one request; see
/// [`FakeCoolify::fail_next`](crate::testing::FakeCoolify::fail_next).
///
/// ```no_run
/// # use coolify_sdk::testing::Fault;
/// let gateway = Fault::status(502).html("<h1>Bad gateway</h1>");
/// let lost = Fault::lost_reply().on("POST", "/deploy");
/// let one_application = Fault::status(500).on("GET", "/applications/{uuid}");
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    effect: Effect,
    only: Option<Place>,
    /// Why the fault can never be used.
    mistake: Option<String>,
}

/// The requests that a fault matches.
#[derive(Debug, Clone)]
struct Place {
    method: String,
    path: String,
    operation: Option<&'static Operation>,
}

#[derive(Debug, Clone)]
pub(in crate::testing) enum Effect {
    /// Answer this instead of carrying the request out.
    Answer(Reply),
    /// Carry the request out and answer late.
    Slow(Duration),
    /// Close the connection without carrying the request out.
    Cut,
    /// Carry the request out, then close the connection.
    Lost,
}

impl Fault {
    /// Makes a fault that answers with this status and a JSON message instead of
    /// carrying the request out.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let unavailable = Fault::status(503);
    /// ```
    #[must_use]
    pub fn status(status: u16) -> Self {
        let message = match status {
            429 => "Too Many Attempts.",
            _ => "Server Error",
        };
        let fault = Self::with(Effect::Answer(Reply::message(status, message)));
        if (200..600).contains(&status) {
            return fault;
        }
        fault.mistaken(format!("{status} is not a valid status"))
    }

    /// Makes a fault that carries the request out and answers late.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let slow = Fault::slow(std::time::Duration::from_secs(2));
    /// ```
    #[must_use]
    pub fn slow(delay: Duration) -> Self {
        Self::with(Effect::Slow(delay))
    }

    /// Makes a fault that closes the connection before anything was done.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let cut = Fault::cut();
    /// ```
    #[must_use]
    pub fn cut() -> Self {
        Self::with(Effect::Cut)
    }

    /// Makes a fault that carries the request out and closes the connection
    /// without an answer, so that the caller cannot know the outcome.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let lost = Fault::lost_reply().on("POST", "/projects");
    /// ```
    #[must_use]
    pub fn lost_reply() -> Self {
        Self::with(Effect::Lost)
    }

    /// Answers with an HTML page, as proxies in front of Coolify do.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let gateway = Fault::status(502).html("<h1>Bad gateway</h1>");
    /// ```
    #[must_use]
    pub fn html(self, page: impl Into<String>) -> Self {
        self.answering("html", |reply| reply.with_html(page))
    }

    /// Answers with this JSON.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let odd = Fault::status(200).json(serde_json::json!({"unexpected": true}));
    /// ```
    #[must_use]
    pub fn json(self, body: Value) -> Self {
        self.answering("json", |reply| reply.with_json(body))
    }

    /// Adds a `Retry-After` header to the answer, in whole seconds, rounded up.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use coolify_sdk::testing::Fault;
    /// let limited = Fault::status(429).retry_after(Duration::from_secs(2));
    /// ```
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.answering("retry_after", |reply| reply.header("Retry-After", &seconds))
    }

    /// Matches requests of one operation, instead of any request.
    ///
    /// `method` and `path` are those of the API's documentation, without
    /// `/api/v1`. A segment in braces, as in `/applications/{uuid}`, matches any
    /// id; an id in its place matches one resource.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let only_deploys = Fault::status(500).on("POST", "/deploy");
    /// let any_start = Fault::cut().on("POST", "/applications/{uuid}/start");
    /// ```
    #[must_use]
    pub fn on(mut self, method: impl Into<String>, path: impl Into<String>) -> Self {
        let (method, path) = (method.into().to_ascii_uppercase(), path.into());
        let path = path.strip_prefix("/api/v1").unwrap_or(&path).to_owned();
        let operation = routes::operation(&method, &path);
        if operation.is_none() {
            self = self.mistaken(no_operation(&method, &path));
        }
        self.only = Some(Place {
            method,
            path,
            operation,
        });
        self
    }

    fn with(effect: Effect) -> Self {
        Self {
            effect,
            only: None,
            mistake: None,
        }
    }

    /// Only the first mistake is reported.
    fn mistaken(mut self, mistake: String) -> Self {
        self.mistake.get_or_insert(mistake);
        self
    }

    fn answering(mut self, setter: &str, make: impl FnOnce(Reply) -> Reply) -> Self {
        if let Effect::Answer(reply) = self.effect {
            self.effect = Effect::Answer(make(reply));
            return self;
        }
        self.mistaken(format!("`{setter}` is for an answer of `Fault::status`"))
    }

    /// Returns why the fault can never be used as intended.
    pub(in crate::testing) fn mistake(&self) -> Option<&str> {
        self.mistake.as_deref()
    }

    /// Returns whether the fault matches this request.
    pub(in crate::testing) fn strikes(&self, method: &str, path: &str) -> bool {
        let Some(only) = &self.only else { return true };
        let operation = routes::operation(method, path);
        operation.is_some() && operation == only.operation && same_path(&only.path, path)
    }

    /// Returns the effect.
    pub(in crate::testing) fn effect(&self) -> &Effect {
        &self.effect
    }
}

/// Writes the effect and the requests, such as `503 on GET /projects`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.effect {
            Effect::Answer(reply) => write!(f, "{}", reply.status)?,
            Effect::Slow(delay) => write!(f, "a reply {delay:?} late")?,
            Effect::Cut => f.write_str("a cut connection")?,
            Effect::Lost => f.write_str("a lost reply")?,
        }
        match &self.only {
            Some(Place { method, path, .. }) => write!(f, " on {method} {path}"),
            None => f.write_str(" on any request"),
        }
    }
}

/// Returns whether a path matches the expected one, in which braces match any
/// segment.
fn same_path(expected: &str, path: &str) -> bool {
    let is_any = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
    let expected = expected.split('/');
    // Both belong to one operation, so they have the same number of segments.
    expected.zip(path.split('/')).all(|(expected, segment)| {
        is_any(expected) || expected == segment || expected == decode_segment(segment)
    })
}

/// Returns why no request can match the fault.
fn no_operation(method: &str, path: &str) -> String {
    if path.contains('?') {
        return format!("a fault waits for a path, and {path:?} has a query");
    }
    let methods = routes::methods(path);
    if methods.is_empty() {
        return format!(
            "no operation of Coolify's API has the path {path:?}; `coolify_sdk::operations` \
             lists their paths"
        );
    }
    format!("{path} takes {}, not {method}", methods.join(", "))
}
