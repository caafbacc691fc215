//! Time as Coolify writes it.

use jiff::Timestamp;

/// Now, as most fields have it: no fractions, but six zeros.
pub(super) fn now() -> String {
    Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%S.000000Z")
        .to_string()
}

/// Now, as log lines have it.
pub(super) fn now_precise() -> String {
    Timestamp::now()
        .strftime("%Y-%m-%dT%H:%M:%S.%6fZ")
        .to_string()
}

/// Now, as the few fields have it that come straight from the database.
pub(super) fn now_plain() -> String {
    Timestamp::now().strftime("%Y-%m-%d %H:%M:%S").to_string()
}
