//! Destinations: the Docker networks of servers.

use serde_json::{Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::{self, Run},
        Routes,
        table::{Body, Says, Table, Verb},
    },
    state::{Columns, SCOPE, State, forms, only, text as text_of},
    validation::{ANY_NAME, NOTE, rules::Rule, text},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-destinations", Run(list)),
    ("get-destination-by-uuid", Does::Table(Verb::Get, &ALL)),
    (
        "update-destination-by-uuid",
        Does::Table(Verb::Update, &ALL),
    ),
    (
        "delete-destination-by-uuid",
        Does::Table(Verb::Delete, &ALL),
    ),
    (
        "list-server-destinations",
        Does::Table(Verb::List, &OF_SERVER),
    ),
    (
        "create-server-destination",
        Does::Table(Verb::Create, &OF_SERVER),
    ),
    ("list-application-destinations", Run(list_of_application)),
    ("add-application-destination", Run(attach)),
    ("remove-application-destination", Run(detach)),
];

/// The destinations of one server.
static OF_SERVER: Table = TABLE;

const TABLE: Table = Table {
    name: "destinations",
    form: forms::destination,
    missing: "Destination not found.",
    new: &[
        ("name", &[NOTE, Rule::Max(255)]),
        (
            "network",
            &[
                Rule::Required,
                Rule::Text,
                Rule::Max(255),
                Rule::Is(text::docker_name),
            ],
        ),
        (
            "type",
            &[Rule::Nullable, Rule::OneOf(&["standalone", "swarm"])],
        ),
    ],
    changed: &[("name", &[Rule::Required, ANY_NAME])],
    columns: Columns {
        plain: &["name"],
        ..Columns::PLAIN
    },
    hidden: &["id", "server_id"],
    created: Says::Row(201),
    updated: Says::Row(200),
    deleted: "Deleted.",
    scope: |state, call| Ok(state.server(call.param("server_uuid"))?.row["uuid"].clone()),
    check,
    keep,
    settle: |state, row, _| {
        let server = row[SCOPE].as_str().and_then(|uuid| state.server(uuid).ok());
        if text_of(row, "name").is_empty() {
            let name = server
                .map(|it| text_of(&it.row, "name"))
                .unwrap_or_default();
            row["name"] = format!("{name}-{}", text_of(row, "network")).into();
        }
        row["server_id"] = server.map(|it| it.row["id"].clone()).unwrap_or_default();
    },
    dress,
    ..Table::PLAIN
};

/// Compares with the destinations of all servers.
static ALL: Table = Table {
    scope: |state, call| {
        let destination = OF_SERVER.by_key(state, call.param("uuid"));
        Ok(destination
            .map(|row| row[SCOPE].clone())
            .unwrap_or_default())
    },
    ..TABLE
};

/// Adds the network that each server starts with.
pub(in crate::testing) fn furnish_server(state: &mut State, server: &Value) {
    let fields = json!({"name": "coolify", "network": "coolify"});
    let fields = fields.as_object().cloned().unwrap_or_default();
    OF_SERVER.add(state, server["uuid"].clone(), &fields);
}

/// Returns a destination by its uuid.
pub(in crate::testing) fn find<'a>(state: &'a State, uuid: &str) -> Result<&'a Value, Reply> {
    OF_SERVER
        .by_key(state, uuid)
        .ok_or_else(|| Reply::not_found("Destination"))
}

/// Returns the destinations of a server, by its id.
pub(in crate::testing) fn of_server(state: &State, server: &Value) -> Vec<Value> {
    let rows = state.tables.of(OF_SERVER.name).iter();
    rows.filter(|row| row["server_id"] == *server)
        .cloned()
        .collect()
}

/// Removes the networks of a server that is gone.
pub(in crate::testing) fn clear_server(state: &mut State, server: &Value) {
    let rows = state.tables.of_mut(OF_SERVER.name);
    rows.retain(|row| row["server_id"] != *server);
}

/// `GET /destinations`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let rows = state.tables.of(OF_SERVER.name).iter();
    let shown = rows.map(|row| ALL.shown(state, row, call.sensitive));
    Ok(Reply::json(200, shown.collect()))
}

/// `GET /applications/{uuid}/destinations`.
fn list_of_application(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application(call.param("uuid"))?;
    let primary = &application.row["destination_id"];
    let mut shown = Vec::new();
    for row in state.tables.of(OF_SERVER.name) {
        let is_primary = row["id"] == *primary;
        if is_primary || application.destinations.contains(&row["uuid"]) {
            let mut entry = only(row, &["uuid", "name", "network", "server_id"]);
            entry["server_uuid"] = row[SCOPE].clone();
            entry["is_primary"] = is_primary.into();
            shown.push(entry);
        }
    }
    Ok(Reply::json(200, shown.into()))
}

/// `POST /applications/{uuid}/destinations`.
fn attach(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let given = body.get("destination_uuid").and_then(Value::as_str);
    let wanted = find(state, given.unwrap_or_default())?;
    let (uuid, server) = (wanted["uuid"].clone(), wanted["server_id"].clone());
    let application = state.application(call.param("uuid"))?;
    let primary = state.server_of(&application.row["destination_id"]);
    if primary.is_some_and(|primary| primary.row["id"] == server) {
        return Err(Reply::message(
            422,
            "Cannot attach a destination on the same server as the primary destination.",
        ));
    }
    if application.destinations.contains(&uuid) {
        return Err(Reply::message(422, "Destination is already attached."));
    }
    let application = state.application_mut(call.param("uuid"))?;
    application.destinations.push(uuid.clone());
    Ok(Reply::json(
        201,
        json!({"message": "Destination attached.", "uuid": uuid}),
    ))
}

/// `DELETE /applications/{uuid}/destinations/{destination_uuid}`.
fn detach(state: &mut State, call: &Call<'_>) -> Answer {
    let uuid = find(state, call.param("destination_uuid"))?["uuid"].clone();
    let application = state.application_mut(call.param("uuid"))?;
    application.destinations.retain(|it| *it != uuid);
    Ok(Reply::message(200, "Destination detached."))
}

fn check(state: &State, body: &Body<'_>) -> Result<(), Reply> {
    let mut rows = state.tables.of(OF_SERVER.name).iter();
    let is_taken =
        rows.any(|row| row[SCOPE] == *body.scope && row["network"] == body.text("network"));
    if body.row.is_none() && is_taken {
        return Err(Reply::message(
            409,
            "A destination with this network already exists on the server.",
        ));
    }
    Ok(())
}

fn keep(state: &State, row: &Value) -> Result<(), Reply> {
    let applications = state.applications.iter().map(|it| &it.row);
    let databases = state.databases.iter().map(|it| &it.row);
    let services = state.services.iter().map(|it| &it.row);
    let mut resources = applications.chain(databases).chain(services);
    if resources.any(|resource| resource["destination_id"] == row["id"]) {
        return Err(Reply::message(
            409,
            "Destination has attached resources, detach first.",
        ));
    }
    Ok(())
}

fn dress(state: &State, shown: &mut Value) {
    let uuid = shown["uuid"].as_str().unwrap_or_default();
    let row = OF_SERVER.by_key(state, uuid).cloned().unwrap_or_default();
    shown["type"] = "standalone".into();
    shown["server_uuid"] = row[SCOPE].clone();
}
