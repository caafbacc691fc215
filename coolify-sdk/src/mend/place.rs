//! Places in a JSON document.

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

use crate::error::Step;

pub(super) fn at_mut<'v>(document: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps.iter().try_fold(document, |value, step| match step {
        Step::Index(index) => value.get_mut(index),
        Step::Key(key) => value.get_mut(key.as_deref()?),
    })
}

/// Removes a value. Returns `None` if it does not exist or is the whole document.
pub(super) fn remove(document: &mut Value, steps: &[Step]) -> Option<Value> {
    let (last, parent) = steps.split_last()?;
    match (at_mut(document, parent)?, last) {
        (Value::Object(fields), Step::Key(Some(key))) => take(fields, key),
        (Value::Array(items), Step::Index(index)) if *index < items.len() => {
            Some(items.remove(*index))
        }
        _ => None,
    }
}

/// Removes a field and keeps the order of the others. `Map::remove` does not, if
/// the program has switched on ordered maps.
pub(super) fn take(fields: &mut Map<String, Value>, key: &str) -> Option<Value> {
    let mut taken = None;
    for (name, value) in std::mem::take(fields) {
        if name == key {
            taken = Some(value);
        } else {
            fields.insert(name, value);
        }
    }
    taken
}

/// Returns the path to the first list on this path, after its first `from` steps.
pub(super) fn list_on<'s>(
    document: &mut Value,
    steps: &'s [Step],
    from: usize,
) -> Option<&'s [Step]> {
    (from..=steps.len()).map(|end| &steps[..end]).find(|way| {
        let value = at_mut(document, way);
        value.is_some_and(|value| value.is_array() || has_numeric_keys(value))
    })
}

/// Returns whether this is a list from which PHP has filtered some rows.
pub(super) fn has_numeric_keys(value: &Value) -> bool {
    let fields = value.as_object().filter(|fields| !fields.is_empty());
    let is_number = |key: &String| key.bytes().all(|byte| byte.is_ascii_digit());
    fields.is_some_and(|fields| fields.keys().all(is_number))
}

pub(super) fn rows_of(list: Value) -> Vec<(Step, Value)> {
    match list {
        Value::Array(rows) => rows
            .into_iter()
            .enumerate()
            .map(|(index, row)| (Step::Index(index), row))
            .collect(),
        Value::Object(rows) => rows
            .into_iter()
            .map(|(key, row)| (Step::Key(Some(key)), row))
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn wrap(is_array: bool, rows: impl IntoIterator<Item = (Step, Value)>) -> Value {
    if is_array {
        return rows.into_iter().map(|(_, row)| row).collect();
    }
    let rows = rows.into_iter().filter_map(|(step, row)| match step {
        Step::Key(key) => Some((key?, row)),
        Step::Index(_) => None,
    });
    Value::Object(rows.collect::<Map<_, _>>())
}

/// Writes the document so that each value ends before the next character, which
/// makes the position of an error that of a value.
pub(super) fn written(document: &Value) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, Apart);
    document.serialize(&mut serializer).ok()?;
    Some(text)
}

struct Apart;

impl Formatter for Apart {
    fn end_array_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(b" ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(b" ")
    }
}
