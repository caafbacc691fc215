//! Every field of every update that can be verified, and the form in which
//! Coolify stores it, according to its source and to servers from 4.0.0 to
//! 4.3.11.

use super::table::{Field, Form, Table};

#[cfg(feature = "applications")]
pub(crate) static APPLICATION: Table = Table(&[
    Field::new("base_directory", Form::Path("/")),
    Field::plain("build_command"),
    Field::plain("build_pack"),
    Field::plain("connect_to_docker_network"),
    Field::plain("custom_docker_run_options"),
    Field::plain("custom_internal_name"),
    Field::new("custom_labels", Form::Labels).hidden(),
    Field::new("custom_network_aliases", Form::Aliases),
    Field::new("custom_nginx_configuration", Form::Base64),
    Field::new("description", Form::NoTags),
    Field::plain("disable_build_cache"),
    Field::plain("docker_compose_custom_build_command"),
    Field::plain("docker_compose_custom_start_command"),
    Field::new("docker_compose_domains", Form::ComposeDomains),
    Field::new(
        "docker_compose_location",
        Form::Path("/docker-compose.yaml"),
    ),
    Field::plain("docker_images_to_keep"),
    Field::plain("docker_registry_image_name"),
    Field::plain("docker_registry_image_tag"),
    Field::new("dockerfile_location", Form::Path("/Dockerfile")),
    Field::plain("dockerfile_target_build"),
    Field::new("domains", Form::Addresses).at("/fqdn"),
    Field::new("force_domain_override", Form::Option),
    Field::plain("git_branch"),
    Field::plain("git_commit_sha"),
    Field::new("git_repository", Form::Repository),
    Field::plain("gpu_count"),
    Field::plain("gpu_device_ids"),
    Field::plain("gpu_driver"),
    Field::plain("gpu_options"),
    Field::plain("health_check_command"),
    Field::plain("health_check_enabled"),
    Field::plain("health_check_host"),
    Field::plain("health_check_interval"),
    Field::plain("health_check_method"),
    Field::plain("health_check_path"),
    Field::plain("health_check_port"),
    Field::plain("health_check_response_text"),
    Field::plain("health_check_retries"),
    Field::plain("health_check_return_code"),
    Field::plain("health_check_scheme"),
    Field::plain("health_check_start_period"),
    Field::plain("health_check_timeout"),
    Field::plain("health_check_type"),
    Field::plain("http_basic_auth_password").hidden(),
    Field::plain("http_basic_auth_username"),
    Field::plain("include_source_commit_in_build"),
    Field::plain("inject_build_args_to_dockerfile"),
    Field::plain("install_command"),
    Field::new("instant_deploy", Form::Action),
    Field::plain("is_auto_deploy_enabled"),
    Field::plain("is_consistent_container_name_enabled"),
    Field::plain("is_container_label_escape_enabled"),
    Field::plain("is_env_sorting_enabled"),
    Field::plain("is_force_https_enabled"),
    Field::plain("is_git_lfs_enabled"),
    Field::plain("is_git_shallow_clone_enabled"),
    Field::plain("is_git_submodules_enabled"),
    Field::plain("is_gpu_enabled"),
    Field::plain("is_gzip_enabled"),
    Field::plain("is_http_basic_auth_enabled"),
    Field::plain("is_log_drain_enabled"),
    Field::plain("is_pr_deployments_public_enabled"),
    Field::plain("is_preserve_repository_enabled"),
    Field::plain("is_preview_deployments_enabled"),
    Field::plain("is_raw_compose_deployment_enabled"),
    Field::plain("is_spa"),
    Field::plain("is_static"),
    Field::plain("is_stripprefix_enabled"),
    Field::plain("limits_cpu_shares"),
    Field::plain("limits_cpus"),
    Field::plain("limits_cpuset"),
    Field::plain("limits_memory"),
    Field::plain("limits_memory_reservation"),
    Field::plain("limits_memory_swap"),
    Field::plain("limits_memory_swappiness"),
    Field::plain("manual_webhook_secret_bitbucket").hidden(),
    Field::plain("manual_webhook_secret_gitea").hidden(),
    Field::plain("manual_webhook_secret_github").hidden(),
    Field::plain("manual_webhook_secret_gitlab").hidden(),
    Field::plain("max_restart_count"),
    Field::new("name", Form::NoTags),
    Field::new("noindex_domains", Form::FlaggedDomains),
    Field::new("ports_exposes", Form::List),
    Field::new("ports_mappings", Form::List),
    Field::plain("post_deployment_command"),
    Field::plain("post_deployment_command_container"),
    Field::plain("pre_deployment_command"),
    Field::plain("pre_deployment_command_container"),
    Field::plain("preview_url_template"),
    Field::new("publish_directory", Form::Path("/")),
    Field::plain("redirect"),
    Field::plain("start_command"),
    Field::plain("static_image"),
    Field::plain("stop_grace_period"),
    Field::plain("use_build_secrets"),
    Field::plain("use_build_server").at("/settings/is_build_server_enabled"),
    Field::new("watch_paths", Form::WatchPaths),
]);

