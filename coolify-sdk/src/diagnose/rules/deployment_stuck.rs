//! A deployment that runs for longer than it may.

use std::time::Duration;

use super::Builtin;
use crate::{
    DeploymentStatus,
    diagnose::{
        facts::{TeamFacts, age},
        finding::{Evidence, Finding, Subject, SubjectKind},
    },
};

/// Coolify's default timeout of a deployment.
const LONGEST: Duration = Duration::from_secs(3600);

/// Coolify ends a deployment that is over its time within this.
const GRACE: Duration = Duration::from_secs(5 * 60);

pub(super) const RULE: Builtin = Builtin::of_the_team(
    "deployment-stuck",
    "A deployment runs for longer than the server's timeout.",
    check,
);

fn check(facts: &TeamFacts) -> Vec<Finding> {
    let running = facts.unfinished.items().iter();
    let running = running.filter(|it| it.status == DeploymentStatus::InProgress);
    let mut findings = Vec::new();
    for deployment in running {
        let server = deployment.server_id;
        let server = facts.servers.iter().find(|it| server.is_some() && it.id == server);
        let timeout = server
            .and_then(|it| it.settings.as_ref()?.dynamic_timeout)
            .and_then(|it| u64::try_from(it).ok())
            .map_or(LONGEST, Duration::from_secs);
        // The last change is the start, or later.
        let since = deployment.updated_at.as_ref().or(deployment.created_at.as_ref());
        let Some(since) = since else { continue };
        if age(facts.now, since).is_none_or(|it| it < timeout + GRACE) {
            continue;
        }
        let name = deployment.application_name.clone().unwrap_or_default();
        let mut subject = Subject::new(SubjectKind::Application, name);
        subject.server.clone_from(&deployment.server_name);
        findings.push(
            Finding::critical("A deployment does not end, and keeps others waiting.")
                .about(subject)
                .evidence(Evidence::Status(deployment.status.to_string()))
                .value("deployment", &deployment.deployment_uuid)
                .value("dynamic_timeout", timeout.as_secs())
                .evidence(Evidence::time("last change", since))
                .next(
                    "Cancel the deployment. If that does not help, look whether Coolify's workers \
                     run.",
                ),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{deployment, finds_in_team, read, team},
        RULE,
    };
    use crate::diagnose::Severity::Critical;

    #[test]
    fn a_deployment_over_its_time_is_found() {
        let mut facts = team();
        let running = |since: &str| {
            read(json!([deployment(&json!({"status": "in_progress", "updated_at": since,
                "finished_at": null, "application_name": "web"}))]))
        };
        facts.unfinished = running("2026-11-29T10:30:00.000000Z");
        finds_in_team(&RULE, &facts, &[Critical]);
        facts.unfinished = running("2026-11-29T11:30:00.000000Z");
        finds_in_team(&RULE, &facts, &[]);
        facts.servers[0].settings = serde_json::from_value(json!({"dynamic_timeout": 60})).unwrap();
        finds_in_team(&RULE, &facts, &[Critical]);
    }
}
