//! The places of resources: creating and moving.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Release, Reply},
    rooms::{Does::Run, Routes, destinations, tags},
    state::{self, Place, State, clock},
    validation::{
        Findings, NOTE, TAGS, hold,
        rules::{self, Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("move-application-by-uuid", Run(relocate)),
    ("move-database-by-uuid", Run(relocate)),
    ("move-service-by-uuid", Run(relocate)),
];

/// The fields that every kind of resource accepts for creating.
const FIELDS: &[Field] = &[
    ("project_uuid", &[Rule::Required, Rule::Text]),
    ("environment_name", &[NOTE]),
    ("environment_uuid", &[NOTE]),
    ("server_uuid", &[Rule::Required, Rule::Text]),
    ("destination_uuid", &[Rule::Text]),
    TAGS,
];

const MOVED: &[Field] = &[("environment_uuid", &[Rule::Required, Rule::Text])];

/// Makes the checks of all kinds of resources, in Coolify's order. `fields` are
/// checked here, and `allowed` may also be present.
pub(in crate::testing) fn check(
    state: &State,
    body: &Map<String, Value>,
    fields: &[Field],
    allowed: &[&str],
) -> Result<Place, Reply> {
    let mut findings = Findings::default();
    findings.check(body, &[FIELDS, fields].concat(), state);
    let place = self::fields(state.release());
    findings.allow_only(body, &[&place, allowed].concat());
    findings.refuse()?;
    tags::check_names(body)?;
    find(state, body)
}

/// Returns the fields that name a place, and those that go with every resource.
pub(in crate::testing) fn fields(release: Release) -> Vec<&'static str> {
    rules::known(FIELDS, release)
}

/// Returns the place that a body names.
pub(in crate::testing) fn find(state: &State, body: &Map<String, Value>) -> Result<Place, Reply> {
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
    let server = state.server(given("server_uuid").unwrap_or_default())?;
    let destinations = destinations::of_server(state, &server.row["id"]);
    let destination = match (given("destination_uuid"), destinations.as_slice()) {
        (Some(uuid), all) => {
            state::find(all, "uuid", uuid).ok_or_else(|| Reply::not_found("Destination"))?
        }
        (None, []) => return Err(Reply::message(400, "Server has no destinations.")),
        (None, [only]) => only,
        (None, _) => {
            return Err(Reply::message(
                400,
                "Server has multiple destinations and you do not set destination_uuid.",
            ));
        }
    };
    Ok(Place {
        environment: environment["id"].clone(),
        destination: destination["id"].clone(),
        server: server.row["id"].clone(),
    })
}

/// Returns the place in an environment on the server that Coolify runs on.
pub(in crate::testing) fn at_home(state: &State, environment: &Value) -> Place {
    Place {
        environment: environment.clone(),
        destination: 0.into(),
        server: state.servers[0].row["id"].clone(),
    }
}

/// `POST …/move`.
fn relocate(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    hold(&body, MOVED, state)?;
    let wanted = body["environment_uuid"].as_str().unwrap_or_default();
    let Some(environment) = state::find(&state.environments, "uuid", wanted).cloned() else {
        return Err(Reply::message(
            404,
            "Target environment not found or not owned by your team.",
        ));
    };
    let mut projects = state.projects.iter();
    let project = projects.find(|row| row["id"] == environment["project_id"]);
    let project = project.map(|row| row["uuid"].clone());
    let kind = owner.kind.name();
    let row = state.row_mut(&owner)?;
    if row["environment_id"] == environment["id"] {
        let said = format!("{kind} is already in this environment.");
        return Err(Reply::message(400, said));
    }
    row["environment_id"] = environment["id"].clone();
    row["updated_at"] = clock::now().into();
    Ok(Reply::json(
        200,
        json!({
            "message": format!("{kind} moved successfully."),
            "uuid": owner.uuid,
            "project_uuid": project,
            "environment_uuid": wanted,
        }),
    ))
}
