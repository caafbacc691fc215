//! Rows in the form in which other rows embed them: a resource in its
//! environment, and a server or an environment in a resource.

use serde_json::Value;

use crate::testing::state::{Application, Database, SCOPE, Server, Service, State, without};

/// The fields of an application that need `read:sensitive`.
pub(super) const APPLICATION_SECRETS: &[&str] = &[
    "custom_labels",
    "docker_compose",
    "docker_compose_raw",
    "dockerfile",
    "http_basic_auth_password",
    "manual_webhook_secret_bitbucket",
    "manual_webhook_secret_gitea",
    "manual_webhook_secret_github",
    "manual_webhook_secret_gitlab",
];

/// The fields of a service that need `read:sensitive`.
pub(super) const SERVICE_SECRETS: &[&str] = &["docker_compose", "docker_compose_raw"];

/// The settings of a server that need `read:sensitive`.
const SERVER_SECRETS: &[&str] = &[
    "logdrain_axiom_api_key",
    "logdrain_custom_config",
    "logdrain_custom_config_parser",
    "logdrain_newrelic_license_key",
    "sentinel_custom_url",
    "sentinel_token",
];

/// Returns an application in the form of an environment's reply.
pub(super) fn application(state: &State, application: &Application, sensitive: bool) -> Value {
    let mut shown = application.row.clone();
    if !sensitive && state.withholds_everywhere() {
        shown = without(
            without(shown, APPLICATION_SECRETS),
            &["domain_dns_statuses"],
        );
    }
    shown["destination"] = destination(state, &application.row["destination_id"], false);
    shown
}

/// Returns an application in the form of a deployment's reply, without secrets.
pub(super) fn application_of_deployment(state: &State, application: &Application) -> Value {
    let mut shown = without(application.row.clone(), &["domain_dns_statuses"]);
    if state.withholds_everywhere() {
        shown = without(shown, APPLICATION_SECRETS);
    }
    shown["destination"] = destination(state, &application.row["destination_id"], false);
    shown["environment"] = environment(state, &application.row["environment_id"]);
    shown
}

/// Returns a database in the form of an environment's or a storage's reply.
pub(super) fn database(state: &State, database: &Database, sensitive: bool) -> Value {
    let sensitive = sensitive || !state.withholds_everywhere();
    plain_database(state, database, sensitive, false)
}

/// Returns a database with its destination, with or without secrets.
pub(super) fn plain_database(
    state: &State,
    database: &Database,
    sensitive: bool,
    sensitive_server: bool,
) -> Value {
    let mut shown = database.row.clone();
    if !sensitive {
        let of_engine = database.engine.secrets.iter();
        // Scripts were not secret before 4.2.0.
        let is_secret = |field: &&&str| state.withholds_everywhere() || **field != "init_scripts";
        let of_engine: Vec<&str> = of_engine.filter(is_secret).copied().collect();
        shown = without(
            without(shown, &of_engine),
            &["internal_db_url", "external_db_url"],
        );
    }
    shown["destination"] = destination(state, &database.row["destination_id"], sensitive_server);
    shown
}

/// Returns a service in the form of an environment's reply and of the list of
/// resources.
pub(super) fn service(state: &State, service: &Service, sensitive: bool) -> Value {
    let mut shown = service.with_parts();
    if !sensitive && state.withholds_everywhere() {
        shown = without(shown, SERVICE_SECRETS);
    }
    shown["server"] = server(state, &service.row["server_id"], false);
    shown
}

/// Returns a destination with its server, as resources embed it.
pub(super) fn destination(state: &State, id: &Value, sensitive: bool) -> Value {
    let mut rows = state.tables.of("destinations").iter();
    let Some(row) = rows.find(|row| row["id"] == *id) else {
        return Value::Null;
    };
    let mut shown = without(row.clone(), &[SCOPE]);
    shown["server"] = server(state, &row["server_id"], sensitive);
    shown
}

/// Returns a server with its settings, as destinations and services embed it.
pub(super) fn server(state: &State, id: &Value, sensitive: bool) -> Value {
    let mut servers = state.servers.iter();
    let Some(server) = servers.find(|server| server.row["id"] == *id) else {
        return Value::Null;
    };
    let mut shown = server.row.clone();
    let sensitive = sensitive || !state.withholds_everywhere();
    shown["settings"] = server_settings(state, server, sensitive);
    shown
}

/// Returns the settings of a server as its row has them.
pub(super) fn server_settings(state: &State, server: &Server, sensitive: bool) -> Value {
    let settings = server.settings.clone();
    match (sensitive, state.withholds_everywhere()) {
        (true, _) => settings,
        (false, true) => without(settings, SERVER_SECRETS),
        (false, false) => without(settings, &["sentinel_token"]),
    }
}

/// Returns the environment of a resource with its project and team, as resources
/// embed it.
pub(super) fn environment(state: &State, id: &Value) -> Value {
    let by_id = |rows: &[Value], id: &Value| {
        rows.iter()
            .find(|row| row["id"] == *id)
            .cloned()
            .unwrap_or_default()
    };
    let mut shown = by_id(&state.environments, id);
    let mut project = by_id(&state.projects, &shown["project_id"]);
    project["team"] = state.team.clone();
    shown["project"] = project;
    shown
}

/// Returns the id of the project that an environment is in.
pub(super) fn project_of(state: &State, environment: &Value) -> Value {
    let mut environments = state.environments.iter();
    let environment = environments.find(|row| row["id"] == *environment);
    environment
        .map(|row| row["project_id"].clone())
        .unwrap_or_default()
}
