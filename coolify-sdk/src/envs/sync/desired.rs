//! Checks the desired variables.

use std::collections::HashMap;

use super::target::SyncTarget;
use crate::error::{Error, ErrorKind, Result};
use crate::scalar::stripped;

/// Rejects variables that Coolify would reject, because its bulk call writes all
/// variables before the first invalid one.
///
/// An invalid key may be a secret, so the message does not repeat it.
pub(super) fn check<T: SyncTarget>(desired: &[T::Item]) -> Result<()> {
    let mut names = HashMap::new();
    for (number, item) in (1..).zip(desired) {
        T::check(item)?;
        let asked = T::asked(item);
        let name = asked.name();
        if !check_key(&name.key) {
            return Err(invalid(format!(
                "the key of the desired variable {number} is invalid: a key contains only \
                 letters, digits, `_` and `.`, begins with a letter or `_`, and has at most 255 \
                 characters"
            )));
        }
        if !T::EMPTY
            && asked
                .value
                .is_some_and(|it| stripped(it.expose()).is_empty())
        {
            return Err(invalid(format!("`{name}` is shared and cannot be empty"))
                .with_hint("set a value, or remove the variable"));
        }
        if let Some(earlier) = names.insert(name, number) {
            return Err(invalid(format!(
                "the desired variables {earlier} and {number} have the same name"
            ))
            .with_hint("keep one of the two"));
        }
    }
    Ok(())
}

/// Returns whether Coolify accepts this key.
pub(crate) fn check_key(key: &str) -> bool {
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

/// Implements desired variables from pairs of key and value, and from the entries
/// of a file.
macro_rules! desired {
    ($item:path) => {
        impl<K: Into<String>, V: Into<$crate::Secret>> From<(K, V)> for $item {
            fn from((key, value): (K, V)) -> Self {
                let mut item = Self::new(key);
                item.value = Some(value.into());
                item
            }
        }

        impl From<$crate::envs::EnvEntry> for $item {
            fn from(entry: $crate::envs::EnvEntry) -> Self {
                let mut item = Self::new(&entry.key);
                // Both flags are part of the meaning of a value, so a file always sets them.
                item.is_multiline = entry.value.as_ref().map($crate::envs::is_multiline);
                item.is_literal = entry.value.as_ref().map(|_| entry.is_literal);
                item.value = entry.value;
                item
            }
        }
    };
}

#[cfg(feature = "shared-environment-variables")]
pub(crate) use desired;

#[cfg(feature = "applications")]
desired!(crate::raw::types::BulkApplicationVariable);
#[cfg(any(feature = "databases", feature = "services"))]
desired!(crate::raw::types::BulkVariable);

#[cfg(test)]
mod tests {
    use super::check_key;

    #[test]
    fn a_key_has_at_most_255_characters() {
        assert!(check_key(&"A".repeat(255)));
        assert!(!check_key(&"A".repeat(256)));
        assert!(!check_key("") && !check_key("1A") && !check_key("A-B"));
    }
}
