//! Time as Coolify writes it.

use std::time::SystemTime;

use humantime::{format_rfc3339_micros, format_rfc3339_seconds};

/// Now, as most fields have it: no fractions, but six zeros.
pub(in crate::testing) fn now() -> String {
    let seconds = format_rfc3339_seconds(SystemTime::now()).to_string();
    seconds.replace('Z', ".000000Z")
}

/// Now, as log lines have it.
pub(in crate::testing) fn now_precise() -> String {
    format_rfc3339_micros(SystemTime::now()).to_string()
}

/// Now, as the few fields have it that come straight from the database.
pub(in crate::testing) fn now_plain() -> String {
    let seconds = format_rfc3339_seconds(SystemTime::now()).to_string();
    seconds.replace('T', " ").replace('Z', "")
}
