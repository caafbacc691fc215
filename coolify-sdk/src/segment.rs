//! Checks the parameters of a URL's path.

use crate::error::{Error, ErrorKind, Result};

/// Returns the value of a path parameter, such as `{uuid}`. `..` would lead to
/// another route, and an empty text to the route of the list.
pub(crate) fn id<'a>(parameter: &str, id: &'a str) -> Result<&'a str> {
    let has_name = parameter.ends_with("_or_uuid}");
    if parameter.ends_with("uuid}") && !has_name {
        return uuid(id);
    }
    // A name may contain nearly anything, but URLs drop tabs and line breaks, so that they
    // could hide a `..`.
    let is_odd = |it: char| it == '/' || it.is_control();
    if id.is_empty() || id == "." || id == ".." || id.contains(is_odd) {
        let error = Error::new(
            ErrorKind::InvalidRequest,
            format!("{id:?} is not allowed as `{parameter}` in the path of a URL"),
        );
        return Err(if has_name {
            error.with_hint("use the uuid")
        } else {
            error
        });
    }
    Ok(id)
}

/// Coolify's uuids contain few kinds of characters.
pub(crate) fn uuid(uuid: &str) -> Result<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if uuid.is_empty() || !uuid.chars().all(fits) {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            format!(
                "{uuid:?} is not a uuid of Coolify: a uuid contains only letters, digits, `-` and `_`"
            ),
        ));
    }
    Ok(uuid)
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn what_would_leave_the_path_is_refused() {
        for bad in ["", ".", "..", "a/b", ".\t.", "\n..", ".\r"] {
            for parameter in ["{uuid}", "{owner}", "{environment_name_or_uuid}"] {
                assert!(id(parameter, bad).is_err(), "{parameter}: {bad:?}");
            }
        }
        assert_eq!(id("{repo}", "next.js").unwrap(), "next.js");
        assert_eq!(id("{environment_name_or_uuid}", "a b").unwrap(), "a b");
        let error = id("{environment_name_or_uuid}", "a/b").unwrap_err();
        assert_eq!(error.hint(), Some("use the uuid"));
    }

    #[test]
    fn a_uuid_is_told_from_other_text() {
        assert_eq!(id("{task_uuid}", "khzsv5-nu_c").unwrap(), "khzsv5-nu_c");
        for bad in ["a b", "a?b=1", "a#b", "%2e%2e", "\u{e9}"] {
            assert!(id("{task_uuid}", bad).is_err(), "{bad:?}");
        }
    }
}
