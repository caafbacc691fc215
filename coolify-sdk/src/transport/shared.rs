//! The state that all clones of a client share, and sending.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    time::Duration,
};

use reqwest::{
    Request,
    header::{ACCEPT, AUTHORIZATION, HeaderValue, USER_AGENT},
};
use tokio::time::{Instant, timeout};
use tracing::{Span, field};

use super::{
    attempts::{Attempt, OnAttempt},
    base_url::BaseUrl,
    belonging,
    connections::Connections,
    limit::Limit,
    outgoing::{self, OutgoingRequest},
    pacing::{Pacer, Pacing, Permit, TooLong},
    reply::Reply,
    retry::{RetryPolicy, SHORTEST_SILENCE},
    retry_budget::Purse,
    server_version::ServerVersion,
};
use crate::{
    Error, ErrorKind, ErrorReply, Result,
    error::{CallTrace, Class},
};

/// Shorter waits are not reported.
const MOMENT: Duration = Duration::from_millis(100);

/// A shorter text is not a token of Coolify, and may be a word of a message.
const SHORTEST_SECRET: usize = 8;

/// The options that a user sets per call.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    /// The default interval of waits.
    pub(crate) poll_every: Duration,
    /// The longest interval of waits, whatever a wait sets. It has an effect in tests only.
    pub(crate) longest_interval: Duration,
}

/// The token, hidden from `Debug`.
#[derive(Clone, Debug)]
pub(crate) struct Credentials(HeaderValue);

impl Credentials {
    /// Takes a token, which may have white space around it, but not inside.
    pub(crate) fn new(token: &str) -> Result<Self, &'static str> {
        let token = token.trim();
        if token.is_empty() {
            return Err("is empty");
        }
        if !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err("contains white space or characters that no token has");
        }
        let mut value = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| "contains characters that no token has")?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// Replaces the token in a body, because a server may repeat it in its reply.
    pub(super) fn hide_in(&self, body: &[u8]) -> Option<String> {
        let token = self.0.to_str().ok()?.strip_prefix("Bearer ")?;
        // Coolify's tokens have the form `id|secret`.
        let secret = token.split_once('|').map_or(token, |(_, secret)| secret);
        let text = str::from_utf8(body).ok()?;
        let hidden = secret.len() >= SHORTEST_SECRET && text.contains(secret);
        hidden.then(|| text.replace(secret, "[token]"))
    }
}

/// The state that all clones of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) base: BaseUrl,
    pub(crate) http: Connections,
    pub(crate) credentials: Credentials,
    pub(crate) user_agent: HeaderValue,
    pub(crate) pacing: Pacing,
    pub(crate) pacer: Pacer,
    pub(crate) version: ServerVersion,
    pub(crate) limit: Limit,
    #[cfg(feature = "estate")]
    pub(crate) turns: super::Turns,
    pub(crate) on_attempt: OnAttempt,
    pub(crate) retries: Purse,
    /// The observer of every reply, in tests.
    #[cfg(feature = "testing")]
    pub(crate) observer: Option<std::sync::Arc<dyn super::Observe>>,
}

impl Shared {
    /// Sends a request, and repeats it if the policy and the operation allow
    /// that.
    pub(super) async fn send(
        &self,
        outgoing: &OutgoingRequest,
        options: &Options,
    ) -> Result<(Reply, CallTrace)> {
        let span = span(outgoing);
        let mut sending = pin!(self.send_until_settled(outgoing, options));
        // Like `instrument`, but without moving large futures.
        let outcome = poll_fn(|cx| span.in_scope(|| sending.as_mut().poll(cx))).await;
        let status = match &outcome {
            Ok((reply, _)) => Some(reply.status.as_u16()),
            Err(error) => {
                span.record("error.type", field::debug(error.kind()));
                error.status()
            }
        };
        if let Some(status) = status {
            span.record("http.response.status_code", status);
        }
        outcome
    }

