//! Environment variables of applications, databases and services.

use std::future::Future;

use crate::error::{Error, ErrorKind, Result};
use crate::raw;
use crate::request::{Body, Request};
use crate::resource::Resource;
use crate::{Secret, Uuid};

#[cfg(any(feature = "databases", feature = "services"))]
pub use crate::raw::types::BulkVariable;
pub use crate::raw::types::EnvironmentVariable;
#[cfg(feature = "applications")]
pub use crate::raw::types::{
    BulkApplicationVariable, CreateEnvByApplicationUuidBody, UpdateEnvByApplicationUuidBody,
};
#[cfg(feature = "databases")]
pub use crate::raw::types::{CreateEnvByDatabaseUuidBody, UpdateEnvByDatabaseUuidBody};
#[cfg(feature = "services")]
pub use crate::raw::types::{CreateEnvByServiceUuidBody, UpdateEnvByServiceUuidBody};

/// The environment variables of one resource: `.envs()` of
/// applications, databases and services.
///
/// An application has each production variable twice: Coolify makes a twin for
/// pull-request previews with the same key. Only `key` and `is_preview` together
/// name a variable.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let envs = coolify.application("khzsv5nucvscskrm5gez3p8v").envs();
/// envs.create("DATABASE_URL", "postgres://u:p@db:5432/app").is_literal(true).await?;
/// for variable in envs.list().await? {
///     println!("{} {}", variable.key, variable.is_preview.unwrap_or(false));
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Envs<R> {
    resource: R,
}

impl<R: HasEnvs> Envs<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// All variables.
    ///
    /// Needs the `read` ability; the values need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for an unknown resource.
    pub async fn list(&self) -> Result<Vec<EnvironmentVariable>> {
        R::list(self.raw(), self.resource.uuid()).await
    }

    /// A new variable; gives its uuid.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`] when there is a variable of this key;
    /// [`Error::is_validation`] for a key that is none.
    pub fn create(
        &self,
        key: impl Into<String>,
        value: impl Into<Secret>,
    ) -> Request<R::Create, Uuid> {
        let uuid = self.resource.uuid().clone();
        let body = R::new_variable(key.into(), value.into());
        Request::new(self.resource.coolify(), body, move |raw, body| async move {
            R::create(raw, &uuid, &body).await
        })
    }

    /// Writes a new value to a variable, and whatever else is set.
    ///
    /// Coolify lets flags that an update does not name fall back to their
    /// defaults, so the variable is read first and what was not set is sent as
    /// it is. On an application this is the production variable, unless
    /// `is_preview(true)` says otherwise.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] when there is no such variable.
    pub fn update(
        &self,
        key: impl Into<String>,
        value: impl Into<Secret>,
    ) -> Request<R::Update, EnvironmentVariable> {
        let uuid = self.resource.uuid().clone();
        let coolify = self.resource.coolify().clone();
        let body = R::new_value(key.into(), value.into());
        Request::new(
            self.resource.coolify(),
            body,
            move |raw, mut body| async move {
                let known = R::list(coolify.raw(), &uuid).await?;
                let Some(current) = known.iter().find(|one| R::is_meant(&body, one)) else {
                    return Err(Error::new(
                        ErrorKind::NotFound,
                        "there is no such environment variable",
                    )
                    .with_hint("create it with `create`, or look for it with `list`"));
                };
                R::keep_flags(&mut body, current);
                R::update(raw, &uuid, &body).await
            },
        )
    }

    /// Creates or updates many variables in one call; gives them as they are
    /// then.
    ///
    /// A field that Coolify does not know is passed over without a word by this
    /// call; the type has only those that it knows.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for an empty list, before it is sent.
    pub async fn bulk(
        &self,
        variables: impl IntoIterator<Item = R::Bulk>,
    ) -> Result<Vec<EnvironmentVariable>> {
        let variables: Vec<_> = variables.into_iter().collect();
        if variables.is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "no variables were given",
            ));
        }
        for variable in &variables {
            variable.check()?;
        }
        R::bulk(self.raw(), self.resource.uuid(), variables).await
    }

    /// Deletes a variable by its uuid; gives what Coolify says about it. The
    /// preview twin of an application's variable has a uuid of its own.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] when there is none.
    pub async fn delete(&self, variable: impl Into<Uuid>) -> Result<String> {
        R::delete(self.raw(), self.resource.uuid(), &variable.into()).await
    }

    fn raw(&self) -> raw::Client {
        self.resource.coolify().raw()
    }
}

/// A resource with environment variables.
#[doc(hidden)]
pub trait HasEnvs: Resource {
    type Create: Body + Send + Sync + 'static;
    type Update: Body + Send + Sync + 'static;
    type Bulk: Body + Send + Sync + 'static;

    fn new_variable(key: String, value: Secret) -> Self::Create;
    fn new_value(key: String, value: Secret) -> Self::Update;
    fn is_meant(body: &Self::Update, variable: &EnvironmentVariable) -> bool;
    fn keep_flags(body: &mut Self::Update, current: &EnvironmentVariable);

