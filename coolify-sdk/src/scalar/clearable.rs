use serde::{Deserialize, Deserializer, Serialize};

/// A value to write into a field that can also be emptied.
///
/// In an update an absent field is left alone, so a request holds
/// `Option<Clearable<T>>`: `None` leaves, `Some(Clear)` empties, `Some(Set(..))`
/// writes. The setters of the requests produce the right one; `clear_…` exists
/// only where Coolify takes a null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Clearable<T> {
    /// Writes this value.
    Set(T),
    /// Empties the field (`null` on the wire).
    Clear,
}

impl<T> From<T> for Clearable<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Clearable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Clear, Self::Set))
    }
}

impl<T> Clearable<T> {
    /// Reads a field that is there, be it null.
    pub(crate) fn named<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Self>, D::Error>
    where
        T: Deserialize<'de>,
    {
        Self::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cleared_field_is_null_on_the_wire() {
        let set = serde_json::to_string(&Clearable::Set("x")).unwrap();
        let clear = serde_json::to_string(&Clearable::<&str>::Clear).unwrap();
        assert_eq!((&set[..], &clear[..]), ("\"x\"", "null"));
    }
}
