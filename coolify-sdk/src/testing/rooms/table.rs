//! Tables with the five usual endpoints, as data. Private keys, cloud tokens and
//! shared variables differ only in these data.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    state::{Columns, SCOPE, State, clock, only, without},
    validation::{hold, rules::Field},
};

/// A table of Coolify's with its endpoints.
pub(in crate::testing) struct Table {
    /// The name of its list in [`State::snapshot`].
    pub(in crate::testing) name: &'static str,
    /// A new row with every column.
    pub(in crate::testing) form: fn() -> Value,
    /// The column that identifies a row, and the parameter of the path that has it.
    pub(in crate::testing) key: (&'static str, &'static str),
    /// Coolify's message if a row does not exist.
    pub(in crate::testing) missing: &'static str,
    /// Columns that are never shown.
    pub(in crate::testing) hidden: &'static [&'static str],
    /// Columns that need `read:sensitive`.
    pub(in crate::testing) secrets: &'static [&'static str],
    /// The fields of a new row, with their rules.
    pub(in crate::testing) new: &'static [Field],
    /// The fields that can be changed.
    pub(in crate::testing) changed: &'static [Field],
    /// The types of the columns.
    pub(in crate::testing) columns: Columns,
    /// The reply to a creation and to an update.
    pub(in crate::testing) created: Says,
    pub(in crate::testing) updated: Says,
    /// The message after a deletion.
    pub(in crate::testing) deleted: &'static str,
    /// The owner of the rows of a call; null in tables of the team.
    pub(in crate::testing) scope: fn(&State, &Call<'_>) -> Result<Value, Reply>,
    /// Further checks of a body; the row is given for an update.
    pub(in crate::testing) check: fn(&State, &Body<'_>) -> Result<(), Reply>,
    /// Sets further columns after a write.
    pub(in crate::testing) settle: fn(&mut State, &mut Value, &Map<String, Value>),
    /// Refuses to delete a row that is in use.
    pub(in crate::testing) keep: fn(&State, &Value) -> Result<(), Reply>,
    /// Adds further fields to the reply.
    pub(in crate::testing) dress: fn(&State, &mut Value),
}

/// A body to write.
pub(in crate::testing) struct Body<'a> {
    pub(in crate::testing) fields: &'a Map<String, Value>,
    pub(in crate::testing) scope: &'a Value,
    /// The row to change.
    pub(in crate::testing) row: Option<&'a Value>,
}

