//! The Docker registries of servers. They are known from Coolify's source.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php},
    rooms::{Does::Run, Routes},
    state::{State, text},
    validation::{
        Findings,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-server-registries", Run(list)),
    ("login-server-registry", Run(log_in)),
    ("check-server-registry-login", Run(check)),
    ("logout-server-registry", Run(log_out)),
];

/// The table with the logins of all servers.
const LOGINS: &str = "registry_logins";

const HUB: &str = "docker.io";

/// The hosts that mean Docker Hub as well.
const HUB_HOSTS: &[&str] = &[
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
];

const INVALID: &str = "Enter a registry host, for example ghcr.io or registry.example.com:5000.";

const NEW: &[Field] = &[
    ("registry", &[Rule::Required, Rule::Text, Rule::Max(255)]),
    ("username", &[Rule::Required, Rule::Text, Rule::Max(255)]),
    ("password", &[Rule::Required, Rule::Text, Rule::Max(20000)]),
];

php::patterns! {
    is_registry = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$";
    is_username = r"^[^\s]+$";
}

/// `GET /servers/{uuid}/registries`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let server = state.server(call.param("uuid"))?;
    let mut rows: BTreeMap<String, Value> = BTreeMap::new();
    let mut error = Value::Null;
    if server.settings["is_reachable"] == true {
        for login in state.tables.of(LOGINS) {
            if login["server"] == call.param("uuid") {
                let mut row = row_of(&text(login, "registry"));
                row["logged_in"] = true.into();
                row["source"] = "auths".into();
                row["username"] = login["username"].clone();
                rows.insert(text(login, "registry"), row);
            }
        }
    } else {
        error =
            "The server is not reachable. Validate the server to read its registry logins.".into();
    }
    for (kind, name, image) in images(state, call.param("uuid")) {
        let registry = registry_of(&image);
        let row = rows
            .entry(registry.clone())
            .or_insert_with(|| row_of(&registry));
        if let Some(users) = row["used_by"].as_array_mut() {
            users.push(json!({"type": kind, "name": name, "link": null}));
        }
    }
    let rows: Vec<Value> = rows.into_values().collect();
    Ok(Reply::json(
        200,
        json!({"registries": rows, "error": error}),
    ))
}

/// `POST /servers/{uuid}/registries`.
fn log_in(state: &mut State, call: &Call<'_>) -> Answer {
    let mut body = call.object()?;
    if let Some(registry) = body.get("registry").and_then(Value::as_str).map(host_of) {
        body.insert("registry".to_owned(), registry.into());
    }
    check_login(state, &body)?;
    check_server(state, call)?;
    let (registry, server) = (text_of(&body, "registry"), call.param("uuid"));
    let logins = state.tables.of_mut(LOGINS);
    logins.retain(|it| it["server"] != server || it["registry"] != registry);
    logins.push(json!({
        "server": server,
        "registry": registry,
        "username": body["username"],
    }));
    Ok(Reply::message(200, format!("Logged in to {registry}.")))
}

/// `POST /servers/{uuid}/registries/{registry}/check`.
fn check(state: &mut State, call: &Call<'_>) -> Answer {
    let registry = registry(call)?;
    check_server(state, call)?;
    let mut logins = state.tables.of(LOGINS).iter();
    if logins.any(|it| it["server"] == call.param("uuid") && it["registry"] == registry) {
        let said = format!("The login for {registry} works.");
        return Ok(Reply::message(200, said));
    }
    Err(Reply::message(
        400,
        format!("Login check failed: There is no saved login for {registry} on this server."),
    ))
}

/// `DELETE /servers/{uuid}/registries/{registry}`. It is no error if the server is not
/// logged in.
fn log_out(state: &mut State, call: &Call<'_>) -> Answer {
    let registry = registry(call)?;
    check_server(state, call)?;
    let logins = state.tables.of_mut(LOGINS);
    logins.retain(|it| it["server"] != call.param("uuid") || it["registry"] != registry);
    Ok(Reply::message(200, format!("Logged out from {registry}.")))
}

fn check_login(state: &State, body: &Map<String, Value>) -> Result<(), Reply> {
    let mut findings = Findings::default();
    findings.check(body, NEW, state);
    for (field, is_fine, wrong) in [
        ("registry", is_registry as fn(&str) -> bool, INVALID),
        (
            "username",
            is_username,
            "The username must not contain spaces.",
        ),
    ] {
        let given = body.get(field).and_then(Value::as_str);
        if given.is_some_and(|it| !is_fine(it)) {
            findings.add(field, wrong);
        }
    }
    findings.allow_only(body, &["registry", "username", "password"]);
    findings.refuse()
}

/// Refuses a server that does not exist, or that Coolify does not reach.
fn check_server(state: &State, call: &Call<'_>) -> Result<(), Reply> {
    if state.server(call.param("uuid"))?.settings["is_reachable"] == true {
        return Ok(());
    }
    Err(Reply::message(
        400,
        "The server is not reachable. Validate the server first.",
    ))
}

/// Returns the registry in the path.
fn registry(call: &Call<'_>) -> Result<String, Reply> {
    let registry = host_of(call.param("registry"));
    if registry.len() <= 255 && is_registry(&registry) {
        return Ok(registry);
    }
    Err(Reply::invalid(json!({ "registry": [INVALID] })))
}

/// Returns the host of a registry, without scheme and path.
fn host_of(registry: &str) -> String {
    let registry = registry.trim().to_lowercase();
    let host = registry
        .split_once("://")
        .map_or(registry.as_str(), |(_, it)| it);
    let host = host.split('/').next().unwrap_or_default();
    if HUB_HOSTS.contains(&host) { HUB } else { host }.to_owned()
}

/// Returns the registry of an image.
fn registry_of(image: &str) -> String {
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => host_of(first),
        _ => HUB.to_owned(),
    }
}

/// Returns the images of the resources of a server: kind, name, image.
fn images(state: &State, server: &str) -> Vec<(&'static str, String, String)> {
    let is_here = |row: &Value| {
        let here = state.server_of(&row["destination_id"]);
        here.is_some_and(|it| it.row["uuid"] == server)
    };
    let applications = state.applications.iter().map(|it| &it.row);
    let applications = applications.map(|it| ("Application", it, "docker_registry_image_name"));
    let databases = state.databases.iter().map(|it| &it.row);
    let databases = databases.map(|it| ("Database", it, "image"));
    let mut images: Vec<_> = applications
        .chain(databases)
        .filter(|(_, row, _)| is_here(row))
        .map(|(kind, row, image)| (kind, text(row, "name"), text(row, image)))
        .collect();
    for service in state.services.iter().filter(|it| is_here(&it.row)) {
        let mut seen = Vec::new();
        for part in &service.parts {
            let image = text(&part.row, "image");
            let registry = registry_of(&image);
            // A service is listed once for each registry.
            if !seen.contains(&registry) {
                images.push(("Service", text(&service.row, "name"), image));
                seen.push(registry);
            }
        }
    }
    images.retain(|(_, _, image)| !image.is_empty());
    images
}

fn row_of(registry: &str) -> Value {
    json!({
        "registry": registry,
        "logged_in": false,
        "source": null,
        "username": null,
        "used_by": [],
    })
}

fn text_of(body: &Map<String, Value>, field: &str) -> String {
    body.get(field).map(php::text).unwrap_or_default()
}