#[cfg(feature = "databases")]
static DATABASE: Table = Table(&[
    Field::plain("clickhouse_admin_password").hidden(),
    Field::plain("clickhouse_admin_user"),
    Field::new("description", Form::NoTags),
    Field::plain("dragonfly_password").hidden(),
    Field::plain("health_check_enabled"),
    Field::plain("health_check_interval"),
    Field::plain("health_check_retries"),
    Field::plain("health_check_start_period"),
    Field::plain("health_check_timeout"),
    Field::new("image", Form::Html),
    Field::plain("is_public"),
    Field::new("keydb_conf", Form::Base64),
    Field::plain("keydb_password").hidden(),
    Field::plain("limits_cpu_shares"),
    Field::plain("limits_cpus"),
    Field::plain("limits_cpuset"),
    Field::plain("limits_memory"),
    Field::plain("limits_memory_reservation"),
    Field::plain("limits_memory_swap"),
    Field::plain("limits_memory_swappiness"),
    Field::new("mariadb_conf", Form::Base64),
    Field::plain("mariadb_database"),
    Field::plain("mariadb_password").hidden(),
    Field::plain("mariadb_root_password").hidden(),
    Field::plain("mariadb_user"),
    Field::new("mongo_conf", Form::Base64),
    Field::plain("mongo_initdb_database"),
    Field::plain("mongo_initdb_root_password").hidden(),
    Field::plain("mongo_initdb_root_username"),
    Field::new("mysql_conf", Form::Base64),
    Field::plain("mysql_database"),
    Field::plain("mysql_password").hidden(),
    Field::plain("mysql_root_password").hidden(),
    Field::plain("mysql_user"),
    Field::new("name", Form::NoTags),
    Field::new("postgres_conf", Form::Base64),
    Field::plain("postgres_db"),
    Field::plain("postgres_host_auth_method"),
    Field::plain("postgres_initdb_args"),
    Field::plain("postgres_password").hidden(),
    Field::plain("postgres_user"),
    Field::plain("public_port"),
    Field::plain("public_port_timeout"),
    Field::new("redis_conf", Form::Base64),
]);

#[cfg(feature = "services")]
static SERVICE: Table = Table(&[
    Field::plain("connect_to_docker_network"),
    Field::new("description", Form::NoTags),
    Field::new("docker_compose_raw", Form::ComposeFile).hidden(),
    Field::new("force_domain_override", Form::Option),
    Field::new("instant_deploy", Form::Action),
    Field::plain("is_container_label_escape_enabled"),
    Field::new("name", Form::NoTags),
    Field::new("urls", Form::ServiceUrls).at("/applications"),
]);

/// The fields of the applications and databases in a service.
#[cfg(feature = "services")]
static SERVICE_PART: Table = Table(&[
    Field::plain("description"),
    Field::plain("exclude_from_status"),
    Field::plain("human_name"),
    Field::new("image", Form::Html),
    Field::plain("is_force_https_enabled"),
    Field::plain("is_gzip_enabled"),
    Field::plain("is_log_drain_enabled"),
    Field::plain("is_public"),
    Field::plain("is_stripprefix_enabled"),
    Field::new("noindex_domains", Form::FlaggedDomains),
    Field::plain("public_port"),
    Field::plain("public_port_timeout"),
    Field::new("url", Form::Addresses).at("/fqdn"),
]);

