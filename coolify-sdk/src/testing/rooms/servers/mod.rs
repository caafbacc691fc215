//! Servers.

pub(super) mod registries;
pub(super) mod settings;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::Run, Routes, destinations, embedded, private_keys, resources,
        scheduled_tasks::check_cron, shared_variables,
    },
    state::{Columns, Server, State, clock, forms, only, text, without},
    validation::{
        ANY_NAME, NOTE, hold, hosts,
        rules::{Field, Rule},
        text as text_rules,
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-servers", Run(list)),
    ("create-server", Run(create)),
    ("get-server-by-uuid", Run(get)),
    ("update-server-by-uuid", Run(update)),
    ("delete-server-by-uuid", Run(delete)),
    ("validate-server-by-uuid", Run(validate)),
    ("get-resources-by-server-uuid", Run(resources)),
    ("get-domains-by-server-uuid", Run(domains)),
];

const NEW: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("description", &[NOTE]),
    ("ip", &[Rule::Required, Rule::Text, Rule::Is(hosts::server)]),
    ("port", PORT),
    ("private_key_uuid", &[Rule::Required, Rule::Text]),
    ("user", USER),
    ("is_build_server", &[Rule::Nullable, Rule::Switch]),
    ("instant_validate", &[Rule::Nullable, Rule::Switch]),
    ("proxy_type", &[NOTE]),
];

const CHANGED: &[Field] = &[
    ("name", &[Rule::Nullable, ANY_NAME]),
    ("description", &[NOTE]),
    ("ip", &[NOTE, Rule::Is(hosts::server)]),
    ("port", PORT),
    ("private_key_uuid", &[NOTE]),
    ("user", USER),
    ("is_build_server", &[Rule::Nullable, Rule::Switch]),
    ("instant_validate", &[Rule::Nullable, Rule::Switch]),
    ("proxy_type", &[NOTE]),
    ("concurrent_builds", &[Rule::Whole, Rule::Min(1)]),
    ("dynamic_timeout", &[Rule::Whole, Rule::Min(1)]),
    ("deployment_queue_limit", &[Rule::Whole, Rule::Min(1)]),
    (
        "server_disk_usage_notification_threshold",
        &[Rule::Whole, Rule::Min(1), Rule::Max(100)],
    ),
    ("server_disk_usage_check_frequency", &[Rule::Text]),
    (
        "connection_timeout",
        &[
            Rule::NewIn("4.1.0"),
            Rule::Whole,
            Rule::Min(1),
            Rule::Max(300),
        ],
    ),
    (
        "is_terminal_enabled",
        &[Rule::NewIn("4.3.0"), Rule::Nullable, Rule::Switch],
    ),
];

const PORT: &[Rule] = &[Rule::Nullable, Rule::Whole, Rule::Min(1), Rule::Max(65535)];

const USER: &[Rule] = &[
    NOTE,
    Rule::Since("4.1.0", &[Rule::Is(text_rules::user)]),
    Rule::Before("4.1.0", &[Rule::Is(text_rules::old_user)]),
];

const COLUMNS: Columns = Columns {
    plain: &["name", "description"],
    whole: &[
        "port",
        "concurrent_builds",
        "dynamic_timeout",
        "deployment_queue_limit",
        "server_disk_usage_notification_threshold",
        "connection_timeout",
        "docker_cleanup_threshold",
        "sentinel_metrics_refresh_rate_seconds",
        "sentinel_metrics_history_days",
        "sentinel_push_interval_seconds",
    ],
    long: &[
        "sentinel_token",
        "logdrain_custom_config",
        "logdrain_custom_config_parser",
    ],
    switch: &[
        "is_build_server",
        "is_terminal_enabled",
        "is_cloudflare_tunnel",
        "generate_exact_labels",
        "force_docker_cleanup",
        "delete_unused_volumes",
        "delete_unused_networks",
        "disable_application_image_retention",
        "is_sentinel_enabled",
        "is_metrics_enabled",
        "is_sentinel_debug_enabled",
        "is_logdrain_newrelic_enabled",
        "is_logdrain_axiom_enabled",
        "is_logdrain_custom_enabled",
    ],
    filled: &["ip", "port", "user"],
    ..Columns::PLAIN
};

/// The proxies that Coolify runs.
const PROXIES: &[&str] = &["NONE", "TRAEFIK", "CADDY", "NGINX"];

impl Server {
    /// Writes fields to where they are stored.
    pub(in crate::testing) fn fill(&mut self, body: &Map<String, Value>) -> Result<(), Reply> {
        fill(&mut self.row, &mut self.settings, body)
    }
}

