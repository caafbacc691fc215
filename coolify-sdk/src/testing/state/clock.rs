//! The current time, in Coolify's formats.

use std::time::SystemTime;

use humantime::{format_rfc3339_micros, format_rfc3339_seconds};

/// Returns the time in the format of most fields: with six zeros as a fraction.
pub(in crate::testing) fn now() -> String {
    let seconds = format_rfc3339_seconds(SystemTime::now()).to_string();
    seconds.replace('Z', ".000000Z")
}

/// Returns the time in the format of log lines.
pub(in crate::testing) fn now_precise() -> String {
    format_rfc3339_micros(SystemTime::now()).to_string()
}

/// Returns the time in the format of fields that come directly from the database.
pub(in crate::testing) fn now_plain() -> String {
    let seconds = format_rfc3339_seconds(SystemTime::now()).to_string();
    seconds.replace('T', " ").replace('Z', "")
}
