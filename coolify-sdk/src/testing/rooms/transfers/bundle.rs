//! The bundle with which a server moves to another instance.

use serde_json::{Value, json};

use crate::testing::{
    http::Reply,
    rooms::destinations,
    state::{Kind, Owner, State, clock, only, text, without},
};

/// What stays with an instance.
const OF_INSTANCE: &[&str] = &[
    "id",
    "server_id",
    "created_at",
    "updated_at",
    "is_reachable",
    "is_usable",
    "force_disabled",
    "sentinel_token",
    "sentinel_custom_url",
    "is_sentinel_enabled",
    "is_sentinel_debug_enabled",
];

/// What refers to other rows of an instance, or is computed.
const OF_PLACE: &[&str] = &[
    "id",
    "config_hash",
    "created_at",
    "updated_at",
    "deleted_at",
    "database_type",
    "environment",
    "environment_id",
    "destination",
    "destination_id",
    "destination_type",
    "server_id",
    "source_id",
    "source_type",
    "private_key_id",
    "internal_db_url",
    "external_db_url",
    "server_status",
    "additional_servers_count",
    "additional_networks_count",
];

const OF_VARIABLE: &[&str] = &[
    "uuid",
    "key",
    "value",
    "is_literal",
    "is_multiline",
    "is_preview",
    "is_runtime",
    "is_buildtime",
    "is_shown_once",
    "is_shared",
    "is_required",
    "comment",
    "order",
];

/// Returns the bundle of a server with all that is on it.
pub(super) fn of(state: &mut State, uuid: &str, export: &str) -> Result<Value, Reply> {
    let server = state.server(uuid)?;
    let (row, settings) = (server.row.clone(), server.settings.clone());
    let keys = state.tables.of("private_keys").iter();
    let key = keys.clone().find(|it| it["id"] == row["private_key_id"]);
    let key = key.map(|it| {
        let fields = [
            "uuid",
            "name",
            "description",
            "private_key",
            "is_git_related",
            "fingerprint",
        ];
        only(it, &fields)
    });
    let key = key.ok_or_else(|| Reply::message(422, "Server has no private key to export."))?;
    let destinations = destinations::of_server(state, &row["id"]);
    let projects = projects(state, &destinations)?;
    let mut moved = only(
        &row,
        &["uuid", "name", "description", "ip", "port", "user", "proxy"],
    );
    moved["is_build_server"] = settings["is_build_server"].clone();
    moved["cloud_provider_token_uuid"] = Value::Null;
    moved["settings"] = without(settings, OF_INSTANCE);
    let destinations: Vec<_> = destinations
        .iter()
        .map(|it| {
            let mut shown = only(it, &["uuid", "name", "network"]);
            shown["type"] = "standalone".into();
            shown
        })
        .collect();
    Ok(json!({
        "schema_version": 1,
        "exported_at": now(),
        "export_id": export,
        "source_instance": {"url": super::INSTANCE, "name": "Coolify"},
        "warnings": [],
        "private_key": key,
        "private_keys": [key],
        "github_apps": [],
        "gitlab_apps": [],
        "s3_storages": [],
        "cloud_provider_tokens": [],
        "ssl_certificates": [],
        "volume_backups": [],
        "server": moved,
        "destinations": destinations,
        "shared_environment_variables": {"server": []},
        "projects": projects,
    }))
}

/// Returns the projects with resources on one of these destinations.
fn projects(state: &mut State, destinations: &[Value]) -> Result<Vec<Value>, Reply> {
    let here = |row: &Value| {
        let mut all = destinations.iter();
        let found = all.find(|it| it["id"] == row["destination_id"])?;
        Some((found["uuid"].clone(), row["environment_id"].clone()))
    };
    let mut found = Vec::new();
    for (kind, rows) in [
        (
            Kind::Application,
            state
                .applications
                .iter()
                .map(|it| &it.row)
                .collect::<Vec<_>>(),
        ),
        (
            Kind::Database,
            state.databases.iter().map(|it| &it.row).collect(),
        ),
        (
            Kind::Service,
            state.services.iter().map(|it| &it.row).collect(),
        ),
    ] {
        for row in rows {
            if let Some((destination, environment)) = here(row) {
                let uuid = text(row, "uuid");
                found.push((environment, destination, Owner { kind, uuid }));
            }
        }
    }
    let mut exported = Vec::new();
    for (environment, destination, owner) in found {
        exported.push((
            environment,
            owner.kind,
            resource(state, &owner, &destination)?,
        ));
    }
    let of = |environment: &Value, kind: Kind| -> Vec<Value> {
        let all = exported.iter();
        let here = all.filter(|(id, its, _)| id == environment && *its == kind);
        here.map(|(_, _, resource)| resource.clone()).collect()
    };
    let mut projects = Vec::new();
    for project in &state.projects {
        let environments = state.environments.iter();
        let environments = environments
            .filter(|it| it["project_id"] == project["id"])
            .filter(|it| exported.iter().any(|(id, ..)| *id == it["id"]));
        let environments: Vec<_> = environments
            .map(|it| {
                let mut shown = only(it, &["uuid", "name", "description"]);
                shown["shared_environment_variables"] = json!([]);
                shown["applications"] = of(&it["id"], Kind::Application).into();
                shown["databases"] = of(&it["id"], Kind::Database).into();
                shown["services"] = of(&it["id"], Kind::Service).into();
                shown
            })
            .collect();
        if !environments.is_empty() {
            let mut shown = only(project, &["uuid", "name", "description"]);
            shown["shared_environment_variables"] = json!([]);
            shown["environments"] = environments.into();
            projects.push(shown);
        }
    }
    Ok(projects)
}

