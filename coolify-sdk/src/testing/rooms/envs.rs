//! Environment variables of applications and databases.

use serde_json::{Map, Value};

use crate::testing::{
    http::{Answer, Call, Release, Reply, php::is_truthy},
    rooms::{Does::Run, Routes},
    state::{Kind, Owner, State, Variable, clock, forms, only, text, without},
    validation::{
        Findings, KEY, NOTE,
        rules::{self, Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-envs-by-application-uuid", Run(list)),
    ("create-env-by-application-uuid", Run(create)),
    ("update-env-by-application-uuid", Run(update)),
    ("update-envs-by-application-uuid", Run(update_many)),
    ("delete-env-by-application-uuid", Run(delete)),
    ("list-envs-by-database-uuid", Run(list)),
    ("create-env-by-database-uuid", Run(create)),
    ("update-env-by-database-uuid", Run(update)),
    ("update-envs-by-database-uuid", Run(update_many)),
    ("delete-env-by-database-uuid", Run(delete)),
    ("list-envs-by-service-uuid", Run(list)),
    ("create-env-by-service-uuid", Run(create)),
    ("update-env-by-service-uuid", Run(update)),
    ("update-envs-by-service-uuid", Run(update_many)),
    ("delete-env-by-service-uuid", Run(delete)),
];

const FIELDS: &[Field] = &[
    ("key", &[KEY]),
    ("value", &[NOTE]),
    ("is_preview", &[Rule::Switch]),
    ("is_literal", &[Rule::Switch]),
    ("is_multiline", &[Rule::Switch]),
    ("is_shown_once", &[Rule::Switch]),
    ("is_runtime", &[Rule::Switch]),
    ("is_buildtime", &[Rule::Switch]),
    ("comment", &[NOTE, Rule::Max(256)]),
];

/// The prefixes of variables that steer a build pack.
const BUILDPACKS: &[&str] = &["NIXPACKS_", "RAILPACK_"];

/// What the row of a database's variable has not read back when it was only just
/// written.
const UNREAD: &[&str] = &["is_preview", "is_required", "order"];

impl Variable {
    fn shown(&self, sensitive: bool) -> Value {
        let row = without(self.row.clone(), &["id"]);
        // Databases do not keep to what `is_shown_once` says, nor did others before 4.2.0.
        let keeps_to_it =
            self.kind != Kind::Database && Release::parse(&text(&self.row, "version")).has("4.2.0");
        let locked = self.row["is_shown_once"] == true && keeps_to_it;
        if sensitive && !locked {
            row
        } else {
            without(row, &["value", "real_value"])
        }
    }

    fn is(&self, owner: &str, key: &str, preview: bool) -> bool {
        self.owner == owner && self.row["key"] == key && self.row["is_preview"] == preview
    }

    /// Updates a variable. The value is written even if it is absent; on
    /// applications it also forgets `is_literal` unless it is sent again, and
    /// cannot forget what was set of the others.
    fn overwrite(&mut self, item: &Map<String, Value>) -> Result<(), Reply> {
        let mut item = item.clone();
        item.entry("value").or_insert(Value::Null);
        if self.kind == Kind::Application {
            item.entry("is_literal").or_insert(false.into());
            let forgets = |field| !item.contains_key(field) && self.row[field] == true;
            if forgets("is_multiline") || forgets("is_shown_once") {
                return Err(Reply::message(500, "Server Error"));
            }
        }
        self.fill(&item);
        Ok(())
    }

    /// Writes what an item has, and leaves the rest.
    fn fill(&mut self, item: &Map<String, Value>) {
        for (field, value) in item.iter().filter(|(field, _)| *field != "key") {
            self.row[field] = match field.as_str() {
                "value" => self.kept(value.clone()),
                "comment" => value.clone(),
                _ => (*value == true).into(),
            };
        }
        self.settle();
    }

    /// Before 4.2.0 an empty value was no null.
    fn kept(&self, value: Value) -> Value {
        let has_null = Release::parse(&text(&self.row, "version")).has("4.2.0");
        match value {
            Value::Null if !has_null => "".into(),
            value => value,
        }
    }

    /// What a container will see: literal and multi-line values come in quotes.
    fn settle(&mut self) {
        let quoted = self.row["is_literal"] == true || self.row["is_multiline"] == true;
        self.row["real_value"] = match &self.row["value"] {
            Value::String(value) if quoted => format!("'{value}'").into(),
            Value::String(value) => value.clone().into(),
            _ => "".into(),
        };
        let is_empty = self.row["real_value"] == "";
        self.row["is_really_required"] = (self.row["is_required"] == true && is_empty).into();
        let value = text(&self.row, "value");
        self.row["is_shared"] = (value.starts_with("{{") && value.ends_with("}}")).into();
        self.row["updated_at"] = clock::now().into();
    }
}

/// `GET /applications/{uuid}/envs`, `GET /databases/{uuid}/envs`.
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    // Production first, then previews, each in the order of creation.
    let of = |preview: bool| {
        state
            .variables
            .iter()
            .filter(move |variable| variable.row["is_preview"] == preview)
            .filter(|variable| variable.owner == owner.uuid)
            .map(|variable| variable.shown(call.sensitive))
    };
    Ok(Reply::json(200, of(false).chain(of(true)).collect()))
}

/// `POST /applications/{uuid}/envs`, `POST /databases/{uuid}/envs`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let item = checked(state, call, owner.kind)?;
    if position(state, &owner, &item).is_some() {
        return Err(Reply::message(
            409,
            "Environment variable already exists. Use PATCH request to update it.",
        ));
    }
    let created = add(state, &owner, &item);
    let shown = match owner.kind {
        Kind::Application => only(&created.row, &["uuid"]),
        Kind::Database | Kind::Service => without(created.shown(call.sensitive), UNREAD),
    };
    Ok(Reply::json(201, shown))
}

