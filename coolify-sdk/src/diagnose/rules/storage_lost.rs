//! Data that the next deployment loses.

use super::Builtin;
use crate::{
    diagnose::{facts::ResourceFacts, finding::Finding},
    storages::StorageList,
};

/// Images that keep data in their container, by the end of their names.
const KEEPS_DATA: [&str; 16] = [
    "postgres", "mysql", "mariadb", "mongo", "redis", "valkey", "keydb", "clickhouse", "minio",
    "elasticsearch", "meilisearch", "influxdb", "rabbitmq", "couchdb", "neo4j", "grafana",
];

/// Directories that a server empties when it starts.
const TEMPORARY: [&str; 3] = ["/tmp", "/var/tmp", "/run"];

pub(super) const RULE: Builtin = Builtin::of_resources(
    "storage-lost",
    "The next deployment, or the next start of the server, loses data.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(storages) = facts.storages.get() else {
        return Vec::new();
    };
    let mut findings: Vec<_> = temporary(storages).collect();
    let has_volume = !storages.persistent_storages.is_empty()
        || storages.file_storages.iter().any(|it| it.is_directory == Some(true));
    if has_volume {
        return findings;
    }
    let next = "Add a volume for the directory in which it keeps its data. What is in the container \
                now has to be copied out before the next deployment.";
    if let Some(database) = facts.database() {
        findings.push(
            Finding::critical("It has no volume: the next start loses all data.")
                .value("engine", database.engine.as_str())
                .next(next),
        );
    }
    let application = facts.application();
    let image = application.and_then(|it| it.docker_registry_image_name.as_deref());
    if let Some(image) = image.filter(|it| keeps_data(it)) {
        findings.push(
            Finding::warning(
                "Its image keeps data in the container, and it has no volume: the next deployment \
                 loses them.",
            )
            .value("image", image)
            .next(next),
        );
    }
    findings
}

fn keeps_data(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    KEEPS_DATA.contains(&name)
}

/// Returns whether a path is that of a socket by its name.
fn is_socket(path: &str) -> bool {
    let extension = std::path::Path::new(path).extension();
    extension.is_some_and(|it| it == "sock")
}

fn temporary(storages: &StorageList) -> impl Iterator<Item = Finding> {
    let paths = storages.persistent_storages.iter();
    let paths = paths.filter_map(|it| Some((it.host_path.as_deref()?, it.mount_path.as_deref())));
    let lost = paths.filter(|(path, _)| {
        let below = |base: &str| {
            let rest = path.strip_prefix(base);
            rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        // A socket in `/run` is no data.
        TEMPORARY.iter().any(|base| below(base)) && !is_socket(path)
    });
    lost.map(|(path, mount)| {
        let finding = Finding::warning("A storage is in a directory that the server empties.")
            .value("host_path", path)
            .next("Move the directory elsewhere, and change the path of the storage.");
        match mount {
            Some(mount) => finding.value("mount_path", mount),
            None => finding,
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, database, finds},
        RULE,
    };
    use crate::diagnose::{
        Severity::{Critical, Warning},
        facts::{Part, ResourceFacts},
    };

    fn with(mut facts: ResourceFacts, volumes: &serde_json::Value) -> ResourceFacts {
        let list = json!({"persistent_storages": volumes, "file_storages": []});
        facts.storages = Part::Read(serde_json::from_value(list).unwrap());
        facts
    }

    #[test]
    fn data_without_a_volume_are_found() {
        let image = |name: &str| {
            application(&json!({"build_pack": "dockerimage", "docker_registry_image_name": name}))
        };
        finds(&RULE, &with(database(&json!({})), &json!([])), &[Critical]);
        finds(&RULE, &with(image("ghcr.io/x/postgres"), &json!([])), &[Warning]);
        finds(&RULE, &with(image("nginx"), &json!([])), &[]);
        finds(&RULE, &image("postgres"), &[]);
        let volume = json!([{"uuid": "v", "name": "data", "mount_path": "/data"}]);
        finds(&RULE, &with(image("postgres"), &volume), &[]);
        finds(&RULE, &with(database(&json!({})), &volume), &[]);
    }

    #[test]
    fn directories_that_are_emptied_are_found() {
        let at = |path: &str| {
            let volume = json!([{"uuid": "v", "host_path": path, "mount_path": "/data"}]);
            with(application(&json!({})), &volume)
        };
        finds(&RULE, &at("/tmp/data"), &[Warning]);
        finds(&RULE, &at("/tmp"), &[Warning]);
        finds(&RULE, &at("/tmpfiles"), &[]);
        finds(&RULE, &at("/srv/data"), &[]);
        finds(&RULE, &at("/run/docker.sock"), &[]);
    }
}
