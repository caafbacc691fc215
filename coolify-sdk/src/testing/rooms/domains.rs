//! The domains of applications: their form, and conflicts.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Release, Reply},
    state::{State, text},
    validation::domains::{is_filtered, list, lower, one},
};

/// Refuses invalid domains, and domains of other applications.
pub(in crate::testing) fn check(
    state: &State,
    but: Option<&str>,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let domains = match body.get("domains") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(domains)) => domains,
        Some(Value::Array(_)) if !state.release().has("4.2.0") => {
            return Err(Reply::server_error());
        }
        Some(_) => return Err(Reply::invalid(vec!["Domains are a text."])),
    };
    let wanted: Vec<&str> = list(domains).collect();
    check_wanted(state, but, &wanted, body)
}

/// Writes the domains of a body as they are stored.
pub(in crate::testing) fn write_lower(state: &State, body: &mut Map<String, Value>) {
    if let Some(domains) = body.get_mut("domains") {
        let lower = domains.as_str().map(|it| lower(it, state.release()));
        *domains = lower
            .filter(|it| !it.is_empty())
            .map_or(Value::Null, Value::String);
    }
}

/// Refuses invalid domains of a compose application, and domains of other
/// applications.
pub(in crate::testing) fn check_compose(
    state: &State,
    uuid: &str,
    entries: &Value,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
    let wanted: Vec<&str> = entries
        .iter()
        .flat_map(|entry| list(entry["domain"].as_str().unwrap_or_default()))
        .collect();
    check_wanted(state, Some(uuid), &wanted, body)
}

/// Refuses invalid, duplicate and conflicting URLs of a service's containers.
pub(in crate::testing) fn check_urls(
    state: &State,
    but: Option<&str>,
    parts: &[String],
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let entries = body.get("urls").and_then(Value::as_array);
    let entries: Vec<&Value> = entries.into_iter().flatten().collect();
    let wanted: Vec<&str> = entries
        .iter()
        .flat_map(|entry| list(entry["url"].as_str().unwrap_or_default()))
        .collect();
    let is_forced = body.get("force_domain_override") == Some(&json!(true));
    if has_twice(&wanted, state.release()) && !is_forced {
        return Err(Reply::invalid(vec!["A URL is there twice."]));
    }
    check_wanted(state, but, &wanted, body)?;
    let is_known = |it: &&Value| parts.iter().any(|part| it["name"] == **part);
    if entries.iter().all(is_known) {
        return Ok(());
    }
    Err(Reply::invalid(vec!["There is no such container."]))
}

/// Refuses URLs of one container that PHP's filter does not accept, and
/// conflicting ones.
pub(in crate::testing) fn check_part(
    state: &State,
    but: Option<&str>,
    body: &Map<String, Value>,
    is_forced: bool,
) -> Result<(), Reply> {
    let urls = body.get("url").and_then(Value::as_str).unwrap_or_default();
    let wanted: Vec<&str> = list(urls).collect();
    if !wanted.iter().all(|it| is_filtered(it)) {
        return Err(Reply::invalid(vec!["Invalid URL."]));
    }
    if is_forced {
        return Ok(());
    }
    if has_twice(&wanted, state.release()) {
        return Err(Reply::invalid(vec!["A URL is there twice."]));
    }
    refuse_conflicts(state, but, &wanted, body)
}

/// Returns the new map of a compose application's domains, as text, without
/// services that are not in the compose file. It is `None` if it would be empty;
/// then the old map is kept.
pub(in crate::testing) fn compose_map(row: &Value, entries: &Value) -> Option<String> {
    let file = text(row, "docker_compose_raw");
    let old: Value = serde_json::from_str(&text(row, "docker_compose_domains")).unwrap_or_default();
    let mut map = Map::new();
    for entry in entries.as_array().into_iter().flatten() {
        let name = entry["name"].as_str().unwrap_or_default();
        if !file.contains(&format!("\n  {name}:")) {
            continue;
        }
        let mut written = json!({"domain": entry["domain"]});
        let redirect = entry.get("redirect").unwrap_or(&old[name]["redirect"]);
        if redirect.is_string() {
            written["redirect"] = redirect.clone();
        }
        map.insert(name.to_owned(), written);
    }
    (!map.is_empty()).then(|| Value::Object(map).to_string())
}

