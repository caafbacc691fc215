//! What is wanted, and whether it can be had.

use std::collections::HashSet;

use super::target::SyncTarget;
use crate::Secret;
use crate::envs::EnvEntry;
use crate::error::{Error, ErrorKind, Result};
use crate::request::Body;

/// Refuses what Coolify would refuse, perhaps after it has written the half of
/// it: its bulk call goes on up to the first variable that is wrong.
pub(super) fn check<T: SyncTarget>(desired: &[T::Item]) -> Result<()> {
    let mut names = HashSet::new();
    for item in desired {
        item.check()?;
        let name = T::asked(item).name();
        if !check_key(&name.key) {
            return Err(invalid(format!(
                "`{name}` is no key of an environment variable: it has letters, digits, `_` and \
                 `.`, begins with a letter or `_`, and has at most 255 characters"
            )));
        }
        if let Some(twice) = names.replace(name) {
            return Err(invalid(format!("`{twice}` is wanted twice")));
        }
    }
    Ok(())
}

/// Whether Coolify takes this as a key.
pub(in crate::envs) fn check_key(key: &str) -> bool {
    let begins = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    key.len() <= 255
        && key.starts_with(begins)
        && key
            .chars()
            .all(|letter| begins(letter) || letter.is_ascii_digit() || letter == '.')
}

pub(super) fn invalid(summary: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, summary)
}

/// Pairs of key and value, and the entries of a file, are wanted variables.
macro_rules! desired {
    ($feature:meta, $item:path) => {
        #[cfg($feature)]
        impl<K: Into<String>, V: Into<Secret>> From<(K, V)> for $item {
            fn from((key, value): (K, V)) -> Self {
                let mut item = Self::new(key);
                item.value = Some(value.into());
                item
            }
        }

        #[cfg($feature)]
        impl From<EnvEntry> for $item {
            fn from(entry: EnvEntry) -> Self {
                let mut item = Self::new(&entry.key);
                item.is_multiline = entry.is_multiline().then_some(true);
                item.is_literal = entry.is_literal.then_some(true);
                item.value = entry.value;
                item
            }
        }
    };
}

desired!(
    feature = "applications",
    crate::raw::types::BulkApplicationVariable
);
desired!(
    any(feature = "databases", feature = "services"),
    crate::raw::types::BulkVariable
);
desired!(
    feature = "shared-environment-variables",
    super::DesiredSharedVariable
);
