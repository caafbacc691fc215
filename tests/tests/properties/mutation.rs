//! Mutations of recorded replies.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::MARKER;

/// A mutation of one value of a reply.
#[derive(Clone, Debug)]
pub enum Mutation {
    Drop,
    Become(Value),
    /// A number becomes its text, everything else a number.
    Quote,
    /// This many lists around the value.
    Nest(usize),
    /// An unknown field, if the value is an object.
    Extra,
}

impl Mutation {
    pub fn any() -> impl Strategy<Value = Self> {
        let values = [
            Value::Null,
            json!(true),
            json!(0),
            json!(-7),
            json!(2.5),
            json!(u64::MAX),
            json!(1e300),
            json!(""),
            json!(MARKER),
            json!([MARKER]),
            json!({ "new": MARKER }),
            json!({"0": MARKER}),
        ];
        prop_oneof![
            2 => Just(Self::Drop),
            5 => proptest::sample::select(values.to_vec()).prop_map(Self::Become),
            2 => Just(Self::Quote),
            1 => (1..200_usize).prop_map(Self::Nest),
            1 => Just(Self::Extra),
        ]
    }

    /// Mutates one value of `reply`. Returns its path in the form of errors.
    pub fn strike(&self, reply: &mut Value, place: Index) -> String {
        let mut places = Vec::new();
        collect(reply, &mut Vec::new(), &mut places);
        let steps = place.get(&places);
        let Some((last, parents)) = steps.split_last() else {
            self.change(reply);
            return "$".to_owned();
        };
        let parent = parents.iter().fold(reply, |it, step| step.of(it));
        match (self, last, parent) {
            (Self::Drop, Step::Key(key), Value::Object(fields)) => {
                fields.remove(key);
            }
            (Self::Drop, Step::Index(index), Value::Array(items)) => {
                items.remove(*index);
            }
            (_, last, parent) => self.change(last.of(parent)),
        }
        let texts = steps.iter().map(Step::to_string);
        std::iter::once("$".to_owned()).chain(texts).collect()
    }

    fn change(&self, value: &mut Value) {
        match (self, &mut *value) {
            (Self::Drop, _) => *value = Value::Null,
            (Self::Become(other), _) => *value = other.clone(),
            (Self::Quote, Value::Number(number)) => *value = json!(number.to_string()),
            (Self::Quote, _) => *value = json!(17),
            (Self::Nest(depth), _) => {
                for _ in 0..*depth {
                    *value = json!([value.take()]);
                }
            }
            (Self::Extra, Value::Object(fields)) => {
                fields.insert("new field".to_owned(), json!({ "a": [MARKER] }));
            }
            (Self::Extra, _) => {}
        }
    }
}

#[derive(Clone)]
enum Step {
    Key(String),
    Index(usize),
}

impl Step {
    fn of<'a>(&self, value: &'a mut Value) -> &'a mut Value {
        match self {
            Self::Key(key) => &mut value[key],
            Self::Index(index) => &mut value[index],
        }
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        match self {
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Key(key) if key.chars().all(plain) => write!(f, ".{key}"),
            Self::Key(key) => write!(f, "[{key:?}]"),
        }
    }
}

/// The ways to all values of a reply, itself included.
fn collect(value: &Value, way: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
    all.push(way.clone());
    let steps: Vec<_> = match value {
        Value::Array(items) => (0..items.len()).map(Step::Index).collect(),
        Value::Object(fields) => fields.keys().cloned().map(Step::Key).collect(),
        _ => Vec::new(),
    };
    for step in steps {
        let inner = match &step {
            Step::Key(key) => &value[key],
            Step::Index(index) => &value[index],
        };
        way.push(step);
        collect(inner, way, all);
        way.pop();
    }
}

/// Replaces every word, and adds new fields to every object, as a newer Coolify
/// might.
pub fn renew(value: &mut Value) {
    match value {
        // A number, a time or a document in a text stays one.
        Value::String(text) if text.starts_with(|c: char| c.is_ascii_lowercase()) => {
            text.push_str(MARKER);
        }
        Value::Array(items) => items.iter_mut().for_each(renew),
        Value::Object(fields) => {
            fields.values_mut().for_each(renew);
            // PHP numbers the keys of a list that it has filtered.
            let list = fields.keys().all(|it| it.parse::<usize>().is_ok());
            if fields.is_empty() || !list {
                fields.insert(format!("new_{MARKER}"), json!([{ "a": MARKER }]));
            }
        }
        _ => {}
    }
}
