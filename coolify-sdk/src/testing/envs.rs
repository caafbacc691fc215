//! Environment variables of applications.

use serde_json::{Map, Value, json};

use super::{
    call::Call,
    clock, replies,
    reply::{Answer, Reply},
    state::{State, text, without},
    validation::{Findings, is_blank},
};

const FIELDS: &[&str] = &[
    "key",
    "value",
    "is_preview",
    "is_literal",
    "is_multiline",
    "is_shown_once",
    "is_runtime",
    "is_buildtime",
    "comment",
];

/// A variable and the resource that it belongs to.
pub(super) struct Variable {
    /// The uuid of the resource.
    pub(super) owner: String,
    row: Value,
}

impl Variable {
    /// The row with its owner, for assertions.
    pub(super) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["owner"] = self.owner.clone().into();
        row
    }

    fn shown(&self, sensitive: bool) -> Value {
        let row = without(self.row.clone(), &["id"]);
        if sensitive && self.row["is_shown_once"] != true {
            row
        } else {
            without(row, &["value", "real_value"])
        }
    }

    fn is(&self, owner: &str, key: &str, preview: bool) -> bool {
        self.owner == owner && self.row["key"] == key && self.row["is_preview"] == preview
    }

    /// What a container will see: literal and multi-line values come in quotes.
    fn settle(&mut self) {
        let quoted = self.row["is_literal"] == true || self.row["is_multiline"] == true;
        self.row["real_value"] = match &self.row["value"] {
            Value::String(value) if quoted => format!("'{value}'").into(),
            Value::String(value) => value.clone().into(),
            _ => "".into(),
        };
        let value = text(&self.row, "value");
        self.row["is_shared"] = (value.starts_with("{{") && value.ends_with("}}")).into();
        self.row["updated_at"] = clock::now().into();
    }
}

/// `GET /applications/{uuid}/envs`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = owner(state, call)?;
    // Production first, then previews, each in the order of creation.
    let of = |preview: bool| {
        state
            .variables
            .iter()
            .filter(move |variable| variable.row["is_preview"] == preview)
            .filter(|variable| variable.owner == owner)
            .map(|variable| variable.shown(call.sensitive))
    };
    Ok(Reply::json(200, of(false).chain(of(true)).collect()))
}

/// `POST /applications/{uuid}/envs`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = owner(state, call)?;
    let item = checked(call)?;
    if position(state, &owner, &item).is_some() {
        return Err(Reply::message(
            409,
            "Environment variable already exists. Use PATCH request to update it.",
        ));
    }
    let uuid = add(state, &owner, &item);
    Ok(Reply::json(201, json!({ "uuid": uuid })))
}

/// `PATCH /applications/{uuid}/envs`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = owner(state, call)?;
    let item = checked(call)?;
    let position =
        position(state, &owner, &item).ok_or_else(|| Reply::not_found("Environment variable"))?;
    let variable = &mut state.variables[position];
    overwrite(variable, &item);
    Ok(Reply::json(201, variable.shown(call.sensitive)))
}

/// `PATCH /applications/{uuid}/envs/bulk`.
pub(super) fn update_many(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = owner(state, call)?;
    let body = call.body();
    let items = body["data"]
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Reply::message(400, "Bulk data is required."))?;
    let mut shown = Vec::new();
    for item in items {
        // Here, unlike with a single variable, unknown fields are dropped in silence.
        let mut item = item.as_object().cloned().unwrap_or_default();
        item.retain(|field, _| FIELDS.contains(&field.as_str()));
        check_key(&item, Findings::default()).refuse()?;
        if let Some(position) = position(state, &owner, &item) {
            overwrite(&mut state.variables[position], &item);
            shown.push(state.variables[position].shown(call.sensitive));
        } else {
            let uuid = add(state, &owner, &item);
            let created = state
                .variables
                .iter()
                .find(|variable| variable.row["uuid"] == uuid);
            // A row that was only just written has not read the database's defaults.
            shown.extend(created.map(|variable| {
                without(variable.shown(call.sensitive), &["is_required", "order"])
            }));
        }
    }
    Ok(Reply::json(201, shown.into()))
}

