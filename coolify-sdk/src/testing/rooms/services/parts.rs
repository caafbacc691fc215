//! The containers of services: applications and databases with their own
//! endpoints.

use serde_json::Value;

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes, compose::Container, domains, embedded},
    state::{
        Columns, Job, Log, Page, Part, State, clock, forms,
        service::{RUNNING, STOPPED},
        text, without,
    },
    validation::{
        NOTE, hold,
        rules::{Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-service-applications-by-service-uuid", Run(list)),
    ("get-service-application-by-service-and-app-uuid", Run(get)),
    (
        "patch-service-application-by-service-and-app-uuid",
        Run(update),
    ),
    (
        "get-service-application-logs-by-service-and-app-uuid",
        Run(logs),
    ),
    (
        "post-service-application-logs-by-service-and-app-uuid",
        Run(logs),
    ),
    (
        "post-start-service-application-by-service-and-app-uuid",
        Run(start),
    ),
    (
        "post-stop-service-application-by-service-and-app-uuid",
        Run(stop),
    ),
    (
        "post-restart-service-application-by-service-and-app-uuid",
        Run(restart),
    ),
    ("list-service-databases-by-service-uuid", Run(list)),
    (
        "get-service-database-by-service-and-database-uuid",
        Run(get),
    ),
    (
        "patch-service-database-by-service-and-database-uuid",
        Run(update),
    ),
    (
        "get-service-database-logs-by-service-and-database-uuid",
        Run(logs),
    ),
    (
        "start-service-database-by-service-and-database-uuid",
        Run(start),
    ),
    (
        "stop-service-database-by-service-and-database-uuid",
        Run(stop),
    ),
    (
        "restart-service-database-by-service-and-database-uuid",
        Run(restart),
    ),
];

const OF_APPLICATIONS: &[Field] = &[
    ("url", &[NOTE]),
    (
        "noindex_domains",
        &[Rule::Nullable, Rule::List, Rule::Each(&[Rule::Text])],
    ),
    ("human_name", &[NOTE, Rule::Max(255)]),
    ("description", &[NOTE]),
    ("image", &[NOTE]),
    ("exclude_from_status", &[Rule::Switch]),
    ("is_log_drain_enabled", &[Rule::Switch]),
    ("is_gzip_enabled", &[Rule::Switch]),
    ("is_stripprefix_enabled", &[Rule::Switch]),
    ("is_force_https_enabled", &[Rule::Switch]),
];

const OF_DATABASES: &[Field] = &[
    ("human_name", &[NOTE, Rule::Max(255)]),
    ("description", &[NOTE]),
    ("image", &[Rule::Text]),
    ("exclude_from_status", &[Rule::Switch]),
    ("is_log_drain_enabled", &[Rule::Switch]),
    ("is_public", &[Rule::Switch]),
    (
        "public_port",
        &[Rule::Nullable, Rule::Whole, Rule::Min(1), Rule::Max(65535)],
    ),
    (
        "public_port_timeout",
        &[Rule::Nullable, Rule::Whole, Rule::Min(1)],
    ),
];

const COLUMNS: Columns = Columns {
    long: &["description", "fqdn"],
    whole: &["public_port", "public_port_timeout"],
    switch: &[
        "exclude_from_status",
        "is_log_drain_enabled",
        "is_gzip_enabled",
        "is_stripprefix_enabled",
        "is_force_https_enabled",
        "is_public",
    ],
    json: &["noindex_domains"],
    ..Columns::PLAIN
};

impl Part {
    /// Returns a stopped container of a compose file.
    pub(in crate::testing) fn new(
        state: &mut State,
        service: &Value,
        container: &Container,
    ) -> Self {
        let form = if container.is_database {
            forms::service_database()
        } else {
            forms::service_application()
        };
        let mut row = state.fresh(form);
        row["name"] = container.name.clone().into();
        row["image"] = container.image.clone().into();
        row["service_id"] = service["id"].clone();
        row["ports"] = "".into();
        if let (Some(port), false) = (&container.url, container.is_database) {
            let label = container.name.replace('_', "-");
            let uuid = text(service, "uuid");
            let port = match port.as_str() {
                "" => String::new(),
                port => format!(":{port}"),
            };
            row["fqdn"] = format!("http://{label}-{uuid}.203.0.113.10.sslip.io{port}").into();
        }
        Self {
            row,
            is_database: container.is_database,
            change: (Job::default(), STOPPED),
            log: Log::default(),
        }
    }

    /// Returns its log, or 400 if it is not running.
    pub(in crate::testing) fn logs(&mut self, page: Page, refusal: &str) -> Answer {
        if !text(&self.row, "status").starts_with("running") {
            return Err(Reply::message(400, refusal));
        }
        let name = text(&self.row, "name");
        Ok(Reply::json(200, self.log.shown(&name, page)))
    }
}

/// `GET /services/{uuid}/applications`, `GET /services/{uuid}/databases`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let service = state.service(call.param("uuid"))?;
    let wants_databases = call.last_segment() == "databases";
    let parts = service.parts.iter();
    let shown = parts
        .filter(|part| part.is_database == wants_databases)
        .map(shown)
        .collect();
    Ok(Reply::json(200, shown))
}

