//! A Docker cleanup that failed.

use super::Builtin;
use crate::{
    diagnose::{
        facts::ServerFacts,
        finding::{Evidence, Finding},
    },
    servers::DockerCleanupExecutionStatus,
};

pub(super) const RULE: Builtin = Builtin::of_servers(
    "cleanup-failed",
    "The newest Docker cleanup of a server failed.",
    check,
);

fn check(facts: &ServerFacts) -> Vec<Finding> {
    let Some(newest) = facts.cleanups.items().first() else {
        return Vec::new();
    };
    if newest.status != Some(DockerCleanupExecutionStatus::Failed) {
        return Vec::new();
    }
    let at = newest.created_at.as_ref();
    vec![
        Finding::warning("The newest Docker cleanup failed, so that old images fill the disk.")
            .evidence(at.map(|at| Evidence::time("cleanup", at)))
            .next("Read its message, and run it again: `coolify.server(uuid).docker_cleanup().run()`."),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_server, read, server},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn only_the_newest_counts() {
        let mut facts = server(&json!({}));
        finds_in_server(&RULE, &facts, &[]);
        let run = |status: &str| json!({"uuid": status, "status": status});
        facts.cleanups = read(json!([run("failed"), run("success")]));
        finds_in_server(&RULE, &facts, &[Warning]);
        facts.cleanups = read(json!([run("success"), run("failed")]));
        finds_in_server(&RULE, &facts, &[]);
    }
}
