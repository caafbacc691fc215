//! The variables of one application, database or service.

use super::calls::HasEnvs;
use crate::error::{Error, ErrorKind};
use crate::raw::types::EnvironmentVariable;
use crate::request::Request;
use crate::{Call, Secret, Uuid, raw};

/// A handle for the environment variables of one resource: `.envs()` of
/// applications, databases and services.
///
/// For each production variable of an application, Coolify creates a preview
/// variable with the same key, for previews of pull requests. Only `key` and
/// `is_preview` together identify a variable.
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
#[doc(alias = "Environment Variables")]
#[derive(Clone, Debug)]
pub struct Envs<R> {
    pub(super) resource: R,
}

impl<R: HasEnvs> Envs<R> {
    pub(crate) fn new(resource: &R) -> Self {
        Self {
            resource: resource.clone(),
        }
    }

    /// Returns all variables.
    ///
    /// Needs the `read` ability; the values need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for an unknown resource.
    pub fn list(&self) -> Call<Vec<EnvironmentVariable>> {
        R::list_envs(&self.raw(), self.resource.uuid())
    }

    /// Creates a variable, and returns its uuid. See [`CreateApplicationVariable`],
    /// and [`CreateVariable`] for databases and services.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// [`CreateApplicationVariable`]: super::CreateApplicationVariable
    /// [`CreateVariable`]: super::CreateVariable
    #[inline]
    pub fn create(&self, key: impl Into<String>, value: impl Into<Secret>) -> R::Create {
        let uuid = self.resource.uuid().clone();
        let body = R::new_variable(key.into(), value.into());
        R::creating(Request::new(
            self.resource.coolify(),
            body,
            move |raw, body| R::create_env(&raw, &uuid, &body),
        ))
    }

    /// Sets the value of a variable, and returns the variable. See
    /// [`UpdateApplicationVariable`], and [`UpdateVariable`] for databases and
    /// services.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// [`UpdateApplicationVariable`]: super::UpdateApplicationVariable
    /// [`UpdateVariable`]: super::UpdateVariable
    #[inline]
    pub fn update(&self, key: impl Into<String>, value: impl Into<Secret>) -> R::Update {
        let uuid = self.resource.uuid().clone();
        let body = R::new_value(key.into(), value.into());
        R::updating(Request::new(
            self.resource.coolify(),
            body,
            move |raw, mut body| async move {
                let known = R::list_envs(&raw, &uuid).await?;
                let Some(current) = known.iter().find(|one| R::is_meant(&body, one)) else {
                    return Err(Error::new(
                        ErrorKind::NotFound,
                        "the environment variable does not exist",
                    )
                    .with_hint("create it with `create`, or find it with `list`"));
                };
                R::keep_flags(&mut body, current);
                R::update_env(&raw, &uuid, &body).await
            },
        ))
    }

    /// Creates or updates many variables in one call, and returns them.
    ///
    /// This call of Coolify silently ignores unknown fields; the type contains
    /// only those that it knows. For applications, an update without a value
    /// empties it, and an update without `is_multiline` or `is_shown_once` is a
    /// server error if the variable has that flag. [`sync`](Self::sync) sends the
    /// missing fields.
    ///
    /// For applications, a duplicate key makes two variables.
    ///
    /// A service keeps the values, except those of variables that its compose file sets
    /// to a generated variable, as in `KC_HOSTNAME=${SERVICE_URL_KEYCLOAK}`: Coolify
    /// sets them again whenever the service starts.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] for an empty list, before it is sent.
    #[doc(alias("update_bulk", "bulk update", "Developer view"))]
    pub fn bulk(
        &self,
        variables: impl IntoIterator<Item = R::Bulk>,
    ) -> Call<Vec<EnvironmentVariable>> {
        let variables: Vec<_> = variables.into_iter().collect();
        if variables.is_empty() {
            let error = Error::new(ErrorKind::InvalidRequest, "no variables were given");
            return Call::failed(error);
        }
        if let Err(error) = variables.iter().try_for_each(R::check) {
            return Call::failed(error);
        }
        R::update_envs(&self.raw(), self.resource.uuid(), variables)
    }

    /// Deletes a variable by its uuid, and returns Coolify's message. The preview
    /// variable of an application's variable has its own uuid.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if it does not exist.
    pub fn delete(&self, variable: impl Into<Uuid>) -> Call<String> {
        R::delete_env(&self.raw(), self.resource.uuid(), &variable.into()).message()
    }

    pub(super) fn raw(&self) -> raw::Client {
        self.resource.coolify().raw()
    }
}
