//! Creates services.

use coolify_sdk_macros::builder;

use super::{ServiceType, Services, WrittenService, types};
use crate::error::Result;
use crate::placement::put_place;
use crate::raw::types::{CreateComposeServiceBody, CreateOneClickServiceBody, CreateServiceBody};
use crate::request::{Body, Request};
use crate::{Placement, raw};

/// Creates a service of a one-click type, such as `actualbudget`, and returns its
/// uuid and its addresses: [`Services::create_one_click`].
///
/// Nothing is started, unless `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) for an unknown type;
/// [`Error::suggestions`](crate::Error::suggestions) returns similar ones, and
/// [`Error::valid_service_types`](crate::Error::valid_service_types) those that the
/// server offers. [`Services::types`] knows most types without a call. [`Error::is_conflict`](crate::Error::is_conflict) if a
/// domain is in use; `force_domain_override(true)` sets it anyway.
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
#[builder]
pub struct CreateOneClick(Request<CreateOneClickServiceBody, WrittenService>);

/// Creates a service from a compose file, and returns its uuid and its addresses:
/// [`Services::create_compose`].
///
/// Nothing is started, unless `instant_deploy(true)` is set.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if a domain is in use;
/// `force_domain_override(true)` sets it anyway. If the file is not YAML,
/// Coolify answers with a server error.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// let compose = "services:\n  web:\n    image: nginx\n";
/// let created = coolify
///     .services()
///     .create_compose(place, compose)
///     .name("web")
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateCompose(Request<CreateComposeServiceBody, WrittenService>);

impl Services {
    /// Returns the types of one-click services that are known from Coolify 4.0.0 to
    /// 4.3.11, sorted by name. Nothing is sent.
    ///
    /// A server also reads newer templates from the network, so it may offer more:
    /// [`create_one_click`](Self::create_one_click) takes any name.
    ///
    /// ```no_run
    /// # fn demo(coolify: coolify_sdk::Coolify) {
    /// for it in coolify.services().types() {
    ///     println!("{}: {} containers, since {}", it.name, it.containers.len(), it.since);
    /// }
    /// # }
    /// ```
    #[doc(alias("catalogue", "templates", "one-click"))]
    #[must_use]
    pub fn types(&self) -> &'static [ServiceType] {
        types::all()
    }

    /// Creates a service of a one-click type, such as `actualbudget`, and returns
    /// its uuid and its addresses. See [`CreateOneClick`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_one_click(
        &self,
        place: Placement,
        service_type: impl Into<String>,
    ) -> CreateOneClick {
        let mut body = CreateOneClickServiceBody::new(place.project, place.server, service_type);
        put_place!(body, place);
        let send = |raw: raw::Client, body: CreateOneClickServiceBody| async move {
            let service_type = body.type_.clone();
            types::check(&service_type)?;
            let created = raw.create_service(&body.into()).await;
            created.map_err(|error| types::suggest(error, &service_type))
        };
        CreateOneClick(Request::new(&self.coolify, body, send))
    }

    /// Creates a service from a compose file, and returns its uuid and its
    /// addresses. See [`CreateCompose`].
    ///
    /// `compose` is plain text; the SDK encodes it as base64.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    /// Since 4.4.0, `instant_deploy` also needs the `deploy` ability.
    #[inline]
    pub fn create_compose(&self, place: Placement, compose: impl AsRef<[u8]>) -> CreateCompose {
        let mut body = CreateComposeServiceBody::new(compose, place.project, place.server);
        put_place!(body, place);
        CreateCompose(self.create(body))
    }

    fn create<B>(&self, body: B) -> Request<B, WrittenService>
    where
        B: Body + Into<CreateServiceBody> + Send + 'static,
    {
        Request::new(&self.coolify, body, |raw, body| {
            raw.create_service(&body.into())
        })
    }
}

impl Body for CreateServiceBody {
    /// It is made from a body that has already been checked.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}
