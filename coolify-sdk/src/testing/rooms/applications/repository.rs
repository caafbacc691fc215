//! Reads the compose file of a git repository, which Coolify does before a
//! deployment.

use serde_json::json;

use crate::testing::{
    rooms::{compose, envs, storages},
    state::{Kind, Owner, State, text},
};

/// The compose file of every repository, under Coolify's default name.
const COMPOSE_FILE: (&str, &str) = (
    "docker-compose.yaml",
    "\
services:
  web:
    build: .
    ports:
      - '3000'
    environment:
      - 'GREETING=${GREETING:-hello}'
  cache:
    image: 'redis:7-alpine'
    volumes:
      - 'cache-data:/data'
volumes:
  cache-data: null
",
);

/// Advances the compose files that have not been read yet.
pub(in crate::testing) fn pass_time(state: &mut State) {
    let applications = state.applications.iter_mut();
    let due: Vec<_> = applications
        .filter_map(|it| it.reading.is_due().then(|| text(&it.row, "uuid")))
        .collect();
    for uuid in due {
        read(state, uuid);
    }
}

/// Reads an application's compose file, and creates its variables and volumes.
/// Like Coolify, it ignores a file that is not at the location of the
/// application.
fn read(state: &mut State, uuid: String) {
    let (name, file) = COMPOSE_FILE;
    let Ok(application) = state.application_mut(&uuid) else {
        return;
    };
    let location = text(&application.row, "docker_compose_location");
    if location.rsplit('/').next() != Some(name) {
        return;
    }
    for column in ["docker_compose_raw", "docker_compose"] {
        application.row[column] = file.into();
    }
    let owner = Owner {
        kind: Kind::Application,
        uuid,
    };
    for container in compose::containers(file) {
        for variable in container.variables {
            let variable = json!({
                "key": variable.key,
                "value": variable.value,
                "is_required": variable.is_required,
            });
            envs::generate(state, &owner, variable);
        }
        for (volume, path) in container.volumes {
            let name = format!("{}_{volume}", owner.uuid);
            storages::add_compose_volume(state, &owner, &name, &path);
        }
    }
}
