//! The catalogue of one-click services.

use serde::Serialize;

use crate::Version;
use crate::error::{Error, ErrorKind, Result};
use crate::raw::service_types::SERVICE_TYPES;

/// A type of one-click services, such as `actualbudget`: [`Services::types`](crate::services::Services::types).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceType {
    /// The name, as
    /// [`Services::create_one_click`](crate::services::Services::create_one_click) takes it.
    pub name: &'static str,
    /// The first release that is known to include it.
    pub since: Version,
    /// The last release that includes it, if newer ones do not.
    pub until: Option<Version>,
    /// The port of its main container.
    pub port: Option<u16>,
    /// Its containers, sorted by name.
    pub containers: &'static [ServiceContainer],
}

/// A container of a [`ServiceType`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ServiceContainer {
    /// The name of the container in the compose file.
    pub name: &'static str,
    /// Its image, with the tag. It is `None` if the image is built.
    pub image: Option<&'static str>,
}

impl ServiceType {
    /// Returns the type with this name.
    ///
    /// ```
    /// use coolify_sdk::services::ServiceType;
    ///
    /// let budget = ServiceType::find("actualbudget")?;
    /// assert_eq!(budget.port, Some(5006));
    /// let typo = ServiceType::find("actualbugdet").unwrap_err();
    /// assert_eq!(typo.suggestions()[0], "actualbudget");
    /// # Ok::<(), coolify_sdk::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if no such type is known;
    /// [`Error::suggestions`] returns similar ones.
    pub fn find(name: &str) -> Result<&'static Self> {
        let found = SERVICE_TYPES.iter().find(|it| it.name == name);
        found.ok_or_else(|| {
            let summary = format!("no type of one-click services has the name {name:?}");
            Error::new(ErrorKind::NotFound, summary).suggesting(name, names())
        })
    }
}

/// Returns all types, sorted by name.
pub(super) fn all() -> &'static [ServiceType] {
    SERVICE_TYPES
}

fn names() -> impl Iterator<Item = &'static str> {
    SERVICE_TYPES.iter().map(|it| it.name)
}

/// Refuses a text that cannot be the name of a type. An unknown name is sent, because
/// the server may have it.
pub(super) fn check(name: &str) -> Result<()> {
    let fits = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
    if !name.is_empty() && name.chars().all(fits) {
        return Ok(());
    }
    let summary = format!("{name:?} is not a type of one-click services");
    let hint = "a type is one word, such as `actualbudget`: `services().types()` lists them";
    let error = Error::new(ErrorKind::InvalidRequest, summary).with_hint(hint);
    Err(error.suggesting(name, names()))
}

/// Adds similar names to the error of a server that does not know the type.
pub(super) fn suggest(error: Error, name: &str) -> Error {
    let offered = error.valid_service_types().to_vec();
    if offered.is_empty() {
        return error;
    }
    error.suggesting(name, offered.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sorted_and_has_no_gaps() {
        assert!(SERVICE_TYPES.len() > 300);
        assert!(SERVICE_TYPES.is_sorted_by(|a, b| a.name < b.name));
        assert!(SERVICE_TYPES.iter().all(|it| !it.containers.is_empty()));
        assert!(SERVICE_TYPES.iter().all(|it| check(it.name).is_ok()));
        let gone = ServiceType::find("calcom").unwrap();
        assert_eq!(gone.until, Some(Version::new(4, 0, 0)));
    }

    #[test]
    fn a_text_that_is_no_name_is_refused() {
        for (text, similar) in [
            ("Actual Budget", "actualbudget"),
            ("pocket/id", "pocket-id"),
        ] {
            let refused = check(text).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
            assert!(
                refused.suggestions().iter().any(|it| it == similar),
                "{refused:?}"
            );
        }
        assert!(check("").is_err());
        assert!(check("of-a-newer-server").is_ok());
    }
}