impl Body<'_> {
    /// Returns a field as text; empty when it is something else.
    pub(in crate::testing) fn text(&self, field: &str) -> &str {
        self.fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// The reply to a write.
pub(in crate::testing) enum Says {
    /// Some columns.
    Only(u16, &'static [&'static str]),
    /// The row in the form of a read.
    Row(u16),
    /// The row and a message.
    Data(u16, &'static str),
    /// The row in a form of the endpoint.
    Made(u16, fn(&Value) -> Value),
}

/// The action on a table.
#[derive(Clone, Copy)]
pub(in crate::testing) enum Verb {
    List,
    Get,
    Create,
    Update,
    Delete,
}

impl Table {
    /// The defaults of most tables.
    pub(in crate::testing) const PLAIN: Self = Self {
        name: "",
        form: || Value::Null,
        key: ("uuid", "uuid"),
        missing: "",
        hidden: &[],
        secrets: &[],
        new: &[],
        changed: &[],
        columns: Columns::PLAIN,
        created: Says::Only(201, &["uuid"]),
        updated: Says::Only(200, &["uuid"]),
        deleted: "",
        scope: |_, _| Ok(Value::Null),
        check: |_, _| Ok(()),
        settle: |_, _, _| {},
        keep: |_, _| Ok(()),
        dress: |_, _| {},
    };

    /// Carries out a call.
    pub(in crate::testing) fn answer(
        &self,
        verb: Verb,
        state: &mut State,
        call: &Call<'_>,
    ) -> Answer {
        match verb {
            Verb::List => self.list(state, call),
            Verb::Get => {
                let row = self.find(state, call)?;
                Ok(Reply::json(200, self.shown(state, row, call.sensitive)))
            }
            Verb::Create => self.create(state, call),
            Verb::Update => self.update(state, call),
            Verb::Delete => self.delete(state, call),
        }
    }

    /// Returns the row of a call's path.
    pub(in crate::testing) fn find<'a>(
        &self,
        state: &'a State,
        call: &Call<'_>,
    ) -> Result<&'a Value, Reply> {
        let position = self.position(state, call)?;
        Ok(&state.tables.of(self.name)[position])
    }

    /// Returns a row by the value of its key.
    pub(in crate::testing) fn by_key<'a>(&self, state: &'a State, key: &str) -> Option<&'a Value> {
        state
            .tables
            .of(self.name)
            .iter()
            .find(|row| self.is(row, key))
    }

    /// Returns a row in the form of a reply.
    pub(in crate::testing) fn shown(&self, state: &State, row: &Value, sensitive: bool) -> Value {
        let mut shown = without(without(row.clone(), self.hidden), &[SCOPE]);
        (self.dress)(state, &mut shown);
        if sensitive {
            shown
        } else {
            without(shown, self.secrets)
        }
    }

    /// Adds a row with these fields, without checks.
    pub(in crate::testing) fn add(
        &self,
        state: &mut State,
        scope: Value,
        fields: &Map<String, Value>,
    ) -> Value {
        let mut row = state.fresh((self.form)());
        row[SCOPE] = scope;
        for (field, value) in fields {
            if row.get(field).is_some() {
                row[field] = value.clone();
            }
        }
        (self.settle)(state, &mut row, fields);
        state.tables.of_mut(self.name).push(row.clone());
        row
    }

    fn is(&self, row: &Value, key: &str) -> bool {
        match &row[self.key.0] {
            Value::String(text) => text == key,
            Value::Number(number) => key.parse().is_ok_and(|key| number.as_u64() == Some(key)),
            _ => false,
        }
    }

    fn position(&self, state: &State, call: &Call<'_>) -> Result<usize, Reply> {
        let scope = (self.scope)(state, call)?;
        let key = call.param(self.key.1);
        let mut rows = state.tables.of(self.name).iter();
        rows.position(|row| row[SCOPE] == scope && self.is(row, key))
            .ok_or_else(|| Reply::message(404, self.missing))
    }

    fn list(&self, state: &State, call: &Call<'_>) -> Answer {
        let scope = (self.scope)(state, call)?;
        let rows = state.tables.of(self.name).iter();
        let shown = rows
            .filter(|row| row[SCOPE] == scope)
            .map(|row| self.shown(state, row, call.sensitive))
            .collect();
        Ok(Reply::json(200, shown))
    }

    fn create(&self, state: &mut State, call: &Call<'_>) -> Answer {
        let body = call.object()?;
        let scope = (self.scope)(state, call)?;
        hold(&body, self.new, state)?;
        let checked = Body {
            fields: &body,
            scope: &scope,
            row: None,
        };
        (self.check)(state, &checked)?;
        let mut row = state.fresh((self.form)());
        row[SCOPE] = scope;
        self.fill(state, &mut row, &body)?;
        state.tables.of_mut(self.name).push(row.clone());
        Ok(self.said(state, &self.created, &row, call.sensitive))
    }

    fn update(&self, state: &mut State, call: &Call<'_>) -> Answer {
        let body = call.object()?;
        let position = self.position(state, call)?;
        hold(&body, self.changed, state)?;
        let mut row = state.tables.of(self.name)[position].clone();
        let checked = Body {
            fields: &body,
            scope: &row[SCOPE],
            row: Some(&row),
        };
        (self.check)(state, &checked)?;
        self.fill(state, &mut row, &body)?;
        row["updated_at"] = clock::now().into();
        state.tables.of_mut(self.name)[position] = row.clone();
        Ok(self.said(state, &self.updated, &row, call.sensitive))
    }

    fn delete(&self, state: &mut State, call: &Call<'_>) -> Answer {
        let position = self.position(state, call)?;
        (self.keep)(state, &state.tables.of(self.name)[position])?;
        state.tables.of_mut(self.name).remove(position);
        Ok(Reply::message(200, self.deleted))
    }

    fn fill(
        &self,
        state: &mut State,
        row: &mut Value,
        fields: &Map<String, Value>,
    ) -> Result<(), Reply> {
        for (field, value) in fields {
            if row.get(field).is_some() && field != "id" && field != "uuid" {
                self.columns.write(row, field, value)?;
            }
        }
        (self.settle)(state, row, fields);
        Ok(())
    }

    fn said(&self, state: &State, says: &Says, row: &Value, sensitive: bool) -> Reply {
        match says {
            Says::Only(status, fields) => Reply::json(*status, only(row, fields)),
            Says::Row(status) => Reply::json(*status, self.shown(state, row, sensitive)),
            Says::Data(status, message) => {
                let data = self.shown(state, row, sensitive);
                Reply::json(*status, json!({"message": message, "data": data}))
            }
            Says::Made(status, make) => {
                Reply::json(*status, make(&self.shown(state, row, sensitive)))
            }
        }
    }
}
