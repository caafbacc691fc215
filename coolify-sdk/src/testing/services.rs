//! Services: several containers from one compose file.

use serde_json::{Map, Value, json};

use super::{
    applications::decoded,
    call::Call,
    clock, compose, destinations, domains, environments, envs,
    job::Job,
    logs::Page,
    owners::{Kind, Owner},
    placement, replies,
    reply::{Answer, Reply},
    resources,
    routes::{Does::Run, Routes},
    servers,
    service_parts::Part,
    state::{State, text, without},
    storages, tags,
    validation::{Findings, is_blank},
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("list-services", Run(list)),
    ("create-service", Run(create)),
    ("get-service-by-uuid", Run(get)),
    ("update-service-by-uuid", Run(update)),
    ("delete-service-by-uuid", Run(delete)),
    ("start-service-by-uuid", Run(start)),
    ("stop-service-by-uuid", Run(stop)),
    ("restart-service-by-uuid", Run(restart)),
    ("get-service-logs-by-uuid", Run(logs)),
];

/// Taken on create and on update.
const SHARED: &[&str] = &[
    "name",
    "description",
    "instant_deploy",
    "docker_compose_raw",
    "urls",
    "force_domain_override",
    "is_container_label_escape_enabled",
];

/// Taken on update, and on create where there is no one-click type.
const OF_COMPOSE: &[&str] = &["connect_to_docker_network"];

const SECRETS: &[&str] = &["docker_compose", "docker_compose_raw"];

pub(super) const RUNNING: &str = "running:healthy";
pub(super) const STOPPED: &str = "exited";

/// A service with its containers.
pub(super) struct Service {
    pub(super) row: Value,
    pub(super) parts: Vec<Part>,
    pub(super) tags: Vec<String>,
    change: (Job, &'static str),
    deletion: Job,
}

impl Service {
    /// The row with its containers and tags, for assertions.
    pub(super) fn snapshot(&self) -> Value {
        let mut row = self.with_parts();
        row["tags"] = self.tags.clone().into();
        row
    }

    /// One request has come: starts, stops, or says that it is to be removed.
    pub(super) fn pass_time(&mut self) -> bool {
        if self.change.0.is_due() {
            let status = self.change.1;
            self.parts.iter_mut().for_each(|part| part.turn(status));
            self.row["status"] = status.into();
            self.row["config_hash"] = "0123456789abcdef0123456789abcdef".into();
        }
        self.parts.iter_mut().for_each(Part::pass_time);
        self.deletion.is_due()
    }

    /// A copy of it with uuids and ids of its own, as cloning leaves it.
    pub(super) fn copy(&self, state: &mut State) -> Self {
        let row = state.fresh(self.row.clone());
        let mut copy = Self {
            row,
            parts: Vec::new(),
            tags: self.tags.clone(),
            change: (Job::default(), STOPPED),
            deletion: Job::default(),
        };
        copy.row["status"] = STOPPED.into();
        copy.compose(state);
        copy
    }

    fn is_running(&self) -> bool {
        text(&self.row, "status").starts_with("running")
    }

    /// The row with its containers, as replies have it.
    fn with_parts(&self) -> Value {
        let of = |databases: bool| -> Value {
            let parts = self.parts.iter();
            parts
                .filter(|part| part.is_database == databases)
                .map(|part| part.row.clone())
                .collect()
        };
        let mut row = self.row.clone();
        row["applications"] = of(false);
        row["databases"] = of(true);
        row
    }

    /// The URLs of its containers.
    fn urls(&self) -> Vec<String> {
        let urls = self.parts.iter().map(|part| text(&part.row, "fqdn"));
        urls.filter(|url| !url.is_empty()).collect()
    }

    /// Reads the compose file: what it names is there afterwards, and nothing else.
    fn compose(&mut self, state: &mut State) {
        let uuid = text(&self.row, "uuid");
        let file = text(&self.row, "docker_compose_raw");
        self.row["docker_compose"] = file.clone().into();
        let owner = Owner {
            kind: Kind::Service,
            uuid: uuid.clone(),
        };
        let mut old = std::mem::take(&mut self.parts);
        for container in compose::containers(&file) {
            let is_same = |part: &Part| part.row["name"] == *container.name;
            if let Some(position) = old.iter().position(is_same) {
                self.parts.push(old.remove(position));
                continue;
            }
            let part = Part::new(state, &self.row, &container);
            let name = container.name.to_uppercase().replace('-', "_");
            if let Some(port) = &container.url {
                let host = format!("{}-{uuid}.203.0.113.10.sslip.io", container.name);
                for (ending, port) in [
                    ("", String::new()),
                    (&*format!("_{port}"), format!(":{port}")),
                ] {
                    let (fqdn, url) = (
                        format!("SERVICE_FQDN_{name}"),
                        format!("SERVICE_URL_{name}"),
                    );
                    envs::generate(state, &owner, &(fqdn + ending), &format!("{host}{port}"));
                    envs::generate(
                        state,
                        &owner,
                        &(url + ending),
                        &format!("http://{host}{port}"),
                    );
                }
            }
            for (key, value) in &container.variables {
                let minted = state.mint();
                let is_made_up = value.is_empty() && key.starts_with("SERVICE_");
                let value = if is_made_up { &minted } else { value };
                envs::generate(state, &owner, key, value);
            }
            for (volume, path) in &container.volumes {
                storages::add_part_volume(state, &owner, &part, &format!("{uuid}_{volume}"), path);
            }
            self.parts.push(part);
        }
    }

