//! New applications, from where there is nothing to break out by.

use coolify_sdk::applications::{BuildPack, CreatedApplication};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Tools;
use crate::failure::{Failure, Outcome};
use crate::settings::Settings;
use crate::workspace::Workspace;

pub fn register(tools: &mut Tools) {
    tools.add(
        "apps.create",
        "A new application from a public repository, an image or a Dockerfile. It is not \
         deployed yet: that is `apps.deploy`. Without domains Coolify makes one up.",
        create,
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Create {
    /// Its name.
    name: String,
    /// Where its code comes from.
    source: Source,
    /// The ports it listens on; Coolify wants one at least.
    ports: Vec<u16>,
    /// Its domains, as in `https://shop.example.com`.
    #[serde(default)]
    domains: Vec<String>,
    /// Further settings.
    #[serde(default)]
    set: Settings,
}

/// No compose file: it could mount the server's disk. No private repository: the
/// keys and apps that read them are the team's.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Source {
    /// A Git repository that anybody can read.
    PublicRepository {
        /// Its URL, which begins with `https://`.
        repository: String,
        /// The branch that is deployed.
        branch: String,
        /// How it is built.
        build_pack: Build,
    },
    /// An image from a registry that anybody can read.
    Image {
        /// The image without its tag, as in nginx or ghcr.io/owner/name.
        image: String,
        /// Its tag: latest unless said.
        tag: Option<String>,
    },
    /// The text of a Dockerfile.
    Dockerfile {
        /// The text, as it is.
        dockerfile: String,
    },
}

/// The build packs that end in one container of Coolify's own making.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Build {
    Nixpacks,
    Railpack,
    Static,
    Dockerfile,
}

impl From<Build> for BuildPack {
    fn from(build: Build) -> Self {
        match build {
            Build::Nixpacks => Self::Nixpacks,
            Build::Railpack => Self::Railpack,
            Build::Static => Self::Static,
            Build::Dockerfile => Self::Dockerfile,
        }
    }
}

async fn create(workspace: Workspace, it: Create) -> Outcome<Value> {
    let place = workspace.place.clone();
    let applications = workspace.coolify.applications();
    let ports: Vec<String> = it.ports.iter().map(u16::to_string).collect();
    // The three bodies are types of their own, with these fields in common.
    macro_rules! finish {
        ($request:expr) => {{
            let mut request = $request.name(it.name).ports_exposes(ports);
            if !it.domains.is_empty() {
                request = request.domains(it.domains);
            }
            request.fields(it.set.into_fields())?.await?
        }};
    }
    let created: CreatedApplication = match it.source {
        Source::PublicRepository {
            repository,
            branch,
            build_pack,
        } => {
            if !repository.starts_with("https://") {
                return Err(Failure::new(
                    "invalid_arguments",
                    "`repository` is a URL that begins with https://",
                ));
            }
            finish!(applications.create_public(place, repository, branch, build_pack))
        }
        Source::Image { image, tag } => {
            let mut request = applications.create_docker_image(place, image);
            if let Some(tag) = tag {
                request = request.docker_registry_image_tag(tag);
            }
            finish!(request)
        }
        Source::Dockerfile { dockerfile } => {
            finish!(applications.create_dockerfile(place, dockerfile))
        }
    };
    Ok(json!({ "uuid": created.uuid, "domains": created.domains }))
}
