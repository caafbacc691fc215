//! Clones of resources, with the variables, storages, tasks and backups of the original.

use serde_json::{Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::Run,
        Routes,
        applications::create::default_domain,
        databases::{self, backups},
        destinations, envs, scheduled_tasks, storages,
    },
    state::{Kind, Owner, State, text},
    validation::{
        hold,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("clone-application-by-uuid", Run(clone)),
    ("clone-database-by-uuid", Run(clone)),
    ("clone-service-by-uuid", Run(clone)),
];

const CLONED: &[Field] = &[
    ("destination_uuid", &[Rule::Required, Rule::Text]),
    ("name", &[Rule::Nullable, Rule::Text, Rule::Max(255)]),
    ("clone_volumes", &[Rule::Switch]),
];

/// How many characters of an application's name its copy keeps.
const KEPT: usize = 20;

/// `POST …/clone`.
fn clone(state: &mut State, call: &Call<'_>) -> Answer {
    let original = state.owner(call)?;
    let body = call.object()?;
    hold(&body, CLONED, state)?;
    let wanted = body["destination_uuid"].as_str().unwrap_or_default();
    let destination = destinations::find(state, wanted)?.clone();
    let uuid = copy(state, &original)?;
    let copied = Owner {
        kind: original.kind,
        uuid: uuid.clone(),
    };
    let name = match body.get("name").and_then(Value::as_str) {
        Some(name) => name.to_owned(),
        None => name_of_copy(&text(state.row_mut(&original)?, "name"), &copied),
    };
    let keeps_domains = state.keeps_domains(&destination["id"]);
    let row = state.row_mut(&copied)?;
    row["destination_id"] = destination["id"].clone();
    row["name"] = name.into();
    match original.kind {
        Kind::Application if keeps_domains => row["fqdn"] = default_domain(&uuid).into(),
        Kind::Application | Kind::Database => {}
        Kind::Service => row["server_id"] = destination["server_id"].clone(),
    }
    let tags = state.tags_of(&original)?.clone();
    *state.tags_of(&copied)? = tags;
    envs::copy(state, &original, &copied);
    storages::copy(state, &original, &copied)?;
    scheduled_tasks::copy(state, &original, &copied);
    backups::copy(state, &original, &copied)?;
    let said = format!("{} cloned.", original.kind.name());
    Ok(Reply::json(201, json!({"uuid": uuid, "message": said})))
}

fn name_of_copy(name: &str, copied: &Owner) -> String {
    let uuid = &copied.uuid;
    if copied.kind != Kind::Application {
        return format!("{name}-clone-{uuid}");
    }
    let kept: String = name.chars().take(KEPT).collect();
    if kept.len() == name.len() {
        return format!("clone-of-{name}-{uuid}");
    }
    format!("clone-of-{}...-{uuid}", kept.trim_end())
}

/// Adds a stopped copy of a resource, and returns its uuid.
fn copy(state: &mut State, owner: &Owner) -> Result<String, Reply> {
    match owner.kind {
        Kind::Application => {
            let position = position(state.applications.iter().map(|it| &it.row), owner)?;
            let row = state.fresh(state.applications[position].row.clone());
            let copy = state.applications[position].copy(row);
            let uuid = text(&copy.row, "uuid");
            state.applications.push(copy);
            Ok(uuid)
        }
        Kind::Database => {
            let position = position(state.databases.iter().map(|it| &it.row), owner)?;
            let original = &state.databases[position];
            let (engine, row) = (original.engine, original.row.clone());
            Ok(databases::copy(state, engine, row))
        }
        Kind::Service => {
            let position = position(state.services.iter().map(|it| &it.row), owner)?;
            let original = state.services.remove(position);
            let copy = original.copy(state);
            let uuid = text(&copy.row, "uuid");
            state.services.insert(position, original);
            state.services.push(copy);
            Ok(uuid)
        }
    }
}

fn position<'a>(mut rows: impl Iterator<Item = &'a Value>, owner: &Owner) -> Result<usize, Reply> {
    rows.position(|row| row["uuid"] == *owner.uuid)
        .ok_or_else(|| Reply::not_found(owner.kind.name()))
}
