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