    fn list(
        raw: raw::Client,
        uuid: &Uuid,
    ) -> impl Future<Output = Result<Vec<EnvironmentVariable>>> + Send;
    fn create(
        raw: raw::Client,
        uuid: &Uuid,
        body: &Self::Create,
    ) -> impl Future<Output = Result<Uuid>> + Send;
    fn update(
        raw: raw::Client,
        uuid: &Uuid,
        body: &Self::Update,
    ) -> impl Future<Output = Result<EnvironmentVariable>> + Send;
    fn bulk(
        raw: raw::Client,
        uuid: &Uuid,
        variables: Vec<Self::Bulk>,
    ) -> impl Future<Output = Result<Vec<EnvironmentVariable>>> + Send;
    fn delete(
        raw: raw::Client,
        uuid: &Uuid,
        variable: &Uuid,
    ) -> impl Future<Output = Result<String>> + Send;
}

/// The calls and bodies of one kind of resource, and the flags that its
/// variables have.
macro_rules! has_envs {
    (
        $feature:literal, $handle:path,
        $list:ident, $create:ident($create_body:ident), $update:ident($update_body:ident),
        $bulk:ident($bulk_body:ident { $bulk_item:ident }), $delete:ident,
        flags: [$($flag:ident),*], same_place: $same_place:expr
    ) => {
        #[cfg(feature = $feature)]
        impl HasEnvs for $handle {
            type Create = raw::types::$create_body;
            type Update = raw::types::$update_body;
            type Bulk = raw::types::$bulk_item;

            fn new_variable(key: String, value: Secret) -> Self::Create {
                let mut body = Self::Create::new(key);
                body.value = Some(value);
                body
            }

            fn new_value(key: String, value: Secret) -> Self::Update {
                Self::Update::new(key, value)
            }

            fn is_meant(body: &Self::Update, variable: &EnvironmentVariable) -> bool {
                let same_place: fn(&Self::Update, &EnvironmentVariable) -> bool = $same_place;
                variable.key == body.key && same_place(body, variable)
            }

            fn keep_flags(body: &mut Self::Update, current: &EnvironmentVariable) {
                $( body.$flag = body.$flag.or(current.$flag); )*
                if body.comment.is_none() {
                    body.comment = current.comment.clone().map(Into::into);
                }
            }

            async fn list(raw: raw::Client, uuid: &Uuid) -> Result<Vec<EnvironmentVariable>> {
                let reply = raw.$list(uuid.segment()?).await;
                raw.finish(reply)
            }

            async fn create(raw: raw::Client, uuid: &Uuid, body: &Self::Create) -> Result<Uuid> {
                let reply = raw.$create(uuid.segment()?, body).await;
                Ok(raw.finish(reply)?.uuid)
            }

            async fn update(
                raw: raw::Client,
                uuid: &Uuid,
                body: &Self::Update,
            ) -> Result<EnvironmentVariable> {
                let reply = raw.$update(uuid.segment()?, body).await;
                raw.finish(reply)
            }

            async fn bulk(
                raw: raw::Client,
                uuid: &Uuid,
                variables: Vec<Self::Bulk>,
            ) -> Result<Vec<EnvironmentVariable>> {
                let body = raw::types::$bulk_body::new(variables);
                let reply = raw.$bulk(uuid.segment()?, &body).await;
                raw.finish(reply)
            }

            async fn delete(raw: raw::Client, uuid: &Uuid, variable: &Uuid) -> Result<String> {
                let reply = raw.$delete(uuid.segment()?, variable.segment()?).await;
                Ok(raw.finish(reply)?.message)
            }
        }
    };
}

has_envs!(
    "applications", crate::applications::ApplicationHandle,
    list_envs_by_application_uuid,
    create_env_by_application_uuid(CreateEnvByApplicationUuidBody),
    update_env_by_application_uuid(UpdateEnvByApplicationUuidBody),
    update_envs_by_application_uuid(UpdateEnvsByApplicationUuidBody { BulkApplicationVariable }),
    delete_env_by_application_uuid,
    flags: [is_buildtime, is_literal, is_multiline, is_runtime, is_shown_once],
    same_place: |body, variable| {
        body.is_preview.unwrap_or(false) == variable.is_preview.unwrap_or(false)
    }
);

has_envs!(
    "databases", crate::databases::DatabaseHandle,
    list_envs_by_database_uuid,
    create_env_by_database_uuid(CreateEnvByDatabaseUuidBody),
    update_env_by_database_uuid(UpdateEnvByDatabaseUuidBody),
    update_envs_by_database_uuid(UpdateEnvsByDatabaseUuidBody { BulkVariable }),
    delete_env_by_database_uuid,
    flags: [is_literal, is_multiline, is_shown_once],
    same_place: |_, _| true
);

has_envs!(
    "services", crate::services::ServiceHandle,
    list_envs_by_service_uuid,
    create_env_by_service_uuid(CreateEnvByServiceUuidBody),
    update_env_by_service_uuid(UpdateEnvByServiceUuidBody),
    update_envs_by_service_uuid(UpdateEnvsByServiceUuidBody { BulkVariable }),
    delete_env_by_service_uuid,
    flags: [is_literal, is_multiline, is_shown_once],
    same_place: |_, _| true
);
