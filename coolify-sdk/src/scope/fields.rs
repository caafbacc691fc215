//! What Coolify makes of each field of a request.

use super::ScopePower::{
    self, Commands, GitCompose, HostAccess, HostPorts, NginxConfiguration, SharedNetworks,
    TeamCredentials,
};

/// How Coolify reads a field, in the version that reads most into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Kept, shown, quoted, written into a file as it is, or checked by every
    /// version.
    Inert,
    /// On or off.
    Switch,
    /// One word of a command. What is not in the table is one.
    Word,
    /// A word with these characters too.
    WordWith(&'static str),
    /// The name of a resource.
    Name,
    /// The name of a variable.
    Key,
    /// The value of a variable.
    Value,
    /// A path in the repository, below the folder of the application.
    Path,
    /// A pattern of such paths on each line.
    Patterns,
    /// A path in the container.
    MountPath,
    /// The name of a volume.
    VolumeName,
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
    BuildPack, Compose, Databases, Image, Inert, Key, Labels, MountPath, Name, Path, Patterns,
    Port, Ports, PreviewUrl, RunOptions, Switch, Template, Value, VolumeName, Word, WordWith,
};

/// What the passwords of databases may hold.
const PASSWORD: &str = "!^*()[]{}?";

/// By name, with the power that it takes to set the field at all.
///
/// References to shared variables are resolved in `value`, in `redis_password`
/// (which becomes a variable), and in compose files; the rest is looked through for
/// them all the same, except for what is inert.
#[rustfmt::skip] // one line each
const FIELDS: &[(&str, Reading, Option<ScopePower>)] = &[
    // Names and notes.
    ("comment", Inert, None),
    ("description", Inert, None),
    ("environment_name", Name, None),
    ("human_name", Name, None),
    ("name", Name, None),
    // What is written into a file, from base64, or is kept as it is.
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
    // What every version checks or quotes.
    ("build_command", Inert, Some(Commands)),
    ("command", Inert, Some(Commands)),
    ("health_check_command", Inert, Some(Commands)),
    ("health_check_path", Inert, None),
    ("health_check_response_text", Inert, None),
    ("http_basic_auth_password", Inert, None),
    ("postgres_initdb_args", Inert, None),
    ("install_command", Inert, Some(Commands)),
    ("post_deployment_command", Inert, Some(Commands)),
    ("pre_deployment_command", Inert, Some(Commands)),
    ("start_command", Inert, Some(Commands)),
    // Words with more in them.
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
    // What is interpreted.
    ("key", Key, None),
    ("value", Value, None),
    ("databases_to_backup", Databases, None),
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
    // What no policy grants.
    ("docker_cleanup", Switch, None),
    ("force_domain_override", Switch, None),
    // Parts of the server, in whatever form.
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
    ("is_raw_compose_deployment_enabled", Switch, Some(GitCompose)),
    // Names that all containers of a network see.
    ("connect_to_docker_network", Switch, Some(SharedNetworks)),
    ("custom_internal_name", Word, Some(SharedNetworks)),
    ("custom_network_aliases", WordWith(" "), Some(SharedNetworks)),
    // What the team has.
    ("github_app_uuid", Word, Some(TeamCredentials)),
    ("private_key_uuid", Word, Some(TeamCredentials)),
    ("s3_storage_uuid", Word, Some(TeamCredentials)),
    ("save_s3", Switch, Some(TeamCredentials)),
];

/// How a field is read, and which power it takes. Its meaning depends on what the
/// request is about, as the path of its operation has it.
pub(super) fn reading(path: &str, field: &str) -> (Reading, Option<ScopePower>) {
    let is_storage = path.ends_with("/storages");
    match field {
        "name" if is_storage => return (VolumeName, None),
        "type" if path == "/services" => return (Template, None),
        // The image is what is run, and not where something is pushed to.
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
