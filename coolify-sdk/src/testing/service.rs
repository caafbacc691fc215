//! A service: what its compose file asks for, and what became of it.

use serde_json::{Map, Value, json};

use super::{
    applications::decoded,
    clock,
    columns::Columns,
    compose, envs,
    job::Job,
    owners::{Kind, Owner},
    placement::Place,
    release::Release,
    replies,
    reply::Reply,
    service_parts::Part,
    state::{State, text},
    storages, tags,
    validation::domains::{list, lower},
};

pub(super) const RUNNING: &str = "running:healthy";
pub(super) const STOPPED: &str = "exited";

const COLUMNS: Columns = Columns {
    long: &["docker_compose", "docker_compose_raw", "description"],
    plain: &["name", "description"],
    switch: &[
        "connect_to_docker_network",
        "is_container_label_escape_enabled",
    ],
    ..Columns::PLAIN
};

/// A service with its containers.
pub(super) struct Service {
    pub(super) row: Value,
    pub(super) parts: Vec<Part>,
    pub(super) tags: Vec<String>,
    pub(super) change: (Job, &'static str),
    pub(super) deletion: Job,
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

    pub(super) fn is_running(&self) -> bool {
        text(&self.row, "status").starts_with("running")
    }

    /// The row with its containers, as replies have it.
    pub(super) fn with_parts(&self) -> Value {
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
    pub(super) fn urls(&self) -> Vec<String> {
        let urls = self.parts.iter().map(|part| text(&part.row, "fqdn"));
        urls.filter(|url| !url.is_empty()).collect()
    }

    /// Reads the compose file: what it names is there afterwards, and nothing else.
    pub(super) fn compose(&mut self, state: &mut State) {
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
                    for (key, value) in [
                        (fqdn + ending, format!("{host}{port}")),
                        (url + ending, format!("http://{host}{port}")),
                    ] {
                        envs::generate(state, &owner, json!({"key": key, "value": value}));
                    }
                }
            }
            for variable in &container.variables {
                let minted = state.mint();
                let is_made_up = variable.value.is_none() && variable.key.starts_with("SERVICE_");
                envs::generate(
                    state,
                    &owner,
                    json!({
                        "key": variable.key,
                        "value": if is_made_up { Some(&minted) } else { variable.value.as_ref() },
                        "is_required": variable.is_required,
                    }),
                );
            }
            for (volume, path) in &container.volumes {
                storages::add_part_volume(state, &owner, &part, &format!("{uuid}_{volume}"), path);
            }
            self.parts.push(part);
        }
    }

    /// Writes the fields of a body; the compose file and the URLs have their own ways.
    pub(super) fn fill(
        &mut self,
        body: &Map<String, Value>,
        release: Release,
    ) -> Result<(), Reply> {
        for (field, value) in body {
            match field.as_str() {
                "docker_compose_raw" => self.row[field] = decoded(value),
                field if self.row.get(field).is_some() => {
                    COLUMNS.write(&mut self.row, field, value)?;
                }
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
                part.row["fqdn"] = match &url["url"] {
                    Value::String(urls) if !release.has("4.2.0") => all_lower(urls).into(),
                    Value::String(urls) => lower(urls, release).into(),
                    _ => Value::Null,
                };
            }
        }
        self.row["updated_at"] = clock::now().into();
        Ok(())
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

    /// Takes a service out, to be put back by who changes it together with the state.
    pub(super) fn take_service(&mut self, uuid: &str) -> Result<Service, Reply> {
        let mut services = self.services.iter();
        let position = services.position(|it| it.row["uuid"] == uuid);
        let position = position.ok_or_else(|| Reply::not_found("Service"))?;
        Ok(self.services.remove(position))
    }
}

/// Adds a stopped service from a compose file; gives its uuid.
pub(super) fn add(
    state: &mut State,
    place: &Place,
    kind: Option<&str>,
    file: &str,
    body: &Map<String, Value>,
) -> Result<String, Reply> {
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
    service.fill(&without_compose(body), state.release())?;
    if body.get("instant_deploy") == Some(&json!(true)) {
        service.change = (Job::after(state.settings.job_lag), RUNNING);
    }
    state.services.push(service);
    Ok(uuid)
}

fn without_compose(body: &Map<String, Value>) -> Map<String, Value> {
    let mut body = body.clone();
    body.remove("docker_compose_raw");
    body
}

/// The URLs as older versions write them: in lower case, the path as well, and each once.
fn all_lower(urls: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for url in list(urls).map(str::to_lowercase) {
        if !kept.contains(&url) {
            kept.push(url);
        }
    }
    kept.join(",")
}
