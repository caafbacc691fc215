//! The tables whose rows need no type of their own.

use std::collections::BTreeMap;

use serde_json::Value;

/// Where a row keeps what it belongs to, in tables that are part of something else.
pub(in crate::testing) const SCOPE: &str = "scope";

/// The rows of all tables, by the tables' names.
#[derive(Default)]
pub(in crate::testing) struct Tables(BTreeMap<&'static str, Vec<Value>>);

impl Tables {
    /// The rows of a table, oldest first.
    pub(in crate::testing) fn of(&self, table: &str) -> &[Value] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rows of a table, to be changed.
    pub(in crate::testing) fn of_mut(&mut self, table: &'static str) -> &mut Vec<Value> {
        self.0.entry(table).or_default()
    }

    /// All of them.
    pub(in crate::testing) fn iter(&self) -> impl Iterator<Item = (&'static str, &Vec<Value>)> {
        self.0.iter().map(|(name, rows)| (*name, rows))
    }
}
