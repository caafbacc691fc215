//! The operations that are newer than the recordings. The evidence is Coolify's source:
//! no server was asked.

mod audit_events;
mod imports;
mod previews;
mod registries;
mod restore;
mod secret_managers;
mod sqlite;
mod teams;
mod uploads;

use crate::testing::FakeCoolify;
use crate::{Coolify, Error};

/// A version that has all of them.
const VERSION: &str = "4.4.2";

/// The message of a body that breaks rules.
const INVALID: &str = "Validation failed.";

/// Returns a client whose token has these abilities.
fn client<const N: usize>(fake: &FakeCoolify, abilities: [&str; N]) -> Coolify {
    fake.add_token("limited", abilities);
    let builder = Coolify::builder().url(fake.url()).token("limited");
    builder.build().unwrap()
}

/// Returns the status, the message and the sorted fields of a refusal.
fn refusal(error: &Error) -> (u16, &str, Vec<&str>) {
    let fields = error.field_errors().iter();
    let mut fields: Vec<_> = fields.filter_map(|it| it.field()).collect();
    fields.sort_unstable();
    (
        error.status().unwrap_or_default(),
        error
            .reply()
            .and_then(|it| it.message())
            .unwrap_or_default(),
        fields,
    )
}
