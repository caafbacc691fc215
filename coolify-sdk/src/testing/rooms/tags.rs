//! Tags: of the team, and on resources.

use serde_json::{Map, Value};

use crate::testing::{
    http::{
        Answer, Call, Reply,
        php::{text, without_tags},
    },
    rooms::{Does::Run, Routes},
    state::{State, clock, forms, without},
    validation::{Findings, hold, is_blank, rules::Rule},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-tags-by-application-uuid", Run(list_on)),
    ("create-tag-by-application-uuid", Run(put_on)),
    ("delete-tag-by-application-uuid", Run(take_off)),
    ("list-tags-by-database-uuid", Run(list_on)),
    ("create-tag-by-database-uuid", Run(put_on)),
    ("delete-tag-by-database-uuid", Run(take_off)),
    ("list-tags", Run(list)),
    ("create-tag", Run(create)),
    ("update-tag-by-uuid", Run(update)),
    ("delete-tag-by-uuid", Run(delete)),
    ("list-tags-by-service-uuid", Run(list_on)),
    ("create-tag-by-service-uuid", Run(put_on)),
    ("delete-tag-by-service-uuid", Run(take_off)),
];

const ONE: &[Rule] = &[Rule::Text];

const MANY: &[Rule] = &[Rule::List, Rule::Each(&[Rule::Text])];

/// `GET /tags`.
pub(in crate::testing) fn list(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, state.tags.iter().map(shown).collect()))
}

/// `POST /tags`.
pub(in crate::testing) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let name = checked(state, call)?;
    refuse_taken(state, &name)?;
    let tag = add(state, &name);
    Ok(Reply::json(201, shown(&tag)))
}

/// `PATCH /tags/{tag}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let name = checked(state, call)?;
    refuse_taken(state, &name)?;
    let tag = state
        .tags
        .iter_mut()
        .find(|tag| tag["uuid"] == call.param("uuid"))
        .ok_or_else(|| Reply::not_found("Tag"))?;
    let before = crate::testing::state::text(tag, "name");
    tag["name"] = name.clone().into();
    tag["updated_at"] = clock::now().into();
    let reply = Reply::json(200, shown(tag));
    for tags in state.all_tags() {
        for tag in tags.iter_mut().filter(|tag| **tag == before) {
            tag.clone_from(&name);
        }
    }
    Ok(reply)
}

/// `DELETE /tags/{tag}`.
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let position = state
        .tags
        .iter()
        .position(|tag| tag["uuid"] == call.param("uuid"))
        .ok_or_else(|| Reply::not_found("Tag"))?;
    let tag = state.tags.remove(position);
    for tags in state.all_tags() {
        tags.retain(|name| tag["name"] != *name);
    }
    Ok(Reply::message(200, "Tag deleted."))
}

/// `GET /applications/{uuid}/tags`, `GET /databases/{uuid}/tags`.
pub(in crate::testing) fn list_on(state: &mut State, call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, on_owner(state, call)?))
}

/// `POST /applications/{uuid}/tags`, `POST /databases/{uuid}/tags`.
pub(in crate::testing) fn put_on(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let owner = state.owner(call)?;
    if body.contains_key("tag_name") && body.contains_key("tag_names") {
        let wrong = "Provide either tag_name or tag_names, not both.";
        return Err(Reply::invalid_field("tag_name", wrong));
    }
    let mut findings = Findings::default();
    if ["tag_name", "tag_names"]
        .iter()
        .all(|it| is_empty(body.get(*it)))
    {
        for field in ["tag_name", "tag_names"] {
            findings.add(field, "A tag is needed.");
        }
    }
    findings.check(&body, &[("tag_name", ONE), ("tag_names", MANY)], state);
    findings.allow_only(&body, &["tag_name", "tag_names"]);
    findings.refuse()?;
    let names = normal(body.values());
    refuse_short(&names, "tag_name")?;
    refuse_long(&names)?;
    for name in names {
        ensure(state, &name);
        let tags = state.tags_of(&owner)?;
        if !tags.contains(&name) {
            tags.push(name);
        }
    }
    Ok(Reply::json(201, on_owner(state, call)?))
}

