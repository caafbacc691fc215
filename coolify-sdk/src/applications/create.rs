//! New applications, by where their code comes from.

use super::{Applications, BuildPack, CreatePublicApplicationBody, CreatedApplication};
use crate::Placement;
use crate::placement::put_environment;
use crate::request::Request;

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
        put_environment!(body, place.environment);
        Request::new(&self.coolify, body, |raw, body| async move {
            raw.finish(raw.create_public_application(&body).await)
        })
    }
}