/// Returns the map of a new compose application's domains, as text.
pub(in crate::testing) fn new_compose_map(
    state: &State,
    entries: &Value,
    body: &Map<String, Value>,
) -> Result<String, Reply> {
    let items = entries.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        return Err(Reply::server_error());
    }
    let domain = |entry: &Value| entry["domain"].as_str().unwrap_or_default().to_owned();
    let all = items.iter().map(domain).collect::<Vec<_>>().join(",");
    let wanted: Vec<&str> = list(&all).collect();
    if has_twice(&wanted, state.release())
        && body.get("force_domain_override") != Some(&json!(true))
    {
        let wrong = json!({"docker_compose_domains": ["A domain is there twice."]});
        return Err(Reply::invalid(wrong));
    }
    if !wanted.iter().all(|it| one(it, state.release())) {
        let wrong = json!({"docker_compose_domains": ["Invalid URL."]});
        return Err(Reply::invalid(wrong));
    }
    refuse_conflicts(state, None, &wanted, body)?;
    let mut map = Map::new();
    for entry in items {
        let mut written = json!({"domain": entry["domain"]});
        if entry["redirect"].is_string() {
            written["redirect"] = entry["redirect"].clone();
        }
        map.insert(
            entry["name"].as_str().unwrap_or_default().to_owned(),
            written,
        );
    }
    // PHP escapes slashes.
    Ok(Value::Object(map).to_string().replace('/', "\\/"))
}

/// Returns the domains of a list that are among others.
pub(in crate::testing) fn of_those(wanted: &Value, others: &str) -> Value {
    let wanted = wanted
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    wanted
        .filter(|it| list(others).any(|other| bare(other) == bare(it)))
        .collect()
}

/// Returns whether two domains are stored in the same form.
fn has_twice(domains: &[&str], release: Release) -> bool {
    let mut seen = BTreeSet::new();
    domains
        .iter()
        .any(|domain| !seen.insert(lower(domain, release)))
}

fn check_wanted(
    state: &State,
    but: Option<&str>,
    wanted: &[&str],
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let wrong: Vec<String> = wanted
        .iter()
        .filter(|domain| !one(domain, state.release()))
        .map(|domain| format!("Invalid URL: {domain}"))
        .collect();
    if !wrong.is_empty() {
        return Err(Reply::invalid(wrong));
    }
    refuse_conflicts(state, but, wanted, body)
}

fn refuse_conflicts(
    state: &State,
    but: Option<&str>,
    wanted: &[&str],
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let conflicts = conflicts(state, but, wanted);
    if conflicts.is_empty() || body.get("force_domain_override") == Some(&json!(true)) {
        return Ok(());
    }
    Err(Reply::json(
        409,
        json!({
            "message": "Domain conflicts detected. Use force_domain_override=true to proceed.",
            "conflicts": conflicts,
            "warning": "Using the same domain for multiple resources can cause routing conflicts and unpredictable behavior.",
        }),
    ))
}

/// Returns the refusal of `domains` on an application that is a compose file.
pub(in crate::testing) fn not_for_compose() -> Reply {
    Reply::invalid_field(
        "domains",
        "The domains field cannot be used for dockercompose applications. Use docker_compose_domains instead to set domains for individual services.",
    )
}

fn conflicts(state: &State, but: Option<&str>, wanted: &[&str]) -> Vec<Value> {
    let mut conflicts = Vec::new();
    for application in &state.applications {
        if but.is_some_and(|uuid| application.row["uuid"] == uuid) {
            continue;
        }
        let taken = text(&application.row, "fqdn");
        let name = text(&application.row, "name");
        for domain in wanted
            .iter()
            .filter(|domain| list(&taken).any(|it| bare(it) == bare(domain)))
        {
            conflicts.push(json!({
                "domain": domain,
                "resource_name": name,
                "resource_uuid": application.row["uuid"],
                "resource_type": "application",
                "message": format!("Domain {domain} is already in use by application '{name}'"),
            }));
        }
    }
    conflicts
}

/// Returns a domain as it is compared: in lower case, without the slash at its
/// end.
fn bare(domain: &str) -> String {
    let domain = domain.strip_suffix('/').unwrap_or(domain);
    domain.to_lowercase()
}
