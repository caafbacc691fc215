//! S3 storages and cloud-init scripts: rooms without rules of their own.

use serde_json::json;

use super::{
    call::Call,
    columns::Columns,
    replies,
    reply::{Answer, Reply},
    room::{Room, Says, Verb},
    routes::{
        Does::{self, Run},
        Routes,
    },
    state::State,
    validation::{ANY_NAME, DESCRIPTION, NAME, encoded, hosts, rules::Rule},
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

/// Where an S3 storage is.
const ENDPOINT: Rule = Rule::All(&[Rule::Text, Rule::Max(255), Rule::Address]);

/// The storages.
pub(super) static STORAGES: Room = Room {
    name: "s3_storages",
    form: replies::s3_storage,
    missing: "S3 storage not found.",
    hidden: &["id"],
    secrets: &["key", "secret"],
    new: &[
        ("name", &[Rule::Required, NAME]),
        ("description", &[DESCRIPTION]),
        ("endpoint", &[Rule::Required, ENDPOINT]),
        (
            "bucket",
            &[Rule::Required, Rule::Text, Rule::Is(hosts::bucket)],
        ),
        ("region", &[Rule::Required, Rule::Text, Rule::Max(255)]),
        ("key", &[Rule::Required, Rule::Text, Rule::Max(255)]),
        ("secret", &[Rule::Required, Rule::Text, Rule::Max(255)]),
        ("is_usable", &[Rule::Switch]),
    ],
    changed: &[
        ("name", &[Rule::Nullable, NAME]),
        ("description", &[DESCRIPTION]),
        ("endpoint", &[ENDPOINT]),
        ("bucket", &[Rule::Text, Rule::Is(hosts::bucket)]),
        ("region", &[Rule::Text, Rule::Max(255)]),
        ("key", &[Rule::Text, Rule::Max(255)]),
        ("secret", &[Rule::Text, Rule::Max(255)]),
        ("is_usable", &[Rule::Switch]),
    ],
    columns: Columns {
        long: &["key", "secret", "bucket", "endpoint"],
        plain: &["name", "description"],
        switch: &["is_usable"],
        ..Columns::PLAIN
    },
    deleted: "S3 storage deleted.",
    ..Room::PLAIN
};

static SCRIPTS: Room = Room {
    name: "cloud_init_scripts",
    form: replies::cloud_init_script,
    missing: "Cloud-init script not found.",
    hidden: &["id"],
    secrets: &["script"],
    new: &[
        ("name", &[Rule::Required, ANY_NAME]),
        (
            "script",
            &[Rule::Required, Rule::Text, Rule::Is(encoded::cloud_init)],
        ),
    ],
    changed: &[
        ("name", &[ANY_NAME]),
        ("script", &[Rule::Text, Rule::Is(encoded::cloud_init)]),
    ],
    columns: Columns {
        long: &["script"],
        ..Columns::PLAIN
    },
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
