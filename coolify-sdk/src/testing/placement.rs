//! Where a new resource goes.

use serde_json::{Map, Value};

use super::{reply::Reply, state::State, validation::Findings};

/// The checks that all kinds of resources have in common, in Coolify's order; gives
/// the id of the environment.
pub(super) fn check(
    state: &State,
    body: &Map<String, Value>,
    allowed: &[&str],
) -> Result<Value, Reply> {
    let mut findings = Findings::default();
    findings.require(body, &["project_uuid", "server_uuid"]);
    findings.allow_only(body, allowed);
    findings.refuse()?;
    let given = |field: &str| body.get(field).and_then(Value::as_str);
    let environment = given("environment_name")
        .or(given("environment_uuid"))
        .filter(|name| !name.is_empty())
        .ok_or_else(|| {
            Reply::message(
                422,
                "You need to provide at least one of environment_name or environment_uuid.",
            )
        })?;
    let project = state.project(given("project_uuid").unwrap_or_default())?;
    let environment = state.environment(project, environment)?;
    state.server_by_uuid(given("server_uuid").unwrap_or_default())?;
    Ok(environment["id"].clone())
}
