//! Creates applications from a repository, an image or a Dockerfile.

use coolify_sdk_macros::builder;

use super::{Applications, BuildPack, CreatedApplication};
use crate::placement::put_place;
use crate::raw::types::{
    CreateDockerfileApplicationBody, CreateDockerimageApplicationBody,
    CreatePrivateDeployKeyApplicationBody, CreatePrivateGithubAppApplicationBody,
    CreatePublicApplicationBody,
};
use crate::request::Request;
use crate::{GitRepository, Placement, Uuid};

/// Creates an application from a public Git repository, and returns its uuid and
/// its domains: [`Applications::create_public`].
///
/// Without `domains` Coolify generates a domain, unless
/// `autogenerate_domain(false)` is set. Nothing is deployed, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::applications::BuildPack;
/// use coolify_sdk::{EnvironmentRef, Placement};
///
/// let place = Placement::new(
///     "gwgmpnq6u26xpsihsouontfu",
///     EnvironmentRef::name("production"),
///     "ndfqlt8mg8zla6bo50nyqhg8",
/// );
/// let created = coolify
///     .applications()
///     .create_public(place, "https://github.com/coollabsio/coolify-examples", "main", BuildPack::Nixpacks)
///     .name("web")
///     .ports_exposes(["3000"])
///     .domains(["https://web.example.com"])
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreatePublic(Request<CreatePublicApplicationBody, CreatedApplication>);

/// Creates an application from a repository that a GitHub app can read, and
/// returns its uuid and its domains: [`Applications::create_private_github_app`].
///
/// Without `domains` Coolify generates a domain, unless
/// `autogenerate_domain(false)` is set. Nothing is deployed, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown app, and
/// for a repository that it cannot read.
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .applications()
///     .create_private_github_app(place, "pkwc0cgk8gokokwg4s4oc0sk", "acme/shop", "main", "nixpacks")
///     .name("shop")
///     .ports_exposes(["3000"])
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreatePrivateGithubApp(
    Request<CreatePrivateGithubAppApplicationBody, CreatedApplication>,
);

/// Creates an application from a repository that is read with a deploy key, and
/// returns its uuid and its domains: [`Applications::create_private_deploy_key`].
///
/// Without `domains` Coolify generates a domain, unless
/// `autogenerate_domain(false)` is set. Nothing is deployed, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown key.
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .applications()
///     .create_private_deploy_key(
///         place,
///         "x9nk5yx5iufpdte9pkd1pvjq",
///         "git@github.com:acme/shop.git",
///         "main",
///         "nixpacks",
///     )
///     .name("shop")
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreatePrivateDeployKey(
    Request<CreatePrivateDeployKeyApplicationBody, CreatedApplication>,
);

/// Creates an application from the text of a Dockerfile, without a repository,
/// and returns its uuid and its domains: [`Applications::create_dockerfile`].
///
/// The API cannot change the text later.
///
/// Without `domains` Coolify generates a domain, unless
/// `autogenerate_domain(false)` is set. Nothing is deployed, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .applications()
///     .create_dockerfile(place, "FROM nginx:alpine\nEXPOSE 80\n")
///     .ports_exposes(["80"])
///     .await?;
/// # let _ = created;
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateDockerfile(Request<CreateDockerfileApplicationBody, CreatedApplication>);

/// Creates an application from an image in a registry, which is pulled and not
/// built, and returns its uuid and its domains:
/// [`Applications::create_docker_image`].
///
/// The tag is `docker_registry_image_tag`; the default is `latest`. Fields that
/// concern a build do not exist here, because Coolify accepts and ignores them.
///
/// Without `domains` Coolify generates a domain, unless
/// `autogenerate_domain(false)` is set. Nothing is deployed, unless
/// `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .applications()
///     .create_docker_image(place, "ghcr.io/acme/shop")
///     .docker_registry_image_tag("1.4")
///     .ports_exposes(["8080"])
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateDockerImage(Request<CreateDockerimageApplicationBody, CreatedApplication>);

