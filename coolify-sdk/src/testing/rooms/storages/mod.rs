//! Storages: volumes and mounted files.

pub(super) mod backups;
mod refusals;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php::is_truthy},
    rooms::{Does::Run, Routes},
    state::{Columns, Kind, Owner, Part, State, Storage, clock, forms, text, without},
    validation::{Findings, paths},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-storages-by-application-uuid", Run(list)),
    ("create-storage-by-application-uuid", Run(create)),
    ("update-storage-by-application-uuid", Run(update)),
    ("delete-storage-by-application-uuid", Run(delete)),
    ("list-storages-by-database-uuid", Run(list)),
    ("create-storage-by-database-uuid", Run(create)),
    ("update-storage-by-database-uuid", Run(update)),
    ("delete-storage-by-database-uuid", Run(delete)),
    ("list-storages-by-service-uuid", Run(list)),
    ("create-storage-by-service-uuid", Run(create)),
    ("update-storage-by-service-uuid", Run(update)),
    ("delete-storage-by-service-uuid", Run(delete)),
];

impl Storage {
    /// Returns whether only its compose file changes it.
    fn is_read_only(&self) -> bool {
        self.part.is_some() && !self.is_file
    }

    /// Returns a storage in the form of lists: storages of services contain their
    /// container.
    fn listed(&self, sensitive: bool) -> Value {
        let mut shown = self.shown(sensitive);
        if let Some(part) = &self.part {
            shown["resource_uuid"] = part.clone().into();
            let is_database = shown["resource_type"] == "App\\Models\\ServiceDatabase";
            let kind = if is_database {
                "database"
            } else {
                "application"
            };
            shown["resource_type"] = kind.into();
        }
        shown
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
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let of = |files: bool| -> Value {
        state
            .storages
            .iter()
            .filter(|storage| storage.owner == owner.uuid && storage.is_file == files)
            .map(|storage| storage.listed(call.sensitive))
            .collect()
    };
    Ok(Reply::json(
        200,
        json!({"persistent_storages": of(false), "file_storages": of(true)}),
    ))
}

/// `POST /applications/{uuid}/storages`, `POST /databases/{uuid}/storages`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    let is_file = refusals::check(state, &body)?;
    let holder = holder(state, &owner, &body)?;
    let mut row = if is_file {
        let folder = format!("/data/coolify/{}/{}", owner.kind.folder(), owner.uuid);
        let (mount, path) = refusals::paths_of_file(&body, &folder, state.release())?;
        file(state, &body, &mount, &path)
    } else {
        volume(state, &holder.uuid, &body)?
    };
    row["resource_id"] = holder.id;
    row["resource_type"] = holder.model.into();
    let storage = Storage {
        owner: owner.uuid.clone(),
        part: (owner.kind == Kind::Service).then_some(holder.uuid),
        is_file,
        row,
        schedule: None,
    };
    let mut shown = storage.shown(call.sensitive);
    // A new row does not contain the database's defaults.
    shown = without(shown, &["container_id", "is_preview_suffix_enabled"]);
    if is_file {
        shown = without(shown, &["chown", "chmod", "is_based_on_git"]);
        if shown["is_host_file"] == false {
            shown = without(shown, &["is_host_file"]);
        }
        if shown["is_directory"] == true {
            shown = without(shown, &["content"]);
        }
        shown["service"] = Value::Null;
        shown["resource"] = holder.embedded;
    }
    state.storages.push(storage);
    Ok(Reply::json(201, shown))
}

/// `PATCH /applications/{uuid}/storages`, `PATCH /databases/{uuid}/storages`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.object()?;
    let is_file = checked_type(&body)?;
    let uuid = body.get("uuid").and_then(Value::as_str).unwrap_or_default();
    let part = {
        let mut storages = state.storages.iter();
        let storage = storages.find(|storage| storage.owner == owner.uuid && storage.is(uuid));
        let storage = storage.ok_or_else(|| Reply::not_found("Storage"))?;
        refuse_read_only(storage, &body)?;
        storage.part.clone()
    };
    let embedded = match &part {
        Some(part) => {
            let named = Map::from_iter([("resource_uuid".to_owned(), part.clone().into())]);
            let mut embedded = holder(state, &owner, &named)?.embedded;
            embedded["service"] = state.embedded_owner(&owner)?;
            embedded
        }
        None => state.embedded_owner(&owner)?,
    };
    let mut storages = state.storages.iter_mut();
    let storage = storages
        .find(|storage| storage.owner == owner.uuid && storage.is(uuid))
        .ok_or_else(|| Reply::not_found("Storage"))?;
    for (field, value) in &body {
        if field != "uuid" && storage.row.get(field).is_some() {
            storage.row[field] = value.clone();
        }
    }
    storage.row["updated_at"] = clock::now().into();
    let mut shown = storage.shown(call.sensitive);
    match (is_file, part) {
        (true, _) => shown["service"] = embedded,
        (false, None) => shown["resource"] = embedded,
        (false, Some(_)) => {}
    }
    Ok(Reply::json(200, shown))
}

/// `DELETE /applications/{uuid}/storages/{storage}`,
/// `DELETE /databases/{uuid}/storages/{storage}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let uuid = call.param("storage_uuid");
    let mut storages = state.storages.iter();
    let position = storages
        .position(|storage| storage.owner == owner.uuid && storage.is(uuid))
        .ok_or_else(|| Reply::not_found("Storage"))?;
    let storage = &state.storages[position];
    if storage.is_read_only() {
        return Err(Reply::message(
            422,
            "This storage is read-only (managed by docker-compose or service definition) and cannot be deleted.",
        ));
    }
    if storage.schedule.is_some() {
        return Err(Reply::message(
            422,
            "Delete this volume backup schedule and its archives before deleting the volume.",
        ));
    }
    state.storages.remove(position);
    Ok(Reply::message(200, "Storage deleted."))
}

