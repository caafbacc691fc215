//! S3 storages and cloud-init scripts: rooms without rules of their own.

use serde_json::json;

use super::{
    call::Call,
    replies,
    reply::{Answer, Reply},
    room::{Room, Says, Verb},
    routes::{
        Does::{self, Run},
        Routes,
    },
    state::State,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("list-s3-storages", Does::Room(Verb::List, &STORAGES)),
    ("create-s3-storage", Does::Room(Verb::Create, &STORAGES)),
    ("get-s3-storage-by-uuid", Does::Room(Verb::Get, &STORAGES)),
    (
        "update-s3-storage-by-uuid",
        Does::Room(Verb::Update, &STORAGES),
    ),
    (
        "delete-s3-storage-by-uuid",
        Does::Room(Verb::Delete, &STORAGES),
    ),
    ("validate-s3-storage-by-uuid", Run(validate)),
    ("list-cloud-init-scripts", Does::Room(Verb::List, &SCRIPTS)),
    (
        "create-cloud-init-script",
        Does::Room(Verb::Create, &SCRIPTS),
    ),
    (
        "get-cloud-init-script-by-uuid",
        Does::Room(Verb::Get, &SCRIPTS),
    ),
    (
        "update-cloud-init-script-by-uuid",
        Does::Room(Verb::Update, &SCRIPTS),
    ),
    (
        "delete-cloud-init-script-by-uuid",
        Does::Room(Verb::Delete, &SCRIPTS),
    ),
];

/// The storages.
pub(super) static STORAGES: Room = Room {
    name: "s3_storages",
    form: replies::s3_storage,
    missing: "S3 storage not found.",
    hidden: &["id"],
    secrets: &["key", "secret"],
    requires: &["name", "endpoint", "bucket", "region", "key", "secret"],
    named: true,
    takes: Some(&[
        "name",
        "description",
        "endpoint",
        "bucket",
        "region",
        "key",
        "secret",
        "is_usable",
    ]),
    deleted: "S3 storage deleted.",
    ..Room::PLAIN
};

static SCRIPTS: Room = Room {
    name: "cloud_init_scripts",
    form: replies::cloud_init_script,
    missing: "Cloud-init script not found.",
    hidden: &["id"],
    secrets: &["script"],
    requires: &["name", "script"],
    takes: Some(&["name", "script"]),
    created: Says::Row(201),
    updated: Says::Row(200),
    deleted: "Cloud-init script deleted.",
    ..Room::PLAIN
};

/// `POST /s3-storages/{uuid}/validate`.
fn validate(state: &mut State, call: &Call<'_>) -> Answer {
    STORAGES.find(state, call)?;
    Ok(Reply::json(
        200,
        json!({"valid": true, "message": "S3 storage connection is valid."}),
    ))
}
