//! A complete reply.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Response, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER},
};

use super::{limit::Limit, pacing::Budget};

/// The maximum size of an error reply in bytes.
const LONGEST_REFUSAL: usize = 256 * 1024;

/// The maximum wait in seconds. A longer one could overflow the clock.
const DAY: u64 = 24 * 60 * 60;

/// The longest wait that the limiter can ask for, in seconds.
const MINUTE: u64 = 60;

/// A reply with its body. It is read completely before it is used, so that a read
/// can be repeated if the reply breaks off.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// The URL that answered, if a redirect was followed.
    pub(super) elsewhere: Option<Url>,
    /// Whether the body is larger than allowed. It was not read to its end.
    pub(super) too_large: bool,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    /// Reads the whole reply if it is not larger than `limit`. Of an error reply
    /// it reads as much as is useful, and of a redirect nothing.
    pub(super) async fn read(
        mut response: Response,
        asked: &Url,
        limit: Limit,
    ) -> reqwest::Result<Self> {
        let status = response.status();
        // The URL of a request is already normalised.
        let elsewhere = Some(response.url()).filter(|url| *url != asked).cloned();
        let headers = std::mem::take(response.headers_mut());
        let body = if status.is_success() {
            read_whole(response, limit).await?
        } else if status.is_redirection() {
            Some(Bytes::new())
        } else {
            Some(read_refusal(response).await.into())
        };
        Ok(Self {
            status,
            elsewhere,
            too_large: body.is_none(),
            headers,
            body: body.unwrap_or_default(),
        })
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(super) fn into_body(self) -> Vec<u8> {
        self.body.into()
    }

    #[cfg(feature = "testing")]
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Replaces the body.
    pub(super) fn replace_body(&mut self, body: Vec<u8>) {
        self.body = body.into();
    }

    pub(super) fn content_type(&self) -> Option<&str> {
        self.text(CONTENT_TYPE.as_str())
    }

    pub(super) fn location(&self) -> Option<&str> {
        self.text(LOCATION.as_str())
    }

    /// Returns what is left under the rate limit, as the server reports it.
    pub(super) fn budget(&self) -> Option<Budget> {
        let number = |name| self.text(name)?.parse().ok();
        let budget = Budget {
            limit: number("x-ratelimit-limit")?,
            remaining: number("x-ratelimit-remaining")?,
        };
        // A limit of zero, or more left than the limit, makes no sense.
        (budget.limit > 0 && budget.remaining <= budget.limit).then_some(budget)
    }

    /// Returns whether a 429 comes from Coolify's own limiter. A 429 of a cloud
    /// provider that Coolify passes on has the limiter's count, but no time of
    /// reset.
    pub(super) fn is_of_own_limit(&self, message: Option<&str>) -> bool {
        message == Some("Too Many Attempts.")
            || self.text("x-ratelimit-reset").is_some()
            || self.budget().is_none()
    }

    /// Returns how long the server asks the client to wait: as a number of
    /// seconds, or until the limiter resets.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let seconds = self.text(RETRY_AFTER.as_str()).map(str::parse::<u64>);
        if let Some(Ok(seconds)) = seconds {
            return Some(Duration::from_secs(seconds.min(DAY)));
        }
        let reset: u64 = self.text("x-ratelimit-reset")?.parse().ok()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        let wait = reset.saturating_sub(now.as_secs());
        Some(Duration::from_secs(wait.min(MINUTE)))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Returns the body, or `None` if it is larger than allowed. An announced length
/// is only trusted if it is too large.
async fn read_whole(mut response: Response, limit: Limit) -> reqwest::Result<Option<Bytes>> {
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |length| limit.is_exceeded_by(length)) {
        return Ok(None);
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if limit.is_exceeded_by(body.len().saturating_add(chunk.len())) {
            return Ok(None);
        }
        // A body that arrives in one piece is not copied.
        if body.is_empty() && chunk.len() as u64 == announced {
            return Ok(Some(chunk).filter(|body| !limit.is_exceeded_by_values(body)));
        }
        body.extend_from_slice(&chunk);
    }
    let body = body.freeze();
    Ok(Some(body).filter(|body| !limit.is_exceeded_by_values(body)))
}

/// Reads the body of an error reply as far as it arrives; the status matters
/// more.
async fn read_refusal(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < LONGEST_REFUSAL {
        match response.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    body.truncate(LONGEST_REFUSAL);
    body
}
