//! How Coolify interprets each field of a request.

use super::ScopePower::{
    self, Commands, GitCompose, HostAccess, HostPorts, NginxConfiguration, SharedNetworks,
    TeamCredentials,
};

/// How Coolify interprets a field, in the version that interprets most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Not interpreted: stored, shown, quoted, written into a file unchanged, or
    /// checked by every version.
    Inert,
    /// A boolean.
    Switch,
    /// One word of a command. Fields that are not in the table are words.
    Word,
    /// A word that may also contain these characters.
    WordWith(&'static str),
    /// The name of a resource.
    Name,
    /// The name of a variable.
    Key,
    /// The value of a variable.
    Value,
    /// A path in the repository, below the folder of the application.
    Path,
    /// One pattern of such paths per line.
    Patterns,
    /// A path in the container.
    MountPath,
    /// The name of a volume.
    VolumeName,
    /// Domains: URLs, separated by commas.
    Domains,
    /// An image.
    Image,
    /// Names of databases, which become names of files.
    Databases,
    /// A port of the server.
    Port,
    /// Mappings of ports.
    Ports,
    /// Labels in base64.
    Labels,
    /// Options of `docker run`.
    RunOptions,
    /// A compose file in base64.
    Compose,
    /// The name of a one-click service.
    Template,
    /// A template of URLs.
    PreviewUrl,
    /// How an application is built.
    BuildPack,
}

use Reading::{
    BuildPack, Compose, Databases, Domains, Image, Inert, Key, Labels, MountPath, Name, Path,
    Patterns, Port, Ports, PreviewUrl, RunOptions, Switch, Template, Value, VolumeName, Word,
    WordWith,
};

/// The special characters that passwords of databases may contain.
const PASSWORD: &str = "!^*()[]{}?";

