//! The tables whose rows have no type of their own.

use std::collections::BTreeMap;

use serde_json::Value;

/// The field with the owner of a row, in tables that have owners.
pub(in crate::testing) const SCOPE: &str = "scope";

/// The rows of all tables, by the tables' names.
#[derive(Default)]
pub(in crate::testing) struct Tables(BTreeMap<&'static str, Vec<Value>>);

impl Tables {
    /// Returns the rows of a table, oldest first.
    pub(in crate::testing) fn of(&self, table: &str) -> &[Value] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the rows of a table, to be changed.
    pub(in crate::testing) fn of_mut(&mut self, table: &'static str) -> &mut Vec<Value> {
        self.0.entry(table).or_default()
    }

    /// Returns all tables.
    pub(in crate::testing) fn iter(&self) -> impl Iterator<Item = (&'static str, &Vec<Value>)> {
        self.0.iter().map(|(name, rows)| (*name, rows))
    }
}
