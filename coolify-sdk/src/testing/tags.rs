//! Tags: of the team, and on resources.

use serde_json::{Map, Value};

use super::{
    call::Call,
    clock, replies,
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    state::{State, without},
    validation::{Findings, is_blank},
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
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

/// `GET /tags`.
pub(super) fn list(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, state.tags.iter().map(shown).collect()))
}

/// `POST /tags`.
pub(super) fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let name = checked(call)?;
    refuse_taken(state, &name)?;
    let tag = add(state, &name);
    Ok(Reply::json(201, shown(&tag)))
}

/// `PATCH /tags/{tag}`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let name = checked(call)?;
    refuse_taken(state, &name)?;
    let tag = state
        .tags
        .iter_mut()
        .find(|tag| tag["uuid"] == call.param("uuid"))
        .ok_or_else(|| Reply::not_found("Tag"))?;
    let before = super::state::text(tag, "name");
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
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
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
pub(super) fn list_on(state: &mut State, call: &Call<'_>) -> Answer {
    Ok(Reply::json(200, on_owner(state, call)?))
}

/// `POST /applications/{uuid}/tags`, `POST /databases/{uuid}/tags`.
pub(super) fn put_on(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.allow_only(&body, &["tag_name", "tag_names"]);
    if is_blank(body.get("tag_name")) && is_blank(body.get("tag_names")) {
        findings.add("tag_name", "This field is required.");
    }
    findings.refuse()?;
    let many = body.get("tag_names").and_then(Value::as_array);
    let names: Vec<String> = many
        .into_iter()
        .flatten()
        .chain(body.get("tag_name"))
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let owner = state.owner(call)?;
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
pub(super) fn take_off(state: &mut State, call: &Call<'_>) -> Answer {
    let owner = state.owner(call)?;
    let tag = state
        .tags
        .iter()
        .find(|tag| tag["uuid"] == call.param("tag_uuid"))
        .cloned()
        .ok_or_else(|| Reply::not_found("Tag"))?;
    state.tags_of(&owner)?.retain(|name| tag["name"] != *name);
    // A tag goes with the last resource that has it.
    if !state.all_tags().flatten().any(|name| tag["name"] == **name) {
        state.tags.retain(|it| it["uuid"] != tag["uuid"]);
    }
    Ok(Reply::message(200, "Tag removed."))
}

/// The names in a request that creates a resource; new ones become tags.
pub(super) fn from_body(state: &mut State, body: &Map<String, Value>) -> Vec<String> {
    let names: Vec<String> = body
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str().map(str::to_owned))
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

fn checked(call: &Call<'_>) -> Result<String, Reply> {
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.allow_only(&body, &["name"]);
    findings.require(&body, &["name"]);
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    if name.chars().count() == 1 {
        findings.add("name", "The name field must be at least 2 characters.");
    }
    findings.refuse()?;
    Ok(name.to_owned())
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
    let mut tag = state.fresh(replies::tag());
    tag["name"] = name.into();
    state.tags.push(tag.clone());
    tag
}

fn shown(tag: &Value) -> Value {
    without(tag.clone(), &["id"])
}
