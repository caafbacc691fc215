//! Environments of projects.

use serde_json::{Value, json};

use super::{
    applications,
    call::Call,
    databases,
    engines::ENGINES,
    replies,
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    services,
    state::{State, only, text},
    validation::Findings,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("get-environments", Run(list)),
    ("create-environment", Run(create)),
    ("update-environment", Run(update)),
    ("delete-environment", Run(delete)),
    ("get-environment-by-name-or-uuid", Run(get)),
];

/// `GET /projects/{uuid}/environments`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    let environments: Vec<_> = state
        .environments_of(project)
        .map(|environment| only(environment, &["id", "uuid", "name"]))
        .collect();
    Ok(Reply::json(200, environments.into()))
}

/// `GET /projects/{uuid}/{environment}`.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    let environment = state.environment(project, call.param("environment_name_or_uuid"))?;
    let mut shown = environment.clone();
    shown["applications"] = state
        .applications
        .iter()
        .filter(|application| application.row["environment_id"] == environment["id"])
        .map(|application| applications::in_environment(state, application, call.sensitive))
        .collect();
    shown["services"] = state
        .services
        .iter()
        .filter(|service| service.row["environment_id"] == environment["id"])
        .map(|service| services::in_environment(state, service, call.sensitive))
        .collect();
    // Coolify leaves the other engines out of this list.
    for group in ENGINES.iter().filter_map(|engine| engine.group) {
        shown[group] = state
            .databases
            .iter()
            .filter(|database| database.row["environment_id"] == environment["id"])
            .filter(|database| database.engine.group == Some(group))
            .map(|database| databases::in_environment(state, database, call.sensitive))
            .collect();
    }
    Ok(Reply::json(200, shown))
}

/// `POST /projects/{uuid}/environments`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.check_name(&body, true);
    findings.allow_only(&body, &["name"]);
    findings.refuse()?;
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    let project = state.project(call.param("uuid"))?;
    if state
        .environments_of(project)
        .any(|environment| environment["name"] == name)
    {
        return Err(Reply::message(
            409,
            "Environment with this name already exists.",
        ));
    }
    let id = project["id"].clone();
    let uuid = add(state, &id, name);
    Ok(Reply::json(201, json!({ "uuid": uuid })))
}

/// `PATCH /projects/{uuid}/environments/{environment}`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.check_name(&body, false);
    findings.allow_only(&body, &["name", "description"]);
    findings.refuse()?;
    let project = state.project(call.param("uuid"))?;
    let id = state.environment(project, call.param("environment_name_or_uuid"))?["id"].clone();
    let mut shown = Value::Null;
    for environment in state.environments.iter_mut().filter(|row| row["id"] == id) {
        for (field, value) in &body {
            environment[field] = value.clone();
        }
        shown = only(environment, &["uuid", "name", "description"]);
    }
    Ok(Reply::json(200, shown))
}

/// `DELETE /projects/{uuid}/environments/{environment}`.
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    let environment = state.environment(project, call.param("environment_name_or_uuid"))?;
    if state.is_inhabited(environment) {
        return Err(Reply::message(
            400,
            "Environment has resources, so it cannot be deleted.",
        ));
    }
    let id = environment["id"].clone();
    state.environments.retain(|row| row["id"] != id);
    Ok(Reply::message(200, "Environment deleted."))
}

/// Adds an environment to a project.
pub(super) fn add(state: &mut State, project: &Value, name: &str) -> String {
    let mut environment = state.fresh(replies::environment());
    environment["name"] = name.into();
    environment["project_id"] = project.clone();
    let uuid = text(&environment, "uuid");
    state.environments.push(environment);
    uuid
}

/// The environment of a resource with its project and team, as resources embed it.
pub(super) fn embedded(state: &State, id: &Value) -> Value {
    let by_id = |rows: &[Value], id: &Value| {
        rows.iter()
            .find(|row| row["id"] == *id)
            .cloned()
            .unwrap_or_default()
    };
    let mut environment = by_id(&state.environments, id);
    let mut project = by_id(&state.projects, &environment["project_id"]);
    project["team"] = state.team.clone();
    environment["project"] = project;
    environment
}
