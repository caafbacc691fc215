//! The domains of an application.

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::domains::{ChangeDomains, DomainReport, IneffectiveDomain};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use super::apps::App;
use crate::failure::Outcome;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add("domains.list", "Lists the domains of an application.", list);
    tools.add(
        "domains.set",
        "Sets the domains of an application, and reads them back. A domain of another resource is \
         refused.",
        |workspace, it: Change| change(domains(&workspace, &it).set(it.domains)),
    );
    tools.add(
        "domains.add",
        "Adds domains to an application, and reads its domains back.",
        |workspace, it: Change| change(domains(&workspace, &it).add(it.domains)),
    );
    tools.add(
        "domains.remove",
        "Removes domains from an application, and reads its domains back.",
        |workspace, it: Change| change(domains(&workspace, &it).remove(it.domains)),
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// The application's uuid.
    app: String,
    /// Domains as URLs, such as `https://shop.example.com`.
    domains: Vec<String>,
}

type Domains = coolify_sdk::domains::Domains<ApplicationHandle>;

fn domains(workspace: &Workspace, it: &Change) -> Domains {
    workspace.coolify.application(&it.app).domains()
}

async fn list(workspace: Workspace, it: App) -> Outcome<Vec<String>> {
    let domains = workspace.coolify.application(it.app).domains();
    let domains = domains.list().await?.into_iter();
    Ok(domains.map(|domain| domain.to_string()).collect())
}

async fn change(change: ChangeDomains<ApplicationHandle>) -> Outcome<Value> {
    let DomainReport {
        domains,
        dropped,
        kept,
        ..
    } = change.await?;
    let told = |them: &[IneffectiveDomain]| -> Value {
        let them = them.iter().map(|it| {
            let reason = it.reason.map(|reason| reason.to_string());
            json!({ "domain": it.domain.to_string(), "reason": reason })
        });
        them.collect()
    };
    let domains: Vec<String> = domains.iter().map(ToString::to_string).collect();
    Ok(json!({ "domains": domains, "dropped": told(&dropped), "kept": told(&kept) }))
}
