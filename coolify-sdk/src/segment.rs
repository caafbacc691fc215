//! Names in the path of a URL.

use crate::error::{Error, ErrorKind, Result};

/// A name may hold nearly anything; what would reach another route is refused.
pub(crate) fn segment<'a>(what: &str, name: &'a str) -> Result<&'a str> {
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
    use super::segment;

    #[test]
    fn what_would_leave_the_path_is_refused() {
        for bad in ["", ".", "..", "a/b"] {
            assert!(segment("a name", bad).is_err(), "{bad:?}");
        }
        assert_eq!(segment("a name", "next.js").unwrap(), "next.js");
    }
}
