//! Storages: volumes and mounted files.

use serde_json::{Map, Value, json};

use super::{
    call::Call,
    clock,
    owners::{Kind, Owner},
    replies,
    reply::{Answer, Reply},
    state::{State, text, without},
    validation::Findings,
};

/// A storage and the resource that it belongs to.
pub(super) struct Storage {
    /// The uuid of its resource.
    pub(super) owner: String,
    is_file: bool,
    row: Value,
}

impl Storage {
    /// The row with its owner, for assertions.
    pub(super) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }

    fn shown(&self, sensitive: bool) -> Value {
        if self.is_file && !sensitive {
            without(self.row.clone(), &["content"])
        } else {
            self.row.clone()
        }
    }
}

/// `GET /applications/{uuid}/storages`, `GET /databases/{uuid}/storages`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let of = |files: bool| -> Value {
        state
            .storages
            .iter()
            .filter(|storage| storage.owner == owner.uuid && storage.is_file == files)
            .map(|storage| storage.shown(call.sensitive))
            .collect()
    };
    Ok(Reply::json(
        200,
        json!({"persistent_storages": of(false), "file_storages": of(true)}),
    ))
}

/// `POST /applications/{uuid}/storages`, `POST /databases/{uuid}/storages`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    let is_file = checked_type(&body)?;
    let mut findings = Findings::default();
    findings.require(&body, &["mount_path"]);
    findings.refuse()?;
    let mut row = if is_file {
        file(state, &owner, &body)
    } else {
        volume(state, &owner, &body)
    };
    let (id, model) = state.identity(&owner)?;
    row["resource_id"] = id;
    row["resource_type"] = model.into();
    let storage = Storage {
        owner: owner.uuid.clone(),
        is_file,
        row,
    };
    let mut shown = storage.shown(call.sensitive);
    // A row that was only just written has not read the database's defaults.
    shown = without(shown, &["container_id", "is_preview_suffix_enabled"]);
    if is_file {
        shown = without(
            shown,
            &["chown", "chmod", "is_based_on_git", "is_host_file"],
        );
        if shown["is_directory"] == true {
            shown = without(shown, &["content"]);
        }
        shown["service"] = Value::Null;
        shown["resource"] = state.embedded_owner(&owner)?;
    }
    state.storages.push(storage);
    Ok(Reply::json(201, shown))
}

/// `PATCH /applications/{uuid}/storages`, `PATCH /databases/{uuid}/storages`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    let is_file = checked_type(&body)?;
    let uuid = body.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let embedded = state.embedded_owner(&owner)?;
    let storage = state
        .storages
        .iter_mut()
        .find(|storage| storage.owner == owner.uuid && storage.row["uuid"] == uuid)
        .ok_or_else(|| Reply::not_found("Storage"))?;
    for (field, value) in &body {
        if field != "uuid" && storage.row.get(field).is_some() {
            storage.row[field] = trimmed(value);
        }
    }
    storage.row["updated_at"] = clock::now().into();
    let mut shown = storage.shown(call.sensitive);
    shown[if is_file { "service" } else { "resource" }] = embedded;
    Ok(Reply::json(200, shown))
}

/// `DELETE /applications/{uuid}/storages/{storage}`,
/// `DELETE /databases/{uuid}/storages/{storage}`.
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let uuid = call.param("storage");
    let before = state.storages.len();
    state
        .storages
        .retain(|storage| storage.owner != owner.uuid || storage.row["uuid"] != uuid);
    if state.storages.len() == before {
        return Err(Reply::not_found("Storage"));
    }
    Ok(Reply::message(200, "Storage deleted."))
}

/// The volume that a new database keeps its data in.
pub(super) fn add_volume(state: &mut State, owner: &Owner, name: &str, path: &str) {
    let body = json!({"mount_path": path});
    let mut row = volume(state, owner, body.as_object().unwrap_or(&Map::new()));
    row["name"] = name.into();
    state.storages.push(Storage {
        owner: owner.uuid.clone(),
        is_file: false,
        row,
    });
}

fn volume(state: &mut State, owner: &Owner, body: &Map<String, Value>) -> Value {
    let mut row = state.fresh(replies::persistent_storage());
    let name = body.get("name").and_then(Value::as_str).unwrap_or("data");
    row["name"] = format!("{}-{name}", owner.uuid).into();
    row["mount_path"] = body.get("mount_path").cloned().unwrap_or_default();
    row["host_path"] = body.get("host_path").cloned().unwrap_or_default();
    row
}

fn file(state: &mut State, owner: &Owner, body: &Map<String, Value>) -> Value {
    let mut row = state.fresh(replies::file_storage());
    row["mount_path"] = body.get("mount_path").cloned().unwrap_or_default();
    row["is_directory"] = (body.get("is_directory") == Some(&Value::Bool(true))).into();
    row["content"] = body.get("content").map(trimmed).unwrap_or_default();
    let family = match owner.kind {
        Kind::Application => "applications",
        Kind::Database => "databases",
    };
    let path = text(&row, "mount_path");
    row["fs_path"] = body
        .get("fs_path")
        .cloned()
        .unwrap_or_else(|| format!("/data/coolify/{family}/{}{path}", owner.uuid).into());
    row
}

/// Coolify trims what it is sent, the contents of files included.
fn trimmed(value: &Value) -> Value {
    match value {
        Value::String(text) => text.trim().into(),
        other => other.clone(),
    }
}

fn checked_type(body: &Map<String, Value>) -> Result<bool, Reply> {
    let mut findings = Findings::default();
    findings.require(body, &["type"]);
    let given = body.get("type").and_then(Value::as_str);
    if given.is_some_and(|kind| !matches!(kind, "persistent" | "file")) {
        findings.add("type", "The selected type is invalid.");
    }
    findings.refuse()?;
    Ok(given == Some("file"))
}
