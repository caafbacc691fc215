//! The audit events of the team: one for each write that was carried out. They are known
//! from Coolify's source.

use serde_json::{Map, Value, json};

use crate::operations::{Method, Operation};
use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes},
    state::{State, clock, forms, text, without},
    validation::{
        Findings,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[("list-audit-events", Run(list))];

/// Coolify's refusal of plain members.
pub(in crate::testing) const ONLY_ADMINS: &str = "Only team admins and owners can view audit logs.";

/// The first version that records events.
const SINCE: &str = "4.4.0";

const EVENTS: &str = "audit_events";

/// The fields that need `read:sensitive`.
const SENSITIVE: &[&str] = &[
    "actor_email",
    "actor_token_id",
    "actor_token_name",
    "metadata",
    "changes",
    "ip_address",
    "user_agent",
];

const QUERY: &[Field] = &[
    ("per_page", &[Rule::Whole, Rule::Min(1), Rule::Max(100)]),
    ("page", &[Rule::Whole, Rule::Min(1)]),
    ("search", &[Rule::Max(255)]),
    ("action", &[Rule::Max(255)]),
    (
        "source",
        &[Rule::OneOf(&[
            "all",
            "ui",
            "api",
            "mcp",
            "webhook",
            "system",
            "scheduler",
        ])],
    ),
];

/// The events whose names are known. Those of other operations are made after the same
/// pattern.
const KNOWN: &[(&str, &str)] = &[
    (
        "configure-application-secret-manager",
        "application.secret_manager.updated",
    ),
    ("create-database-import", "database.import_started"),
    (
        "create-preview-deployment-by-application-uuid",
        "application.preview_created",
    ),
    (
        "create-secret-manager-integration-token",
        "integration_token.created",
    ),
    ("create-service-database-import", "database.import_started"),
    ("deploy-by-tag-or-uuid", "deployment.triggered"),
    ("login-server-registry", "server.registry_login"),
    ("logout-server-registry", "server.registry_logout"),
];

/// Records a write that was carried out.
pub(in crate::testing) fn record(
    state: &mut State,
    operation: &Operation,
    call: &Call<'_>,
    reply: &Reply,
) {
    let reads = operation.method == Method::Get || operation.id == "check-server-registry-login";
    if reads || !state.release().has(SINCE) {
        return;
    }
    let known = KNOWN.iter().find(|(id, _)| *id == operation.id);
    let name = known.map_or_else(|| named(operation, call), |(_, name)| (*name).to_owned());
    let kind = name.split('.').next().unwrap_or_default().to_owned();
    let action = name.rsplit('.').next().unwrap_or_default().to_owned();
    let uuid = match call.param("uuid") {
        "" => reply.value()["uuid"].clone(),
        uuid => uuid.into(),
    };
    let user = forms::user();
    let form = json!({
        "team_id": state.team["id"],
        "event": format!("api.{name}"),
        "source": "api",
        "action": action,
        "level": "info",
        "actor_type": "api_token",
        "actor_id": user["id"],
        "actor_name": user["name"],
        "resource_type": kind,
        "resource_uuid": uuid,
        "resource_name": null,
        "description": format!("{kind} {action}").replace('_', " "),
        "created_at": clock::now(),
        "actor_email": user["email"],
        "actor_token_id": 1,
        "actor_token_name": "fake",
        "metadata": [],
        "changes": null,
        "ip_address": "127.0.0.1",
        "user_agent": call.header("user-agent"),
    });
    let row = without(state.fresh(form), &["uuid", "updated_at"]);
    state.tables.of_mut(EVENTS).push(row);
}

/// Returns the name of an event: the kind of resource, and what was done to it.
fn named(operation: &Operation, call: &Call<'_>) -> String {
    let kind = call.family().replace('-', "_");
    let kind = kind.strip_suffix('s').unwrap_or(&kind);
    let action = match operation.id.split('-').next().unwrap_or_default() {
        "create" | "add" => "created".to_owned(),
        "delete" | "remove" => "deleted".to_owned(),
        "update" | "patch" => "updated".to_owned(),
        other => other.to_owned(),
    };
    format!("{kind}.{action}")
}

/// `GET /audit-events`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let given: Map<String, Value> = QUERY
        .iter()
        .filter_map(|(field, _)| Some(((*field).to_owned(), call.query(field)?.into())))
        .collect();
    let mut findings = Findings::default();
    findings.check(&given, QUERY, state);
    findings.refuse()?;
    let number = |field: &str, default: usize| {
        let number = given.get(field).and_then(php::whole);
        number
            .and_then(|it| usize::try_from(it).ok())
            .unwrap_or(default)
    };
    let wanted = |field: &str| {
        let wanted = given.get(field).and_then(Value::as_str);
        wanted.filter(|it| !it.is_empty() && *it != "all")
    };
    let search = given.get("search").and_then(Value::as_str).map(str::trim);
    let search = search.unwrap_or_default().to_lowercase();
    let mut searched = vec!["event", "description", "resource_name", "actor_name"];
    searched.extend(call.sensitive.then_some("actor_email"));
    let found: Vec<Value> = state
        .tables
        .of(EVENTS)
        .iter()
        .rev()
        .filter(|it| wanted("action").is_none_or(|action| it["action"] == action))
        .filter(|it| wanted("source").is_none_or(|source| it["source"] == source))
        .filter(|it| {
            let mut fields = searched.iter();
            fields.any(|field| text(it, field).to_lowercase().contains(&search))
        })
        .map(|it| {
            if call.sensitive {
                it.clone()
            } else {
                without(it.clone(), SENSITIVE)
            }
        })
        .collect();
    Ok(Reply::json(
        200,
        page(
            &found,
            number("page", 1),
            number("per_page", 25),
            &call.url(),
        ),
    ))
}

/// Returns a page in the form of the framework.
fn page(found: &[Value], number: usize, size: usize, url: &str) -> Value {
    let last = found.len().div_ceil(size).max(1);
    let skip = (number - 1).saturating_mul(size);
    let shown: Vec<&Value> = found.iter().skip(skip).take(size).collect();
    let link = |number: usize| format!("{url}?page={number}");
    let (from, to) = if shown.is_empty() {
        (None, None)
    } else {
        (Some(skip + 1), Some(skip + shown.len()))
    };
    json!({
        "current_page": number,
        "data": shown,
        "first_page_url": link(1),
        "from": from,
        "last_page": last,
        "last_page_url": link(last),
        "links": [],
        "next_page_url": (number < last).then(|| link(number + 1)),
        "path": url,
        "per_page": size,
        "prev_page_url": (number > 1).then(|| link(number - 1)),
        "to": to,
        "total": found.len(),
    })
}
