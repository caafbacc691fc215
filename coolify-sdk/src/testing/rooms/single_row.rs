//! Tables with one row: settings that exist once.

use serde_json::{Map, Value};

use crate::testing::{
    http::{Answer, Call, Reply},
    state::{State, without},
    validation::Findings,
};

/// Fields that cannot be written.
const FIXED: &[&str] = &["id", "team_id"];

/// Settings that exist once, with their two endpoints.
pub(in crate::testing) struct SingleRow {
    /// The name of its list in the fake's state, which has one row after the
    /// first write.
    name: &'static str,
    form: fn() -> Value,
    /// The fields that need `read:sensitive`.
    secrets: &'static [&'static str],
}

impl SingleRow {
    /// Makes settings with these initial values.
    pub(in crate::testing) const fn new(
        name: &'static str,
        form: fn() -> Value,
        secrets: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            form,
            secrets,
        }
    }

    /// `GET`.
    pub(in crate::testing) fn read(&self, state: &State, call: &Call<'_>) -> Answer {
        Ok(Reply::json(200, self.shown(self.row(state), call)))
    }

    /// `PATCH`.
    pub(in crate::testing) fn write(&self, state: &mut State, call: &Call<'_>) -> Answer {
        let body = call.object()?;
        let mut row = self.row(state);
        let fields: Vec<&str> = row
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .filter(|field| !FIXED.contains(field))
            .collect();
        let mut findings = Findings::default();
        findings.allow_only(&body, &fields);
        findings.refuse()?;
        for (field, value) in body {
            row[field] = value;
        }
        *state.tables.of_mut(self.name) = vec![row.clone()];
        Ok(Reply::json(200, self.shown(row, call)))
    }

    fn row(&self, state: &State) -> Value {
        let written = state.tables.of(self.name).first().cloned();
        written.unwrap_or_else(self.form)
    }

    fn shown(&self, row: Value, call: &Call<'_>) -> Value {
        if call.sensitive {
            row
        } else {
            without(row, self.secrets)
        }
    }
}
