//! The minimal hand-written code for the same calls: reqwest, `serde_json` and
//! structs with the same fields, without retries, pacing and detailed errors.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// A token, which is not checked.
pub const TOKEN: &str = "1|a-token-of-forty-eight-characters-or-so-it-is";

/// A client with a timeout and the token.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    api: String,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60));
        Self {
            http: http.build().unwrap(),
            api: format!("{url}/api/v1"),
        }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        self.answer(self.http.get(format!("{}{path}", self.api)))
            .await
            .json()
            .await
            .unwrap()
    }

    pub async fn text(&self, path: &str) -> String {
        self.answer(self.http.get(format!("{}{path}", self.api)))
            .await
            .text()
            .await
            .unwrap()
    }

    /// Synchronises variables with one read and one write.
    pub async fn sync(&self, path: &str, desired: &[(String, String)]) {
        let known: Vec<EnvironmentVariable> = self.get(path).await;
        let known: HashMap<_, _> = known.iter().map(|one| (&one.key, &one.value)).collect();
        let is_other = |(key, value): &&(String, String)| {
            known.get(&Some(key.clone())) != Some(&&Some(value.clone()))
        };
        let changed = desired.iter().filter(is_other);
        let items = changed.map(|(key, value)| json!({"key": key, "value": value}));
        let body = json!({"data": items.collect::<Value>()});
        let request = self.http.patch(format!("{}{path}/bulk", self.api));
        let written = self.answer(request.json(&body)).await.json();
        let _: Vec<EnvironmentVariable> = written.await.unwrap();
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let reply = request.bearer_auth(TOKEN).send().await.unwrap();
        reply.error_for_status().unwrap()
    }
}

/// A line of a deployment's log.
#[derive(Deserialize)]
#[expect(dead_code, reason = "decoding is what is measured")]
pub struct LogLine {
    output: Option<String>,
    command: Option<String>,
    #[serde(rename = "type")]
    stream: String,
    timestamp: Option<String>,
    hidden: bool,
    order: Option<i64>,
}

/// Parses the lines of a log.
pub fn lines(log: &str) -> Vec<LogLine> {
    serde_json::from_str(log).unwrap()
}

/// Defines structs with the fields of the SDK's types, in simple types.
macro_rules! structs {
    ($($name:ident { $($type:ty: $($field:ident),+;)+ })+) => {$(
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "decoding is what is measured")]
        #[allow(
            clippy::struct_excessive_bools,
            clippy::struct_field_names,
            reason = "the names are Coolify's"
        )]
        pub struct $name {
            $($(pub $field: Option<$type>,)+)+
        }
    )+};
}

