//! Applications.

mod columns;
pub(in crate::testing) mod create;
mod fields;
pub(super) mod previews;
pub(super) mod repository;
pub(super) mod rollbacks;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Map, Value, json};

use crate::testing::{
    http::{
        Answer, Call, Reply,
        php::{self, is_truthy},
    },
    rooms::{
        Does::Run,
        Routes,
        applications::{
            columns::{COLUMNS, modelled},
            fields::{UPDATED, with},
        },
        deployments, domains,
        embedded::{self, APPLICATION_SECRETS},
    },
    state::{Application, Page, State, clock, text, without},
    validation::{encoded, hold},
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-applications", Run(list)),
    ("get-application-by-uuid", Run(get)),
    ("update-application-by-uuid", Run(update)),
    ("delete-application-by-uuid", Run(delete)),
    ("start-application-by-uuid", Run(start)),
    ("restart-application-by-uuid", Run(restart)),
    ("stop-application-by-uuid", Run(stop)),
    ("get-application-logs-by-uuid", Run(logs)),
];

impl Application {
    /// Writes fields to where they are stored: in the row, in the settings, or
    /// under another name.
    pub(in crate::testing) fn fill(
        &mut self,
        body: &Map<String, Value>,
        is_new: bool,
    ) -> Result<(), Reply> {
        for (field, value) in body {
            match field.as_str() {
                "domains" => self.row["fqdn"] = value.clone(),
                "custom_labels"
                | "custom_nginx_configuration"
                | "dockerfile"
                | "docker_compose_raw" => self.row[field] = encoded::decoded(value),
                "use_build_server" => self.settle("is_build_server_enabled", value)?,
                field if self.settings.get(field).is_some() => self.settle(field, value)?,
                "noindex_domains" => {
                    let domains = text(&self.row, "fqdn");
                    self.row[field] = domains::of_those(value, &domains);
                }
                field if self.row.get(field).is_some() => {
                    // Unchanged values are not written.
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

    /// Writes a setting. Null does not change a boolean.
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
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
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
pub(in crate::testing) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application(call.param("uuid"))?;
    let mut shown = listed(state, application, call.sensitive);
    if state.release().has("4.2.0") {
        shown["settings"] = application.settings.clone();
        shown["environment"] = embedded::environment(state, &application.row["environment_id"]);
    }
    if call.sensitive {
        // Only this reply contains the labels in base64, as they are sent.
        shown["custom_labels"] = BASE64
            .encode(text(&application.row, "custom_labels"))
            .into();
    }
    Ok(Reply::json(200, shown))
}

/// `PATCH /applications/{uuid}`.
pub(in crate::testing) fn update(state: &mut State, call: &Call<'_>) -> Answer {
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
        // Coolify does so silently.
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
pub(in crate::testing) fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let lag = state.settings.job_lag;
    let application = state
        .application_mut(call.param("uuid"))
        .map_err(|_| Reply::message(404, "Application not found"))?;
    application.deletion.queue(lag);
    Ok(Reply::message(200, "Application deletion request queued."))
}

/// `POST /applications/{uuid}/start`.
pub(in crate::testing) fn start(state: &mut State, call: &Call<'_>) -> Answer {
    let order = deployments::Order {
        force: call.switch("force"),
        ..deployments::Order::default()
    };
    deploy(state, call, &order, "Deployment request queued.")
}

/// `POST /applications/{uuid}/restart`.
pub(in crate::testing) fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    let order = deployments::Order {
        restart: true,
        ..deployments::Order::default()
    };
    deploy(state, call, &order, "Restart request queued.")
}

/// These two endpoints do not check whether the deployment was queued: if the
/// queue is full, they answer with the uuid of a deployment that never existed.
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
pub(in crate::testing) fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application_mut(call.param("uuid"))?;
    application.row["status"] = "exited:unhealthy".into();
    Ok(Reply::message(200, "Application stopping request queued."))
}

/// `GET /applications/{uuid}/logs`.
pub(in crate::testing) fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let page = Page::of(state, call);
    let application = state.application_mut(call.param("uuid"))?;
    if !text(&application.row, "status").starts_with("running") {
        return Err(Reply::message(400, "Application is not running."));
    }
    let name = text(&application.row, "name");
    Ok(Reply::json(200, application.log.shown(&name, page)))
}

fn listed(state: &State, application: &Application, sensitive: bool) -> Value {
    let mut shown = without(application.row.clone(), &["id", "domain_dns_statuses"]);
    if !sensitive {
        shown = without(without(shown, APPLICATION_SECRETS), &["private_key_id"]);
    }
    shown["destination"] =
        embedded::destination(state, &application.row["destination_id"], sensitive);
    shown
}

/// Checks the ports of an update first, and only whether they are numbers.
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

/// Makes the checks of every endpoint in addition to the rules of the fields:
/// ports of the host, labels and domains. It converts domains to lower case.
pub(in crate::testing) fn check_data(
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

/// Refuses a value that is not base64.
pub(in crate::testing) fn check_encoded(
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
