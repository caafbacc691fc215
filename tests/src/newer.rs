//! What is newer than all recordings.

use coolify_sdk::operations::{Availability, NEWEST_RECORDED, Operation};

/// Returns whether the newest Coolify that was recorded has the operation.
#[must_use]
pub fn has_newest(operation: &Operation) -> bool {
    operation.versions.on(&NEWEST_RECORDED) == Availability::Available
}

/// Returns whether a field of an operation's request is newer than the newest Coolify that
/// was recorded.
#[must_use]
pub fn is_newer_field(operation: &Operation, field: &str) -> bool {
    let mut fields = operation.fields.iter();
    let found = fields.find(|it| it.name == field);
    found.is_some_and(|it| it.versions.since > NEWEST_RECORDED)
}
