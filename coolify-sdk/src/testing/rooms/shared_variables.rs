//! Shared variables: of the team, of projects, environments and servers.

use serde_json::{Value, json};

use crate::scalar::stripped;

use crate::testing::{
    http::{Call, Reply},
    rooms::{
        Does, Routes,
        table::{Body, Says, Table, Verb},
    },
    state::{Columns, SCOPE, State, forms, text},
    validation::{KEY, KEY_OR_NONE, NOTE, rules::Rule},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-team-shared-envs", Does::Table(Verb::List, &OF_TEAM)),
    (
        "create-team-shared-env",
        Does::Table(Verb::Create, &OF_TEAM),
    ),
    (
        "update-team-shared-env",
        Does::Table(Verb::Update, &OF_TEAM),
    ),
    (
        "delete-team-shared-env",
        Does::Table(Verb::Delete, &OF_TEAM),
    ),
    (
        "list-project-shared-envs",
        Does::Table(Verb::List, &OF_PROJECTS),
    ),
    (
        "create-project-shared-env",
        Does::Table(Verb::Create, &OF_PROJECTS),
    ),
    (
        "update-project-shared-env",
        Does::Table(Verb::Update, &OF_PROJECTS),
    ),
    (
        "delete-project-shared-env",
        Does::Table(Verb::Delete, &OF_PROJECTS),
    ),
    (
        "list-environment-shared-envs",
        Does::Table(Verb::List, &OF_ENVIRONMENTS),
    ),
    (
        "create-environment-shared-env",
        Does::Table(Verb::Create, &OF_ENVIRONMENTS),
    ),
    (
        "update-environment-shared-env",
        Does::Table(Verb::Update, &OF_ENVIRONMENTS),
    ),
    (
        "delete-environment-shared-env",
        Does::Table(Verb::Delete, &OF_ENVIRONMENTS),
    ),
    (
        "list-server-shared-envs",
        Does::Table(Verb::List, &OF_SERVERS),
    ),
    (
        "create-server-shared-env",
        Does::Table(Verb::Create, &OF_SERVERS),
    ),
    (
        "update-server-shared-env",
        Does::Table(Verb::Update, &OF_SERVERS),
    ),
    (
        "delete-server-shared-env",
        Does::Table(Verb::Delete, &OF_SERVERS),
    ),
];

/// The common table of the four scopes, which differ in the owner of a variable.
const SHARED: Table = Table {
    name: "shared_variables",
    form: forms::shared_variable,
    key: ("id", "env_id"),
    missing: "Environment variable not found.",
    hidden: &["uuid"],
    secrets: &["value"],
    new: &[
        ("key", &[KEY]),
        ("value", &[NOTE]),
        ("is_literal", &[Rule::Switch]),
        ("is_multiline", &[Rule::Switch]),
        ("is_shown_once", &[Rule::Switch]),
        ("comment", &[NOTE, Rule::Max(256)]),
    ],
    changed: &[
        ("key", &[KEY_OR_NONE]),
        ("value", &[NOTE]),
        ("is_literal", &[Rule::Switch]),
        ("is_multiline", &[Rule::Switch]),
        ("is_shown_once", &[Rule::Switch]),
        ("comment", &[NOTE, Rule::Max(256)]),
    ],
    columns: Columns {
        long: &["value", "comment"],
        switch: &["is_literal", "is_multiline", "is_shown_once"],
        filled: &["value"],
        ..Columns::PLAIN
    },
    created: Says::Only(201, &["id"]),
    updated: Says::Row(200),
    deleted: "Environment variable deleted.",
    check,
    settle: |_, row, _| row["type"] = row[SCOPE]["type"].clone(),
    ..Table::PLAIN
};

static OF_TEAM: Table = Table {
    scope: |_, _| Ok(json!({"type": "team"})),
    ..SHARED
};

static OF_PROJECTS: Table = Table {
    scope: |state, call| {
        let project = state.project(call.param("uuid"))?;
        Ok(scope("project", project))
    },
    ..SHARED
};

static OF_ENVIRONMENTS: Table = Table {
    scope: |state, call| {
        let project = state.project(call.param("uuid"))?;
        let name = call.param("environment_name_or_uuid");
        Ok(scope("environment", state.environment(project, name)?))
    },
    ..SHARED
};

static OF_SERVERS: Table = Table {
    scope: |state: &State, call: &Call<'_>| {
        let server = state.server(call.param("uuid"))?;
        Ok(scope("server", &server.row))
    },
    ..SHARED
};

/// Adds the two initial variables of a server.
pub(in crate::testing) fn furnish_server(state: &mut State, server: &Value) {
    for (key, value) in [
        ("COOLIFY_SERVER_UUID", "uuid"),
        ("COOLIFY_SERVER_NAME", "name"),
    ] {
        let fields = json!({"key": key, "value": text(server, value), "is_literal": true});
        let fields = fields.as_object().cloned().unwrap_or_default();
        OF_SERVERS.add(state, scope("server", server), &fields);
    }
}

fn scope(kind: &str, row: &Value) -> Value {
    json!({"type": kind, "uuid": row["uuid"]})
}

fn check(state: &State, body: &Body<'_>) -> Result<(), Reply> {
    let mut variables = state.tables.of(SHARED.name).iter();
    let is_taken = variables.any(|row| row[SCOPE] == *body.scope && row["key"] == body.text("key"));
    if body.row.is_none() && is_taken {
        return Err(Reply::message(
            409,
            "Environment variable already exists. Use PATCH request to update it.",
        ));
    }
    // A shared variable cannot be empty, but the endpoints do not check that.
    let is_named = body.row.is_none() || body.fields.contains_key("value");
    if is_named && stripped(body.text("value")).is_empty() {
        return Err(Reply::message(500, "Server Error"));
    }
    Ok(())
}