/// `PATCH /applications/{uuid}/envs`, `PATCH /databases/{uuid}/envs`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let item = checked(state, call, owner.kind)?;
    let position =
        position(state, &owner, &item).ok_or_else(|| Reply::not_found("Environment variable"))?;
    let variable = &mut state.variables[position];
    variable.overwrite(&item)?;
    Ok(Reply::json(201, variable.shown(call.sensitive)))
}

/// `PATCH /applications/{uuid}/envs/bulk`, `PATCH /databases/{uuid}/envs/bulk`.
pub(in crate::testing) fn update_many(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let body = call.body();
    let items = body["data"]
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Reply::message(400, "Bulk data is required."))?;
    let mut shown = Vec::new();
    let mut sides = [None, None];
    for item in items {
        // Unlike the endpoints for a single variable, this one silently drops unknown
        // fields.
        let item = item.as_object().cloned().unwrap_or_default();
        check(state, &item, &[])?;
        let item = known(state, &item, owner.kind);
        // The variables of an application are read once for production and once for
        // previews. Variables that this call adds afterwards are not among them, so a
        // duplicate key makes two variables.
        let all = state.variables.len();
        let seen = match owner.kind {
            Kind::Application => *sides[usize::from(is_preview(&item))].get_or_insert(all),
            Kind::Database | Kind::Service => all,
        };
        let position = position(state, &owner, &item).filter(|position| *position < seen);
        if let Some(position) = position {
            let variable = &mut state.variables[position];
            if owner.kind == Kind::Application {
                variable.overwrite(&item)?;
            } else {
                variable.fill(&item);
            }
            shown.push(variable.shown(call.sensitive));
            continue;
        }
        let created = add(state, &owner, &item).shown(call.sensitive);
        shown.push(match owner.kind {
            Kind::Application => without(created, &["is_required", "order"]),
            Kind::Database | Kind::Service => {
                let unsent: Vec<_> = ["comment", "is_literal", "is_multiline", "is_shown_once"]
                    .into_iter()
                    .filter(|field| !item.contains_key(*field))
                    .collect();
                without(without(created, UNREAD), &unsent)
            }
        });
    }
    Ok(Reply::json(201, shown.into()))
}

/// `DELETE /applications/{uuid}/envs/{env}`, `DELETE /databases/{uuid}/envs/{env}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let uuid = call.param("env_uuid");
    let before = state.variables.len();
    state
        .variables
        .retain(|variable| variable.owner != owner.uuid || variable.row["uuid"] != uuid);
    if state.variables.len() == before {
        return Err(Reply::not_found("Environment variable"));
    }
    Ok(Reply::message(200, "Environment variable deleted."))
}

/// Adds a variable that Coolify generates, unless it exists.
pub(in crate::testing) fn generate(state: &mut State, owner: &Owner, fields: Value) {
    let Value::Object(fields) = fields else {
        return;
    };
    if position(state, owner, &fields).is_none() {
        add(state, owner, &fields);
    }
}

/// Sets the value of a variable that exists.
pub(in crate::testing) fn set(state: &mut State, owner: &Owner, key: &str, value: &str) {
    let mut all = state.variables.iter_mut();
    if let Some(variable) = all.find(|it| it.is(&owner.uuid, key, false)) {
        variable.row["value"] = value.into();
        variable.settle();
    }
}

