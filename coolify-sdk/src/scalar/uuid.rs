use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A uuid of Coolify: a short text such as `khzsv5nucvscskrm5gez3p8v`, not a UUID
/// of RFC 4122.
///
/// It can be made from any text. A call rejects a text that is not allowed in the
/// path of a URL, before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uuid(Box<str>);

impl Uuid {
    /// Returns the text.
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

/// Any text can be parsed, so this never fails. It exists for command-line
/// parsers and other generic code.
impl FromStr for Uuid {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl From<Uuid> for String {
    fn from(uuid: Uuid) -> Self {
        uuid.0.into()
    }
}

/// Allows looking up a `&str` in a map with uuids as keys.
impl Borrow<str> for Uuid {
    fn borrow(&self) -> &str {
        &self.0
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
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use super::*;

    #[test]
    fn maps_are_asked_with_a_text() {
        let uuid: Uuid = "khzsv5nucvscskrm5gez3p8v".parse().unwrap();
        let hashed = HashMap::from([(uuid.clone(), 1)]);
        let sorted = BTreeMap::from([(uuid.clone(), 2)]);
        assert_eq!(hashed.get("khzsv5nucvscskrm5gez3p8v"), Some(&1));
        assert_eq!(sorted.get("khzsv5nucvscskrm5gez3p8v"), Some(&2));
        assert_eq!(String::from(uuid), "khzsv5nucvscskrm5gez3p8v");
    }
}