/// Writes fields to where they are stored: in the row, in the settings, or under
/// another name.
fn fill(row: &mut Value, settings: &mut Value, body: &Map<String, Value>) -> Result<(), Reply> {
    for (field, value) in body {
        if field == "proxy_type" {
            if !value.is_null() {
                row["proxy"]["type"] = text_of(value).to_uppercase().into();
            }
        } else if settings.get(field).is_some() {
            COLUMNS.write(settings, field, value)?;
        } else if row.get(field).is_some() {
            COLUMNS.write(row, field, value)?;
        }
    }
    row["updated_at"] = clock::now().into();
    Ok(())
}

/// Adds the server of a new Coolify, which it runs on itself.
pub(in crate::testing) fn furnish(state: &mut State) {
    let mut row = forms::server();
    row["uuid"] = state.mint().into();
    // All is well with it: the proxy runs, and Sentinel has just reported.
    row["proxy"]["status"] = "running".into();
    row["sentinel_updated_at"] = clock::now_plain().into();
    add(state, row, forms::server_settings());
    let rows = state.tables.of_mut("destinations");
    for row in rows {
        row["id"] = 0.into();
    }
}

/// Adds a server with its initial network and variables.
pub(in crate::testing) fn add(state: &mut State, row: Value, settings: Value) -> String {
    let uuid = text(&row, "uuid");
    let known = row.clone();
    state.servers.push(Server {
        row,
        settings,
        cleanups: Vec::new(),
        proxy_configuration: Value::Null,
    });
    destinations::furnish_server(state, &known);
    shared_variables::furnish_server(state, &known);
    uuid
}

/// Returns a server that has not been validated yet.
pub(in crate::testing) fn fresh(state: &mut State, name: &str) -> (Value, Value) {
    let mut row = state.fresh(forms::server());
    let mut settings = forms::server_settings();
    settings["server_id"] = row["id"].clone();
    settings["is_reachable"] = false.into();
    settings["is_usable"] = false.into();
    let given = match name {
        "" => format!("server-{}", text(&row, "uuid")),
        name => name.to_owned(),
    };
    row["name"] = given.into();
    row["description"] = Value::Null;
    row["is_coolify_host"] = false.into();
    row["port"] = 22.into();
    row["proxy"] = json!({"redirect_enabled": true, "type": "TRAEFIK", "status": "exited"});
    (row, settings)
}

/// `GET /servers`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let shown = state.servers.iter().map(|server| {
        let mut shown = only(
            &server.row,
            &[
                "uuid",
                "description",
                "name",
                "ip",
                "is_coolify_host",
                "port",
                "user",
            ],
        );
        shown["is_reachable"] = server.settings["is_reachable"].clone();
        shown["is_usable"] = server.settings["is_usable"].clone();
        shown["proxy"] = only(&server.row["proxy"], &["redirect_enabled"]);
        shown["settings"] = embedded::server_settings(state, server, call.sensitive);
        shown
    });
    Ok(Reply::json(200, shown.collect()))
}

/// `POST /servers`.
fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let mut body = call.object()?;
    hold(&body, NEW, state)?;
    check_proxy(&body)?;
    let given = |field: &str| body.get(field).map(text_of).unwrap_or_default();
    let key = private_keys::id_of(state, given("private_key_uuid"))?;
    if state.servers.iter().any(|it| it.row["ip"] == given("ip")) {
        let by_whom = if state.release().has("4.3.10") {
            ""
        } else {
            " by another team"
        };
        return Err(Reply::message(
            400,
            format!("A server with this IP/Domain is already in use{by_whom}."),
        ));
    }
    let (mut row, mut settings) = fresh(state, given("name"));
    row["description"] = "".into();
    row["private_key_id"] = key;
    // Absent and empty fields keep the values of a new server.
    body.retain(|_, value| !value.is_null());
    fill(&mut row, &mut settings, &body)?;
    let uuid = add(state, row, settings);
    Ok(Reply::json(201, json!({ "uuid": uuid })))
}

/// `GET /servers/{uuid}`.
fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let server = state.server(call.param("uuid"))?;
    let mut shown = without(server.row.clone(), &["id"]);
    shown["settings"] = embedded::server_settings(state, server, call.sensitive);
    Ok(Reply::json(200, shown))
}

