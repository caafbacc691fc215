//! Creates applications, from sources that give no way out of the container.

use std::collections::BTreeMap;

use coolify_sdk::domains::Domain;
use coolify_sdk::{Secret, Uuid};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::app::{App, OneDomain, containers};
use super::domains::DomainArgument;
use super::envs;
use super::placing::{hold, place};
use super::registry::{Tools, adds};
use super::repository::{self, Build, Repository};
use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::settings::Settings;

pub fn register(tools: &mut Tools) {
    tools.add(
        adds(
            "apps_create",
            "Create an application",
            "Creates an application from a repository, an image, a Dockerfile or a compose file, with \
             its domain and variables. With `deploy` it is deployed at once; `deployments_get` \
             follows that. Without `domains` it gets one from the workspace.",
        )
        .open_world(),
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
    /// The ports it listens on. Required, except for a compose file.
    #[serde(default)]
    ports: Vec<u16>,
    /// Its domains.
    #[serde(default)]
    domains: Vec<DomainArgument>,
    /// Its environment variables: names of the form `[A-Z_][A-Z0-9_]*`, and values.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    variables: BTreeMap<String, Secret>,
    /// Further settings.
    #[serde(default)]
    set: Settings,
    /// Whether to deploy it at once.
    #[serde(default)]
    deploy: bool,
}

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
    /// A private Git repository that is read over HTTPS with a token.
    PrivateRepository {
        /// Its URL, which begins with `https://`, without the token.
        repository: String,
        /// The branch that is deployed.
        branch: String,
        /// How it is built.
        build_pack: Build,
        /// A token that may read the repository. It cannot be read back.
        #[schemars(with = "String")]
        token: Secret,
        /// The user that the token belongs to. Most hosts accept any, which is the default.
        user: Option<String>,
    },
    /// A private Git repository that is read over SSH with a deploy key.
    DeployKey {
        /// Its address, as in `git@github.com:owner/name.git`.
        repository: String,
        /// The branch that is deployed.
        branch: String,
        /// How it is built.
        build_pack: Build,
        /// The private key in OpenSSH or PEM format, without a passphrase. It cannot be
        /// read back. Its public key belongs to the repository.
        #[schemars(with = "String")]
        private_key: Secret,
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
    /// The text of a compose file whose services all have an image. Folders and ports of
    /// the server, privileges, builds and external networks are refused.
    Compose {
        /// The unencoded text.
        compose: String,
    },
}

#[derive(Serialize, JsonSchema)]
struct Created {
    uuid: String,
    domains: Vec<OneDomain>,
    /// The names of the variables that were set.
    variables: Vec<String>,
    /// The deployment, if it was asked for and the application has deployments.
    deployment: Option<String>,
    /// What was not done, and how to do it.
    warnings: Vec<String>,
}

async fn create(call: Call, mut it: Create) -> Outcome<Created> {
    if let Some((name, instead)) = it.set.rerouted().first() {
        let failure = Failure::fix("invalid_arguments", format!("`{name}` is not a setting"));
        let argument =
            "another argument of `apps_create` may be meant, such as `domains` or `source`";
        return Err(failure.hint(format!("{argument}; otherwise {instead}")));
    }
    let is_compose = matches!(it.source, Source::Compose { .. });
    if it.ports.is_empty() && !is_compose && !it.source.is_git_compose() {
        return Err(Failure::fix("invalid_arguments", "`ports` is empty")
            .hint("name the ports that the application listens on, as in [3000]"));
    }
    envs::check_keys(it.variables.keys())?;
    let variables = envs::secrets(&call, std::mem::take(&mut it.variables));
    let domains = domains(&call, &it)?;
    let deploy = it.deploy;
    let is_git_compose = it.source.is_git_compose();
    let early = if is_compose || is_git_compose {
        &[]
    } else {
        &domains[..]
    };
    let uuid = made(&call, it, early).await?;
    let mut created = Created {
        uuid: uuid.to_string(),
        domains: Vec::new(),
        variables: variables.iter().map(|it| it.key.clone()).collect(),
        deployment: None,
        warnings: Vec::new(),
    };
    let late = !early.is_empty() || domains.is_empty();
    let rest = finish(
        &call,
        &mut created,
        variables,
        if late { &[] } else { &domains },
        deploy,
    );
    let known = |failure: Failure| {
        failure.with("created", uuid.as_str()).with(
            "created_note",
            "the application exists: change it, and do not create it again",
        )
    };
    rest.await.map_err(known)?;
    Ok(created)
}

/// Returns the requested domains, or the workspace's domain for the name.
fn domains(call: &Call, it: &Create) -> Outcome<Vec<Domain>> {
    if it.domains.is_empty() {
        let default = call.terms.domains.default_of(&it.name)?;
        return Ok(default.map(Domain::from).into_iter().collect());
    }
    let domains = it.domains.iter();
    domains.map(|domain| domain.check(call, &it.name)).collect()
}

/// Finishes an application that has been created: variables, domains, deployment.
async fn finish(
    call: &Call,
    created: &mut Created,
    variables: Vec<coolify_sdk::envs::BulkApplicationVariable>,
    domains: &[Domain],
    deploy: bool,
) -> Outcome<()> {
    let app = App::find(call, &created.uuid).await?;
    if !variables.is_empty() {
        call.progress.tell("setting variables").await;
        envs::write(&app, variables).await?;
    }
    give_domains(call, &app, domains, created).await?;
    if deploy {
        call.progress.tell("deploying").await;
        match &app {
            App::Application(handle, _) => {
                created.deployment = Some(handle.deploy().await?.uuid().to_string());
            }
            App::Compose(handle, _) => drop(handle.start().await?),
        }
    }
    created.domains = App::find(call, &created.uuid).await?.view().domains;
    Ok(())
}

/// Sets domains that could not be set when the application was created.
async fn give_domains(
    call: &Call,
    app: &App,
    domains: &[Domain],
    created: &mut Created,
) -> Outcome<()> {
    let mut unset = Vec::new();
    match app {
        App::Application(handle, _) if !domains.is_empty() => {
            // Coolify may not have read the file of the repository yet.
            if let Err(error) = handle.domains().set(domains).await {
                unset.push(error.to_string());
            }
        }
        App::Compose(handle, service) => {
            let placed: Option<Vec<_>> = domains.iter().map(|it| place(service, it)).collect();
            match placed {
                Some(placed) if !placed.is_empty() => {
                    let report = handle.domains().set(placed.concat()).await?;
                    unset.extend(report.dropped.iter().map(ToString::to_string));
                }
                Some(_) => {}
                None => {
                    let names: Vec<_> = containers(service).into_iter().map(|it| it.name).collect();
                    unset.push(format!("the services are {}", names.join(", ")));
                }
            }
            hold(call, handle).await?;
        }
        App::Application(..) => {}
    }
    for why in unset {
        let urls: Vec<_> = domains.iter().map(ToString::to_string).collect();
        let urls = urls.join(", ");
        let warning = format!("{urls} was not set: {why}; use `domains_set` and name the service");
        created.warnings.push(warning);
    }
    Ok(())
}

impl Source {
    fn is_git_compose(&self) -> bool {
        matches!(
            self,
            Self::PublicRepository {
                build_pack: Build::Dockercompose,
                ..
            } | Self::PrivateRepository {
                build_pack: Build::Dockercompose,
                ..
            } | Self::DeployKey {
                build_pack: Build::Dockercompose,
                ..
            }
        )
    }
}

/// Creates the application, and returns its uuid.
async fn made(call: &Call, it: Create, domains: &[Domain]) -> Outcome<Uuid> {
    let place = call.place.clone();
    let applications = call.coolify.applications();
    // The bodies are different types with these fields in common.
    macro_rules! finish {
        ($request:expr) => {{
            let mut request = $request.name(&it.name);
            if !it.ports.is_empty() {
                request = request.ports_exposes(it.ports);
            }
            request = if domains.is_empty() {
                // Otherwise Coolify generates a domain outside of the suffix.
                request.autogenerate_domain(call.terms.domains.suffix().is_none())
            } else {
                request.domains(domains.iter().map(|domain| &domain.url))
            };
            request.fields(it.set.into_fields())?.await?.uuid
        }};
    }
    Ok(match it.source {
        Source::PublicRepository {
            repository,
            branch,
            build_pack,
        } => {
            let repository = Repository::https(&repository)?;
            finish!(applications.create_public(place, repository.as_str(), branch, build_pack))
        }
        Source::PrivateRepository {
            repository,
            branch,
            build_pack,
            token,
            user,
        } => {
            let repository = Repository::https(&repository)?;
            let token = call.hide(token);
            let private = repository.with_token(&token, user.as_deref())?;
            call.veil.learn_url(private.as_str());
            repository::check_version(call).await?;
            let first = repository.without_source();
            let uuid =
                finish!(applications.create_public(place, first.as_str(), branch, build_pack));
            let update = call.coolify.application(&uuid).update();
            let update = update.git_repository(private.as_str()).await;
            update.map_err(|error| Failure::from(error).with("created", &uuid))?;
            uuid
        }
        Source::DeployKey {
            repository,
            branch,
            build_pack,
            private_key,
        } => {
            let repository = Repository::ssh(&repository)?;
            let key = call
                .deploy_keys
                .add(call.hide(private_key), &it.name)
                .await?;
            let request = call.deploy_keys.applications().create_private_deploy_key(
                place,
                &key,
                repository.as_str(),
                branch,
                build_pack,
            );
            let made: Outcome<Uuid> = async { Ok(finish!(request)) }.await;
            if made.is_err() {
                call.deploy_keys.withdraw(&key).await;
            }
            made?
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
        Source::Compose { compose } => {
            let services = call.coolify.services();
            let request = services.create_compose(place, compose).name(&it.name);
            request.fields(it.set.into_fields())?.await?.uuid
        }
    })
}
