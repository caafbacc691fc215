//! The domains of applications: what counts as one, and whose it is already.

use serde_json::{Map, Value, json};
use url::Url;

use super::{
    reply::Reply,
    state::{State, text},
};

/// Refuses domains that are no URLs, or that another application has.
pub(super) fn check(
    state: &State,
    but: Option<&str>,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let Some(domains) = body.get("domains").and_then(Value::as_str) else {
        return Ok(());
    };
    let wanted: Vec<&str> = split(domains).collect();
    check_wanted(state, but, &wanted, body)
}

/// The same for the domains of a compose application.
pub(super) fn check_compose(
    state: &State,
    uuid: &str,
    entries: &Value,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
    let wanted: Vec<&str> = entries
        .iter()
        .flat_map(|entry| split(entry["domain"].as_str().unwrap_or_default()))
        .collect();
    check_wanted(state, Some(uuid), &wanted, body)
}

/// The same for the URLs of a service's containers.
pub(super) fn check_urls(
    state: &State,
    but: Option<&str>,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let entries = body.get("urls").and_then(Value::as_array);
    let wanted: Vec<&str> = entries
        .into_iter()
        .flatten()
        .flat_map(|entry| split(entry["url"].as_str().unwrap_or_default()))
        .collect();
    check_wanted(state, but, &wanted, body)
}

/// The map of a compose application's domains, as text: what was there is gone,
/// and what the compose file does not have is passed over. None when nothing
/// would be in it: then the old map stays.
pub(super) fn compose_map(row: &Value, entries: &Value) -> Option<String> {
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

fn check_wanted(
    state: &State,
    but: Option<&str>,
    wanted: &[&str],
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let wrong: Vec<String> = wanted
        .iter()
        .filter(|domain| !is_domain(domain))
        .map(|domain| format!("Invalid URL: {domain}"))
        .collect();
    if !wrong.is_empty() {
        return Err(Reply::invalid(wrong));
    }
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

/// The refusal of `domains` on an application that is a compose file.
pub(super) fn not_for_compose() -> Reply {
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
            .filter(|domain| split(&taken).any(|it| it == **domain))
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

fn split(domains: &str) -> impl Iterator<Item = &str> {
    domains
        .split(',')
        .map(str::trim)
        .filter(|domain| !domain.is_empty())
}

fn is_domain(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
