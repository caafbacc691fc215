//! The settings of an application that an agent may change.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// The settings: the name in Coolify's API, the JSON type and a description.
///
/// The other settings of an application are left out on purpose:
///
/// - `custom_docker_run_options`, `gpu_*`: they give the container privileges,
///   devices and the server's network.
/// - `docker_compose_custom_*`, `is_raw_compose_deployment_enabled`: they reach the
///   server's disk and the Docker socket. `docker_compose_location` takes effect only
///   where the operator allows compose files from repositories.
/// - `ports_mappings`: it opens ports of the server, past its proxy.
/// - `custom_labels`, `preview_url_template`, `is_container_label_*`,
///   `force_domain_override`: they make routes of the proxy for domains that
///   nobody checks.
/// - `custom_network_aliases`, `custom_internal_name`,
///   `is_consistent_container_name_enabled`, `connect_to_docker_network`: they
///   set names on a network that all projects of the server share.
/// - `docker_registry_image_name`: the built image is pushed to that name with
///   the server's credentials.
/// - `is_pr_deployments_public_enabled`: strangers could run code in the project.
/// - `limits_*`, `docker_images_to_keep`, `use_build_server`,
///   `is_log_drain_enabled`: the operator decides how much the tenant may use.
/// - `http_basic_auth_*`, `manual_webhook_secret_*`: these secrets can be read
///   back.
/// - the settings in [`REROUTED`]: other tools change them, and check the result.
#[rustfmt::skip] // one line per setting
const SETTINGS: &[(&str, &str, &str)] = &[
    ("name", "string", "Its name."),
    ("description", "string", "What it is for; null clears it."),
    ("git_branch", "string", "The branch that is deployed."),
    ("git_commit_sha", "string", "The commit, or HEAD for the newest."),
    ("docker_registry_image_tag", "string", "The tag of the image that is run."),
    ("base_directory", "string", "The folder of the repository that is built, as in /api."),
    ("publish_directory", "string", "The folder with the static files, as in /dist."),
    ("install_command", "string", "How dependencies are installed."),
    ("build_command", "string", "How it is built."),
    ("start_command", "string", "How it is started."),
    ("dockerfile_location", "string", "The Dockerfile in the repository, as in /Dockerfile."),
    ("docker_compose_location", "string", "The compose file in the repository, as in /compose.yaml."),
    ("dockerfile_target_build", "string", "The stage of the Dockerfile; updates only."),
    ("ports_exposes", "string", "The ports it listens on, with commas between them."),
    ("watch_paths", "string", "Which changes in the repository deploy it, a pattern per line."),
    ("redirect", "string", "Whether www is redirected: both, www or non-www."),
    ("is_static", "boolean", "Whether it is made of static files."),
    ("is_spa", "boolean", "Whether unknown paths lead to its index page."),
    ("is_force_https_enabled", "boolean", "Whether HTTP is redirected to HTTPS."),
    ("is_gzip_enabled", "boolean", "Whether replies are compressed."),
    ("is_auto_deploy_enabled", "boolean", "Whether a push deploys it."),
    ("disable_build_cache", "boolean", "Whether it is built without Docker's cache."),
    ("is_git_submodules_enabled", "boolean", "Whether submodules are fetched."),
    ("is_git_lfs_enabled", "boolean", "Whether LFS files are fetched."),
    ("health_check_enabled", "boolean", "Whether its health is checked."),
    ("health_check_path", "string", "The path that is asked."),
    ("health_check_method", "string", "The method: GET, HEAD, POST or OPTIONS."),
    ("health_check_return_code", "integer", "The status of a healthy answer."),
    ("health_check_interval", "integer", "Seconds between two checks."),
    ("health_check_timeout", "integer", "Seconds that an answer may take."),
    ("health_check_retries", "integer", "How many checks may fail."),
    ("health_check_start_period", "integer", "Seconds before the first check counts."),
    ("pre_deployment_command", "string", "What runs in the old container before a deployment."),
    ("post_deployment_command", "string", "What runs in the new container after it."),
    ("stop_grace_period", "integer", "Seconds between being asked to stop and being stopped."),
    ("max_restart_count", "integer", "How often it is started again after a crash."),
];

/// Settings that are not sent, and how to change them instead.
const REROUTED: &[(&str, &str)] = &[
    ("domains", "use the tool `domains_set`"),
    ("fqdn", "use the tool `domains_set`"),
    ("docker_compose_domains", "use the tool `domains_set`"),
    ("git_repository", "use the tool `apps_rewire`"),
    ("repository", "use the tool `apps_rewire`"),
    ("private_key_uuid", "use the tool `apps_rewire`"),
    (
        "build_pack",
        "create a new application with `apps_create`, and delete this one",
    ),
    (
        "dockerfile",
        "create a new application with `apps_create`, and delete this one",
    ),
    (
        "docker_registry_image_name",
        "create a new application with `apps_create`, and delete this one",
    ),
    ("docker_compose_raw", "pass the file as `compose`"),
    ("instant_deploy", "use the tool `apps_deploy`"),
    ("environment", "use the tool `envs_upsert`"),
];

/// Settings to change. Only their names have been checked;
/// [`Request::fields`](coolify_sdk::Request::fields) checks the values.
#[derive(Default)]
pub struct Settings {
    fields: Map<String, Value>,
    rerouted: Vec<(&'static str, &'static str)>,
}

impl Settings {
    /// Returns the settings that are sent.
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }

    /// Returns the settings that are not sent, each with what to do instead.
    pub fn rerouted(&self) -> &[(&'static str, &'static str)] {
        &self.rerouted
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        let mut rerouted = Vec::new();
        for (name, instead) in REROUTED {
            if fields.remove(*name).is_some() {
                rerouted.push((*name, *instead));
            }
        }
        let is_allowed = |name: &String| SETTINGS.iter().any(|(allowed, ..)| allowed == name);
        if let Some(name) = fields.keys().find(|name| !is_allowed(name)) {
            let allowed: Vec<_> = SETTINGS.iter().map(|(allowed, ..)| *allowed).collect();
            return Err(D::Error::custom(format_args!(
                "this workspace does not set `{name}`; it sets {}",
                allowed.join(", ")
            )));
        }
        Ok(Self { fields, rerouted })
    }
}

impl JsonSchema for Settings {
    fn schema_name() -> Cow<'static, str> {
        "Settings".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let properties = SETTINGS.iter().map(|(name, kind, what)| {
            let kind = match *name {
                "description" => json!([kind, "null"]),
                _ => json!(kind),
            };
            (
                (*name).to_owned(),
                json!({ "type": kind, "description": what }),
            )
        });
        let properties: Map<String, Value> = properties.collect();
        json_schema!({
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}
