//! The newest deployment failed.

use super::Builtin;
use crate::{
    DeploymentStatus,
    diagnose::{
        facts::ResourceFacts,
        finding::{Evidence, Finding},
    },
};

/// How many lines of the log are shown.
const LINES: usize = 10;

pub(super) const RULE: Builtin = Builtin::of_resources(
    "deployment-failed",
    "The newest deployment of an application failed.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(deployment) = facts.newest_deployment() else {
        return Vec::new();
    };
    if deployment.status != DeploymentStatus::Failed {
        return Vec::new();
    }
    let finding = if facts.is_running() {
        Finding::warning("The newest deployment failed; the version before it still runs.")
    } else {
        Finding::critical("The newest deployment failed, and nothing runs.")
    };
    let ended = deployment.finished_at.as_ref().or(deployment.updated_at.as_ref());
    let mut finding = finding
        .value("deployment", &deployment.deployment_uuid)
        .evidence(ended.map(|at| Evidence::time("failed", at)));
    if let Some(commit) = &deployment.commit {
        finding = finding.value("commit", commit);
    }
    let lines = deployment.log_lines();
    let shown = lines.iter().filter(|it| !it.hidden);
    let mut texts: Vec<_> = shown
        .flat_map(|it| it.output.lines())
        .map(str::to_owned)
        .collect();
    texts.drain(..texts.len().saturating_sub(LINES));
    if !texts.is_empty() {
        finding = finding.evidence(Evidence::Log(texts));
    }
    let next = if deployment.logs.is_none() {
        "Read the log of the deployment, which needs a token with `read:sensitive`, and deploy \
         again."
    } else {
        "Correct what the log names, and deploy again."
    };
    vec![finding.next(next)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, deployment, finds, read},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn a_failure_is_as_bad_as_what_is_left() {
        let log = r#"[{"output":"npm ERR! missing script","type":"stderr","hidden":false},
            {"output":"TOKEN=abc","type":"stdout","hidden":true}]"#;
        let failed = json!([deployment(&json!({"status": "failed", "logs": log}))]);
        let mut facts = application(&json!({}));
        facts.deployments = read(failed.clone());
        finds(&RULE, &facts, &[Warning]);
        let text = super::check(&facts)[0].to_string();
        assert!(text.contains("missing script") && !text.contains("TOKEN"));
        let mut facts = application(&json!({"status": "exited"}));
        facts.deployments = read(failed);
        finds(&RULE, &facts, &[Critical]);
    }

    #[test]
    fn an_old_failure_and_that_of_a_preview_do_not_count() {
        let mut facts = application(&json!({}));
        facts.deployments = read(json!([
            deployment(&json!({"status": "failed", "pull_request_id": 7})),
            deployment(&json!({})),
            deployment(&json!({"status": "failed"})),
        ]));
        finds(&RULE, &facts, &[]);
        facts.deployments = read(json!([deployment(&json!({"status": "cancelled-by-user"}))]));
        finds(&RULE, &facts, &[]);
    }
}
