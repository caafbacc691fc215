//! Applications.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Map, Value, json};

use super::{
    application_columns::{COLUMNS, modelled},
    application_fields::{UPDATED, with},
    call::Call,
    clock, deployments, destinations, domains, environments,
    job::Job,
    logs::{Log, Page},
    placement::Place,
    previews::Previews,
    replies,
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    state::{State, text, without},
    validation::{
        encoded, hold,
        php::{self, is_truthy},
    },
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("list-applications", Run(list)),
    ("get-application-by-uuid", Run(get)),
    ("update-application-by-uuid", Run(update)),
    ("delete-application-by-uuid", Run(delete)),
    ("start-application-by-uuid", Run(start)),
    ("restart-application-by-uuid", Run(restart)),
    ("stop-application-by-uuid", Run(stop)),
    ("get-application-logs-by-uuid", Run(logs)),
];

/// What a token without `read:sensitive` does not see.
const SECRETS: &[&str] = &[
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

/// An application with what belongs to it alone.
pub(super) struct Application {
    pub(super) row: Value,
    settings: Value,
    pub(super) tags: Vec<String>,
    pub(super) previews: Previews,
    /// The uuids of the destinations besides the one it was made for.
    pub(super) destinations: Vec<Value>,
    pub(super) deletion: Job,
    /// Reads the compose file out of the repository.
    pub(super) reading: Job,
    pub(super) log: Log,
}

impl Application {
    /// An application with the defaults of all its fields.
    pub(super) fn new(state: &mut State, place: &Place) -> Self {
        let mut row = state.fresh(replies::application());
        place.settle(&mut row);
        row["config_hash"] = "0123456789abcdef0123456789abcdef".into();
        for provider in ["bitbucket", "gitea", "github", "gitlab"] {
            row[format!("manual_webhook_secret_{provider}")] = state.mint().into();
        }
        Self {
            row,
            settings: replies::application_settings(),
            tags: Vec::new(),
            previews: Previews::default(),
            destinations: Vec::new(),
            deletion: Job::default(),
            reading: Job::default(),
            log: Log::default(),
        }
    }

    /// A stopped copy of it around a fresh row, as cloning leaves it.
    pub(super) fn copy(&self, mut row: Value) -> Self {
        row["status"] = "exited:unhealthy".into();
        row["fqdn"] = Value::Null;
        Self {
            row,
            settings: self.settings.clone(),
            tags: self.tags.clone(),
            previews: Previews::default(),
            destinations: Vec::new(),
            deletion: Job::default(),
            reading: Job::default(),
            log: Log::default(),
        }
    }

    /// The row with its settings and tags, for assertions.
    pub(super) fn snapshot(&self) -> Value {
        let mut row = self.row.clone();
        row["settings"] = self.settings.clone();
        row["tags"] = self.tags.clone().into();
        row
    }

    /// Writes fields where they live: in the row, in the settings, or under another name.
    pub(super) fn fill(&mut self, body: &Map<String, Value>, is_new: bool) -> Result<(), Reply> {
        for (field, value) in body {
            match field.as_str() {
                "domains" => self.row["fqdn"] = value.clone(),
                "custom_labels"
                | "custom_nginx_configuration"
                | "dockerfile"
                | "docker_compose_raw" => self.row[field] = decoded(value),
                "use_build_server" => self.settle("is_build_server_enabled", value)?,
                field if self.settings.get(field).is_some() => self.settle(field, value)?,
                "noindex_domains" => {
                    let domains = text(&self.row, "fqdn");
                    self.row[field] = domains::of_those(value, &domains);
                }
                field if self.row.get(field).is_some() => {
                    // What does not change is left as it is.
                    if !is_new && self.row[field] == *value {
                        continue;
                    }
                    let value = modelled(field, value, &text(&self.row, "build_pack"));
                    COLUMNS.write(&mut self.row, field, &value)?;
                }
                _ => {}
            }
        }
        self.row["updated_at"] = clock::now().into();
        Ok(())
    }

    /// Writes a setting. Switches are switched only by a value.
    fn settle(&mut self, field: &str, value: &Value) -> Result<(), Reply> {
        if self.settings[field].is_boolean() {
            if !value.is_null() {
                self.settings[field] = is_truthy(value).into();
            }
            return Ok(());
        }
        COLUMNS.write(&mut self.settings, field, value)
    }
}

/// `GET /applications`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let tag = call.query("tag");
    let applications: Vec<_> = state
        .applications
        .iter()
        .filter(|application| {
            tag.as_ref()
                .is_none_or(|tag| application.tags.contains(tag))
        })
        .map(|application| listed(state, application, call.sensitive))
        .collect();
    Ok(Reply::json(200, applications.into()))
}