/// `PATCH /servers/{uuid}`.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let mut body = call.object()?;
    hold(&body, CHANGED, state)?;
    check_proxy(&body)?;
    let key = match body.get("private_key_uuid").filter(|it| !it.is_null()) {
        Some(uuid) => Some(private_keys::id_of(state, text_of(uuid))?),
        None => None,
    };
    check_cron(&body, "server_disk_usage_check_frequency")?;
    for (field, empty) in [
        ("ip", json!("")),
        ("user", json!("")),
        ("port", json!(0)),
        ("is_terminal_enabled", json!(false)),
        ("is_build_server", json!(false)),
    ] {
        if let Some(value) = body.get_mut(field).filter(|it| it.is_null()) {
            *value = empty;
        }
    }
    let server = state.server_mut(call.param("uuid"))?;
    server.fill(&body)?;
    if let Some(key) = key {
        server.row["private_key_id"] = key;
    }
    let limit = body.get("deployment_queue_limit").and_then(Value::as_u64);
    if let Some(limit) = limit.and_then(|limit| usize::try_from(limit).ok()) {
        state.settings.queue_limit = limit;
    }
    Ok(Reply::json(201, json!({ "uuid": call.param("uuid") })))
}

/// `DELETE /servers/{uuid}`.
fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let server = state.server(call.param("uuid"))?.row.clone();
    let has_resources = !resources::on_server(state, &server["id"]).is_empty();
    if has_resources && !call.switch("force") {
        return Err(Reply::message(
            400,
            "Server has resources. Use ?force=true to delete all resources and the server, or delete resources manually first.",
        ));
    }
    if server["is_coolify_host"] == true {
        return Err(Reply::message(400, "Local server cannot be deleted."));
    }
    for resource in resources::on_server(state, &server["id"]) {
        state.forget(&text(&resource, "uuid"));
    }
    destinations::clear_server(state, &server["id"]);
    state.servers.retain(|it| it.row["uuid"] != server["uuid"]);
    Ok(Reply::message(200, "Server deleted."))
}

/// `POST /servers/{uuid}/validate`: the server that Coolify runs on can be reached, and
/// those that were ordered at a cloud provider.
fn validate(state: &mut State, call: &Call<'_>) -> Answer {
    let server = state.server_mut(call.param("uuid"))?;
    if server.row["is_coolify_host"] == true {
        server.settings["docker_version"] = "28.2.2".into();
        server.settings["docker_version_checked_at"] = clock::now().into();
    } else if !server.row["cloud_provider_token_id"].is_null() {
        server.row["validation_logs"] = Value::Null;
        server.settings["is_reachable"] = true.into();
        server.settings["is_usable"] = true.into();
    } else {
        server.row["validation_logs"] = "Server is not reachable.".into();
    }
    Ok(Reply::message(201, "Validation started."))
}

/// Returns the entry of a resource in a server's list.
const SHOWN: &[&str] = &[
    "id",
    "uuid",
    "name",
    "type",
    "created_at",
    "updated_at",
    "status",
];

/// `GET /servers/{uuid}/resources`.
fn resources(state: &mut State, call: &Call<'_>) -> Answer {
    let id = state.server(call.param("uuid"))?.row["id"].clone();
    let shown = resources::on_server(state, &id);
    let shown = shown.iter().map(|resource| only(resource, SHOWN));
    Ok(Reply::json(200, shown.collect()))
}

/// `GET /servers/{uuid}/domains`. Its query parameter `uuid` shadows the one in
/// the path, so a request for one resource finds no server.
fn domains(state: &mut State, call: &Call<'_>) -> Answer {
    let uuid = call.query("uuid").unwrap_or(call.param("uuid").to_owned());
    let server = state.server(&uuid)?.row.clone();
    let mut domains = Vec::new();
    for resource in resources::on_server(state, &server["id"]) {
        let parts = resource["applications"].as_array().into_iter().flatten();
        for holder in parts.chain([&resource]) {
            let urls = text(holder, "fqdn");
            let urls = urls.split(',').filter_map(|url| url::Url::parse(url).ok());
            domains.extend(urls.filter_map(|url| url.host_str().map(str::to_owned)));
        }
    }
    let shown = match domains.as_slice() {
        [] => json!([]),
        domains => json!([{"ip": "203.0.113.10", "domains": domains}]),
    };
    Ok(Reply::json(200, shown))
}

fn check_proxy(body: &Map<String, Value>) -> Result<(), Reply> {
    let proxy = body.get("proxy_type").and_then(Value::as_str);
    let is_one = |proxy: &str| PROXIES.contains(&proxy.to_uppercase().as_str());
    if proxy.is_some_and(|proxy| !is_one(proxy)) {
        return Err(Reply::message(422, "Invalid proxy type."));
    }
    Ok(())
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
