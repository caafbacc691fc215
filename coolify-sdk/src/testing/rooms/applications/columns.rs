//! How Coolify changes the fields of an application when it stores them.

use serde_json::Value;

use crate::testing::state::Columns;

/// The columns of an application and of its settings.
pub(in crate::testing) const COLUMNS: Columns = Columns {
    long: &[
        "fqdn",
        "dockerfile",
        "custom_labels",
        "docker_compose",
        "docker_compose_raw",
        "docker_compose_domains",
        "custom_docker_run_options",
        "post_deployment_command",
        "pre_deployment_command",
        "watch_paths",
        "custom_nginx_configuration",
        "custom_network_aliases",
        "health_check_command",
        "manual_webhook_secret_github",
        "manual_webhook_secret_gitlab",
        "manual_webhook_secret_bitbucket",
        "manual_webhook_secret_gitea",
    ],
    encrypted: &["http_basic_auth_password"],
    plain: &["name", "description"],
    whole: &[
        "health_check_return_code",
        "health_check_interval",
        "health_check_timeout",
        "health_check_retries",
        "health_check_start_period",
        "limits_memory_swappiness",
        "limits_cpu_shares",
        "max_restart_count",
        "stop_grace_period",
        "docker_images_to_keep",
    ],
    switch: &["health_check_enabled", "is_http_basic_auth_enabled"],
    json: &["noindex_domains"],
    filled: &[
        "git_repository",
        "git_branch",
        "git_commit_sha",
        "build_pack",
        "static_image",
        "health_check_path",
        "health_check_host",
        "health_check_method",
        "health_check_scheme",
        "limits_memory",
        "limits_memory_swap",
        "limits_memory_reservation",
        "limits_cpus",
        "redirect",
        "is_http_basic_auth_enabled",
        "preview_url_template",
    ],
    ..Columns::PLAIN
};

/// Returns a value as the model changes it, before the column does.
pub(in crate::testing) fn modelled(field: &str, value: &Value, build_pack: &str) -> Value {
    let Some(text) = value.as_str() else {
        return match (field, value) {
            ("base_directory" | "publish_directory", Value::Null) => "/".into(),
            ("install_command" | "build_command" | "start_command", Value::Null) => "".into(),
            ("docker_compose_location", Value::Null) => "/docker-compose.yaml".into(),
            ("dockerfile_location", Value::Null) if build_pack == "dockerfile" => {
                "/Dockerfile".into()
            }
            (_, value) => value.clone(),
        };
    };
    match field {
        "base_directory" | "publish_directory" => {
            format!("/{}", text.trim_start_matches('/')).into()
        }
        "docker_compose_location" | "dockerfile_location" if text != "/" => {
            let text = text.strip_suffix('/').unwrap_or(text);
            format!("/{}", text.trim_start_matches('/')).into()
        }
        "watch_paths" if text == "0" => Value::Null,
        "watch_paths" => watched(text),
        "custom_network_aliases" => aliases(text),
        _ => value.clone(),
    }
}

/// Watch paths, one per line, without surrounding spaces and leading slashes.
fn watched(text: &str) -> Value {
    let line = |line: &str| match line.trim().strip_prefix('!') {
        Some(rest) => format!("!{}", rest.trim().trim_start_matches('/')),
        None => line.trim().trim_start_matches('/').to_owned(),
    };
    let lines = text.split('\n').map(line).filter(|it| !it.is_empty());
    let lines: Vec<String> = lines.collect();
    lines.join("\n").trim().into()
}

/// Aliases in a JSON list or separated by commas: without duplicates, and with
/// hyphens instead of spaces.
fn aliases(text: &str) -> Value {
    let read: Option<Value> = serde_json::from_str(text).ok();
    let given: Vec<String> = match read {
        Some(Value::Array(items)) => items.iter().filter_map(as_text).collect(),
        Some(Value::Object(map)) => map.values().filter_map(as_text).collect(),
        Some(Value::String(text)) => text.split(',').map(str::to_owned).collect(),
        Some(_) => Vec::new(),
        None => text.split(',').map(str::to_owned).collect(),
    };
    let mut kept: Vec<String> = Vec::new();
    for alias in given.iter().map(|it| it.trim().replace(' ', "-")) {
        if !alias.is_empty() && alias != "0" && !kept.contains(&alias) {
            kept.push(alias);
        }
    }
    if kept.is_empty() {
        Value::Null
    } else {
        kept.join(",").into()
    }
}

fn as_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
