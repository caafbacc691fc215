//! Creates applications, from sources that give no way out of the container.

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
        "Creates an application from a public repository, an image or a Dockerfile. \
         `apps.deploy` deploys it. Without domains Coolify makes one up.",
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
    /// The ports it listens on, at least one.
    ports: Vec<u16>,
    /// Its domains, as in `https://shop.example.com`.
    #[serde(default)]
    domains: Vec<String>,
    /// Further settings.
    #[serde(default)]
    set: Settings,
}

/// There is no compose file, because it could mount the server's disk. There is
/// no private repository, because the keys and apps that read them belong to the
/// team.
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
        /// Its tag. The default is latest.
        tag: Option<String>,
    },
    /// The text of a Dockerfile.
    Dockerfile {
        /// The unencoded text.
        dockerfile: String,
    },
}

/// The build packs that result in a single container that Coolify configures.
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
    // The three bodies are different types with these fields in common.
    macro_rules! finish {
        ($request:expr) => {{
            let mut request = $request.name(it.name).ports_exposes(it.ports);
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
                    "`repository` has to be a URL that begins with https://",
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
