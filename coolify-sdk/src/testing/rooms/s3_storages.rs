//! S3 storages.

use serde_json::json;

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::{self, Run},
        Routes,
        table::{Table, Verb},
    },
    state::{Columns, State, forms},
    validation::{DESCRIPTION, NAME, hosts, rules::Rule},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-s3-storages", Does::Table(Verb::List, &STORAGES)),
    ("create-s3-storage", Does::Table(Verb::Create, &STORAGES)),
    ("get-s3-storage-by-uuid", Does::Table(Verb::Get, &STORAGES)),
    (
        "update-s3-storage-by-uuid",
        Does::Table(Verb::Update, &STORAGES),
    ),
    (
        "delete-s3-storage-by-uuid",
        Does::Table(Verb::Delete, &STORAGES),
    ),
    ("validate-s3-storage-by-uuid", Run(validate)),
];

/// The fields with the location of an S3 storage.
const ENDPOINT: Rule = Rule::All(&[Rule::Text, Rule::Max(255), Rule::Address]);

/// The storages.
pub(in crate::testing) static STORAGES: Table = Table {
    name: "s3_storages",
    form: forms::s3_storage,
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
    ..Table::PLAIN
};

/// `POST /s3-storages/{uuid}/validate`.
fn validate(state: &mut State, call: &Call<'_>) -> Answer {
    STORAGES.find(state, call)?;
    Ok(Reply::json(
        200,
        json!({"valid": true, "message": "S3 storage connection is valid."}),
    ))
}
