//! Access control: tokens, their abilities and roles, the rate limit, the API's
//! switch and the allowed addresses.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use serde_json::json;
use wiremock::Request;

use crate::operations::Ability;

use crate::testing::http::{Answer, Release, Reply};

/// What a route requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Needs {
    /// No token at all.
    Nothing,
    /// A token with this ability.
    Ability(&'static str),
}

/// The role of the token's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::testing) enum Role {
    /// The owner or an admin.
    Admin,
    /// A plain member.
    Member,
}

/// Returns the names of abilities, after checking that they exist.
///
/// # Panics
///
/// Panics if Coolify has no such ability.
#[track_caller]
pub(in crate::testing) fn known_abilities<A: Into<String>>(
    abilities: impl IntoIterator<Item = A>,
) -> Vec<String> {
    let abilities: Vec<String> = abilities.into_iter().map(Into::into).collect();
    for ability in &abilities {
        let is_known = ability.parse::<Ability>().is_ok();
        assert!(is_known, "Coolify has no ability {ability:?}");
    }
    abilities
}

/// The access that a token grants.
#[derive(Debug, Clone)]
pub(in crate::testing) struct Access {
    abilities: Vec<String>,
    pub(in crate::testing) role: Role,
}

impl Access {
    /// Returns the access without a token.
    pub(in crate::testing) fn none() -> Self {
        Self {
            abilities: Vec::new(),
            role: Role::Admin,
        }
    }

    /// Returns whether the abilities include this one; `root` includes all.
    pub(in crate::testing) fn holds(&self, ability: &str) -> bool {
        let mut held = self.abilities.iter();
        held.any(|held| held == "root" || held == ability)
    }

    /// Refuses a token that lacks the ability, and a member's token that has too
    /// many.
    pub(in crate::testing) fn permit(&self, needed: &str, release: Release) -> Result<(), Reply> {
        if self.role == Role::Member {
            self.permit_member(release)?;
        }
        if self.holds(needed) {
            return Ok(());
        }
        Err(Reply::message(
            403,
            format!("Missing required permissions: {needed}"),
        ))
    }

    /// Refuses a member's token that may do more than read. Before 4.2.0 it could
    /// also deploy and read secrets; before 4.1.2 it could do anything.
    fn permit_member(&self, release: Release) -> Result<(), Reply> {
        let held = |those: &[&str]| -> Vec<&str> {
            let abilities = self.abilities.iter().map(String::as_str);
            abilities.filter(|it| those.contains(it)).collect()
        };
        let writes = held(&["root", "write", "write:sensitive"]);
        let others = held(&["deploy", "read:sensitive"]);
        let by_role = if release.has("4.3.0") {
            !writes.is_empty() || !others.is_empty()
        } else {
            release.has("4.1.2") && !writes.is_empty()
        };
        if by_role {
            return Err(Reply::message(403, "Missing required team role."));
        }
        if release.has("4.2.0") && !others.is_empty() {
            let others = others.join(", ");
            return Err(Reply::message(
                403,
                format!(
                    "This API token has permissions ({others}) that exceed your current role as \
                     a team member. Members are restricted to read-only API access. Please \
                     revoke this token and create a new one with only read permissions."
                ),
            ));
        }
        Ok(())
    }
}

/// The access control of the server.
pub(in crate::testing) struct Door {
    tokens: BTreeMap<String, Access>,
    limit: u32,
    window: Duration,
    opened: Instant,
    used: u32,
    /// Whether the API is switched on.
    pub(in crate::testing) enabled: bool,
    /// Whether the caller's address is on the list of those allowed.
    pub(in crate::testing) address_allowed: bool,
}

impl Door {
    /// Allows `limit` requests in each window.
    pub(in crate::testing) fn new(limit: u32, window: Duration) -> Self {
        Self {
            tokens: BTreeMap::new(),
            limit,
            window,
            opened: Instant::now(),
            used: 0,
            enabled: true,
            address_allowed: true,
        }
    }

    /// Adds a token, or changes the abilities of a known one.
    pub(in crate::testing) fn admit(&mut self, token: String, abilities: Vec<String>, role: Role) {
        self.tokens.insert(token, Access { abilities, role });
    }

    /// Returns the access of the request's token, or a 401 for an unknown token.
    pub(in crate::testing) fn access(&self, request: &Request) -> Result<Access, Reply> {
        request
            .headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| self.tokens.get(token))
            .cloned()
            .ok_or_else(|| Reply::message(401, "Unauthenticated."))
    }

    /// Refuses requests while the API is switched off, and from addresses that
    /// are not allowed.
    pub(in crate::testing) fn check_open(&self) -> Result<(), Reply> {
        let said = match (self.enabled, self.address_allowed) {
            (true, true) => return Ok(()),
            (false, _) => "API is disabled.",
            (true, false) => "You are not allowed to access the API.",
        };
        // Coolify calls this a success.
        Err(Reply::json(403, json!({"success": true, "message": said})))
    }

    /// Counts the request and adds the headers of the rate limit to the reply.
    pub(in crate::testing) fn metered(
        &mut self,
        answer: impl FnOnce(&mut Self) -> Answer,
    ) -> Reply {
        if self.opened.elapsed() >= self.window {
            self.opened = Instant::now();
            self.used = 0;
        }
        if self.used >= self.limit {
            return self.too_many();
        }
        self.used += 1;
        let remaining = self.limit - self.used;
        let reply = answer(self).unwrap_or_else(|refusal| refusal);
        if !reply.is_metered {
            return reply;
        }
        reply
            .header("X-RateLimit-Limit", &self.limit)
            .header("X-RateLimit-Remaining", &remaining)
    }

    fn too_many(&self) -> Reply {
        let left = self.window.saturating_sub(self.opened.elapsed());
        // Whole seconds, rounded up, so that a client that waits that long is
        // allowed.
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
