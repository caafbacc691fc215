use std::fmt;

use serde::Serialize;

/// The kind of a resource.
///
/// ```
/// use coolify_sdk::ResourceKind;
///
/// assert_eq!(ResourceKind::Database.to_string(), "database");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResourceKind {
    /// An application.
    Application,
    /// A database.
    Database,
    /// A service.
    Service,
}

impl ResourceKind {
    pub(crate) const ALL: [Self; 3] = [Self::Application, Self::Database, Self::Service];

    /// Returns the kind in one word: `application`, `database` or `service`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Database => "database",
            Self::Service => "service",
        }
    }
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