#[cfg(feature = "servers")]
static SERVER: Table = Table(&[
    Field::plain("concurrent_builds"),
    Field::plain("connection_timeout"),
    Field::plain("deployment_queue_limit"),
    Field::plain("description"),
    Field::plain("dynamic_timeout"),
    Field::new("instant_validate", Form::Action),
    Field::plain("ip"),
    Field::plain("is_build_server"),
    Field::plain("is_terminal_enabled"),
    Field::plain("name"),
    Field::plain("port"),
    Field::new("private_key_uuid", Form::NotShown),
    Field::new("proxy_type", Form::Caseless).at("/proxy/type"),
    Field::plain("server_disk_usage_check_frequency"),
    Field::plain("server_disk_usage_notification_threshold"),
    Field::plain("user"),
]);

#[cfg(feature = "projects")]
static PROJECT: Table = Table(&[
    Field::new("description", Form::NoTags),
    Field::new("name", Form::NoTags),
]);

/// Assigns the tables to the updates.
macro_rules! verify {
    ($feature:literal, $table:ident, $($body:ident),+) => {
        $(
            #[cfg(feature = $feature)]
            impl super::Verify for crate::raw::types::$body {
                fn table() -> &'static Table {
                    &$table
                }
            }
        )+
    };
}

verify!("services", SERVICE, UpdateServiceByUuidBody);
verify!(
    "services",
    SERVICE_PART,
    UpdateServiceApplicationBody,
    UpdateServiceDatabaseBody
);
verify!(
    "databases",
    DATABASE,
    UpdateDatabaseClickhouseBody,
    UpdateDatabaseDragonflyBody,
    UpdateDatabaseKeydbBody,
    UpdateDatabaseMariadbBody,
    UpdateDatabaseMongodbBody,
    UpdateDatabaseMysqlBody,
    UpdateDatabasePostgresqlBody,
    UpdateDatabaseRedisBody
);
verify!("servers", SERVER, UpdateServerByUuidBody);
verify!("projects", PROJECT, UpdateProjectByUuidBody);

#[cfg(all(test, feature = "full"))]
mod tests {
    use std::fmt::Debug;

    use super::*;
    use crate::raw::types::*;
    use crate::verify::Verify;

    /// Returns a table, and the fields of the update that it verifies.
    fn of<B: Verify + Default + Debug>() -> (&'static Table, Vec<String>) {
        let body = format!("{:?}", B::default());
        let (_, fields) = body.split_once('{').expect("a struct with fields");
        let names = fields
            .split(',')
            .filter_map(|field| field.split_once(':'))
            .map(|(name, _)| name.trim().to_owned())
            .collect();
        (B::table(), names)
    }

    fn all() -> Vec<(&'static Table, Vec<String>)> {
        vec![
            of::<UpdateApplicationByUuidBody>(),
            of::<UpdateServiceByUuidBody>(),
            of::<UpdateServiceApplicationBody>(),
            of::<UpdateServiceDatabaseBody>(),
            of::<UpdateDatabaseClickhouseBody>(),
            of::<UpdateDatabaseDragonflyBody>(),
            of::<UpdateDatabaseKeydbBody>(),
            of::<UpdateDatabaseMariadbBody>(),
            of::<UpdateDatabaseMongodbBody>(),
            of::<UpdateDatabaseMysqlBody>(),
            of::<UpdateDatabasePostgresqlBody>(),
            of::<UpdateDatabaseRedisBody>(),
            of::<UpdateServerByUuidBody>(),
            of::<UpdateProjectByUuidBody>(),
        ]
    }

    #[test]
    fn each_field_that_can_be_set_is_in_a_table() {
        for (table, fields) in all() {
            assert!(fields.len() > 1, "{fields:?}");
            for field in fields {
                assert!(table.0.iter().any(|it| it.name == field), "{field}");
            }
        }
    }

    #[test]
    fn the_tables_hold_no_other_field_and_none_twice() {
        let all = all();
        for (table, _) in &all {
            for Field { name, .. } in table.0 {
                let is_set = all.iter().any(|(other, fields)| {
                    std::ptr::eq(*table, *other) && fields.iter().any(|field| field == name)
                });
                assert!(is_set, "{name}");
                let times = table.0.iter().filter(|it| it.name == *name).count();
                assert_eq!(times, 1, "{name}");
            }
        }
    }
}
