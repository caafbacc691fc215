//! The workspace as a whole.

use schemars::JsonSchema;
use serde::Serialize;

use super::app::is_compose;
use super::auth::allowed;
use super::registry::{Nothing, Tools, reads};
use crate::call::Call;
use crate::failure::Outcome;

pub fn register(tools: &mut Tools) {
    tools.add(
        reads(
            "workspace_describe",
            "Describe the workspace",
            "Returns what is in the workspace, and what it allows: domains, kinds of sources, auth \
             providers.",
        ),
        describe,
    );
}

#[derive(Serialize, JsonSchema)]
struct Description {
    /// The name of the project.
    project: String,
    environment: String,
    /// The version of Coolify.
    coolify: String,
    /// Every application gets the domain `{app}.SUFFIX`, and other domains are refused.
    /// Null if all domains are accepted.
    domain_suffix: Option<String>,
    /// The domain that an application named `shop` gets, if there is a suffix.
    example_domain: Option<String>,
    /// Whether applications can be made of compose files in repositories.
    git_compose: bool,
    /// The types of auth providers that can be created.
    auth_types: Vec<&'static str>,
    applications: Vec<Short>,
    databases: Vec<Short>,
    auth_providers: Vec<Short>,
}

#[derive(Serialize, JsonSchema)]
struct Short {
    uuid: String,
    name: String,
    status: Option<String>,
}

async fn describe(call: Call, _: Nothing) -> Outcome<Description> {
    let terms = &call.terms;
    let project = call.coolify.project(&terms.project).get().await?;
    macro_rules! short {
        ($rows:expr) => {
            $rows.map(|it| Short {
                uuid: it.uuid.to_string(),
                name: it.name.clone(),
                status: it.status.as_ref().map(ToString::to_string),
            })
        };
    }
    let applications = call.coolify.applications().list().await?;
    let databases = call.coolify.databases().list().await?;
    let services = call.coolify.services().list().await?;
    let compose = services.iter().filter(|it| is_compose(it));
    let types = allowed(&call);
    let is_provider = |it: &&coolify_sdk::services::Service| {
        it.service_type
            .as_deref()
            .is_some_and(|kind| types.contains(&kind))
    };
    Ok(Description {
        project: project.name,
        environment: terms
            .environment
            .clone()
            .unwrap_or_else(|| "production".to_owned()),
        coolify: call.coolify.version().await?.to_string(),
        domain_suffix: terms.domains.suffix().map(ToOwned::to_owned),
        example_domain: terms.domains.default_of("shop")?,
        git_compose: terms.powers.git_compose,
        applications: short!(applications.iter()).chain(short!(compose)).collect(),
        databases: short!(databases.iter()).collect(),
        auth_providers: short!(services.iter().filter(is_provider)).collect(),
        auth_types: types,
    })
}
