//! Environments of projects.

use serde_json::{Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes, embedded, projects},
    state::{State, engines::ENGINES, forms, only, text},
    validation::{
        NAME, hold,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("get-environments", Run(list)),
    ("create-environment", Run(create)),
    ("update-environment", Run(update)),
    ("delete-environment", Run(delete)),
    ("get-environment-by-name-or-uuid", Run(get)),
];

const NEW: &[Field] = &[("name", &[Rule::Required, NAME])];

/// `GET /projects/{uuid}/environments`.
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    let environments: Vec<_> = state
        .environments_of(project)
        .map(|environment| only(environment, &["id", "uuid", "name"]))
        .collect();
    Ok(Reply::json(200, environments.into()))
}

/// `GET /projects/{uuid}/{environment}`.
pub(in crate::testing) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    let environment = state.environment(project, call.param("environment_name_or_uuid"))?;
    let mut shown = environment.clone();
    shown["applications"] = state
        .applications
        .iter()
        .filter(|application| application.row["environment_id"] == environment["id"])
        .map(|application| embedded::application(state, application, call.sensitive))
        .collect();
    shown["services"] = state
        .services
        .iter()
        .filter(|service| service.row["environment_id"] == environment["id"])
        .map(|service| embedded::service(state, service, call.sensitive))
        .collect();
    // This list of Coolify's lacks the other engines.
    for group in ENGINES.iter().filter_map(|engine| engine.group) {
        shown[group] = state
            .databases
            .iter()
            .filter(|database| database.row["environment_id"] == environment["id"])
            .filter(|database| database.engine.group == Some(group))
            .map(|database| embedded::database(state, database, call.sensitive))
            .collect();
    }
    Ok(Reply::json(200, shown))
}

/// `POST /projects/{uuid}/environments`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    hold(&body, NEW, state)?;
    let name = body.get("name").unwrap_or(&Value::Null);
    let project = state.project(call.param("uuid"))?;
    refuse_taken(state, project, name, None)?;
    let id = project["id"].clone();
    let name = normal(&projects::COLUMNS.kept("name", name)?);
    // Coolify only looks for the name as it was sent, but the database requires
    // unique names.
    if refuse_taken(state, project, &name, None).is_err() {
        return Err(Reply::server_error());
    }
    let uuid = add(state, &id, name.as_str().unwrap_or_default());
    Ok(Reply::json(201, json!({ "uuid": uuid })))
}

/// `PATCH /projects/{uuid}/environments/{environment}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    hold(&body, projects::CHANGED, state)?;
    let project = state.project(call.param("uuid"))?;
    let id = state.environment(project, call.param("environment_name_or_uuid"))?["id"].clone();
    let name = body.get("name").unwrap_or(&Value::Null);
    refuse_taken(state, project, name, Some(&id))?;
    let mut shown = Value::Null;
    for environment in state.environments.iter_mut().filter(|row| row["id"] == id) {
        for (field, value) in &body {
            let kept = projects::COLUMNS.kept(field, value)?;
            environment[field] = if field == "name" { normal(&kept) } else { kept };
        }
        shown = only(environment, &["uuid", "name", "description"]);
    }
    Ok(Reply::json(200, shown))
}

/// `DELETE /projects/{uuid}/environments/{environment}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
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

/// Returns the stored form of a name: in lower case, without slashes.
fn normal(name: &Value) -> Value {
    match name {
        Value::String(name) => name.to_lowercase().trim().replace('/', "-").into(),
        other => other.clone(),
    }
}

/// Refuses a name that another environment of the project has.
fn refuse_taken(
    state: &State,
    project: &Value,
    name: &Value,
    but: Option<&Value>,
) -> Result<(), Reply> {
    let mut others = state.environments_of(project);
    if others.any(|it| it["name"] == *name && but != Some(&it["id"])) {
        return Err(Reply::message(
            409,
            "Environment with this name already exists.",
        ));
    }
    Ok(())
}

/// Adds an environment to a project.
pub(in crate::testing) fn add(state: &mut State, project: &Value, name: &str) -> String {
    let mut environment = state.fresh(forms::environment());
    environment["name"] = name.into();
    environment["project_id"] = project.clone();
    let uuid = text(&environment, "uuid");
    state.environments.push(environment);
    uuid
}