    /// Writes the fields of a body; the compose file and the URLs have their own ways.
    fn fill(&mut self, body: &Map<String, Value>) {
        for (field, value) in body {
            match field.as_str() {
                "docker_compose_raw" => self.row[field] = decoded(value),
                field if self.row.get(field).is_some() => self.row[field] = value.clone(),
                _ => {}
            }
        }
        for url in body
            .get("urls")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let mut parts = self.parts.iter_mut();
            if let Some(part) = parts.find(|part| part.row["name"] == url["name"]) {
                part.row["fqdn"] = url["url"].clone();
            }
        }
        self.row["updated_at"] = clock::now().into();
    }
}

impl State {
    /// A service by its uuid.
    pub(super) fn service(&self, uuid: &str) -> Result<&Service, Reply> {
        let mut services = self.services.iter();
        services
            .find(|service| service.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Service"))
    }

    /// A service by its uuid, to be changed.
    pub(super) fn service_mut(&mut self, uuid: &str) -> Result<&mut Service, Reply> {
        let mut services = self.services.iter_mut();
        services
            .find(|service| service.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Service"))
    }
}

/// Adds a stopped service, as if somebody had made it in the UI.
pub(super) fn seed(state: &mut State, place: &placement::Place, name: &str, file: &str) -> String {
    let fields = json!({"name": name});
    add(
        state,
        place,
        None,
        file,
        fields.as_object().unwrap_or(&Map::new()),
    )
}

/// `GET /services`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let shown = state.services.iter().map(|service| {
        let mut shown = shown(state, service, call.sensitive);
        shown["laravel_through_key"] = resources::project_of(state, &service.row["environment_id"]);
        shown
    });
    Ok(Reply::json(200, shown.collect()))
}

/// `POST /services`.
fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let kind = body.get("type").and_then(Value::as_str);
    let of_kind: &[&str] = if kind.is_some() {
        &["type"]
    } else {
        OF_COMPOSE
    };
    let place = placement::check(state, &body, &[SHARED, of_kind].concat())?;
    if kind.is_some() && !is_blank(body.get("docker_compose_raw")) {
        return Err(Reply::message(
            422,
            "You cannot provide both service type and docker_compose_raw. Use one or the other.",
        ));
    }
    let types = replies::service_types();
    let file = match kind {
        Some(kind) if types.as_array().is_some_and(|it| it.contains(&json!(kind))) => {
            compose::template(kind)
        }
        Some(_) => {
            return Err(Reply::json(
                404,
                json!({"message": "Invalid service type.", "valid_service_types": types}),
            ));
        }
        None if is_blank(body.get("docker_compose_raw")) => {
            return Err(Reply::message(
                400,
                "No service type or docker_compose_raw provided.",
            ));
        }
        None => compose_file(&body)?,
    };
    domains::check_urls(state, None, &body)?;
    let uuid = add(state, &place, kind, &file, &body);
    Ok(Reply::json(
        201,
        json!({"uuid": uuid, "domains": state.service(&uuid)?.urls()}),
    ))
}

/// `GET /services/{uuid}`.
fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let service = state.service(call.param("uuid"))?;
    let mut shown = shown(state, service, call.sensitive);
    if state.release().has("4.2.0") {
        shown["environment"] = environments::embedded(state, &service.row["environment_id"]);
    }
    Ok(Reply::json(200, shown))
}

/// `PATCH /services/{uuid}`.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let uuid = call.param("uuid");
    state.service(uuid)?;
    let mut findings = Findings::default();
    findings.allow_only(&body, &[SHARED, OF_COMPOSE].concat());
    findings.refuse()?;
    if body.contains_key("docker_compose_raw") {
        compose_file(&body)?;
    }
    domains::check_urls(state, Some(uuid), &body)?;
    let service = state.service_mut(uuid)?;
    service.fill(&body);
    if body.contains_key("docker_compose_raw") {
        // Its variables and volumes are the state's.
        let mut service = state.take_service(uuid)?;
        service.compose(state);
        state.services.push(service);
        state.services.sort_by_key(|it| it.row["id"].as_u64());
    }
    if body.get("instant_deploy") == Some(&json!(true)) {
        turn(state, uuid, RUNNING)?;
    }
    Ok(Reply::json(
        200,
        json!({"uuid": uuid, "domains": state.service(uuid)?.urls()}),
    ))
}