fn resource(state: &mut State, owner: &Owner, destination: &Value) -> Result<Value, Reply> {
    let (_, model) = state.identity(owner)?;
    let attributes = without(state.row_mut(owner)?.clone(), OF_PLACE);
    let variables = state.variables.iter().filter(|it| it.owner == owner.uuid);
    let mut variables: Vec<_> = variables.map(|it| only(&it.row, OF_VARIABLE)).collect();
    if model.ends_with("Redis") {
        let url = text(state.row_mut(owner)?, "internal_db_url");
        let parts = url.split_once("://").and_then(|(_, it)| it.split_once('@'));
        let (user, password) = parts
            .and_then(|(it, _)| it.split_once(':'))
            .unwrap_or_default();
        variables.push(credential(state, "REDIS_PASSWORD", password));
        variables.push(credential(state, "REDIS_USERNAME", user));
    }
    let storages = |is_file: bool| -> Vec<Value> {
        let all = state.storages.iter();
        let own = all.filter(|it| it.owner == owner.uuid && it.is_file == is_file);
        let fields: &[&str] = if is_file {
            &["uuid", "fs_path", "mount_path", "content", "is_directory"]
        } else {
            &[
                "uuid",
                "name",
                "mount_path",
                "host_path",
                "is_preview_suffix_enabled",
            ]
        };
        own.map(|it| only(&it.row, fields)).collect()
    };
    let (volumes, files) = (storages(false), storages(true));
    let backups = state.backups.iter().filter(|it| it.owner == owner.uuid);
    let backups: Vec<_> = backups
        .map(|it| without(it.row.clone(), &["id", "team_id", "database_id"]))
        .collect();
    let names = state.tags_of(owner)?.clone();
    let tags = state.tags.iter();
    let tags = tags.filter(|it| names.iter().any(|name| it["name"] == **name));
    let tags: Vec<_> = tags.map(|it| only(it, &["uuid", "name"])).collect();
    let mut exported = json!({
        "type": model.rsplit('\\').next(),
        "uuid": owner.uuid,
        "destination_uuid": destination,
        "attributes": attributes,
        "environment_variables": variables,
        "persistent_storages": volumes,
        "file_storages": files,
        "tags": tags,
    });
    if owner.kind == Kind::Database {
        exported["model"] = model.into();
        exported["scheduled_backups"] = backups.into();
    }
    Ok(exported)
}

/// Returns a variable with one of the credentials of a Redis, which are variables there.
fn credential(state: &mut State, key: &str, value: &str) -> Value {
    json!({
        "uuid": state.mint(),
        "key": key,
        "value": value,
        "is_literal": false,
        "is_multiline": false,
        "is_preview": false,
        "is_runtime": true,
        "is_buildtime": true,
        "is_shown_once": false,
        "is_shared": false,
        "is_required": false,
        "comment": null,
        "order": null,
    })
}

/// Returns a bundle as it is with a passphrase. The fake does not encrypt it.
pub(super) fn encrypted(bundle: &Value) -> Value {
    let payload = crate::request::base64(bundle.to_string().as_bytes());
    json!({"encrypted": true, "schema_version": 1, "payload": payload})
}

/// Returns what a bundle lacks.
pub(super) fn faults(bundle: &Value) -> Vec<&'static str> {
    if bundle["encrypted"] == true {
        return Vec::new();
    }
    let needed = [
        (bundle["schema_version"] == 1, "Missing schema_version."),
        (bundle["export_id"].is_string(), "Missing export_id."),
        (bundle["server"].is_object(), "Missing server payload."),
        (
            bundle["private_key"].is_object(),
            "Missing private_key payload.",
        ),
        (
            bundle["destinations"].is_array(),
            "Missing destinations array.",
        ),
        (bundle["projects"].is_array(), "Missing projects array."),
    ];
    let missing = needed.into_iter().filter(|(is_there, _)| !is_there);
    missing.map(|(_, said)| said).collect()
}

/// Counts what a bundle contains.
pub(super) fn counts(bundle: &Value) -> Value {
    let length = |it: &Value| it.as_array().map_or(0, Vec::len);
    let projects = bundle["projects"].as_array().cloned().unwrap_or_default();
    let environments = projects
        .iter()
        .filter_map(|it| it["environments"].as_array());
    let environments: Vec<_> = environments.flatten().collect();
    let all = |kind: &str| {
        environments
            .iter()
            .map(|it| length(&it[kind]))
            .sum::<usize>()
    };
    let mut counts = json!({
        "projects": projects.len(),
        "environments": environments.len(),
        "applications": all("applications"),
        "databases": all("databases"),
        "services": all("services"),
        "previews": 0,
    });
    for kind in [
        "destinations",
        "private_keys",
        "github_apps",
        "gitlab_apps",
        "s3_storages",
        "cloud_provider_tokens",
        "ssl_certificates",
        "volume_backups",
    ] {
        counts[kind] = length(&bundle[kind]).into();
    }
    counts
}

/// Returns what is noted of the instance that a server belongs to.
pub(super) fn claim(server: &str, export: &str, instance: &str) -> Value {
    json!({
        "instance_url": instance,
        "server_uuid": server,
        "team_id": 0,
        "claimed_at": now(),
        "export_id": export,
        "schema_version": 1,
    })
}

/// Returns the time in the form of this family.
pub(super) fn now() -> String {
    clock::now().replace(".000000Z", "+00:00")
}
