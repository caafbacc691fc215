//! What is wrong with a resource, and what to do about it.

use coolify_sdk::diagnose::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{App, OneApp};
use super::databases::OneDatabase;
use super::registry::{Tools, reads};
use crate::call::Call;
use crate::failure::Outcome;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "apps_diagnose",
            "Diagnose an application",
            "Looks for what is wrong with an application, and says what to do: settings, domains, \
             deployments, health, crashes.",
        ),
        app,
    );
    tools.add(
        reads(
            "databases_diagnose",
            "Diagnose a database",
            "Looks for what is wrong with a database, and says what to do.",
        ),
        database,
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Diagnosis {
    /// Whether no problem was found.
    clean: bool,
    /// The problems, the most severe first.
    findings: Vec<Finding>,
    /// The parts that could not be read.
    unread: Vec<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Finding {
    rule: String,
    /// `critical`, `warning` or `info`.
    severity: String,
    message: String,
    /// What to do.
    next: String,
}

async fn app(call: Call, it: OneApp) -> Outcome<Diagnosis> {
    let report = match App::find(&call, &it.app).await? {
        App::Application(handle, _) => {
            call.learn_values(&handle.envs()).await?;
            handle.diagnose().await?
        }
        App::Compose(handle, _) => handle.diagnose().await?,
    };
    Ok(told(&call, &report))
}

async fn database(call: Call, it: OneDatabase) -> Outcome<Diagnosis> {
    let report = call.coolify.database(it.database).diagnose().await?;
    Ok(told(&call, &report))
}

fn told(workspace: &Workspace, report: &Report) -> Diagnosis {
    let veil = &workspace.veil;
    let findings = report.findings.iter().map(|it| Finding {
        rule: it.rule.to_string(),
        severity: it.severity.to_string(),
        message: veil.over(&it.message),
        next: veil.over(&it.next),
    });
    let unread = report.unread.iter();
    Diagnosis {
        clean: report.is_clean(),
        findings: findings.collect(),
        unread: unread
            .map(|it| veil.over(&format!("{}: {}", it.part, it.reason)))
            .collect(),
    }
}
