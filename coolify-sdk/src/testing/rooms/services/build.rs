//! Builds services from their compose files.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Release, Reply},
    rooms::{compose, envs, storages, tags},
    state::{
        Columns, Job, Kind, Owner, Part, Place, Service, State, clock, forms,
        service::{RUNNING, STOPPED},
        text,
    },
    validation::{
        domains::{list, lower},
        encoded,
    },
};

const COLUMNS: Columns = Columns {
    long: &["docker_compose", "docker_compose_raw", "description"],
    plain: &["name", "description"],
    switch: &[
        "connect_to_docker_network",
        "is_container_label_escape_enabled",
    ],
    ..Columns::PLAIN
};

impl Service {
    /// Returns a copy with its own uuids and ids, as cloning creates it.
    pub(in crate::testing) fn copy(&self, state: &mut State) -> Self {
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

    /// Reads the compose file: afterwards the service has exactly its containers.
    pub(in crate::testing) fn compose(&mut self, state: &mut State) {
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
                let label = container.name.replace('_', "-");
                let host = format!("{label}-{uuid}.203.0.113.10.sslip.io");
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

    /// Writes the fields of a body, except the compose file and the URLs.
    pub(in crate::testing) fn fill(
        &mut self,
        body: &Map<String, Value>,
        release: Release,
    ) -> Result<(), Reply> {
        for (field, value) in body {
            match field.as_str() {
                "docker_compose_raw" => self.row[field] = encoded::decoded(value),
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

/// Adds a stopped service from a compose file, and returns its uuid.
pub(in crate::testing) fn add(
    state: &mut State,
    place: &Place,
    kind: Option<&str>,
    file: &str,
    body: &Map<String, Value>,
) -> Result<String, Reply> {
    let mut row = state.fresh(forms::service());
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

/// Reads the compose file before a start: a variable that it sets to a generated one,
/// such as `${SERVICE_URL_WEB}`, loses any other value.
pub(in crate::testing) fn refer_again(state: &mut State, uuid: &str) -> Result<(), Reply> {
    let file = text(&state.service(uuid)?.row, "docker_compose_raw");
    let owner = Owner {
        kind: Kind::Service,
        uuid: uuid.to_owned(),
    };
    for container in compose::containers(&file) {
        for variable in container.variables {
            let value = variable.value.unwrap_or_default();
            if value.trim_start_matches(['$', '{']).starts_with("SERVICE_") {
                envs::set(state, &owner, &variable.key, &value);
            }
        }
    }
    Ok(())
}

fn without_compose(body: &Map<String, Value>) -> Map<String, Value> {
    let mut body = body.clone();
    body.remove("docker_compose_raw");
    body
}

/// Returns the URLs as older versions store them: in lower case, including the
/// path, and without duplicates.
fn all_lower(urls: &str) -> String {
    let mut kept: Vec<String> = Vec::new();
    for url in list(urls).map(str::to_lowercase) {
        if !kept.contains(&url) {
            kept.push(url);
        }
    }
    kept.join(",")
}
