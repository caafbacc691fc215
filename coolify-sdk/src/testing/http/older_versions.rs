//! Changes replies to those of older versions, which lack columns or have others.

use serde_json::{Map, Value};

use crate::testing::http::Release;

/// Columns that a version has added.
struct Columns {
    since: &'static str,
    /// A column that only rows of this kind have, if rows of other kinds have
    /// columns of the same name.
    of: Option<&'static str>,
    names: &'static [&'static str],
}

const SERVICE_APPLICATIONS: Option<&str> = Some("required_fqdn");
const DATABASES: Option<&str> = Some("public_port");

/// The columns that each version has added, the newest first.
const COLUMNS: &[Columns] = &[
    Columns {
        since: "4.3.9",
        of: SERVICE_APPLICATIONS,
        names: &["is_force_https_enabled"],
    },
    Columns {
        since: "4.3.3",
        of: None,
        names: &[
            "backup_compression_cpu_percentage",
            "icon_path",
            "icon_s3_storage_id",
            "icon_storage_type",
        ],
    },
    Columns {
        since: "4.3.2",
        of: None,
        names: &[
            "compose_version",
            "compose_version_checked_at",
            "docker_version",
            "docker_version_checked_at",
        ],
    },
    Columns {
        since: "4.3.0",
        of: None,
        names: &[
            "avatar_path",
            "avatar_s3_storage_id",
            "avatar_storage_type",
            "domain_dns_statuses",
            "noindex_domains",
        ],
    },
    Columns {
        since: "4.3.0",
        of: SERVICE_APPLICATIONS,
        names: &["redirect"],
    },
    Columns {
        since: "4.2.0",
        of: None,
        names: &[
            "digitalocean_droplet_id",
            "digitalocean_droplet_status",
            "is_host_file",
            "is_mcp_server_enabled",
            "vultr_instance_id",
            "vultr_instance_status",
        ],
    },
    Columns {
        since: "4.1.2",
        of: None,
        names: &["max_restart_count"],
    },
    Columns {
        since: "4.1.2",
        of: DATABASES,
        names: &[
            "health_check_enabled",
            "health_check_interval",
            "health_check_retries",
            "health_check_start_period",
            "health_check_timeout",
        ],
    },
    Columns {
        since: "4.1.0",
        of: None,
        names: &["configuration_hash", "connection_timeout", "is_too_large"],
    },
];

/// Changes a reply to that of a version.
pub(in crate::testing) fn make_older(reply: &mut Value, release: Release) {
    if release.has(COLUMNS[0].since) {
        return;
    }
    match reply {
        Value::Array(items) => items.iter_mut().for_each(|it| make_older(it, release)),
        Value::Object(fields) => {
            let missing = COLUMNS.iter().filter(|it| !release.has(it.since));
            let missing: Vec<_> = missing
                .filter(|it| it.of.is_none_or(|marker| fields.contains_key(marker)))
                .flat_map(|it| it.names)
                .collect();
            fields.retain(|field, _| !missing.contains(&&&**field));
            write_as_before(fields, release);
            fields.values_mut().for_each(|it| make_older(it, release));
        }
        _ => {}
    }
}