/// Adds the data volume of a new database.
pub(in crate::testing) fn add_volume(state: &mut State, owner: &Owner, name: &str, path: &str) {
    let mut row = state.fresh(forms::persistent_storage());
    row["name"] = name.into();
    row["mount_path"] = path.into();
    row["host_path"] = Value::Null;
    state.storages.push(Storage {
        owner: owner.uuid.clone(),
        part: None,
        is_file: false,
        row,
        schedule: None,
    });
}

/// Copies the storages of a resource that its copy does not have yet, with new
/// names and folders.
pub(in crate::testing) fn copy(
    state: &mut State,
    original: &Owner,
    copied: &Owner,
) -> Result<(), Reply> {
    let (id, _) = state.identity(copied)?;
    let of_original = state.storages.iter().filter(|it| it.owner == original.uuid);
    // The storages of a service's containers are created from its compose file.
    let rows: Vec<_> = of_original
        .filter(|it| it.part.is_none())
        .map(|it| (it.is_file, it.row.clone()))
        .collect();
    for (is_file, row) in rows {
        let mut row = state.fresh(row);
        row["resource_id"] = id.clone();
        for field in ["name", "fs_path"] {
            if let Some(path) = row[field].as_str() {
                row[field] = path.replace(&original.uuid, &copied.uuid).into();
            }
        }
        let is_there = state
            .storages
            .iter()
            .any(|it| it.owner == copied.uuid && it.row["mount_path"] == row["mount_path"]);
        if !is_there {
            state.storages.push(Storage {
                owner: copied.uuid.clone(),
                part: None,
                is_file,
                row,
                schedule: None,
            });
        }
    }
    Ok(())
}

/// Adds a volume of an application's compose file.
pub(in crate::testing) fn add_compose_volume(
    state: &mut State,
    owner: &Owner,
    name: &str,
    path: &str,
) {
    add_volume(state, owner, name, path);
    let identity = state.identity(owner);
    if let (Some(storage), Ok((id, model))) = (state.storages.last_mut(), identity) {
        storage.row["resource_id"] = id;
        storage.row["resource_type"] = model.into();
    }
}

/// Adds a volume of a container in a service's compose file.
pub(in crate::testing) fn add_part_volume(
    state: &mut State,
    owner: &Owner,
    part: &Part,
    name: &str,
    path: &str,
) {
    add_volume(state, owner, name, path);
    if let Some(storage) = state.storages.last_mut() {
        storage.part = Some(text(&part.row, "uuid"));
        storage.row["resource_id"] = part.row["id"].clone();
        storage.row["resource_type"] = part.model().into();
    }
}

/// The owner of a storage.
struct Holder {
    uuid: String,
    id: Value,
    model: String,
    embedded: Value,
}

/// Returns the owner itself, or the container of a service that the body names.
fn holder(state: &State, owner: &Owner, body: &Map<String, Value>) -> Result<Holder, Reply> {
    if owner.kind != Kind::Service {
        let (id, model) = state.identity(owner)?;
        return Ok(Holder {
            uuid: owner.uuid.clone(),
            id,
            model,
            embedded: state.embedded_owner(owner)?,
        });
    }
    let uuid = body.get("resource_uuid").and_then(Value::as_str);
    let mut parts = state.service(&owner.uuid)?.parts.iter();
    let part = parts
        .find(|part| uuid.is_some_and(|uuid| part.row["uuid"] == uuid))
        .ok_or_else(|| Reply::not_found("Service resource"))?;
    Ok(Holder {
        uuid: text(&part.row, "uuid"),
        id: part.row["id"].clone(),
        model: part.model().to_owned(),
        embedded: part.row.clone(),
    })
}

fn refuse_read_only(storage: &Storage, body: &Map<String, Value>) -> Result<(), Reply> {
    const OPEN: &[&str] = &["uuid", "id", "type", "is_preview_suffix_enabled"];
    let closed: Vec<_> = body
        .keys()
        .filter(|it| !OPEN.contains(&it.as_str()))
        .collect();
    if !storage.is_read_only() || closed.is_empty() {
        return Ok(());
    }
    Err(Reply::json(
        422,
        json!({
            "message": "This storage is read-only (managed by docker-compose or service definition). Only is_preview_suffix_enabled can be updated.",
            "read_only_fields": closed,
        }),
    ))
}

fn volume(state: &mut State, holder: &str, body: &Map<String, Value>) -> Result<Value, Reply> {
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let mut row = state.fresh(forms::persistent_storage());
    let columns = [
        ("name", format!("{holder}-{}", given("name")).into()),
        ("mount_path", paths::absolute(given("mount_path")).into()),
        (
            "host_path",
            body.get("host_path").cloned().unwrap_or_default(),
        ),
    ];
    for (field, value) in columns {
        Columns::PLAIN.write(&mut row, field, &value)?;
    }
    Ok(row)
}

fn file(state: &mut State, body: &Map<String, Value>, mount_path: &str, fs_path: &str) -> Value {
    let is_set = |field: &str| Value::Bool(body.get(field).is_some_and(is_truthy));
    let mut row = state.fresh(forms::file_storage());
    row["mount_path"] = mount_path.into();
    row["is_directory"] = is_set("is_directory");
    row["is_host_file"] = is_set("is_host_file");
    row["content"] = body.get("content").cloned().unwrap_or_default();
    row["fs_path"] = fs_path.into();
    row
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
