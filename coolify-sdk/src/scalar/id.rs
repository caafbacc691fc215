use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::tolerant;

/// A numeric id, which teams, shared variables and git apps have.
///
/// It is a separate type so that it cannot be passed where a [`Uuid`] is
/// expected. Coolify sends it as a number or as text, depending on the column and
/// the version; both can be read. 0 is a valid id: that of the first team, user
/// and server.
///
/// [`Uuid`]: crate::Uuid
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(i64);

impl Id {
    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl From<i64> for Id {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(tolerant::Number::deserialize(deserializer)?.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_are_ids() {
        let ids: Vec<Id> = serde_json::from_str(r#"[0, "17"]"#).unwrap();
        assert_eq!(ids, [Id(0), Id(17)]);
        assert!(serde_json::from_str::<Id>(r#""k7x""#).is_err());
    }
}