impl Applications {
    /// Creates an application from a public Git repository, and returns its uuid
    /// and its domains. See [`CreatePublic`].
    ///
    /// `repository` is a URL such as `https://github.com/owner/name`; Coolify
    /// rejects `owner/name`. A private repository can be read with a token in the URL,
    /// `https://user:token@git.example.com/owner/name`, except on `github.com`; see
    /// [`GitRepository`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_public(
        &self,
        place: Placement,
        repository: impl Into<GitRepository>,
        branch: impl Into<String>,
        build_pack: impl Into<BuildPack>,
    ) -> CreatePublic {
        let mut body = CreatePublicApplicationBody::new(
            build_pack,
            branch,
            repository,
            place.project,
            place.server,
        );
        put_place!(body, place);
        CreatePublic(Request::new(&self.coolify, body, |raw, body| {
            raw.create_public_application(&body)
        }))
    }

    /// Creates an application from a repository that a GitHub app can read, and
    /// returns its uuid and its domains. See [`CreatePrivateGithubApp`].
    ///
    /// `github_app` is the uuid of the app, `repository` is `owner/name`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_private_github_app(
        &self,
        place: Placement,
        github_app: impl Into<Uuid>,
        repository: impl Into<GitRepository>,
        branch: impl Into<String>,
        build_pack: impl Into<BuildPack>,
    ) -> CreatePrivateGithubApp {
        let mut body = CreatePrivateGithubAppApplicationBody::new(
            build_pack,
            branch,
            repository,
            github_app,
            place.project,
            place.server,
        );
        put_place!(body, place);
        CreatePrivateGithubApp(Request::new(&self.coolify, body, |raw, body| {
            raw.create_private_github_app_application(&body)
        }))
    }

    /// Creates an application from a repository that is read with a deploy key,
    /// and returns its uuid and its domains. See [`CreatePrivateDeployKey`].
    ///
    /// `private_key` is the uuid of a key in Coolify, `repository` an SSH URL
    /// such as `git@github.com:owner/name.git`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_private_deploy_key(
        &self,
        place: Placement,
        private_key: impl Into<Uuid>,
        repository: impl Into<GitRepository>,
        branch: impl Into<String>,
        build_pack: impl Into<BuildPack>,
    ) -> CreatePrivateDeployKey {
        let mut body = CreatePrivateDeployKeyApplicationBody::new(
            build_pack,
            branch,
            repository,
            private_key,
            place.project,
            place.server,
        );
        put_place!(body, place);
        CreatePrivateDeployKey(Request::new(&self.coolify, body, |raw, body| {
            raw.create_private_deploy_key_application(&body)
        }))
    }

    /// Creates an application from the text of a Dockerfile, without a
    /// repository, and returns its uuid and its domains. See
    /// [`CreateDockerfile`].
    ///
    /// `dockerfile` is plain text; the SDK encodes it as base64.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_dockerfile(
        &self,
        place: Placement,
        dockerfile: impl AsRef<[u8]>,
    ) -> CreateDockerfile {
        let mut body =
            CreateDockerfileApplicationBody::new(dockerfile, place.project, place.server);
        put_place!(body, place);
        CreateDockerfile(Request::new(&self.coolify, body, |raw, body| {
            raw.create_dockerfile_application(&body)
        }))
    }

    /// Creates an application from an image in a registry, which is pulled and
    /// not built, and returns its uuid and its domains. See
    /// [`CreateDockerImage`].
    ///
    /// `image` is the image without its tag, such as `ghcr.io/owner/name`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_docker_image(
        &self,
        place: Placement,
        image: impl Into<String>,
    ) -> CreateDockerImage {
        let mut body = CreateDockerimageApplicationBody::new(image, place.project, place.server);
        put_place!(body, place);
        CreateDockerImage(Request::new(&self.coolify, body, |raw, body| {
            raw.create_dockerimage_application(&body)
        }))
    }
}
