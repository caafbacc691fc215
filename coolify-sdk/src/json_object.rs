//! Reads and writes JSON objects.
//!
//! serde's derive would generate this code for each of some 230 types; it was
//! more than half of the compile time of this library. The derives of
//! `coolify-sdk-macros` add only what differs between the types.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::scalar::tolerant::{Number, Scalar};

/// A type that is read from a JSON object.
pub(crate) trait Object<'de>: Sized {
    const NAME: &'static str;
    const KEYS: Keys;

    fn read<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;
}

/// The names of an object's fields, found by a hash: an application has 120
/// fields, and lists of a thousand applications exist.
pub(crate) struct Keys {
    names: &'static [&'static str],
    /// The index of a name is at its hash, or further on, before the next
    /// [`FREE`].
    slots: &'static [u8],
}

const FREE: u8 = u8::MAX;

impl Keys {
    pub(crate) const fn new(names: &'static [&'static str], slots: &'static [u8]) -> Self {
        Self { names, slots }
    }

    /// Returns the index of a name, or one beyond the last for an unknown name.
    fn index(&self, name: &str) -> usize {
        let mask = self.slots.len() - 1; // it is a power of two
        let mut slot = hash(name.as_bytes());
        loop {
            match self.slots[slot & mask] {
                FREE => return self.names.len(),
                index if self.names[usize::from(index)] == name => return index.into(),
                _ => slot += 1,
            }
        }
    }
}

/// Makes the slots for [`Keys`]; at least half of them stay free.
pub(crate) const fn slots<const N: usize>(names: &[&str]) -> [u8; N] {
    assert!(N.is_power_of_two() && names.len() * 2 <= N && names.len() <= FREE as usize);
    let mut slots = [FREE; N];
    let mut index = 0;
    while index < names.len() {
        let mut slot = hash(names[index].as_bytes());
        while slots[slot % N] != FREE {
            slot += 1;
        }
        #[expect(clippy::cast_possible_truncation, reason = "asserted above")]
        {
            slots[slot % N] = index as u8;
        }
        index += 1;
    }
    slots
}

/// Hashes the length of a name and its first and last bytes.
const fn hash(name: &[u8]) -> usize {
    let mut mixed = name.len() as u64;
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        mixed ^= u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29);
    } else {
        let mut index = 0;
        while index < name.len() {
            mixed = mixed << 8 | name[index] as u64;
            index += 1;
        }
    }
    // The upper bits depend on all of the input.
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48) as usize
}

pub(crate) fn read<'de, D: Deserializer<'de>, T: Object<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Whole<T>(PhantomData<T>);
    impl<'de, T: Object<'de>> Visitor<'de> for Whole<T> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "struct {}", T::NAME)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::read(map)
        }
    }
    deserializer.deserialize_map(Whole(PhantomData))
}

/// Returns the index of the next key; see [`Keys`].
pub(crate) fn key<'de, A: MapAccess<'de>>(
    map: &mut A,
    known: &Keys,
) -> Result<Option<usize>, A::Error> {
    struct Key<'a>(&'a Keys);
    impl<'de> DeserializeSeed<'de> for Key<'_> {
        type Value = usize;
        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
            deserializer.deserialize_identifier(self)
        }
    }
    impl Visitor<'_> for Key<'_> {
        type Value = usize;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a field")
        }
        fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
            Ok(self.0.index(name))
        }
    }
    map.next_key_seed(Key(known))
}

/// Reads a field that may be null.
pub(crate) fn value<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    field: &mut T,
) -> Result<(), A::Error> {
    *field = map.next_value()?;
    Ok(())
}

/// Reads a field that is never null.
pub(crate) fn some<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    *field = Some(map.next_value()?);
    Ok(())
}

/// Reads a number that may be sent as text.
pub(crate) fn number<'de, A: MapAccess<'de>, T: Scalar>(
    map: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    let number: Option<Number<T>> = map.next_value()?;
    *field = number.map(|number| number.0);
    Ok(())
}

pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

pub(crate) fn required<T, E: serde::de::Error>(
    field: Option<T>,
    name: &'static str,
) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(name))
}

