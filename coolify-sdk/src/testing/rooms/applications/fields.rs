//! The fields of applications: which endpoint accepts them, and their rules.

use crate::testing::validation::{
    ANY_NAME, NOTE, TAGS, domains, git, images,
    rules::{Field, Rule},
    text,
};

const SWITCH: &[Rule] = &[Rule::Switch];
const SWITCH_4_2: &[Rule] = &[Rule::NewIn("4.2.0"), Rule::Switch];
const SWITCH_4_3: &[Rule] = &[Rule::NewIn("4.3.0"), Rule::Switch];
const TEXT_4_3: &[Rule] = &[Rule::NewIn("4.3.0"), NOTE];
const NUMBER: &[Rule] = &[Rule::Number];
const TEXT: &[Rule] = &[Rule::Text];
const MAY_BE_EMPTY: &[Rule] = &[NOTE];

/// A text that becomes part of a shell command.
const COMMAND: &[Rule] = &[NOTE, Rule::Max(1000), Rule::Is(text::command)];
const FOLDER: &[Rule] = &[NOTE, Rule::Max(255), Rule::Is(text::folder)];
const FILE: &[Rule] = &[NOTE, Rule::Max(255), Rule::Is(text::file)];
const CONTAINER: &[Rule] = &[Rule::Text, Rule::Max(255), Rule::Is(text::docker_name)];

const PORTS: &[Rule] = &[Rule::Text, Rule::Is(text::ports)];
const PORTS_OR_NONE: &[Rule] = &[
    Rule::Before("4.1.2", &[Rule::Required, Rule::Text]),
    Rule::Since("4.1.2", &[NOTE]),
    Rule::Is(text::ports),
];

const BRANCH: Rule = Rule::All(&[Rule::Text, Rule::Since("4.1.0", &[Rule::Is(git::branch)])]);

const BUILD_PACK: Rule = Rule::All(&[
    Rule::Since(
        "4.1.0",
        &[Rule::OneOf(&[
            "railpack",
            "nixpacks",
            "static",
            "dockerfile",
            "dockercompose",
        ])],
    ),
    Rule::Before(
        "4.1.0",
        &[Rule::OneOf(&[
            "nixpacks",
            "static",
            "dockerfile",
            "dockercompose",
        ])],
    ),
]);

const TAG: &[Rule] = &[
    NOTE,
    Rule::Since("4.1.0", &[Rule::Max(128), Rule::Is(images::tag)]),
];

const DOMAINS: &[Rule] = &[
    NOTE,
    Rule::Since("4.2.0", &[Rule::Max(2048), Rule::Is(domains::all)]),
];

/// The domains of the services of a compose file.
const COMPOSE_DOMAINS: &[Rule] = &[
    Rule::Nullable,
    Rule::List,
    Rule::Each(&[
        Rule::Since("4.3.0", &[Rule::Only(&["name", "domain", "redirect"])]),
        Rule::Before("4.3.0", &[Rule::Only(&["name", "domain"])]),
        Rule::Has(&[
            ("name", &[Rule::Required, Rule::Text]),
            ("domain", DOMAINS),
            (
                "redirect",
                &[
                    Rule::NewIn("4.3.0"),
                    NOTE,
                    Rule::OneOf(&["www", "non-www", "both"]),
                ],
            ),
        ]),
    ]),
];

