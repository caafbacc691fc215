//! The fields of databases: their rules and their columns.

use crate::testing::{
    http::php::{self, without_tags},
    state::{Columns, engines::Engine},
    validation::{
        ANY_NAME, NOTE,
        rules::{Field, Rule},
        text,
    },
};

const TEXT: &[Rule] = &[Rule::Text];

/// The fields that every engine accepts for creating and updating. Creating
/// checks few of them: a value that a column cannot store is an error page.
pub(in crate::testing) const SHARED: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("description", &[NOTE]),
    ("image", TEXT),
    ("public_port", &[Rule::Nullable, Rule::Number]),
    (
        "public_port_timeout",
        &[Rule::Nullable, Rule::Whole, Rule::Min(1)],
    ),
    ("is_public", &[Rule::Switch]),
    ("instant_deploy", &[]),
    ("limits_memory", TEXT),
    ("limits_memory_swap", TEXT),
    ("limits_memory_swappiness", &[Rule::Number]),
    ("limits_memory_reservation", TEXT),
    ("limits_cpus", TEXT),
    ("limits_cpuset", &[NOTE]),
    ("limits_cpu_shares", &[Rule::Number]),
];

/// Further fields for updating.
pub(in crate::testing) const UPDATED: &[Field] = &[
    (
        "health_check_enabled",
        &[Rule::NewIn("4.1.2"), Rule::Switch],
    ),
    (
        "health_check_interval",
        &[Rule::NewIn("4.1.2"), Rule::Whole, Rule::Min(1)],
    ),
    (
        "health_check_timeout",
        &[Rule::NewIn("4.1.2"), Rule::Whole, Rule::Min(1)],
    ),
    (
        "health_check_retries",
        &[Rule::NewIn("4.1.2"), Rule::Whole, Rule::Min(1)],
    ),
    (
        "health_check_start_period",
        &[Rule::NewIn("4.1.2"), Rule::Whole, Rule::Min(0)],
    ),
];

php::patterns! {
    is_list_of_files = r"^[A-Za-z0-9][A-Za-z0-9._-]*(,[A-Za-z0-9][A-Za-z0-9._-]*)*$";
}

/// Returns the fields that only one engine takes: users, passwords, files in
/// base64.
pub(in crate::testing) fn of_engine(engine: &Engine) -> Vec<Field> {
    const PASSWORD: &[Rule] = &[NOTE, Rule::Max(128), Rule::Is(text::password)];
    const IDENTIFIER: &[Rule] = &[NOTE, Rule::Max(63), Rule::Is(text::identifier)];
    const FILES: &[Rule] = &[Rule::NewIn("4.4.0"), Rule::Text, Rule::Is(is_list_of_files)];
    let rules = |field: &str| match field {
        "sqlite_databases" => FILES,
        _ if field.ends_with("password") => PASSWORD,
        _ if field.ends_with("_conf") => TEXT,
        "postgres_initdb_args" | "postgres_host_auth_method" => TEXT,
        _ => IDENTIFIER,
    };
    let fields = engine.fields.iter();
    fields.map(|field| (*field, rules(field))).collect()
}

/// Returns the image of a database as it is read: with HTML entities.
pub(in crate::testing) fn shown_image(image: &str) -> String {
    let plain = without_tags(image)
        .replace('&', "&amp;")
        .replace('<', "&lt;");
    let plain = plain.replace('>', "&gt;").replace('"', "&quot;");
    plain.replace('\'', "&apos;").trim().to_owned()
}

/// The columns of databases.
pub(in crate::testing) const COLUMNS: Columns = Columns {
    long: &[
        "postgres_password",
        "postgres_conf",
        "redis_conf",
        "keydb_password",
        "keydb_conf",
        "dragonfly_password",
        "clickhouse_admin_password",
        "mariadb_root_password",
        "mariadb_password",
        "mariadb_conf",
        "mongo_initdb_root_password",
        "mongo_conf",
        "mysql_root_password",
        "mysql_password",
        "mysql_conf",
    ],
    plain: &["name", "description"],
    whole: &[
        "public_port",
        "public_port_timeout",
        "limits_memory_swappiness",
        "limits_cpu_shares",
        "health_check_interval",
        "health_check_timeout",
        "health_check_retries",
        "health_check_start_period",
    ],
    switch: &["is_public", "health_check_enabled"],
    filled: &[
        "image",
        "is_public",
        "limits_memory",
        "limits_memory_swap",
        "limits_memory_swappiness",
        "limits_memory_reservation",
        "limits_cpus",
        "limits_cpu_shares",
        "postgres_user",
        "postgres_password",
        "postgres_db",
        "keydb_password",
        "dragonfly_password",
        "clickhouse_admin_user",
        "clickhouse_admin_password",
        "mariadb_root_password",
        "mariadb_user",
        "mariadb_password",
        "mariadb_database",
        "mongo_initdb_root_username",
        "mongo_initdb_root_password",
        "mongo_initdb_database",
        "mysql_root_password",
        "mysql_password",
        "mysql_user",
        "mysql_database",
    ],
    ..Columns::PLAIN
};
