//! New applications, by where their code comes from.

use super::{
    Applications, BuildPack, CreateDockerfileApplicationBody, CreateDockerimageApplicationBody,
    CreatePrivateDeployKeyApplicationBody, CreatePrivateGithubAppApplicationBody,
    CreatePublicApplicationBody, CreatedApplication,
};
use crate::placement::put_place;
use crate::request::Request;
use crate::{Placement, Uuid};

impl Applications {
    /// A new application from a public Git repository; gives its uuid and its
    /// domains.
    ///
    /// `repository` is a URL or `owner/name` on GitHub. Without `domains`
    /// Coolify makes one up, unless `autogenerate_domain(false)`. Nothing is
    /// deployed unless `instant_deploy(true)`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when a domain is in
    /// use; `force_domain_override(true)` takes it all the same.
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
    #[inline]
    pub fn create_public(
        &self,
        place: Placement,
        repository: impl Into<String>,
        branch: impl Into<String>,
        build_pack: impl Into<BuildPack>,
    ) -> Request<CreatePublicApplicationBody, CreatedApplication> {
        let mut body = CreatePublicApplicationBody::new(
            build_pack,
            branch,
            repository,
            place.project,
            place.server,
        );
        put_place!(body, place);
        Request::new(&self.coolify, body, |raw, body| {
            raw.create_public_application(&body)
        })
    }

    /// A new application from a repository that a GitHub app can read; gives its
    /// uuid and its domains.
    ///
    /// `github_app` is the app's uuid, `repository` is `owner/name`. Otherwise as
    /// [`create_public`](Self::create_public).
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown app,
    /// and for a repository that it cannot read.
    #[inline]
    pub fn create_private_github_app(
        &self,
        place: Placement,
        github_app: impl Into<Uuid>,
        repository: impl Into<String>,
        branch: impl Into<String>,
        build_pack: impl Into<BuildPack>,
    ) -> Request<CreatePrivateGithubAppApplicationBody, CreatedApplication> {
        let mut body = CreatePrivateGithubAppApplicationBody::new(
            build_pack,
            branch,
            repository,
            github_app,
            place.project,
            place.server,
        );
        put_place!(body, place);
        Request::new(&self.coolify, body, |raw, body| {
            raw.create_private_github_app_application(&body)
        })
    }

    /// A new application from a repository that is read with a deploy key; gives
    /// its uuid and its domains.
    ///
    /// `private_key` is the uuid of a key in Coolify, `repository` an SSH URL
    /// such as `git@github.com:owner/name.git`. Otherwise as
    /// [`create_public`](Self::create_public).
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown key.
    #[inline]
    pub fn create_private_deploy_key(
        &self,
        place: Placement,
        private_key: impl Into<Uuid>,
        repository: impl Into<String>,
        branch: impl Into<String>,
        build_pack: impl Into<BuildPack>,
    ) -> Request<CreatePrivateDeployKeyApplicationBody, CreatedApplication> {
        let mut body = CreatePrivateDeployKeyApplicationBody::new(
            build_pack,
            branch,
            repository,
            private_key,
            place.project,
            place.server,
        );
        put_place!(body, place);
        Request::new(&self.coolify, body, |raw, body| {
            raw.create_private_deploy_key_application(&body)
        })
    }

    /// A new application from the text of a Dockerfile, without a repository;
    /// gives its uuid and its domains.
    ///
    /// The text is given as it is; on the wire it is base64. It cannot be
    /// changed later over the API. Otherwise as
    /// [`create_public`](Self::create_public).
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
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
    #[inline]
    pub fn create_dockerfile(
        &self,
        place: Placement,
        dockerfile: impl AsRef<[u8]>,
    ) -> Request<CreateDockerfileApplicationBody, CreatedApplication> {
        let mut body =
            CreateDockerfileApplicationBody::new(dockerfile, place.project, place.server);
        put_place!(body, place);
        Request::new(&self.coolify, body, |raw, body| {
            raw.create_dockerfile_application(&body)
        })
    }

    /// A new application from an image in a registry, which is pulled and not
    /// built; gives its uuid and its domains.
    ///
    /// `image` is the image without its tag, such as `ghcr.io/owner/name`; the
    /// tag is `docker_registry_image_tag`, `latest` unless set. Otherwise as
    /// [`create_public`](Self::create_public). What belongs to a build does not
    /// exist here: Coolify would take it and never look at it.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create_docker_image(
        &self,
        place: Placement,
        image: impl Into<String>,
    ) -> Request<CreateDockerimageApplicationBody, CreatedApplication> {
        let mut body = CreateDockerimageApplicationBody::new(image, place.project, place.server);
        put_place!(body, place);
        Request::new(&self.coolify, body, |raw, body| {
            raw.create_dockerimage_application(&body)
        })
    }
}
