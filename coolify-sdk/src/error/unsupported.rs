//! What a server does not support because of its version.

use super::{Error, ErrorKind};
use crate::{
    Version,
    operations::{Availability, Operation, RequestField, Versions},
};

/// Every supported Coolify has the operations of the oldest one.
const OLDEST: Version = Version::new(4, 0, 0);

/// What a server does not support because of its version, in
/// [`Error::unsupported`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsupported {
    /// The field of the request that the server does not take; `None` if the server
    /// does not have the operation at all.
    pub field: Option<&'static str>,
    /// The versions that have the operation, or take the field.
    pub versions: Versions,
    /// The version of the server; `None` if it could not be read.
    pub server: Option<Version>,
}

impl Error {
    /// Returns which versions of Coolify have the operation or take the field, if
    /// this server does not, and its version.
    ///
    /// Where the version is enough to know, nothing was sent.
    ///
    /// ```no_run
    /// # async fn example(coolify: coolify_sdk::Coolify) {
    /// if let Err(error) = coolify.tags().list().await
    ///     && let Some(unsupported) = error.unsupported()
    /// {
    ///     eprintln!("tags exist {}", unsupported.versions);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn unsupported(&self) -> Option<&Unsupported> {
        self.0.unsupported.as_ref()
    }

    /// Returns the first Coolify that has the operation or takes the field, if this
    /// one is too old.
    #[must_use]
    pub fn unsupported_since(&self) -> Option<Version> {
        let unsupported = self.unsupported()?;
        let since = &unsupported.versions.since;
        let is_too_old = match &unsupported.server {
            Some(server) => server < since,
            None => *since > OLDEST,
        };
        is_too_old.then(|| since.clone())
    }

    /// Makes the error for a field that the server is known not to take.
    pub(crate) fn refused_field(field: &'static RequestField, server: Version) -> Self {
        let (name, versions) = (field.name, &field.versions);
        let (summary, hint) = match (versions.on(&server), &versions.until) {
            (Availability::NoLonger, Some(until)) => (
                format!("Coolify takes `{name}` up to {until}, this is {server}"),
                format!("leave `{name}` out"),
            ),
            _ => (
                format!(
                    "`{name}` needs Coolify {}, this is {server}",
                    versions.since
                ),
                format!(
                    "leave `{name}` out, or update Coolify to {} or newer",
                    versions.since
                ),
            ),
        };
        let mut error = Self::new(ErrorKind::Unsupported, summary).with_hint(hint);
        error.0.unsupported = Some(Unsupported {
            field: Some(name),
            versions: versions.clone(),
            server: Some(server),
        });
        error
    }

    /// The server has no such route. Adds which Coolify has it.
    pub(crate) fn lacking(mut self, operation: &Operation, server: Option<&Version>) -> Self {
        let versions = &operation.versions;
        let availability = match server {
            Some(server) if *server < versions.since => Availability::NotYet,
            // Every supported Coolify has it, a pre-release as well.
            _ if versions.since <= OLDEST && versions.until.is_none() => Availability::Available,
            Some(server) => versions.on(server),
            None if versions.until.is_some() => Availability::Unknown,
            None => Availability::NotYet,
        };
        let this = server.map_or_else(String::new, |version| format!(", this is {version}"));
        match (availability, &versions.until) {
            (Availability::NotYet, _) => {
                let since = &versions.since;
                self.0.summary = format!("needs Coolify {since}{this}").into();
                self.0.hint = Some(format!("update Coolify to {since} or newer").into());
            }
            (Availability::NoLonger | Availability::Unknown, Some(until)) => {
                self.0.summary = format!("Coolify has it up to {until}{this}").into();
                self.0.hint = Some("do it in the dashboard: newer servers do not offer it".into());
            }
            (Availability::Unknown, None) => {
                let is_prerelease = server.is_some_and(Version::is_prerelease);
                let what = if is_prerelease {
                    "a pre-release"
                } else {
                    "a version"
                };
                let server = server.map_or_else(String::new, Version::to_string);
                let hint = format!(
                    "{server} is {what} without it: update Coolify to {} or newer",
                    versions.since
                );
                self.0.hint = Some(hint.into());
            }
            (Availability::Available | Availability::NoLonger, _) => {
                self.0.hint = Some(
                    "check the configured URL; if it is right, this Coolify does not offer the \
                     operation"
                        .into(),
                );
                return self;
            }
        }
        self.0.unsupported = Some(Unsupported {
            field: None,
            versions: versions.clone(),
            server: server.cloned(),
        });
        self
    }
}
