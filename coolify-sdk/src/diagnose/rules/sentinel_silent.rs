//! Coolify's agent does not report.

use std::time::Duration;

use super::{Builtin, server_unreachable::is_reachable};
use crate::diagnose::{
    facts::{ServerFacts, age},
    finding::{Evidence, Finding},
};

/// Coolify's default interval between two reports, in seconds.
const INTERVAL: u64 = 60;

/// After so many missed reports something is wrong.
const MISSED: u64 = 30;

pub(super) const RULE: Builtin = Builtin::of_servers(
    "sentinel-silent",
    "Sentinel is switched on for a server, but does not report.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let (Some(settings), Some(last)) =
        (&facts.server.settings, &facts.server.sentinel_updated_at)
    else {
        return Vec::new();
    };
    if settings.is_sentinel_enabled != Some(true) || is_reachable(facts) == Some(false) {
        return Vec::new();
    }
    let interval = settings.sentinel_push_interval_seconds;
    let interval = interval.and_then(|it| u64::try_from(it).ok()).unwrap_or(INTERVAL);
    let allowed = Duration::from_secs(interval.max(INTERVAL) * MISSED);
    if age(facts.now, last).is_none_or(|it| it < allowed) {
        return Vec::new();
    }
    vec![
        Finding::info("Sentinel has not reported for long, so that there are no metrics and statuses come late.")
            .evidence(Evidence::time("last report", last))
            .value("sentinel_push_interval_seconds", interval)
            .next(
                "Restart Sentinel in the settings of the server, or switch it off. It has to reach Coolify \
                 at the URL of the instance.",
            ),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_server, server},
        RULE,
    };
    use crate::diagnose::Severity::Info;

    #[test]
    fn a_silent_agent_is_found() {
        let with = |last: &str, enabled: bool| {
            server(&json!({"sentinel_updated_at": last,
                "settings": {"is_sentinel_enabled": enabled}}))
        };
        finds_in_server(&RULE, &with("2026-11-29 11:00:00", true), &[Info]);
        finds_in_server(&RULE, &with("2026-11-29 11:00:00", false), &[]);
        finds_in_server(&RULE, &with("2026-11-29 11:50:00", true), &[]);
        finds_in_server(&RULE, &server(&json!({})), &[]);
    }
}
