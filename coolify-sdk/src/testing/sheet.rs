//! Settings that exist once: read as a whole, written in part.

use serde_json::{Map, Value};

use super::{
    call::Call,
    reply::{Answer, Reply},
    state::{State, without},
    validation::Findings,
};

/// What nobody writes.
const FIXED: &[&str] = &["id", "team_id"];

/// One sheet of settings with its two endpoints.
pub(super) struct Sheet {
    /// Its list in the fake's state, which has one row once something was written.
    name: &'static str,
    form: fn() -> Value,
    /// What needs `read:sensitive`.
    secrets: &'static [&'static str],
}

impl Sheet {
    /// A sheet that starts with this form.
    pub(super) const fn new(
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
    pub(super) fn read(&self, state: &State, call: &Call<'_>) -> Answer {
        Ok(Reply::json(200, self.shown(self.row(state), call)))
    }

    /// `PATCH`.
    pub(super) fn write(&self, state: &mut State, call: &Call<'_>) -> Answer {
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
        *state.shelves.of_mut(self.name) = vec![row.clone()];
        Ok(Reply::json(200, self.shown(row, call)))
    }

    fn row(&self, state: &State) -> Value {
        let written = state.shelves.of(self.name).first().cloned();
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
