//! Deployments that wait although nothing runs.

use std::time::Duration;

use super::Builtin;
use crate::{
    DeploymentStatus,
    deployments::Deployment,
    diagnose::{
        facts::{TeamFacts, age},
        finding::{Evidence, Finding, Subject, SubjectKind},
    },
};

/// A deployment that could start waits no longer than this.
const MOMENT: Duration = Duration::from_secs(5 * 60);

pub(super) const RULE: Builtin = Builtin::of_the_team(
    "queue-stands",
    "Deployments wait on a server although none runs there, or the queue is full.",
    check,
);

fn check(facts: &TeamFacts) -> Vec<Finding> {
    let all = facts.unfinished.items();
    let mut servers: Vec<_> = all.iter().map(|it| it.server_id).collect();
    servers.sort_unstable();
    servers.dedup();
    servers
        .into_iter()
        .filter_map(|server| {
            let here: Vec<_> = all.iter().filter(|it| it.server_id == server).collect();
            of_one_server(facts, server, &here)
        })
        .collect()
}

fn of_one_server(
    facts: &TeamFacts,
    id: Option<crate::Id>,
    here: &[&Deployment],
) -> Option<Finding> {
    let waiting: Vec<_> = here
        .iter()
        .filter(|it| it.status == DeploymentStatus::Queued)
        .collect();
    let runs = here.iter().any(|it| it.status == DeploymentStatus::InProgress);
    let oldest = waiting.iter().filter_map(|it| it.created_at.as_ref()).min()?;
    let server = facts.servers.iter().find(|it| id.is_some() && it.id == id);
    let limit = server.and_then(|it| it.settings.as_ref()?.deployment_queue_limit);
    let is_full = limit
        .and_then(|it| usize::try_from(it).ok())
        .is_some_and(|it| it > 0 && waiting.len() >= it);
    let stands = !runs && age(facts.now, oldest).is_some_and(|it| it > MOMENT);
    let finding = if stands {
        Finding::critical("Deployments wait, although none runs on the server.").next(
            "Look whether the server can be reached, and whether Coolify's workers run; cancel \
             the oldest deployment.",
        )
    } else if is_full {
        Finding::warning("The queue of the server is full: further deployments are refused.")
            .next("Cancel deployments that nobody needs, or raise the queue limit of the server.")
    } else {
        return None;
    };
    let mut finding = finding
        .value("queued deployments", waiting.len())
        .evidence(Evidence::time("oldest", oldest));
    if let Some(limit) = limit {
        finding = finding.value("deployment_queue_limit", limit);
    }
    let names = here.first().and_then(|it| it.server_name.clone());
    let name = server.map(|it| it.name.clone()).or(names)?;
    let mut subject = Subject::new(SubjectKind::Server, name);
    subject.uuid = server.map(|it| it.uuid.clone());
    Some(finding.about(subject))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{deployment, finds_in_team, read, team},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn a_queue_that_stands_is_found() {
        let mut facts = team();
        let at = |minute: u8, status: &str| {
            deployment(&json!({"status": status, "finished_at": null,
                "created_at": format!("2026-11-29T11:{minute:02}:00.000000Z")}))
        };
        facts.unfinished = read(json!([at(30, "queued")]));
        finds_in_team(&RULE, &facts, &[Critical]);
        facts.unfinished = read(json!([at(30, "queued"), at(10, "in_progress")]));
        finds_in_team(&RULE, &facts, &[]);
        facts.unfinished = read(json!([at(58, "queued")]));
        finds_in_team(&RULE, &facts, &[]);
        facts.servers[0].settings =
            serde_json::from_value(json!({"deployment_queue_limit": 1})).unwrap();
        finds_in_team(&RULE, &facts, &[Warning]);
    }
}