structs! {
    Deployments {
        i64: count;
        Vec<Deployment>: deployments;
    }
    Deployment {
        String: application_id, application_name, commit, commit_message, configuration_hash,
            created_at, current_process_id, deployment_url, deployment_uuid, destination_id,
            docker_registry_image_tag, finished_at, git_type, horizon_job_id,
            horizon_job_worker, logs, server_name, status, updated_at;
        i64: build_server_id, id, pull_request_id, server_id;
        bool: force_rebuild, is_api, is_webhook, only_this_server, restart_only, rollback;
        Application: application;
    }
    EnvironmentVariable {
        String: comment, created_at, key, real_value, updated_at, uuid, value, version;
        i64: order;
        bool: is_buildpack_control, is_buildtime, is_coolify, is_literal, is_multiline,
            is_nixpacks, is_preview, is_really_required, is_required, is_runtime, is_shared,
            is_shown_once;
    }
    Application {
        String: base_directory, build_command, build_pack, compose_parsing_version, config_hash,
            created_at, custom_docker_run_options, custom_labels, custom_network_aliases,
            custom_nginx_configuration, deleted_at, description, destination_type,
            docker_compose, docker_compose_custom_build_command,
            docker_compose_custom_start_command, docker_compose_domains,
            docker_compose_location, docker_compose_raw, docker_registry_image_name,
            docker_registry_image_tag, dockerfile, dockerfile_location, dockerfile_target_build,
            fqdn, git_branch, git_commit_sha, git_full_url, git_repository,
            health_check_command, health_check_host, health_check_method, health_check_path,
            health_check_port, health_check_response_text, health_check_scheme,
            health_check_type, http_basic_auth_password, http_basic_auth_username,
            install_command, last_online_at, last_restart_at, last_restart_type, limits_cpus,
            limits_cpuset, limits_memory, limits_memory_reservation, limits_memory_swap,
            manual_webhook_secret_bitbucket, manual_webhook_secret_gitea,
            manual_webhook_secret_github, manual_webhook_secret_gitlab, name, ports_exposes,
            ports_mappings, post_deployment_command, post_deployment_command_container,
            pre_deployment_command, pre_deployment_command_container, preview_url_template,
            publish_directory, redirect, source_type, start_command, static_image, status,
            swarm_placement_constraints, updated_at, uuid, watch_paths;
        i64: additional_networks_count, additional_servers_count, destination_id,
            environment_id, health_check_interval, health_check_retries,
            health_check_return_code, health_check_start_period, health_check_timeout, id,
            laravel_through_key, limits_cpu_shares, limits_memory_swappiness, max_restart_count,
            private_key_id, repository_project_id, restart_count, source_id, swarm_replicas;
        bool: custom_healthcheck_found, health_check_enabled, is_http_basic_auth_enabled,
            server_status;
        ApplicationSetting: settings;
        Environment: environment;
        ResourceDestination: destination;
        Value: additional_servers, domain_dns_statuses;
        Vec<String>: noindex_domains;
    }
    ApplicationSetting {
        String: created_at, custom_internal_name, gpu_count, gpu_device_ids, gpu_driver,
            gpu_options, updated_at;
        i64: application_id, docker_images_to_keep, id, stop_grace_period;
        bool: connect_to_docker_network, disable_build_cache, include_source_commit_in_build,
            inject_build_args_to_dockerfile, is_auto_deploy_enabled, is_build_server_enabled,
            is_consistent_container_name_enabled, is_container_label_escape_enabled,
            is_container_label_readonly_enabled, is_debug_enabled, is_env_sorting_enabled,
            is_force_https_enabled, is_git_lfs_enabled, is_git_shallow_clone_enabled,
            is_git_submodules_enabled, is_gpu_enabled, is_gzip_enabled, is_include_timestamps,
            is_log_drain_enabled, is_pr_deployments_public_enabled,
            is_preserve_repository_enabled, is_preview_deployments_enabled,
            is_raw_compose_deployment_enabled, is_spa, is_static, is_stripprefix_enabled,
            is_swarm_only_worker_nodes, use_build_secrets;
    }
    ResourceDestination {
        String: created_at, name, network, updated_at, uuid;
        i64: id, server_id;
        Server: server;
    }
    Server {
        String: created_at, deleted_at, description, detected_traefik_version,
            digitalocean_droplet_status, hetzner_server_status, ip, ip_previous, name,
            sentinel_updated_at, updated_at, user, uuid, validation_logs, vultr_instance_id,
            vultr_instance_status;
        i64: cloud_provider_token_id, digitalocean_droplet_id, hetzner_server_id, id, port,
            private_key_id, swarm_cluster, team_id, unreachable_count;
        bool: high_disk_usage_notification_sent, is_coolify_host, is_reachable, is_usable,
            is_validating, log_drain_notification_sent, unreachable_notification_sent;
        ServerProxyState: proxy;
        ServerSetting: settings;
        Value: resources, server_metadata, traefik_outdated_info;
    }
    ServerProxyState {
        String: last_applied_settings, last_saved_proxy_configuration, last_saved_settings,
            redirect_url, status, r#type;
        bool: force_stop, redirect_enabled;
    }
    ServerSetting {
        String: compose_version, compose_version_checked_at, created_at,
            docker_cleanup_frequency, docker_version, docker_version_checked_at,
            logdrain_axiom_api_key, logdrain_axiom_dataset_name, logdrain_custom_config,
            logdrain_custom_config_parser, logdrain_highlight_project_id,
            logdrain_newrelic_base_uri, logdrain_newrelic_license_key, sentinel_custom_url,
            sentinel_token, server_disk_usage_check_frequency, server_timezone, updated_at,
            wildcard_domain;
        i64: backup_compression_cpu_percentage, concurrent_builds, connection_timeout,
            deployment_queue_limit, docker_cleanup_threshold, dynamic_timeout, id,
            sentinel_metrics_history_days, sentinel_metrics_refresh_rate_seconds,
            sentinel_push_interval_seconds, server_disk_usage_notification_threshold, server_id;
        bool: delete_unused_networks, delete_unused_volumes,
            disable_application_image_retention, force_disabled, force_docker_cleanup,
            generate_exact_labels, is_build_server, is_cloudflare_tunnel, is_jump_server,
            is_logdrain_axiom_enabled, is_logdrain_custom_enabled,
            is_logdrain_highlight_enabled, is_logdrain_newrelic_enabled, is_metrics_enabled,
            is_reachable, is_sentinel_debug_enabled, is_sentinel_enabled, is_swarm_manager,
            is_swarm_worker, is_terminal_enabled, is_usable;
    }
    Environment {
        String: created_at, description, name, updated_at, uuid;
        i64: id, project_id;
        Project: project;
    }
    Project {
        String: created_at, description, icon_path, icon_storage_type, name, updated_at, uuid;
        i64: icon_s3_storage_id, id, team_id;
        Team: team;
        Value: environments;
    }
    Team {
        String: created_at, description, name, updated_at;
        i64: custom_server_limit, id;
        bool: is_mcp_server_enabled, personal_team, show_boarding;
        Value: members;
    }
}