/// `DELETE /services/{uuid}`.
fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let lag = state.settings.job_lag;
    state.service_mut(call.param("uuid"))?.deletion.queue(lag);
    Ok(Reply::message(200, "Service deletion request queued."))
}

/// `POST /services/{uuid}/start`.
fn start(state: &mut State, call: &Call<'_>) -> Answer {
    if state.service(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Service is already running."));
    }
    turn(state, call.param("uuid"), RUNNING)?;
    Ok(Reply::message(200, "Service starting request queued."))
}

/// `POST /services/{uuid}/stop`.
fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    if !state.service(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Service is already stopped."));
    }
    turn(state, call.param("uuid"), STOPPED)?;
    Ok(Reply::message(200, "Service stopping request queued."))
}

/// `POST /services/{uuid}/restart`.
fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    turn(state, call.param("uuid"), RUNNING)?;
    Ok(Reply::message(200, "Service restarting request queued."))
}

/// `GET /services/{uuid}/logs`.
fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let page = Page::of(state, call);
    let service = state.service_mut(call.param("uuid"))?;
    let name = call
        .query("sub_service_name")
        .ok_or_else(|| Reply::message(400, "Sub service name is required."))?;
    let mut parts = service.parts.iter_mut();
    let part = parts
        .find(|part| part.row["name"] == *name)
        .ok_or_else(|| Reply::not_found("Container"))?;
    part.logs(page, "Container is not running.")
}

/// As environments and the list of resources embed a service.
pub(super) fn in_environment(state: &State, service: &Service, sensitive: bool) -> Value {
    let mut shown = service.with_parts();
    if !sensitive && state.withholds_everywhere() {
        shown = without(shown, SECRETS);
    }
    shown["server"] = servers::embedded(state, &service.row["server_id"], false);
    shown
}

fn shown(state: &State, service: &Service, sensitive: bool) -> Value {
    let mut shown = without(in_environment(state, service, sensitive), &["id"]);
    if !sensitive {
        shown = without(shown, SECRETS);
    }
    // The destination comes along where the token may see secrets.
    if sensitive && state.release().has("4.2.0") {
        let id = &service.row["destination_id"];
        shown["destination"] = destinations::embedded(state, id, true);
    }
    shown
}

fn compose_file(body: &Map<String, Value>) -> Result<String, Reply> {
    let file = body.get("docker_compose_raw").map(decoded);
    match file {
        Some(Value::String(file)) => Ok(file),
        _ => Err(Reply::invalid_field(
            "docker_compose_raw",
            "The docker_compose_raw should be base64 encoded.",
        )),
    }
}

fn add(
    state: &mut State,
    place: &placement::Place,
    kind: Option<&str>,
    file: &str,
    body: &Map<String, Value>,
) -> String {
    let mut row = state.fresh(replies::service());
    let uuid = text(&row, "uuid");
    row["name"] = format!("{}-{uuid}", kind.unwrap_or("service")).into();
    row["service_type"] = kind.into();
    row["docker_compose_raw"] = file.into();
    place.settle(&mut row);
    row["server_id"] = place.server.clone();
    let mut service = Service {
        row,
        parts: Vec::new(),
        tags: tags::from_body(state, body),
        change: (Job::default(), STOPPED),
        deletion: Job::default(),
    };
    service.compose(state);
    service.fill(&without_compose(body));
    if body.get("instant_deploy") == Some(&json!(true)) {
        service.change = (Job::after(state.settings.job_lag), RUNNING);
    }
    state.services.push(service);
    uuid
}

fn without_compose(body: &Map<String, Value>) -> Map<String, Value> {
    let mut body = body.clone();
    body.remove("docker_compose_raw");
    body
}

fn turn(state: &mut State, uuid: &str, to: &'static str) -> Result<(), Reply> {
    let lag = Job::after(state.settings.job_lag);
    state.service_mut(uuid)?.change = (lag, to);
    Ok(())
}

impl State {
    fn take_service(&mut self, uuid: &str) -> Result<Service, Reply> {
        let mut services = self.services.iter();
        let position = services.position(|it| it.row["uuid"] == uuid);
        let position = position.ok_or_else(|| Reply::not_found("Service"))?;
        Ok(self.services.remove(position))
    }
}