/// A value of any type that can be written.
pub(crate) trait Field {
    fn json(&self) -> serde_json::Result<Value>;
}

impl<T: Serialize> Field for T {
    fn json(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }
}

impl Serialize for dyn Field + '_ {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.json().map_err(S::Error::custom)?;
        json.serialize(serializer)
    }
}

/// Returns the value of an optional field.
pub(crate) fn set<T: Serialize>(field: Option<&T>) -> Option<&dyn Field> {
    field.map(|value| value as &dyn Field)
}

pub(crate) fn write<S: Serializer>(
    serializer: S,
    fields: &[(&'static str, Option<&dyn Field>)],
) -> Result<S::Ok, S::Error> {
    let set = fields
        .iter()
        .filter_map(|(name, field)| Some((name, (*field)?)));
    let mut map = serializer.serialize_map(Some(set.clone().count()))?;
    for (name, field) in set {
        map.serialize_entry(name, field)?;
    }
    map.end()
}

#[cfg(test)]
mod tests {
    use serde_json::{from_str, json, to_value};

    use super::{Keys, slots};
    use crate::Uuid;

    /// An object as the derive reads it: out of order, renamed, with and without
    /// null.
    #[derive(coolify_sdk_macros::Deserialize, coolify_sdk_macros::Serialize, Debug, PartialEq)]
    struct Thing {
        uuid: Uuid,
        #[serde(rename = "type")]
        type_: Option<String>,
        #[wire(number)]
        count: Option<i64>,
        parts: Option<Vec<Thing>>,
    }

    #[test]
    fn objects_are_read_by_name() {
        let thing: Thing = from_str(
            r#"{"type": "a", "new": {"x": [1]}, "uuid": "u", "count": "7",
                "parts": [{"uuid": "p", "type": null}]}"#,
        )
        .unwrap();
        assert_eq!(thing.type_.as_deref(), Some("a"));
        assert_eq!(thing.count, Some(7));
        let [part] = &thing.parts.as_deref().unwrap() else {
            panic!("one part")
        };
        assert_eq!((part.uuid.as_str(), &part.type_), ("p", &None));
        let written = json!({"uuid": "u", "type": "a", "count": 7, "parts": [{"uuid": "p"}]});
        assert_eq!(to_value(&thing).unwrap(), written);
    }

    #[test]
    fn names_are_found_whatever_their_hash() {
        // Names of eight letters and more share a hash.
        const NAMES: &[&str] = &[
            "",
            "a",
            "b",
            "id",
            "same_day__a__same_day",
            "same_day__b__same_day",
        ];
        const KEYS: Keys = Keys::new(NAMES, &slots::<16>(NAMES));
        const NONE: Keys = Keys::new(&[], &slots::<1>(&[]));
        for (index, name) in NAMES.iter().enumerate() {
            assert_eq!(KEYS.index(name), index, "{name}");
        }
        for name in ["c", "same_day__c__same_day", "_", "aa", "ä"] {
            assert_eq!(KEYS.index(name), NAMES.len(), "{name}");
        }
        assert_eq!(NONE.index("a"), 0);
    }

    #[test]
    fn a_key_is_a_text() {
        use serde::de::value::{Error, MapDeserializer};

        let numbered = MapDeserializer::<_, Error>::new([(1_u8, "u")].into_iter());
        let error = <Thing as serde::Deserialize>::deserialize(numbered).unwrap_err();
        let told = "invalid type: integer `1`, expected the name of a field";
        assert_eq!(error.to_string(), told);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = from_str::<Thing>("{}").unwrap_err().to_string();
        assert!(missing.starts_with("missing field `uuid`"), "{missing}");
        let null = from_str::<Thing>(r#"{"uuid": null}"#).unwrap_err();
        assert!(null.to_string().contains("invalid type: null"), "{null}");
        let list = from_str::<Thing>("[]").unwrap_err().to_string();
        assert!(list.contains("expected struct Thing"), "{list}");
        assert!(from_str::<Thing>(r#"{"uuid": "u", "count": "x"}"#).is_err());
    }
}