/// `DELETE /applications/{uuid}/tags/{tag}`, `DELETE /databases/{uuid}/tags/{tag}`.
pub(in crate::testing) fn take_off(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let tag = state
        .tags
        .iter()
        .find(|tag| tag["uuid"] == call.param("tag_uuid"))
        .cloned()
        .ok_or_else(|| Reply::not_found("Tag"))?;
    state.tags_of(&owner)?.retain(|name| tag["name"] != *name);
    // A tag is deleted with the last resource that has it.
    if !state.all_tags().flatten().any(|name| tag["name"] == **name) {
        state.tags.retain(|it| it["uuid"] != tag["uuid"]);
    }
    Ok(Reply::message(200, "Tag removed."))
}

/// Refuses the tags of a new resource that are too short.
pub(in crate::testing) fn check_names(body: &Map<String, Value>) -> Result<(), Reply> {
    match body.get("tags") {
        None => return Ok(()),
        Some(Value::Array(_)) => {}
        Some(_) => return Err(Reply::server_error()),
    }
    refuse_short(&normal(body.get("tags").into_iter()), "tags")
}

/// Returns the stored form of names: in lower case, without HTML tags and
/// duplicates.
fn normal<'a>(names: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut normal = Vec::new();
    let each = names.flat_map(|it| match it {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    });
    for name in each.map(|it| without_tags(&text(it)).trim().to_ascii_lowercase()) {
        if !normal.contains(&name) {
            normal.push(name);
        }
    }
    normal
}

/// Refuses what the database cannot store.
fn refuse_long(names: &[String]) -> Result<(), Reply> {
    if names.iter().any(|name| name.chars().count() > 255) {
        return Err(Reply::server_error());
    }
    Ok(())
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Array(items)) => items.is_empty(),
        value => is_blank(value),
    }
}

/// Checks that a name has at least two characters.
fn refuse_short(names: &[String], field: &str) -> Result<(), Reply> {
    let mut findings = Findings::default();
    if names.iter().any(|name| name.chars().count() < 2) {
        findings.add(field, "A tag has at least two characters.");
    }
    findings.refuse()
}

/// Returns the names in a request that creates a resource; new ones become tags.
pub(in crate::testing) fn from_body(state: &mut State, body: &Map<String, Value>) -> Vec<String> {
    let names = normal(body.get("tags").into_iter());
    let names: Vec<String> = names
        .into_iter()
        .filter(|it| it.chars().count() > 1)
        .collect();
    for name in &names {
        ensure(state, name);
    }
    names
}

impl State {
    fn all_tags(&mut self) -> impl Iterator<Item = &mut Vec<String>> {
        let of_applications = self.applications.iter_mut().map(|it| &mut it.tags);
        let of_databases = self.databases.iter_mut().map(|it| &mut it.tags);
        let of_services = self.services.iter_mut().map(|it| &mut it.tags);
        of_applications.chain(of_databases).chain(of_services)
    }
}

fn on_owner(state: &mut State, call: &Call<'_>) -> Result<Value, Reply> {
    let owner = state.owner(call)?;
    let names = state.tags_of(&owner)?.clone();
    let of_name = |name: &String| state.tags.iter().find(|tag| tag["name"] == **name);
    Ok(names.iter().filter_map(of_name).map(shown).collect())
}

fn checked(state: &State, call: &Call<'_>) -> Result<String, Reply> {
    let body = call.object()?;
    hold(
        &body,
        &[("name", &[Rule::Required, Rule::Text, Rule::Max(255)])],
        state,
    )?;
    let names = normal(body.get("name").into_iter());
    refuse_short(&names, "name")?;
    Ok(names.concat())
}

fn refuse_taken(state: &State, name: &str) -> Result<(), Reply> {
    if state.tags.iter().any(|tag| tag["name"] == name) {
        return Err(Reply::message(409, "Tag with this name already exists."));
    }
    Ok(())
}

fn ensure(state: &mut State, name: &str) {
    if !state.tags.iter().any(|tag| tag["name"] == name) {
        add(state, name);
    }
}

fn add(state: &mut State, name: &str) -> Value {
    let mut tag = state.fresh(forms::tag());
    tag["name"] = name.into();
    state.tags.push(tag.clone());
    tag
}

fn shown(tag: &Value) -> Value {
    without(tag.clone(), &["id"])
}