/// `DELETE /applications/{uuid}/envs/{env}`.
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = owner(state, call)?;
    let uuid = call.param("env");
    let before = state.variables.len();
    state
        .variables
        .retain(|variable| variable.owner != owner || variable.row["uuid"] != uuid);
    if state.variables.len() == before {
        return Err(Reply::not_found("Environment variable"));
    }
    Ok(Reply::message(200, "Environment variable deleted."))
}

/// Adds a variable and, beside a production one, its twin for previews.
pub(super) fn add(state: &mut State, owner: &str, item: &Map<String, Value>) -> String {
    let uuid = add_alone(state, owner, item);
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    let has_twin = state
        .variables
        .iter()
        .any(|variable| variable.is(owner, key, true));
    if !is_preview(item) && !has_twin {
        let mut twin = item.clone();
        twin.insert("is_preview".to_owned(), true.into());
        twin.remove("is_shown_once");
        add_alone(state, owner, &twin);
    }
    uuid
}

fn add_alone(state: &mut State, owner: &str, item: &Map<String, Value>) -> String {
    let mut row = state.fresh(replies::variable());
    let uuid = text(&row, "uuid");
    row["version"] = state.settings.version.clone().into();
    row["value"] = Value::Null;
    row["is_preview"] = false.into();
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    let of_buildpack = ["NIXPACKS_", "RAILPACK_"];
    row["is_buildpack_control"] = of_buildpack
        .iter()
        .any(|prefix| key.starts_with(prefix))
        .into();
    row["is_coolify"] = key.starts_with("SERVICE_").into();
    for (field, value) in item.iter().filter(|(_, value)| !value.is_null()) {
        row[field] = value.clone();
    }
    let mut variable = Variable {
        owner: owner.to_owned(),
        row,
    };
    variable.settle();
    state.variables.push(variable);
    uuid
}

/// An update writes the value even when it is absent, and forgets `is_literal`
/// unless it is sent again: that is how Coolify behaves.
fn overwrite(variable: &mut Variable, item: &Map<String, Value>) {
    variable.row["value"] = item.get("value").cloned().unwrap_or_default();
    for field in ["is_literal", "is_multiline", "is_shown_once"] {
        variable.row[field] = (item.get(field) == Some(&Value::Bool(true))).into();
    }
    for field in ["is_runtime", "is_buildtime", "comment"] {
        if let Some(value) = item.get(field) {
            variable.row[field] = value.clone();
        }
    }
    variable.settle();
}

fn owner(state: &State, call: &Call<'_>) -> Result<String, Reply> {
    let application = state.application(call.param("uuid"))?;
    Ok(text(&application.row, "uuid"))
}

fn checked(call: &Call<'_>) -> Result<Map<String, Value>, Reply> {
    let item = call.body().as_object().cloned().unwrap_or_default();
    let mut findings = check_key(&item, Findings::default());
    findings.allow_only(&item, FIELDS);
    findings.refuse()?;
    Ok(item)
}

fn check_key(item: &Map<String, Value>, mut findings: Findings) -> Findings {
    if is_blank(item.get("key")) {
        findings.add("key", "This field is required.");
        return findings;
    }
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    let starts_well = key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let goes_on_well = key
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.'));
    if !starts_well || !goes_on_well {
        findings.add("key", "The key field format is invalid.");
    }
    findings
}

fn position(state: &State, owner: &str, item: &Map<String, Value>) -> Option<usize> {
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    state
        .variables
        .iter()
        .position(|variable| variable.is(owner, key, is_preview(item)))
}

fn is_preview(item: &Map<String, Value>) -> bool {
    item.get("is_preview") == Some(&Value::Bool(true))
}