/// Changes columns that had another name or another type.
fn write_as_before(fields: &mut Map<String, Value>, release: Release) {
    if !release.has("4.1.0") && fields.remove("is_buildpack_control").is_some() {
        let key = fields.get("key").and_then(Value::as_str);
        let is_nixpacks = key.is_some_and(|key| key.starts_with("NIXPACKS_"));
        fields.insert("is_nixpacks".to_owned(), is_nixpacks.into());
    }
    if !release.has("4.1.2")
        && fields.contains_key("filename")
        && let Some(size) = fields.get_mut("size").filter(|it| it.is_number())
    {
        *size = size.to_string().into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns what a version shows of a row, in a list within an object.
    fn shown(version: &str, row: &Value) -> String {
        let mut reply = json!({"rows": [row]});
        make_older(&mut reply, Release::parse(version));
        reply["rows"][0].to_string()
    }

    #[test]
    fn each_column_came_with_a_version() {
        for (since, before, row) in [
            (
                "4.3.9",
                "4.3.8",
                json!({"required_fqdn": 1, "is_force_https_enabled": 1}),
            ),
            (
                "4.3.3",
                "4.3.2",
                json!({"id": 1, "backup_compression_cpu_percentage": 1}),
            ),
            (
                "4.3.3",
                "4.3.2",
                json!({"id": 1, "icon_path": 1, "icon_s3_storage_id": 1, "icon_storage_type": 1}),
            ),
            (
                "4.3.2",
                "4.3.1",
                json!({"id": 1, "compose_version": 1, "docker_version": 1}),
            ),
            (
                "4.3.2",
                "4.3.1",
                json!({"id": 1, "compose_version_checked_at": 1, "docker_version_checked_at": 1}),
            ),
            (
                "4.3.0",
                "4.2.9",
                json!({"id": 1, "avatar_path": 1, "domain_dns_statuses": 1, "noindex_domains": 1}),
            ),
            (
                "4.3.0",
                "4.2.9",
                json!({"id": 1, "avatar_s3_storage_id": 1, "avatar_storage_type": 1}),
            ),
            ("4.3.0", "4.2.9", json!({"required_fqdn": 1, "redirect": 1})),
            (
                "4.2.0",
                "4.1.9",
                json!({"id": 1, "digitalocean_droplet_id": 1, "vultr_instance_id": 1}),
            ),
            (
                "4.2.0",
                "4.1.9",
                json!({"id": 1, "is_host_file": 1, "is_mcp_server_enabled": 1}),
            ),
            ("4.1.2", "4.1.1", json!({"id": 1, "max_restart_count": 1})),
            (
                "4.1.2",
                "4.1.1",
                json!({"public_port": 1, "health_check_enabled": 1, "health_check_timeout": 1}),
            ),
            (
                "4.1.0",
                "4.0.9",
                json!({"id": 1, "configuration_hash": 1, "connection_timeout": 1, "is_too_large": 1}),
            ),
        ] {
            let markers = ["id", "public_port", "required_fqdn"];
            let kept = markers.iter().find(|it| row.get(**it).is_some());
            let kept = json!({ *kept.unwrap(): 1 }).to_string();
            assert_eq!(shown(since, &row), row.to_string(), "{since}");
            assert_eq!(shown(before, &row), kept, "{before}");
        }
        // Other rows have had columns of the same name for long.
        for row in [
            json!({"id": 1, "is_force_https_enabled": 1, "redirect": 1}),
            json!({"id": 1, "health_check_enabled": 1, "health_check_interval": 1}),
        ] {
            assert_eq!(shown("4.0.0", &row), row.to_string());
        }
    }

    #[test]
    fn some_columns_had_another_name_or_type() {
        let variable = |key: &str| json!({"key": key, "is_buildpack_control": false});
        for (version, row, wanted) in [
            ("4.1.0", variable("NIXPACKS_A"), variable("NIXPACKS_A")),
            (
                "4.0.9",
                variable("NIXPACKS_A"),
                json!({"key": "NIXPACKS_A", "is_nixpacks": true}),
            ),
            (
                "4.0.9",
                variable("A"),
                json!({"key": "A", "is_nixpacks": false}),
            ),
            (
                "4.1.2",
                json!({"filename": "a", "size": 7}),
                json!({"filename": "a", "size": 7}),
            ),
            (
                "4.1.1",
                json!({"filename": "a", "size": 7}),
                json!({"filename": "a", "size": "7"}),
            ),
            (
                "4.1.1",
                json!({"filename": "a", "size": null}),
                json!({"filename": "a", "size": null}),
            ),
            (
                "4.1.1",
                json!({"name": "a", "size": 7}),
                json!({"name": "a", "size": 7}),
            ),
        ] {
            assert_eq!(shown(version, &row), wanted.to_string(), "{version}");
        }
    }
}
