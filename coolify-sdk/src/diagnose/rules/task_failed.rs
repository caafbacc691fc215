//! A scheduled task that failed.

use super::Builtin;
use crate::{
    diagnose::{
        facts::{ResourceFacts, TaskFacts},
        finding::{Evidence, Finding},
    },
    scheduled_tasks::ScheduledTaskExecutionStatus,
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "task-failed",
    "The newest execution of a scheduled task failed.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let enabled = facts.tasks.items().iter();
    let enabled = enabled.filter(|it| it.task.enabled != Some(false));
    // Tasks of containers that do not run fail for that reason.
    if !facts.is_running() {
        return Vec::new();
    }
    enabled.filter_map(of_task).collect()
}

fn of_task(facts: &TaskFacts) -> Option<Finding> {
    let executions = facts.executions.items().iter();
    let newest = executions.max_by(|a, b| a.created_at.cmp(&b.created_at))?;
    if newest.status != Some(ScheduledTaskExecutionStatus::Failed) {
        return None;
    }
    let at = newest.finished_at.as_ref().or(newest.created_at.as_ref());
    let mut finding = Finding::warning("The newest execution of a scheduled task failed.")
        .value("task", &facts.task.name)
        .evidence(at.map(|at| Evidence::time("failed", at)));
    if let Some(frequency) = &facts.task.frequency {
        finding = finding.value("frequency", frequency);
    }
    Some(finding.next("Read its message: `.scheduled_tasks().executions(uuid)`."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds, read},
        RULE,
    };
    use crate::diagnose::{
        Severity::Warning,
        facts::{Part, TaskFacts},
    };

    #[test]
    fn only_the_newest_execution_counts() {
        let with = |enabled: bool, newest: &str, older: &str| {
            let task = json!({"uuid": "t", "name": "nightly", "enabled": enabled});
            let mut facts = application(&json!({}));
            facts.tasks = Part::Read(vec![TaskFacts {
                task: serde_json::from_value(task).unwrap(),
                executions: read(json!([
                    {"uuid": "1", "status": older, "created_at": "2026-11-28 03:00:00"},
                    {"uuid": "2", "status": newest, "created_at": "2026-11-29 03:00:00"},
                ])),
            }]);
            facts
        };
        finds(&RULE, &with(true, "failed", "success"), &[Warning]);
        finds(&RULE, &with(true, "success", "failed"), &[]);
        finds(&RULE, &with(false, "failed", "failed"), &[]);
        finds(&RULE, &application(&json!({})), &[]);
    }
}
