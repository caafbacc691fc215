//! Lists of resources of all kinds.

use serde_json::Value;

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes, embedded},
    state::State,
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[("list-resources", Run(list))];

/// Every resource with its kind, as environments embed it.
fn all(state: &State, sensitive: bool) -> Vec<Value> {
    let applications = state.applications.iter().map(|it| {
        let shown = embedded::application(state, it, sensitive);
        typed(state, shown, "application")
    });
    let services = state.services.iter().map(|it| {
        let shown = embedded::service(state, it, sensitive);
        typed(state, shown, "service")
    });
    let databases = state.databases.iter().map(|it| {
        let shown = embedded::database(state, it, sensitive);
        typed(state, shown, &format!("standalone-{}", it.engine.name))
    });
    applications.chain(services).chain(databases).collect()
}

/// Returns the resources on a server, by its id.
pub(in crate::testing) fn on_server(state: &State, server: &Value) -> Vec<Value> {
    let is_there = |resource: &Value| {
        let of_destination = state.server_of(&resource["destination_id"]);
        of_destination.is_some_and(|it| it.row["id"] == *server)
    };
    all(state, false).into_iter().filter(is_there).collect()
}

/// `GET /resources`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, all(state, call.sensitive).into()))
}

/// Returns a resource with its kind and with the key that Laravel's join leaves
/// behind.
fn typed(state: &State, mut resource: Value, kind: &str) -> Value {
    resource["type"] = kind.into();
    resource["laravel_through_key"] = embedded::project_of(state, &resource["environment_id"]);
    resource
}
