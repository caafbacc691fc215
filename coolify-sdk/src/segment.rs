//! What may stand in a URL.

use crate::error::{Error, ErrorKind, Result};

/// An id in the place of a parameter, as in `{uuid}`. `..` would reach another
/// route there, and an empty text the route of the list.
pub(crate) fn id<'a>(parameter: &str, id: &'a str) -> Result<&'a str> {
    if parameter.ends_with("uuid}") && !parameter.ends_with("_or_uuid}") {
        uuid(id)
    } else {
        name("an id", id)
    }
}

/// Coolify's uuids are made of few characters.
pub(crate) fn uuid(uuid: &str) -> Result<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if uuid.is_empty() || !uuid.chars().all(fits) {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            format!(
                "{uuid:?} is no uuid of Coolify: letters, digits, `-` and `_` are what it is made of"
            ),
        ));
    }
    Ok(uuid)
}

/// A name may hold nearly anything; what would reach another route is refused.
pub(crate) fn name<'a>(what: &str, name: &'a str) -> Result<&'a str> {
    if name.is_empty() || name == "." || name == ".." || name.contains('/') {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            format!("{name:?} cannot be {what} in a URL"),
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::{id, name};

    #[test]
    fn what_would_leave_the_path_is_refused() {
        for bad in ["", ".", "..", "a/b"] {
            assert!(name("a name", bad).is_err(), "{bad:?}");
            assert!(id("{uuid}", bad).is_err(), "{bad:?}");
            assert!(id("{environment_name_or_uuid}", bad).is_err(), "{bad:?}");
        }
        assert_eq!(name("a name", "next.js").unwrap(), "next.js");
        assert_eq!(id("{environment_name_or_uuid}", "a b").unwrap(), "a b");
    }

    #[test]
    fn a_uuid_is_told_from_other_text() {
        assert_eq!(id("{task_uuid}", "khzsv5-nu_c").unwrap(), "khzsv5-nu_c");
        for bad in ["a b", "a?b=1", "a#b", "%2e%2e", "\u{e9}"] {
            assert!(id("{task_uuid}", bad).is_err(), "{bad:?}");
        }
    }
}