/// `GET` of one of them.
fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let part = find(state, call)?;
    let mut shown = shown(part);
    if !part.is_database {
        let service = state.service(call.param("uuid"))?;
        let row = &service.row;
        let mut service = embedded::service(state, service, false);
        service["environment"] = embedded::environment(state, &row["environment_id"]);
        let mut destination = embedded::destination(state, &row["destination_id"], false);
        destination["server"] = without(destination["server"].take(), &["settings"]);
        service["destination"] = destination;
        shown["service"] = service;
    }
    Ok(Reply::json(200, shown))
}

/// `PATCH` of one of them.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let is_database = find(state, call)?.is_database;
    let fields = if is_database {
        OF_DATABASES
    } else {
        OF_APPLICATIONS
    };
    hold(&body, fields, state)?;
    // Unlike elsewhere, the query says whether a conflict is accepted.
    let is_forced = call.switch("force_domain_override");
    domains::check_part(state, Some(call.param("uuid")), &body, is_forced)?;
    let part = find_mut(state, call)?;
    for (field, value) in body {
        let (field, value) = match (field.as_str(), value) {
            // This endpoint stores the whole URL in lower case.
            ("url", Value::String(urls)) => ("fqdn".to_owned(), urls.to_lowercase().into()),
            ("url", value) => ("fqdn".to_owned(), value),
            ("image", Value::Null) => (field, "".into()),
            (_, value) => (field, value),
        };
        if part.row.get(&field).is_some() {
            COLUMNS.write(&mut part.row, &field, &value)?;
        }
    }
    part.row["updated_at"] = clock::now().into();
    let mut shown = shown(part);
    if !is_database {
        let service = state.service(call.param("uuid"))?;
        shown["service"] = embedded::service(state, service, false);
    }
    Ok(Reply::json(200, shown))
}

/// `GET` and `POST` of the log of one of them.
fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let page = Page::of(state, call);
    let part = find_mut(state, call)?;
    let kind = part.kind();
    part.logs(page, &format!("Service {kind} container is not running."))
}

/// `POST` of `start`.
fn start(state: &mut State, call: &Call<'_>) -> Answer {
    change(state, call, RUNNING, "deploy")
}

/// `POST` of `stop`.
fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    change(state, call, STOPPED, "stop")
}

/// `POST` of `restart`.
fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    change(state, call, RUNNING, "restart")
}

fn change(state: &mut State, call: &Call<'_>, to: &'static str, word: &str) -> Answer {
    let lag = Job::after(state.settings.job_lag);
    let part = find_mut(state, call)?;
    part.change = (lag, to);
    let kind = part.kind();
    Ok(Reply::message(
        200,
        format!("Service {kind} {word} request queued."),
    ))
}

/// Returns the container that a path names.
pub(in crate::testing) fn find<'a>(state: &'a State, call: &Call<'_>) -> Result<&'a Part, Reply> {
    let service = state.service(call.param("uuid"))?;
    let mut parts = service.parts.iter();
    parts
        .find(|it| is_named(it, call))
        .ok_or_else(|| missing(call))
}

fn find_mut<'a>(state: &'a mut State, call: &Call<'_>) -> Result<&'a mut Part, Reply> {
    let service = state.service_mut(call.param("uuid"))?;
    let mut parts = service.parts.iter_mut();
    parts
        .find(|it| is_named(it, call))
        .ok_or_else(|| missing(call))
}

/// Returns whether a path names the container. Applications and databases have paths of
/// their own.
fn is_named(part: &Part, call: &Call<'_>) -> bool {
    let field = if part.is_database {
        "database_uuid"
    } else {
        "app_uuid"
    };
    part.row["uuid"] == call.param(field)
}

fn missing(call: &Call<'_>) -> Reply {
    Reply::not_found(match call.param("app_uuid") {
        "" => "Service database",
        _ => "Service application",
    })
}

fn shown(part: &Part) -> Value {
    let hidden: &[&str] = if part.is_database {
        &["id", "service_id"]
    } else {
        &["id"]
    };
    without(part.row.clone(), hidden)
}
