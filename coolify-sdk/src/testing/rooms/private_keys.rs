//! Private keys.

use serde_json::{Map, Value};

use crate::testing::{
    http::Reply,
    rooms::{
        Does, Routes,
        table::{Body, Says, Table, Verb},
    },
    state::{Columns, State, forms, text},
    validation::{
        ANY_NAME, encoded,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-private-keys", Does::Table(Verb::List, &KEYS)),
    ("create-private-key", Does::Table(Verb::Create, &KEYS)),
    ("get-private-key-by-uuid", Does::Table(Verb::Get, &KEYS)),
    ("update-private-key", Does::Table(Verb::Update, &KEYS)),
    (
        "delete-private-key-by-uuid",
        Does::Table(Verb::Delete, &KEYS),
    ),
];

const FIELDS: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("description", &[Rule::Text, Rule::Max(255)]),
    ("private_key", &[Rule::Required, Rule::Text]),
];

/// The keys.
pub(in crate::testing) static KEYS: Table = Table {
    name: "private_keys",
    form: forms::private_key,
    missing: "Private Key not found.",
    secrets: &["private_key"],
    new: FIELDS,
    changed: FIELDS,
    columns: Columns {
        long: &["private_key"],
        plain: &["name", "description"],
        ..Columns::PLAIN
    },
    updated: Says::Only(201, &["uuid"]),
    deleted: "Private Key deleted.",
    check,
    settle,
    keep,
    ..Table::PLAIN
};

/// The key of the server that Coolify runs on; it has the id 0.
pub(in crate::testing) fn furnish(state: &mut State) {
    let fields = Map::from_iter([
        ("name".to_owned(), "localhost's key".into()),
        (
            "private_key".to_owned(),
            "-----BEGIN OPENSSH PRIVATE KEY-----".into(),
        ),
    ]);
    KEYS.add(state, Value::Null, &fields);
    state.tables.of_mut(KEYS.name)[0]["id"] = 0.into();
}

/// Returns the id of a key that a body names by its uuid; 404 without one.
pub(in crate::testing) fn id_of(state: &State, uuid: &str) -> Result<Value, Reply> {
    let key = KEYS.by_key(state, uuid);
    key.map(|row| row["id"].clone())
        .ok_or_else(|| Reply::not_found("Private key"))
}

/// Removes a key, unless something uses it.
pub(in crate::testing) fn remove_unused(state: &mut State, id: &Value) {
    let mut keys = state.tables.of(KEYS.name).iter();
    if let Some(at) = keys.position(|key| key["id"] == *id)
        && keep(state, &state.tables.of(KEYS.name)[at]).is_ok()
    {
        state.tables.of_mut(KEYS.name).remove(at);
    }
}

fn check(state: &State, body: &Body<'_>) -> Result<(), Reply> {
    let given = encoded::unwrapped(body.text("private_key"));
    if !encoded::is_key(&given) {
        return Err(Reply::message(422, "Invalid private key."));
    }
    let kept = format!("{}\n", given.trim());
    let mut keys = state.tables.of(KEYS.name).iter();
    if body.row.is_none() && keys.any(|row| row["private_key"] == kept) {
        return Err(Reply::message(422, "Private key already exists."));
    }
    Ok(())
}

/// The fake does no cryptography: the data of a key only looks like the real one.
fn settle(state: &mut State, row: &mut Value, fields: &Map<String, Value>) {
    if let Some(given) = fields.get("private_key").and_then(Value::as_str) {
        row["private_key"] = format!("{}\n", encoded::unwrapped(given).trim()).into();
        let (public, print) = (state.mint(), state.mint());
        row["public_key"] = format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5{public}").into();
        row["fingerprint"] = print.into();
    }
    if text(row, "name").is_empty() {
        row["name"] = format!("key-{}", text(row, "uuid")).into();
    }
}

fn keep(state: &State, row: &Value) -> Result<(), Reply> {
    let servers = state.servers.iter().map(|server| &server.row);
    let applications = state.applications.iter().map(|it| &it.row);
    let apps = state.tables.of("github_apps").iter();
    let mut users = servers.chain(applications).chain(apps);
    if users.any(|user| user["private_key_id"] == row["id"]) {
        return Err(Reply::json(
            422,
            serde_json::json!({
                "message": "Private Key is in use and cannot be deleted.",
                "details": "This private key is currently being used by servers, applications, or Git integrations.",
            }),
        ));
    }
    Ok(())
}
