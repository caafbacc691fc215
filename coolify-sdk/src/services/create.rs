//! New services.

use super::{CreateComposeServiceBody, CreateOneClickServiceBody, Services, WrittenService};
use crate::Placement;
use crate::placement::put_place;
use crate::raw::types::CreateServiceBody;
use crate::request::{Body, Request};

impl Services {
    /// A new service of a one-click type, as in `actualbudget`; gives its uuid
    /// and its addresses.
    ///
    /// Nothing is started unless `instant_deploy(true)`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) for an unknown type;
    /// [`Error::valid_service_types`](crate::Error::valid_service_types) lists
    /// those that there are. [`Error::is_conflict`](crate::Error::is_conflict)
    /// when an address is in use; `force_domain_override(true)` takes it all the
    /// same.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::{EnvironmentRef, Placement};
    ///
    /// let place = Placement::new(
    ///     "gwgmpnq6u26xpsihsouontfu",
    ///     EnvironmentRef::name("production"),
    ///     "ndfqlt8mg8zla6bo50nyqhg8",
    /// );
    /// let created = coolify
    ///     .services()
    ///     .create_one_click(place, "actualbudget")
    ///     .name("budget")
    ///     .await?;
    /// println!("{:?}", created.domains);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn create_one_click(
        &self,
        place: Placement,
        service_type: impl Into<String>,
    ) -> Request<CreateOneClickServiceBody, WrittenService> {
        let mut body = CreateOneClickServiceBody::new(place.project, place.server, service_type);
        put_place!(body, place);
        self.create(body)
    }

    /// A new service from a compose file, given as plain text; gives its uuid
    /// and its addresses.
    ///
    /// Nothing is started unless `instant_deploy(true)`.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) when an address is in
    /// use; `force_domain_override(true)` takes it all the same. A file that is
    /// no YAML ends in an error of the server.
    #[inline]
    pub fn create_compose(
        &self,
        place: Placement,
        compose: impl AsRef<[u8]>,
    ) -> Request<CreateComposeServiceBody, WrittenService> {
        let mut body = CreateComposeServiceBody::new(compose, place.project, place.server);
        put_place!(body, place);
        self.create(body)
    }

    fn create<B>(&self, body: B) -> Request<B, WrittenService>
    where
        B: Body + Into<CreateServiceBody> + Send + 'static,
    {
        Request::new(&self.coolify, body, |raw, body| async move {
            let body = body.into();
            raw.create_service(&body).await
        })
    }
}
