//! The requests of the doctor, and what they showed.

use std::time::SystemTime;

use super::GET_IS_HARMLESS;
use crate::{
    Coolify, Error, Result, Version,
    operations::{Ability, Availability, Operation},
    transport::{Probe, Seen},
};

/// A uuid that no resource has.
const NOBODY: &str = "none";

/// A route that needs `deploy`, and answers a GET with 405.
const DEPLOYS: &str = "stop-application-by-uuid";
/// A route that needs `write`, and answers a GET with 405.
const WRITES: &str = "validate-server-by-uuid";
/// A route that needs `read:sensitive` in newer versions.
const LOGS: &str = "get-application-logs-by-uuid";
/// A small reply in which some fields are only present with `read:sensitive`.
const EMAIL: &str = "get-current-team-email-notifications";
/// A field of that reply, which is present even if it is null.
const SECRET_FIELD: &str = "smtp_host";

/// What the requests of the doctor showed.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) url: String,
    /// The answer to the health check, which needs no token.
    pub(super) health: Probe,
    /// The answer to the version, which needs a token. `None` if nothing was reached.
    pub(super) version: Option<Probe>,
    /// The abilities that were looked for, and whether the token has them.
    pub(super) abilities: Vec<(Ability, Has)>,
    /// Whether the client is bound to a project, so that abilities are not looked for.
    pub(super) is_bound: bool,
    pub(super) now: SystemTime,
}

/// Whether the token has an ability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Has {
    Yes,
    No,
    /// It could not be found out.
    Unknown,
}

impl Visit {
    pub(super) async fn pay(coolify: &Coolify) -> Result<Self> {
        let mut visit = Self {
            url: coolify.url().to_owned(),
            health: coolify.probe("healthcheck", &[]).await?,
            version: None,
            abilities: Vec::new(),
            is_bound: coolify.gate().is_some(),
            now: SystemTime::now(),
        };
        if visit.health.outcome.is_ok() || visit.health.seen.is_some() {
            visit.version = Some(coolify.probe("version", &[]).await?);
        }
        if visit.version().is_some() || visit.is_forbidden_to_read() {
            visit.find_abilities(coolify).await?;
        }
        Ok(visit)
    }

    /// Returns the version that the server reports; `None` if it does not.
    pub(super) fn version(&self) -> Option<Version> {
        let body = self.version.as_ref()?.outcome.as_ref().ok()?;
        Version::of_server(&String::from_utf8_lossy(body))
    }

    /// Returns the first error of a request.
    pub(super) fn error(&self) -> Option<&Error> {
        let version = self.version.as_ref();
        let error = self.health.outcome.as_ref().err();
        error.or_else(|| version.and_then(|it| it.outcome.as_ref().err()))
    }

    /// Returns whether one of the replies is a web page.
    pub(super) fn is_page(&self) -> bool {
        let is_page = |probe: &Probe| {
            let body = probe.outcome.as_ref().ok();
            body.is_some_and(|it| it.trim_ascii_start().starts_with(b"<"))
        };
        is_page(&self.health) || self.version.as_ref().is_some_and(is_page)
    }

    /// Returns what the latest reply showed.
    pub(super) fn seen(&self) -> Option<&Seen> {
        let latest = self.version.as_ref().and_then(|it| it.seen.as_ref());
        latest.or(self.health.seen.as_ref())
    }

    fn is_forbidden_to_read(&self) -> bool {
        let error = self
            .version
            .as_ref()
            .and_then(|it| it.outcome.as_ref().err());
        error.is_some_and(|it| it.missing_ability().is_some())
    }

    async fn find_abilities(&mut self, coolify: &Coolify) -> Result<()> {
        let server = self.version();
        let reads = if server.is_some() { Has::Yes } else { Has::No };
        self.abilities.push((Ability::Read, reads));
        if self.is_bound {
            return Ok(());
        }
        let sensitive = self.reads_secrets(coolify, server.as_ref()).await?;
        self.abilities.push((Ability::ReadSensitive, sensitive));
        for (ability, id) in [(Ability::Write, WRITES), (Ability::Deploy, DEPLOYS)] {
            let has = if server.as_ref().is_some_and(is_harmless) {
                ability_of(&coolify.probe(id, &[NOBODY]).await?, ability)
            } else {
                // Only a write would tell.
                Has::Unknown
            };
            self.abilities.push((ability, has));
        }
        Ok(())
    }

    async fn reads_secrets(&self, coolify: &Coolify, server: Option<&Version>) -> Result<Has> {
        let Some(server) = server else {
            return Ok(Has::Unknown);
        };
        let has = |id| {
            let operation = Operation::find(id);
            operation.is_some_and(|it| it.versions.on(server) == Availability::Available)
        };
        let logs = Operation::find(LOGS).and_then(|it| it.ability_on(server));
        if logs == Some(Ability::ReadSensitive) {
            let probe = coolify.probe(LOGS, &[NOBODY]).await?;
            return Ok(ability_of(&probe, Ability::ReadSensitive));
        }
        if !has(EMAIL) {
            return Ok(Has::Unknown);
        }
        let probe = coolify.probe(EMAIL, &[]).await?;
        let body = probe.outcome.unwrap_or_default();
        let fields: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok(match fields.as_object() {
            Some(fields) if fields.contains_key(SECRET_FIELD) => Has::Yes,
            Some(_) => Has::No,
            None => Has::Unknown,
        })
    }
}

/// Returns whether the server answers a GET of a route that writes without doing
/// anything.
fn is_harmless(server: &Version) -> bool {
    !server.is_unreadable() && !server.is_prerelease() && *server >= GET_IS_HARMLESS
}

/// Returns whether a refusal shows that the token has an ability: the server looks at the
/// abilities first.
fn ability_of(probe: &Probe, ability: Ability) -> Has {
    match (&probe.outcome, &probe.seen) {
        (Err(error), _) if error.missing_ability() == Some(ability) => Has::No,
        (Err(_), Some(seen)) if matches!(seen.status, 404 | 405) => Has::Yes,
        _ => Has::Unknown,
    }
}
