//! Cloud-init scripts.

use crate::testing::{
    rooms::{
        Does, Routes,
        table::{Says, Table, Verb},
    },
    state::{Columns, forms},
    validation::{ANY_NAME, encoded, rules::Rule},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-cloud-init-scripts", Does::Table(Verb::List, &SCRIPTS)),
    (
        "create-cloud-init-script",
        Does::Table(Verb::Create, &SCRIPTS),
    ),
    (
        "get-cloud-init-script-by-uuid",
        Does::Table(Verb::Get, &SCRIPTS),
    ),
    (
        "update-cloud-init-script-by-uuid",
        Does::Table(Verb::Update, &SCRIPTS),
    ),
    (
        "delete-cloud-init-script-by-uuid",
        Does::Table(Verb::Delete, &SCRIPTS),
    ),
];

static SCRIPTS: Table = Table {
    name: "cloud_init_scripts",
    form: forms::cloud_init_script,
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
    ..Table::PLAIN
};