/// The fields that all endpoints accept, for creating and for updating.
pub(in crate::testing) const SHARED: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("description", MAY_BE_EMPTY),
    ("is_static", SWITCH),
    ("is_spa", SWITCH),
    ("is_auto_deploy_enabled", SWITCH),
    ("is_force_https_enabled", SWITCH),
    ("is_preview_deployments_enabled", SWITCH_4_2),
    ("domains", DOMAINS),
    (
        "noindex_domains",
        &[
            Rule::NewIn("4.3.0"),
            Rule::Nullable,
            Rule::List,
            Rule::Each(TEXT),
        ],
    ),
    ("git_repository", TEXT),
    ("git_branch", &[BRANCH]),
    ("git_commit_sha", &[Rule::Text, Rule::Is(git::commit)]),
    (
        "docker_registry_image_name",
        &[
            NOTE,
            Rule::Since("4.1.0", &[Rule::Max(255), Rule::Is(images::name)]),
        ],
    ),
    ("docker_registry_image_tag", TAG),
    ("build_pack", &[BUILD_PACK]),
    ("install_command", COMMAND),
    ("build_command", COMMAND),
    ("start_command", COMMAND),
    ("ports_exposes", PORTS),
    ("ports_mappings", &[NOTE, Rule::Is(text::port_mappings)]),
    ("custom_network_aliases", MAY_BE_EMPTY),
    ("base_directory", FOLDER),
    ("publish_directory", FOLDER),
    ("health_check_enabled", SWITCH),
    (
        "health_check_type",
        &[Rule::Text, Rule::OneOf(&["http", "cmd"])],
    ),
    (
        "health_check_command",
        &[NOTE, Rule::Max(1000), Rule::Is(text::health_command)],
    ),
    (
        "health_check_path",
        &[Rule::Text, Rule::Is(text::health_path)],
    ),
    (
        "health_check_port",
        &[Rule::Nullable, Rule::Whole, Rule::Min(1), Rule::Max(65535)],
    ),
    (
        "health_check_host",
        &[Rule::Text, Rule::Is(text::health_host)],
    ),
    (
        "health_check_method",
        &[Rule::Text, Rule::OneOf(&["GET", "HEAD", "POST", "OPTIONS"])],
    ),
    ("health_check_return_code", NUMBER),
    (
        "health_check_scheme",
        &[Rule::Text, Rule::OneOf(&["http", "https"])],
    ),
    ("health_check_response_text", MAY_BE_EMPTY),
    ("health_check_interval", NUMBER),
    ("health_check_timeout", NUMBER),
    ("health_check_retries", NUMBER),
    ("health_check_start_period", NUMBER),
    ("limits_memory", TEXT),
    ("limits_memory_swap", TEXT),
    ("limits_memory_swappiness", NUMBER),
    ("limits_memory_reservation", TEXT),
    ("limits_cpus", TEXT),
    ("limits_cpuset", MAY_BE_EMPTY),
    ("limits_cpu_shares", NUMBER),
    ("custom_labels", MAY_BE_EMPTY),
    (
        "custom_docker_run_options",
        &[NOTE, Rule::Max(2000), Rule::Is(text::command)],
    ),
    ("post_deployment_command", MAY_BE_EMPTY),
    ("post_deployment_command_container", CONTAINER),
    ("pre_deployment_command", MAY_BE_EMPTY),
    ("pre_deployment_command_container", CONTAINER),
    ("manual_webhook_secret_github", MAY_BE_EMPTY),
    ("manual_webhook_secret_gitlab", MAY_BE_EMPTY),
    ("manual_webhook_secret_bitbucket", MAY_BE_EMPTY),
    ("manual_webhook_secret_gitea", MAY_BE_EMPTY),
    ("redirect", &[Rule::OneOf(&["both", "www", "non-www"])]),
    ("instant_deploy", &[]),
    ("dockerfile_location", FILE),
    ("docker_compose_location", FILE),
    ("docker_compose_custom_start_command", COMMAND),
    ("docker_compose_custom_build_command", COMMAND),
    ("docker_compose_domains", COMPOSE_DOMAINS),
    ("watch_paths", &[]),
    ("use_build_server", &[]),
    ("use_build_secrets", SWITCH_4_2),
    ("static_image", &[Rule::OneOf(&["nginx:alpine"])]),
    ("custom_nginx_configuration", &[]),
    ("is_http_basic_auth_enabled", SWITCH),
    ("http_basic_auth_username", MAY_BE_EMPTY),
    ("http_basic_auth_password", MAY_BE_EMPTY),
    ("connect_to_docker_network", &[]),
    ("force_domain_override", &[]),
    ("is_container_label_escape_enabled", SWITCH),
    ("is_preserve_repository_enabled", SWITCH),
    ("preview_url_template", &[Rule::NewIn("4.3.0"), Rule::Text]),
    (
        "max_restart_count",
        &[Rule::NewIn("4.3.0"), Rule::Whole, Rule::Min(0)],
    ),
    ("is_git_submodules_enabled", SWITCH_4_2),
    ("is_git_lfs_enabled", SWITCH_4_2),
    ("is_git_shallow_clone_enabled", SWITCH_4_2),
    ("disable_build_cache", SWITCH_4_2),
    ("inject_build_args_to_dockerfile", SWITCH_4_2),
    ("include_source_commit_in_build", SWITCH_4_2),
    ("is_env_sorting_enabled", SWITCH_4_2),
    ("is_pr_deployments_public_enabled", SWITCH_4_2),
    (
        "stop_grace_period",
        &[
            Rule::NewIn("4.2.0"),
            Rule::Nullable,
            Rule::Whole,
            Rule::Min(1),
            Rule::Max(3600),
        ],
    ),
    (
        "docker_images_to_keep",
        &[
            Rule::NewIn("4.2.0"),
            Rule::Whole,
            Rule::Min(0),
            Rule::Max(100),
        ],
    ),
    ("is_gzip_enabled", SWITCH_4_2),
    ("is_stripprefix_enabled", SWITCH_4_2),
    ("is_raw_compose_deployment_enabled", SWITCH_4_2),
    ("is_log_drain_enabled", SWITCH_4_3),
    ("is_gpu_enabled", SWITCH_4_3),
    ("gpu_driver", TEXT_4_3),
    ("gpu_count", TEXT_4_3),
    ("gpu_device_ids", TEXT_4_3),
    ("gpu_options", TEXT_4_3),
    ("is_consistent_container_name_enabled", SWITCH_4_3),
    ("custom_internal_name", TEXT_4_3),
];