/// The fields by name, each with the power that is needed to set it.
///
/// Coolify resolves references to shared variables in `value`, in
/// `redis_password` (which becomes a variable), and in compose files. All other
/// fields that are not inert are checked for references as well.
#[rustfmt::skip] // one line each
const FIELDS: &[(&str, Reading, Option<ScopePower>)] = &[
    // Names and notes.
    ("comment", Inert, None),
    ("description", Inert, None),
    ("environment_name", Name, None),
    ("human_name", Name, None),
    ("name", Name, None),
    // Written into a file, from base64, or stored unchanged.
    ("content", Inert, None),
    ("custom_nginx_configuration", Inert, Some(NginxConfiguration)),
    ("dockerfile", Inert, None),
    ("keydb_conf", Inert, None),
    ("manual_webhook_secret_bitbucket", Inert, None),
    ("manual_webhook_secret_gitea", Inert, None),
    ("manual_webhook_secret_github", Inert, None),
    ("manual_webhook_secret_gitlab", Inert, None),
    ("mariadb_conf", Inert, None),
    ("mongo_conf", Inert, None),
    ("mysql_conf", Inert, None),
    ("postgres_conf", Inert, None),
    ("redis_conf", Inert, None),
    // Checked or quoted by every version.
    ("build_command", Inert, Some(Commands)),
    ("command", Inert, Some(Commands)),
    ("health_check_command", Inert, Some(Commands)),
    ("health_check_path", Inert, None),
    ("health_check_response_text", Inert, None),
    ("http_basic_auth_password", Inert, None),
    ("postgres_initdb_args", Inert, None),
    ("pull_request_html_url", Inert, None),
    ("install_command", Inert, Some(Commands)),
    ("post_deployment_command", Inert, Some(Commands)),
    ("pre_deployment_command", Inert, Some(Commands)),
    ("start_command", Inert, Some(Commands)),
    // Words with further characters.
    ("frequency", WordWith(" *?"), None),
    ("tag_names", WordWith(" "), None),
    ("tags", WordWith(" "), None),
    ("clickhouse_admin_password", WordWith(PASSWORD), None),
    ("dragonfly_password", WordWith(PASSWORD), None),
    ("keydb_password", WordWith(PASSWORD), None),
    ("mariadb_password", WordWith(PASSWORD), None),
    ("mariadb_root_password", WordWith(PASSWORD), None),
    ("mongo_initdb_root_password", WordWith(PASSWORD), None),
    ("mysql_password", WordWith(PASSWORD), None),
    ("mysql_root_password", WordWith(PASSWORD), None),
    ("postgres_password", WordWith(PASSWORD), None),
    ("redis_password", WordWith(PASSWORD), None),
    // Fields with a syntax of their own.
    ("key", Key, None),
    ("value", Value, None),
    ("domain", Domains, None),
    ("domains", Domains, None),
    ("url", Domains, None),
    ("databases_to_backup", Databases, None),
    ("sqlite_database", Databases, None),
    ("sqlite_databases", Databases, None),
    ("base_directory", Path, None),
    ("docker_compose_location", Path, Some(GitCompose)),
    ("dockerfile_location", Path, None),
    ("publish_directory", Path, None),
    ("mount_path", MountPath, None),
    ("watch_paths", Patterns, None),
    ("docker_registry_image_name", Image, None),
    ("image", Image, None),
    ("public_port", Port, Some(HostPorts)),
    ("ports_mappings", Ports, None),
    ("custom_labels", Labels, None),
    ("custom_docker_run_options", RunOptions, None),
    ("docker_compose_raw", Compose, None),
    ("preview_url_template", PreviewUrl, None),
    ("build_pack", BuildPack, None),
    // Fields that no policy allows to be set freely.
    ("docker_cleanup", Switch, None),
    ("force_domain_override", Switch, None),
    // Fields that reach the server.
    ("delete_from_coolify_only", Switch, Some(HostAccess)),
    ("docker_compose_custom_build_command", Word, Some(HostAccess)),
    ("docker_compose_custom_start_command", Word, Some(HostAccess)),
    ("fs_path", Path, Some(HostAccess)),
    ("gpu_count", Word, Some(HostAccess)),
    ("gpu_device_ids", Word, Some(HostAccess)),
    ("gpu_driver", Word, Some(HostAccess)),
    ("gpu_options", WordWith(" "), Some(HostAccess)),
    ("host_path", Path, Some(HostAccess)),
    ("is_gpu_enabled", Switch, Some(HostAccess)),
    ("is_host_file", Switch, Some(HostAccess)),
    ("is_public", Switch, Some(HostPorts)),
    // Links in a repository that is kept on the server would lead files of the
    // application to other folders.
    ("is_preserve_repository_enabled", Switch, Some(GitCompose)),
    ("is_raw_compose_deployment_enabled", Switch, Some(GitCompose)),
    // Names that all containers of a network can see.
    ("connect_to_docker_network", Switch, Some(SharedNetworks)),
    ("custom_container_name_prefix", Word, Some(SharedNetworks)),
    ("custom_internal_name", Word, Some(SharedNetworks)),
    ("custom_network_aliases", WordWith(" "), Some(SharedNetworks)),
    // Credentials of the team.
    ("github_app_uuid", Word, Some(TeamCredentials)),
    ("private_key_uuid", Word, Some(TeamCredentials)),
    ("s3_storage_uuid", Word, Some(TeamCredentials)),
    ("save_s3", Switch, Some(TeamCredentials)),
];

/// Returns how a field is interpreted, and which power it needs. This depends on
/// the path of the operation.
pub(super) fn reading(path: &str, field: &str) -> (Reading, Option<ScopePower>) {
    let is_storage = path.ends_with("/storages");
    match field {
        // A file of the server, or the key of an object in a storage of the team.
        "path" if path.ends_with("/imports") => return (Inert, Some(HostAccess)),
        "name" if is_storage => return (VolumeName, None),
        "type" if path == "/services" => return (Template, None),
        // To copy the volumes, Coolify stops a database or a service, with the clean-up of
        // the whole server, which this request cannot decline.
        "clone_volumes" if !path.starts_with("/applications") => {
            return (Switch, Some(HostAccess));
        }
        // Here the image is run, instead of being the name under which a built image
        // is pushed.
        "docker_registry_image_name" if path == "/applications/dockerimage" => {
            return (Image, None);
        }
        "docker_registry_image_name" => return (Image, Some(TeamCredentials)),
        _ => {}
    }
    let mut fields = FIELDS.iter();
    let known = fields.find(|(name, ..)| *name == field);
    known.map_or((Word, None), |(_, reading, power)| (*reading, *power))
}
