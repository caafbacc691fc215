//! Columns that older versions do not have: their replies lack them wherever they are.

use serde_json::Value;

use super::release::Release;

/// Since when which columns exist, the newest first.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        "4.3.3",
        &[
            "backup_compression_cpu_percentage",
            "icon_path",
            "icon_s3_storage_id",
            "icon_storage_type",
        ],
    ),
    (
        "4.3.2",
        &[
            "compose_version",
            "compose_version_checked_at",
            "docker_version",
            "docker_version_checked_at",
        ],
    ),
    (
        "4.3.0",
        &[
            "avatar_path",
            "avatar_s3_storage_id",
            "avatar_storage_type",
            "domain_dns_statuses",
            "noindex_domains",
        ],
    ),
    (
        "4.2.0",
        &[
            "digitalocean_droplet_id",
            "digitalocean_droplet_status",
            "is_host_file",
            "is_mcp_server_enabled",
            "vultr_instance_id",
            "vultr_instance_status",
        ],
    ),
];

/// The same for the applications in services, whose names others have as well.
const OF_SERVICE_APPLICATIONS: &[(&str, &str)] =
    &[("4.3.9", "is_force_https_enabled"), ("4.3.0", "redirect")];

/// Takes out of a reply what a version does not have.
pub(super) fn make_older(reply: &mut Value, release: Release) {
    if release.has(COLUMNS[0].0) && release.has(OF_SERVICE_APPLICATIONS[0].0) {
        return;
    }
    match reply {
        Value::Array(items) => items.iter_mut().for_each(|it| make_older(it, release)),
        Value::Object(fields) => {
            let is_service_application = fields.contains_key("required_fqdn");
            fields.retain(|field, _| {
                let columns = COLUMNS.iter().filter(|(_, it)| it.contains(&&**field));
                let mut since: Vec<&str> = columns.map(|(since, _)| *since).collect();
                if is_service_application {
                    let columns = OF_SERVICE_APPLICATIONS.iter();
                    since.extend(
                        columns
                            .filter(|(_, it)| it == field)
                            .map(|(since, _)| *since),
                    );
                }
                since.into_iter().all(|since| release.has(since))
            });
            fields.values_mut().for_each(|it| make_older(it, release));
        }
        _ => {}
    }
}