    async fn send_until_settled(
        &self,
        outgoing: &OutgoingRequest,
        options: &Options,
    ) -> Result<(Reply, CallTrace)> {
        let mut trace = CallTrace {
            operation: Some(outgoing.operation.id),
            write: outgoing.is_write(),
            attempts: 0,
        };
        let mut tries = Tries::default();
        let mut held = Duration::ZERO;
        let mut idle = Instant::now();
        loop {
            let arrived = Instant::now();
            let longest = self.pacing.longest_wait().saturating_sub(held);
            let permit = self.enter(arrived + longest, options).await;
            let permit = permit.map_err(|TooLong { wait }| Error::paced(wait, trace))?;
            held += arrived.elapsed();
            trace.attempts += 1;
            tries.failed += 1;
            let waited = idle.elapsed();
            let (outcome, again) = self
                .attempt(outgoing, options, permit, trace, &mut tries)
                .await;
            let duration = idle.elapsed().saturating_sub(waited);
            idle = Instant::now();
            let again = again.filter(|again| self.affords(again, held));
            self.on_attempt.tell(&Attempt {
                operation: outgoing.operation.id,
                method: outgoing.sent_method(),
                attempt: trace.attempts,
                is_last: again.is_none(),
                status: tries.status,
                error: outcome.as_ref().err().map(Error::kind),
                duration,
                waited,
                bytes: tries.bytes,
            });
            let wait = match again {
                Some(Again::WhenAllowed(wait)) => {
                    held += wait;
                    tries.failed -= 1;
                    tracing::info!(
                        milliseconds = milliseconds(wait),
                        "waiting for the rate limit"
                    );
                    wait
                }
                Some(Again::After(wait)) => {
                    tracing::info!(
                        milliseconds = milliseconds(wait),
                        "waiting before the next attempt"
                    );
                    wait
                }
                None => return outcome.map(|reply| (reply, trace)),
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Returns whether the request may be sent again. A call that the rate limit has
    /// already held back for long is not, and a retry is taken from the budget.
    fn affords(&self, again: &Again, held: Duration) -> bool {
        match again {
            Again::WhenAllowed(wait) => held + *wait <= self.pacing.longest_wait(),
            Again::After(_) => self.retries.take(),
        }
    }

    /// Waits for room under the rate limit, and reports a long wait.
    pub(super) async fn enter(
        &self,
        deadline: Instant,
        options: &Options,
    ) -> Result<Permit<'_>, TooLong> {
        let arrived = Instant::now();
        let mut entering = pin!(self.pacer.enter(deadline, options.retry.repeats()));
        if let Ok(permit) = timeout(MOMENT, entering.as_mut()).await {
            return permit;
        }
        let wait = self.pacer.known_wait().map(milliseconds);
        tracing::info!(
            milliseconds = wait,
            "held back to keep under the rate limit"
        );
        let permit = entering.await;
        let waited = milliseconds(arrived.elapsed());
        tracing::info!(milliseconds = waited, "held back no longer");
        permit
    }

    /// Makes the request with the headers that every request has.
    pub(super) fn request(&self, outgoing: &OutgoingRequest, options: &Options) -> Request {
        let mut request = outgoing.request();
        *request.timeout_mut() = Some(options.timeout.saturating_add(outgoing.allowance()));
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(AUTHORIZATION, self.credentials.0.clone());
        request
    }

    async fn attempt(
        &self,
        outgoing: &OutgoingRequest,
        options: &Options,
        permit: Permit<'_>,
        trace: CallTrace,
        tries: &mut Tries,
    ) -> (Result<Reply>, Option<Again>) {
        let begun = Instant::now();
        let http = self.http.client();
        let outcome = match http.execute(self.request(outgoing, options)).await {
            Ok(response) => Reply::read(response, &outgoing.url, self.limit).await,
            Err(error) => Err(error),
        };
        let milliseconds = milliseconds(begun.elapsed());
        let retry = &options.retry;
        (tries.status, tries.bytes) = match &outcome {
            Ok(reply) => (Some(reply.status.as_u16()), reply.body().len()),
            Err(_) => (None, 0),
        };
        match outcome {
            Err(error) => {
                let unsent = error.is_connect();
                tracing::debug!(attempt = trace.attempts, milliseconds, unsent, "no reply");
                if unsent {
                    permit.unsent();
                }
                #[cfg(feature = "testing")]
                if let Some(observer) = &self.observer {
                    observer.broken(outgoing, unsent);
                }
                let again = (unsent || !trace.write) && !error.is_builder();
                let wait = again.then(|| retry.wait(tries.failed, None)).flatten();
                let error = Error::broken(error, &outgoing.url, trace);
                (Err(error), wait.map(Again::After))
            }
            Ok(reply) => {
                let status = reply.status.as_u16();
                tracing::debug!(attempt = trace.attempts, milliseconds, status, "replied");
                #[cfg(feature = "testing")]
                if let Some(observer) = &self.observer {
                    observer.answered(outgoing, status, reply.headers(), reply.body());
                }
                self.judge(reply, outgoing, options, permit, trace, tries)
            }
        }
    }

    /// Decides what a reply means, and whether to send the request again.
    pub(super) fn judge(
        &self,
        reply: Reply,
        outgoing: &OutgoingRequest,
        options: &Options,
        permit: Permit<'_>,
        trace: CallTrace,
        tries: &mut Tries,
    ) -> (Result<Reply>, Option<Again>) {
        let status = reply.status;
        let budget = reply.budget();
        let retry = &options.retry;
        if let Some(elsewhere) = &reply.elsewhere {
            permit.answered(None, false);
            let error = Error::followed(&outgoing.url, elsewhere, status.as_u16(), trace);
            return (Err(error), None);
        }
        if status.is_success() {
            permit.answered(budget, true);
            if reply.too_large {
                let error = Error::too_large(self.limit.0, status.as_u16(), trace);
                return (Err(error), None);
            }
            if belonging::is_of_another(outgoing, &reply) {
                self.distrust();
                let error = Error::of_another(&outgoing.url, trace);
                let wait = retry.wait(tries.failed, None).filter(|_| !trace.write);
                return (Err(error), wait.map(Again::After));
            }
            self.retries.earn();
            return (Ok(reply), None);
        }
        if status.is_redirection() {
            permit.answered(budget, false);
            let location = reply.location();
            // A redirect that contains the token is not worth being configured.
            let location = location.filter(|it| self.credentials.hide_in(it.as_bytes()).is_none());
            let error = Error::redirected(&outgoing.url, location, status.as_u16(), trace);
            return (Err(error), None);
        }
        let hidden = self.credentials.hide_in(reply.body());
        let body = hidden.as_deref().map_or(reply.body(), str::as_bytes);
        let said = ErrorReply::parse(status.as_u16(), reply.content_type(), body);
        let own_limit = reply.is_of_own_limit(said.message());
        let class = Class::new(&said, trace.operation, own_limit);
        let retry_after = reply.retry_after();
        let again = match class.kind {
            ErrorKind::RateLimited if own_limit => {
                if let Some(asked) = retry_after {
                    tries.refused += 1;
                    let wait = retry.obey(asked, tries.refused);
                    permit.refused(wait.unwrap_or(asked).max(SHORTEST_SILENCE), budget);
                    wait.map(Again::WhenAllowed)
                } else {
                    // Nobody knows when the limit ends, so only a few attempts are made.
                    let wait = retry.wait(tries.failed, None);
                    permit.refused(wait.unwrap_or(SHORTEST_SILENCE), budget);
                    wait.map(Again::After)
                }
            }
            ErrorKind::QueueFull => {
                permit.answered(budget, false);
                None
            }
            _ => {
                permit.answered(budget, false);
                let passing = matches!(status.as_u16(), 429 | 502..=504) && !trace.write;
                passing
                    .then(|| retry.wait(tries.failed, retry_after))
                    .flatten()
                    .map(Again::After)
            }
        };
        let error = Error::refused(said, class, retry_after, trace);
        (Err(error), again)
    }

    /// Handles a reply to another request. The next reply on the connection may
    /// be wrong, too.
    pub(super) fn distrust(&self) {
        tracing::info!("a reply that does not fit: connections are not used again");
        self.http.renew();
    }

    /// Reads something that the SDK needs for another call, without `Call`.
    pub(super) async fn read(
        &self,
        id: &'static str,
        ids: &[&str],
        options: &Options,
    ) -> Result<(Reply, CallTrace)> {
        let outgoing = OutgoingRequest::new(outgoing::known(id)?, &self.base, ids)?;
        self.send(&outgoing, options).await
    }
}

/// The number of failed attempts of one call.
#[derive(Default)]
pub(super) struct Tries {
    /// Attempts, except those that the rate limit refused for a known time.
    failed: u32,
    /// Refusals by the rate limit with a known time.
    refused: u32,
    /// The status and the size of the latest reply.
    status: Option<u16>,
    bytes: usize,
}

/// When to send the request again.
pub(super) enum Again {
    /// When the rate limit allows it. This is not a failed attempt.
    WhenAllowed(Duration),
    After(Duration),
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Makes the span of a call, which a tracing backend for OpenTelemetry shows. It
/// contains no values: only the template of the path, and no query.
fn span(outgoing: &OutgoingRequest) -> Span {
    let (operation, url) = (outgoing.operation, &outgoing.url);
    tracing::info_span!(
        "coolify",
        otel.name = %format_args!("{} {}", outgoing.method, operation.path),
        otel.kind = "client",
        coolify.operation = operation.id,
        http.request.method = %outgoing.method,
        url.template = operation.path,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.response.status_code = field::Empty,
        error.r#type = field::Empty,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_hidden_from_debug_and_in_bodies() {
        let hide = |token: &str, body: &[u8]| {
            let credentials = Credentials::new(token).unwrap();
            assert_eq!(format!("{credentials:?}"), "Credentials(Sensitive)");
            credentials.hide_in(body)
        };
        let shown = |text: &str| Some(text.to_owned());
        for (token, body, hidden) in [
            (
                "7|longsecret",
                "a longsecret, 7|longsecret",
                shown("a [token], 7|[token]"),
            ),
            (
                "longsecret",
                "longsecretlongsecret",
                shown("[token][token]"),
            ),
            ("7|8letters", "8letters", shown("[token]")),
            // A shorter text may be a word.
            ("7|letters", "7|letters", None),
            ("longsecret", "nothing", None),
        ] {
            assert_eq!(hide(token, body.as_bytes()), hidden, "{token} {body}");
        }
        assert_eq!(hide("longsecret", b"longsecret\xff"), None);
    }

    #[test]
    fn a_token_has_no_white_space_inside() {
        for (token, problem) in [
            ("", "is empty"),
            (" \n", "is empty"),
            (
                "7| t",
                "contains white space or characters that no token has",
            ),
            (
                "7|\u{e9}",
                "contains white space or characters that no token has",
            ),
        ] {
            assert_eq!(Credentials::new(token).unwrap_err(), problem, "{token:?}");
        }
        let header = Credentials::new(" 7|t\n").unwrap().0;
        assert_eq!(header, "Bearer 7|t");
    }
}
