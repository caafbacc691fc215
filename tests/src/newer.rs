//! What is newer than all recordings.

use std::path::Path;

use coolify_sdk::Version;
use coolify_sdk::operations::{NEWEST, Operation};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Returns whether the newest Coolify that was recorded has the operation.
#[must_use]
pub fn has_newest(operation: &Operation) -> bool {
    operation.since <= NEWEST
}

/// Returns whether a field of an operation's request is newer than the newest Coolify that
/// was recorded, according to `spec/request-fields.yaml`.
///
/// # Panics
///
/// If the file cannot be read.
#[must_use]
pub fn is_newer_field(operation: &str, field: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/request-fields.yaml");
    let text = std::fs::read_to_string(path).expect("spec/request-fields.yaml");
    let groups: Vec<Group> = yaml_serde::from_str(&text).expect("groups of fields");
    groups.iter().any(|group| {
        let found = group.fields.get(field);
        let since = found.and_then(|it| it.since.as_deref()?.parse::<Version>().ok());
        let of_it = group.operations.iter().any(|it| it == operation);
        of_it && since.is_some_and(|since| since > NEWEST)
    })
}

#[derive(Deserialize)]
struct Group {
    operations: Vec<String>,
    fields: BTreeMap<String, Span>,
}

#[derive(Deserialize)]
struct Span {
    since: Option<String>,
}
