use std::fmt;

use serde::{Deserialize, Serialize};

/// What Coolify calls a uuid: a short text such as `khzsv5nucvscskrm5gez3p8v`,
/// not one of RFC 4122.
///
/// Any text becomes one; a text that cannot stand in a URL's path is refused by
/// the call that would send it, before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uuid(Box<str>);

impl Uuid {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Uuid {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Uuid {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Uuid {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Uuid> for Uuid {
    fn from(uuid: &Uuid) -> Self {
        uuid.clone()
    }
}

impl AsRef<str> for Uuid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Uuid {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Uuid {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