/// Adds a variable and, for a production variable of an application, its preview
/// variable.
pub(in crate::testing) fn add<'a>(
    state: &'a mut State,
    owner: &Owner,
    item: &Map<String, Value>,
) -> &'a Variable {
    let position = add_alone(state, owner, item);
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    let has_twin = state
        .variables
        .iter()
        .any(|variable| variable.is(&owner.uuid, key, true));
    if owner.kind == Kind::Application && !is_preview(item) && !has_twin {
        let mut twin = item.clone();
        twin.insert("is_preview".to_owned(), true.into());
        twin.remove("is_shown_once");
        add_alone(state, owner, &twin);
    }
    &state.variables[position]
}

fn add_alone(state: &mut State, owner: &Owner, item: &Map<String, Value>) -> usize {
    let mut row = state.fresh(forms::variable());
    row["version"] = state.settings.version.clone().into();
    row["value"] = Value::Null;
    row["is_preview"] = false.into();
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    row["is_buildpack_control"] = BUILDPACKS
        .iter()
        .any(|prefix| key.starts_with(prefix))
        .into();
    row["is_coolify"] = key.starts_with("SERVICE_").into();
    for (field, value) in item.iter().filter(|(_, value)| !value.is_null()) {
        row[field] = value.clone();
    }
    let mut variable = Variable {
        owner: owner.uuid.clone(),
        kind: owner.kind,
        row,
    };
    let value = variable.row["value"].take();
    variable.row["value"] = variable.kept(value);
    variable.settle();
    state.variables.push(variable);
    state.variables.len() - 1
}

/// Copies the variables of a resource that its copy does not have yet.
pub(in crate::testing) fn copy(state: &mut State, original: &Owner, copied: &Owner) {
    let of_original = state
        .variables
        .iter()
        .filter(|it| it.owner == original.uuid);
    let rows: Vec<Value> = of_original.map(|it| it.row.clone()).collect();
    for row in rows {
        let is_there = state.variables.iter().any(|it| {
            it.owner == copied.uuid
                && it.row["key"] == row["key"]
                && it.row["is_preview"] == row["is_preview"]
        });
        if !is_there {
            let row = state.fresh(row);
            state.variables.push(Variable {
                owner: copied.uuid.clone(),
                kind: copied.kind,
                row,
            });
        }
    }
}

/// Returns a single variable from the body. Applications refuse unknown fields,
/// databases drop them.
fn checked(state: &State, call: &Call<'_>, kind: Kind) -> Result<Map<String, Value>, Reply> {
    let body = call.body();
    let body = body.as_object().cloned().unwrap_or_default();
    let strange: Vec<&String> = body
        .keys()
        .filter(|_| kind == Kind::Application)
        .filter(|field| !rules::known(FIELDS, state.release()).contains(&field.as_str()))
        .collect();
    check(state, &body, &strange)?;
    Ok(known(state, &body, kind))
}

/// Checks a variable. Before 4.2.0, only the database rejected an invalid key.
fn check(state: &State, item: &Map<String, Value>, strange: &[&String]) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(item, FIELDS, state);
    for field in strange {
        findings.add(field, "This field is not allowed.");
    }
    findings.refuse()?;
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    let has_sign = key.contains('=') && state.release().has("4.1.0");
    if has_sign || key.chars().count() > 255 {
        return Err(Reply::server_error());
    }
    Ok(())
}

/// Returns the fields that have an effect: a database has no build-time flag.
/// Converts booleans to true or false.
fn known(state: &State, item: &Map<String, Value>, kind: Kind) -> Map<String, Value> {
    const OF_APPLICATIONS: &[&str] = &["is_preview", "is_runtime", "is_buildtime"];
    let mut item = item.clone();
    let fields = rules::known(FIELDS, state.release());
    item.retain(|field, _| {
        let field = field.as_str();
        fields.contains(&field) && (kind == Kind::Application || !OF_APPLICATIONS.contains(&field))
    });
    for (_, value) in item
        .iter_mut()
        .filter(|(field, _)| field.starts_with("is_"))
    {
        *value = is_truthy(value).into();
    }
    // Before 4.2.0, the keys of these two were trimmed of spaces. Blanks were no
    // part of a key, of an application's until 4.1.0.
    let since = match kind {
        Kind::Application => "4.1.0",
        Kind::Database | Kind::Service => "4.2.0",
    };
    if !state.release().has(since)
        && let Some(Value::String(key)) = item.get_mut("key")
    {
        *key = key.replace(' ', "_");
    }
    item
}

fn position(state: &State, owner: &Owner, item: &Map<String, Value>) -> Option<usize> {
    let key = item.get("key").and_then(Value::as_str).unwrap_or_default();
    state
        .variables
        .iter()
        .position(|variable| variable.is(&owner.uuid, key, is_preview(item)))
}

fn is_preview(item: &Map<String, Value>) -> bool {
    item.get("is_preview") == Some(&Value::Bool(true))
}
