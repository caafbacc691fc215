//! PHP values, as far as they are known without running Coolify.

use serde_json::{Map, Value as Json};

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    /// An unknown part is written as `{name}` or `{}`.
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    Unknown,
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value as a part of a text.
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Int(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Returns the texts and numbers of a list.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::List(items) => items.iter().filter_map(Self::shown).collect(),
            Self::Text(text) => vec![text.clone()],
            _ => Vec::new(),
        }
    }

    pub fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        let mut entries = self.entries().iter();
        entries
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// Merges like PHP's `array_merge`: keys take the later value, and rows are
    /// appended. The result is unknown if either value is.
    pub fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::List(mut rows), Self::List(more)) => {
                rows.extend(more);
                Self::List(rows)
            }
            (Self::List(rows), map @ Self::Map(_)) if rows.is_empty() => map,
            (map @ Self::Map(_), Self::List(rows)) if rows.is_empty() => map,
            (Self::Map(mut entries), Self::Map(more)) => {
                for (key, value) in more {
                    set(&mut entries, key, value);
                }
                Self::Map(entries)
            }
            _ => Self::Unknown,
        }
    }

    /// Appends a value, or sets it under a key.
    pub fn put(&mut self, key: Option<String>, value: Self) {
        if matches!(self, Self::Unknown) {
            return;
        }
        let one = match key {
            None => Self::List(vec![value]),
            Some(key) => Self::Map(vec![(key, value)]),
        };
        let before = std::mem::replace(self, Self::Unknown);
        *self = before.merged(one);
    }

    pub fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(bool) => (*bool).into(),
            Self::Int(number) => (*number).into(),
            Self::Text(text) => text.clone().into(),
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| (key.clone(), value.json()));
                Json::Object(entries.collect::<Map<_, _>>())
            }
            Self::Unknown => "{}".into(),
        }
    }
}

fn set(entries: &mut Vec<(String, Value)>, key: String, value: Value) {
    match entries.iter_mut().find(|(name, _)| *name == key) {
        Some(entry) => entry.1 = value,
        None => entries.push((key, value)),
    }
}