/// Further fields for creating, which are checked first.
pub(in crate::testing) const CREATED: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("description", MAY_BE_EMPTY),
    ("is_http_basic_auth_enabled", SWITCH),
    ("http_basic_auth_username", MAY_BE_EMPTY),
    ("http_basic_auth_password", MAY_BE_EMPTY),
    ("autogenerate_domain", SWITCH),
    TAGS,
];

/// Accepted only for creating, in addition to the place.
pub(in crate::testing) const CREATE_ONLY: &[&str] = &[
    "type",
    "private_key_uuid",
    "github_app_uuid",
    "dockerfile",
    "docker_compose_raw",
    "autogenerate_domain",
];

/// The fields of an application from a repository.
pub(in crate::testing) const FROM_GIT: &[Field] = &[
    (
        "git_branch",
        &[Rule::Required, Rule::Text, Rule::Is(git::branch)],
    ),
    ("build_pack", &[Rule::Required, BUILD_PACK]),
    ("ports_exposes", PORTS_OR_NONE),
];

/// The fields of an application from a public repository.
pub(in crate::testing) const FROM_PUBLIC_GIT: &[Field] = &[(
    "git_repository",
    &[Rule::Required, Rule::Text, Rule::Is(git::repository)],
)];

/// The fields of every repository except public ones.
pub(in crate::testing) const WATCHED: &[Field] = &[("watch_paths", MAY_BE_EMPTY)];

/// The fields of an application from a private repository.
pub(in crate::testing) const FROM_PRIVATE_GIT: &[Field] = &[
    ("git_repository", &[Rule::Required, Rule::Text]),
    ("watch_paths", MAY_BE_EMPTY),
];

/// The fields of an application from an image.
pub(in crate::testing) const FROM_IMAGE: &[Field] = &[
    (
        "docker_registry_image_name",
        &[
            Rule::Required,
            Rule::Text,
            Rule::Since("4.1.0", &[Rule::Max(255), Rule::Is(images::reference)]),
        ],
    ),
    (
        "docker_registry_image_tag",
        &[
            Rule::Before("4.1.0", &[Rule::Text]),
            Rule::Since("4.1.0", TAG),
        ],
    ),
    ("ports_exposes", PORTS_OR_NONE),
];

/// The fields of an application from a Dockerfile.
pub(in crate::testing) const FROM_DOCKERFILE: &[Field] =
    &[("dockerfile", &[Rule::Required, Rule::Text])];

/// The fields with other rules for updating than for creating.
pub(in crate::testing) const UPDATED: &[Field] = &[
    ("static_image", TEXT),
    ("watch_paths", MAY_BE_EMPTY),
    ("custom_nginx_configuration", MAY_BE_EMPTY),
    (
        "is_http_basic_auth_enabled",
        &[Rule::Nullable, Rule::Switch],
    ),
    (
        "is_preview_deployments_enabled",
        &[Rule::Nullable, Rule::Switch],
    ),
    ("http_basic_auth_username", TEXT),
    ("http_basic_auth_password", TEXT),
    (
        "dockerfile_target_build",
        &[NOTE, Rule::Max(128), Rule::Is(text::docker_name)],
    ),
];

/// Returns the fields with the rules of an endpoint, which override the common
/// ones.
pub(in crate::testing) fn with(own: &[&[Field]]) -> Vec<Field> {
    let own = own.concat();
    let is_own = |name: &str| own.iter().any(|(it, _)| *it == name);
    let shared = SHARED.iter().filter(|(name, _)| !is_own(name));
    shared.chain(&own).copied().collect()
}
