use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// The fields of an object that this version of the library does not know.
///
/// `Debug` and serialising show their names and hide their values, because any of
/// them may be a secret.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct UnknownFields(Map<String, Value>);

impl Serialize for UnknownFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Hideable(value))))
    }
}

/// A value that is hidden unless it is exposed.
struct Hideable<'a>(&'a Value);

impl Serialize for Hideable<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::exposed::serialize(self.0, serializer)
    }
}

impl UnknownFields {
    /// Returns the value of a field, as Coolify sent it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Returns the names of the fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl From<Map<String, Value>> for UnknownFields {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_values() {
        let fields: UnknownFields = serde_json::from_str(r#"{"sql_password": "x1"}"#).unwrap();
        assert_eq!(format!("{fields:?}"), r#"{"sql_password"}"#);
        assert_eq!(fields.get("sql_password").unwrap(), "x1");
    }
}