/// `GET /applications/{uuid}`.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application(call.param("uuid"))?;
    let mut shown = listed(state, application, call.sensitive);
    if state.release().has("4.2.0") {
        shown["settings"] = application.settings.clone();
        shown["environment"] = environments::embedded(state, &application.row["environment_id"]);
    }
    if call.sensitive {
        // Only here do the labels come as they are sent: in base64.
        shown["custom_labels"] = BASE64
            .encode(text(&application.row, "custom_labels"))
            .into();
    }
    Ok(Reply::json(200, shown))
}

/// `PATCH /applications/{uuid}`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let mut body = call.object()?;
    let uuid = call.param("uuid");
    let is_compose = state.application(uuid)?.row["build_pack"] == "dockercompose";
    let has_source = !state.application(uuid)?.row["docker_compose_raw"].is_null();
    check_ports(&body)?;
    check_encoded(state, &body, "custom_nginx_configuration")?;
    let keeps_domains = state.keeps_domains(&state.application(uuid)?.row["destination_id"]);
    check_data(state, Some(uuid), &mut body, keeps_domains)?;
    hold(&body, &with(&[UPDATED]), state)?;
    if is_compose && body.contains_key("domains") {
        return Err(domains::not_for_compose());
    }
    if !keeps_domains {
        // Without a word.
        body.remove("domains");
    }
    if body.contains_key("docker_compose_domains") && !has_source {
        return Err(Reply::invalid_field(
            "docker_compose_domains",
            "Cannot set docker_compose_domains without docker_compose_raw. Reload the compose file from the git repository first.",
        ));
    }
    if let Some(entries) = body.remove("docker_compose_domains") {
        domains::check_compose(state, uuid, &entries, &body)?;
        let row = &mut state.application_mut(uuid)?.row;
        if let Some(map) = domains::compose_map(row, &entries) {
            row["docker_compose_domains"] = map.into();
        }
    }
    state.application_mut(uuid)?.fill(&body, false)?;
    if body.get("instant_deploy") == Some(&json!(true)) {
        deployments::queue(state, uuid, &deployments::Order::default())?;
    }
    Ok(Reply::json(200, json!({ "uuid": uuid })))
}

/// `DELETE /applications/{uuid}`.
pub(super) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let lag = state.settings.job_lag;
    let application = state
        .application_mut(call.param("uuid"))
        .map_err(|_| Reply::message(404, "Application not found"))?;
    application.deletion.queue(lag);
    Ok(Reply::message(200, "Application deletion request queued."))
}

/// `POST /applications/{uuid}/start`.
pub(super) fn start(state: &mut State, call: &Call<'_>) -> Answer {
    let order = deployments::Order {
        force: call.switch("force"),
        ..deployments::Order::default()
    };
    deploy(state, call, &order, "Deployment request queued.")
}

/// `POST /applications/{uuid}/restart`.
pub(super) fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    let order = deployments::Order {
        restart: true,
        ..deployments::Order::default()
    };
    deploy(state, call, &order, "Restart request queued.")
}

/// These two do not look at what became of their order: when the queue is full they
/// answer with the uuid of a deployment that never existed.
fn deploy(state: &mut State, call: &Call<'_>, order: &deployments::Order, said: &str) -> Answer {
    let uuid = text(&state.application(call.param("uuid"))?.row, "uuid");
    let deployment = match deployments::queue(state, &uuid, order)? {
        deployments::Outcome::AlreadyQueued => {
            return Ok(Reply::message(200, deployments::ALREADY_QUEUED));
        }
        deployments::Outcome::Queued(deployment) => deployment,
        deployments::Outcome::Full => state.mint(),
    };
    Ok(Reply::json(
        200,
        json!({"message": said, "deployment_uuid": deployment}),
    ))
}

