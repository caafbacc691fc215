//! Projects.

pub(super) mod environments;

use serde_json::{Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes},
    state::{Columns, State, forms, only},
    validation::{
        DESCRIPTION, NAME, hold,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-projects", Run(list)),
    ("create-project", Run(create)),
    ("get-project-by-uuid", Run(get)),
    ("update-project-by-uuid", Run(update)),
    ("delete-project-by-uuid", Run(delete)),
];

const NEW: &[Field] = &[
    ("name", &[Rule::Required, NAME]),
    ("description", &[DESCRIPTION]),
];

/// The fields that can be changed, also for environments.
pub(in crate::testing) const CHANGED: &[Field] = &[
    ("name", &[Rule::Nullable, NAME]),
    ("description", &[DESCRIPTION]),
];

/// The columns of projects and environments.
pub(in crate::testing) const COLUMNS: Columns = Columns {
    plain: &["name", "description"],
    ..Columns::PLAIN
};

/// `GET /projects`.
pub(in crate::testing) fn list(state: &mut State, _: &Call<'_>) -> Answer {
    let projects: Vec<_> = state
        .projects
        .iter()
        .map(|project| only(project, &["id", "uuid", "description", "name"]))
        .collect();
    Ok(Reply::json(200, projects.into()))
}

/// `GET /projects/{uuid}`.
pub(in crate::testing) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    let mut shown = project.clone();
    shown["environments"] = state.environments_of(project).cloned().collect();
    Ok(Reply::json(200, shown))
}

/// `POST /projects`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    hold(&body, NEW, state)?;
    let kept = |field: &str| COLUMNS.kept(field, body.get(field).unwrap_or(&Value::Null));
    let uuid = add(state, &kept("name")?, &kept("description")?);
    Ok(Reply::json(201, json!({ "uuid": uuid })))
}

/// `PATCH /projects/{uuid}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    hold(&body, CHANGED, state)?;
    let uuid = call.param("uuid");
    state.project(uuid)?;
    let mut shown = Value::Null;
    for project in state.projects.iter_mut().filter(|row| row["uuid"] == uuid) {
        for (field, value) in &body {
            COLUMNS.write(project, field, value)?;
        }
        shown = only(project, &["uuid", "name", "description"]);
    }
    Ok(Reply::json(201, shown))
}

/// `DELETE /projects/{uuid}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let project = state.project(call.param("uuid"))?;
    if state
        .environments_of(project)
        .any(|environment| state.is_inhabited(environment))
    {
        return Err(Reply::message(
            400,
            "Project has resources, so it cannot be deleted.",
        ));
    }
    let id = project["id"].clone();
    state.projects.retain(|project| project["id"] != id);
    state
        .environments
        .retain(|environment| environment["project_id"] != id);
    Ok(Reply::message(200, "Project deleted."))
}

/// Adds a project with its initial environment.
pub(in crate::testing) fn add(state: &mut State, name: &Value, description: &Value) -> String {
    let mut project = state.fresh(forms::project());
    project["name"] = name.clone();
    project["description"] = description.clone();
    let uuid = crate::testing::state::text(&project, "uuid");
    environments::add(state, &project["id"], "production");
    state.projects.push(project);
    uuid
}
