//! Things that go wrong on demand.

use std::time::Duration;

use serde_json::Value;
use wiremock::Request;

use super::reply::Reply;

/// Something that goes wrong with one request; see [`FakeCoolify::fail_next`](super::FakeCoolify::fail_next).
///
/// ```no_run
/// # use coolify_sdk::testing::Fault;
/// let gateway = Fault::status(502).html("<h1>Bad gateway</h1>");
/// let lost = Fault::lost_reply().on("POST", "/deploy");
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    effect: Effect,
    only: Option<(String, String)>,
}

#[derive(Debug, Clone)]
pub(super) enum Effect {
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
    /// Answers with this status and a JSON message instead of carrying the request out.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let unavailable = Fault::status(503);
    /// ```
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::with(Effect::Answer(Reply::message(status, "Server Error")))
    }

    /// Answers late, but does what was asked.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let slow = Fault::slow(std::time::Duration::from_secs(2));
    /// ```
    #[must_use]
    pub fn slow(delay: Duration) -> Self {
        Self::with(Effect::Slow(delay))
    }

    /// Closes the connection before anything was done.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let cut = Fault::cut();
    /// ```
    #[must_use]
    pub fn cut() -> Self {
        Self::with(Effect::Cut)
    }

    /// Does what was asked and closes the connection without a word: the caller
    /// cannot know the outcome.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let lost = Fault::lost_reply().on("POST", "/projects");
    /// ```
    #[must_use]
    pub fn lost_reply() -> Self {
        Self::with(Effect::Lost)
    }

    /// Makes the answer an HTML page, as proxies in front of Coolify send them.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let gateway = Fault::status(502).html("<h1>Bad gateway</h1>");
    /// ```
    #[must_use]
    pub fn html(self, page: impl Into<String>) -> Self {
        self.answering(|status| Reply::html(status, page))
    }

    /// Makes the answer this JSON.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let odd = Fault::status(200).json(serde_json::json!({"unexpected": true}));
    /// ```
    #[must_use]
    pub fn json(self, body: Value) -> Self {
        self.answering(|status| Reply::json(status, body))
    }

    /// Waits for a request with this method and path (as in the API's
    /// documentation, without `/api/v1`) instead of striking the next one.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::Fault;
    /// let only_deploys = Fault::status(500).on("POST", "/deploy");
    /// ```
    #[must_use]
    pub fn on(mut self, method: impl Into<String>, path: impl Into<String>) -> Self {
        self.only = Some((method.into(), path.into()));
        self
    }

    fn with(effect: Effect) -> Self {
        Self { effect, only: None }
    }

    fn answering(mut self, make: impl FnOnce(u16) -> Reply) -> Self {
        if let Effect::Answer(reply) = &self.effect {
            self.effect = Effect::Answer(make(reply.status));
        }
        self
    }

    /// Whether the fault strikes this request.
    pub(super) fn strikes(&self, request: &Request, path: &str) -> bool {
        self.only.as_ref().is_none_or(|(method, only)| {
            request.method.as_str().eq_ignore_ascii_case(method) && path == only
        })
    }

    /// What happens.
    pub(super) fn effect(&self) -> &Effect {
        &self.effect
    }
}
