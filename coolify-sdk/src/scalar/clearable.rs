use serde::{Deserialize, Deserializer, Serialize};

/// A value to write into a field that can also be cleared.
///
/// An update does not change absent fields, so a request contains
/// `Option<Clearable<T>>`: `None` leaves the field unchanged, `Some(Clear)`
/// clears it, and `Some(Set(..))` sets it. The setters of requests use the right
/// one; a `clear_…` method exists only where Coolify accepts null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Clearable<T> {
    /// Sets this value.
    Set(T),
    /// Clears the field (`null` in JSON).
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
    /// Reads a field that is present, even if it is null.
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