/// `POST /applications/{uuid}/stop`.
pub(super) fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application_mut(call.param("uuid"))?;
    application.row["status"] = "exited:unhealthy".into();
    Ok(Reply::message(200, "Application stopping request queued."))
}

/// `GET /applications/{uuid}/logs`.
pub(super) fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let page = Page::of(state, call);
    let application = state.application_mut(call.param("uuid"))?;
    if !text(&application.row, "status").starts_with("running") {
        return Err(Reply::message(400, "Application is not running."));
    }
    let name = text(&application.row, "name");
    Ok(Reply::json(200, application.log.shown(&name, page)))
}

/// As environments embed an application.
pub(super) fn in_environment(state: &State, application: &Application, sensitive: bool) -> Value {
    let mut shown = application.row.clone();
    if !sensitive && state.withholds_everywhere() {
        shown = without(without(shown, SECRETS), &["domain_dns_statuses"]);
    }
    shown["destination"] = destinations::embedded(state, &application.row["destination_id"], false);
    shown
}

/// As deployments embed an application: without its secrets.
pub(super) fn in_deployment(state: &State, application: &Application) -> Value {
    let mut shown = without(application.row.clone(), &["domain_dns_statuses"]);
    if state.withholds_everywhere() {
        shown = without(shown, SECRETS);
    }
    shown["destination"] = destinations::embedded(state, &application.row["destination_id"], false);
    shown["environment"] = environments::embedded(state, &application.row["environment_id"]);
    shown
}

fn listed(state: &State, application: &Application, sensitive: bool) -> Value {
    let mut shown = without(application.row.clone(), &["id", "domain_dns_statuses"]);
    if !sensitive {
        shown = without(without(shown, SECRETS), &["private_key_id"]);
    }
    shown["destination"] =
        destinations::embedded(state, &application.row["destination_id"], sensitive);
    shown
}

/// An update looks at the ports before anything else, and only whether they are numbers.
fn check_ports(body: &Map<String, Value>) -> Result<(), Reply> {
    let ports = match body.get("ports_exposes") {
        None => return Ok(()),
        Some(Value::Array(_) | Value::Object(_)) => return Err(Reply::server_error()),
        Some(ports) => php::text(ports),
    };
    if ports.split(',').all(|it| php::number(&it.into()).is_some()) {
        return Ok(());
    }
    Err(Reply::invalid_field(
        "ports_exposes",
        "The ports_exposes should be a comma separated list of numbers.",
    ))
}

/// What every endpoint looks at besides the rules for the fields: the ports of the host,
/// the labels and the domains, which are written in lower case from here on.
pub(super) fn check_data(
    state: &State,
    but: Option<&str>,
    body: &mut Map<String, Value>,
    keeps_domains: bool,
) -> Result<(), Reply> {
    if !state.release().has("4.1.0")
        && let Some(location @ Value::Null) = body.get_mut("dockerfile_location")
    {
        *location = "/Dockerfile".into();
    }
    let mappings = body.get("ports_mappings").map(php::text);
    let mut of_host: Vec<&str> = Vec::new();
    for mapping in mappings.iter().flat_map(|it| it.split(',')) {
        let port = mapping.split(':').next().unwrap_or_default();
        if of_host.contains(&port) {
            return Err(Reply::invalid_field(
                "ports_mappings",
                "The first number before : should be unique between mappings.",
            ));
        }
        of_host.push(port);
    }
    check_encoded(state, body, "custom_labels")?;
    if keeps_domains {
        domains::check(state, but, body)?;
        domains::write_lower(state, body);
    }
    Ok(())
}

/// Refuses what is not in base64.
pub(super) fn check_encoded(
    state: &State,
    body: &Map<String, Value>,
    field: &str,
) -> Result<(), Reply> {
    let may_be_null = field == "custom_nginx_configuration" && state.release().has("4.1.0");
    match body.get(field) {
        None => Ok(()),
        Some(Value::Null) if may_be_null => Ok(()),
        Some(Value::String(value)) if encoded::text(value).is_some() => Ok(()),
        Some(_) => Err(Reply::invalid_field(
            field,
            &format!("The {field} should be base64 encoded."),
        )),
    }
}

/// The text that a base64 value holds; null when it holds none.
pub(super) fn decoded(value: &Value) -> Value {
    value
        .as_str()
        .and_then(encoded::text)
        .map_or(Value::Null, Value::String)
}
