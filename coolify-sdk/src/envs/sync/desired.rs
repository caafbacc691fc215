//! What is wanted, and whether it can be had.

use std::collections::HashMap;

use super::target::{SyncTarget, is_multiline};
use crate::Secret;
use crate::envs::EnvEntry;
use crate::error::{Error, ErrorKind, Result};
use crate::request::Body;
use crate::scalar::stripped;

/// Refuses what Coolify would refuse, perhaps after it has written the half of
/// it: its bulk call goes on up to the first variable that is wrong.
///
/// What cannot be a key may be a secret in its place, so it is not repeated.
pub(super) fn check<T: SyncTarget>(desired: &[T::Item]) -> Result<()> {
    let mut names = HashMap::new();
    for (number, item) in (1..).zip(desired) {
        item.check()?;
        let asked = T::asked(item);
        let name = asked.name();
        if !check_key(&name.key) {
            return Err(invalid(format!(
                "variable {number} of those wanted has no valid key: keys have letters, digits, \
                 `_` and `.`, begin with a letter or `_`, and have at most 255 characters"
            )));
        }
        if !T::EMPTY
            && asked
                .value
                .is_some_and(|it| stripped(it.expose()).is_empty())
        {
            return Err(invalid(format!("`{name}` is shared and cannot be empty"))
                .with_hint("give it a value, or leave it out"));
        }
        if let Some(earlier) = names.insert(name, number) {
            return Err(invalid(format!(
                "variables {earlier} and {number} of those wanted are the same one"
            ))
            .with_hint("keep one of the two"));
        }
    }
    Ok(())
}

/// Returns whether Coolify takes this as a key.
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
                // Both are a part of what a value means, so a file always names them.
                item.is_multiline = entry.value.as_ref().map(is_multiline);
                item.is_literal = entry.value.as_ref().map(|_| entry.is_literal);
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
