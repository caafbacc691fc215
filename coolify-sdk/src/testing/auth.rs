//! Who may come in: tokens, their abilities, the rate limit and the API's switch.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::json;
use wiremock::Request;

use super::reply::{Answer, Reply};

/// What a route asks of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// No token at all.
    Nothing,
    /// A token with this ability.
    Ability(&'static str),
}

/// The door of the server.
pub(super) struct Door {
    tokens: BTreeMap<String, Vec<String>>,
    limit: u32,
    window: Duration,
    opened: Instant,
    used: u32,
    /// Whether the API is switched on.
    pub(super) enabled: bool,
}

impl Door {
    /// A door that lets `limit` requests through in each window.
    pub(super) fn new(limit: u32, window: Duration) -> Self {
        Self {
            tokens: BTreeMap::new(),
            limit,
            window,
            opened: Instant::now(),
            used: 0,
            enabled: true,
        }
    }

    /// Knows a token from now on, or gives a known one other abilities.
    pub(super) fn admit(&mut self, token: String, abilities: Vec<String>) {
        self.tokens.insert(token, abilities);
    }

    /// The abilities of the request's token; 401 without a known one.
    pub(super) fn abilities(&self, request: &Request) -> Result<Vec<String>, Reply> {
        request
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| self.tokens.get(token))
            .cloned()
            .ok_or_else(|| Reply::message(401, "Unauthenticated."))
    }

    /// Refuses while the API is switched off.
    pub(super) fn check_enabled(&self) -> Result<(), Reply> {
        if self.enabled {
            return Ok(());
        }
        // Coolify calls this a success.
        Err(Reply::json(
            403,
            json!({"success": true, "message": "API is disabled."}),
        ))
    }

    /// Counts the request against the limit and says so on the reply.
    pub(super) fn metered(&mut self, answer: impl FnOnce(&mut Self) -> Answer) -> Reply {
        if self.opened.elapsed() >= self.window {
            self.opened = Instant::now();
            self.used = 0;
        }
        if self.used >= self.limit {
            return self.too_many();
        }
        self.used += 1;
        let remaining = self.limit - self.used;
        answer(self)
            .unwrap_or_else(|refusal| refusal)
            .header("X-RateLimit-Limit", &self.limit)
            .header("X-RateLimit-Remaining", &remaining)
    }

    fn too_many(&self) -> Reply {
        let left = self.window.saturating_sub(self.opened.elapsed());
        // Whole seconds, rounded up: who waits that long finds the door open.
        let seconds = left.as_millis().div_ceil(1000);
        let reset = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |now| u128::from(now.as_secs()) + seconds);
        Reply::message(429, "Too Many Attempts.")
            .header("Retry-After", &seconds)
            .header("X-RateLimit-Limit", &self.limit)
            .header("X-RateLimit-Remaining", &0)
            .header("X-RateLimit-Reset", &reset)
    }
}

/// Whether the abilities include one; `root` includes all.
pub(super) fn holds(abilities: &[String], ability: &str) -> bool {
    abilities
        .iter()
        .any(|held| held == "root" || held == ability)
}

/// Refuses a token that lacks the ability.
pub(super) fn permit(abilities: &[String], needed: &str) -> Result<(), Reply> {
    if holds(abilities, needed) {
        return Ok(());
    }
    Err(Reply::message(
        403,
        format!("Missing required permissions: {needed}"),
    ))
}
