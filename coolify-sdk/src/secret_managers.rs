//! Secret managers, from which applications get values: Doppler, Infisical and Vault.

use coolify_sdk_macros::builder;

use crate::raw::types::{
    ConfigureApplicationSecretManagerBody, CreateSecretManagerIntegrationTokenBody,
};
use crate::request::Request;
use crate::{Coolify, Secret, Uuid};

pub use crate::raw::types::{
    Created, IntegrationTokenMetadata, SecretManagerLink, SecretManagerProvider,
    SecretManagerSettings,
};

/// A handle for the secret managers of the team: [`Coolify::secret_managers`].
///
/// Coolify stores tokens and links, but never returns them.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, token: String) -> coolify_sdk::Result<()> {
/// use coolify_sdk::secret_managers::SecretManagerProvider;
///
/// let managers = coolify.secret_managers();
/// let created = managers
///     .create_integration_token(SecretManagerProvider::Doppler, "production", token)
///     .await?;
/// managers
///     .configure_application("khzsv5nucvscskrm5gez3p8v", created.uuid)
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct SecretManagers {
    coolify: Coolify,
}

impl Coolify {
    /// Returns a handle for the secret managers of the team.
    #[must_use]
    pub fn secret_managers(&self) -> SecretManagers {
        SecretManagers {
            coolify: self.clone(),
        }
    }
}

/// Stores a token of a secret manager, and returns its uuid:
/// [`SecretManagers::create_integration_token`].
///
/// Coolify checks the token with the secret manager first. Infisical and Vault need
/// `metadata`.
///
/// Needs the `write` ability. Since Coolify 4.4.0.
///
/// # Errors
///
/// [`Error::status`](crate::Error::status) is 400 if the secret manager refuses the token.
/// [`Error::is_validation`](crate::Error::is_validation) for missing `metadata`.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, token: String) -> coolify_sdk::Result<()> {
/// use coolify_sdk::secret_managers::{IntegrationTokenMetadata, SecretManagerProvider};
///
/// let created = coolify
///     .secret_managers()
///     .create_integration_token(SecretManagerProvider::Vault, "production", token)
///     .metadata(IntegrationTokenMetadata {
///         base_url: Some("https://vault.example.com".to_owned()),
///         ..IntegrationTokenMetadata::default()
///     })
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct CreateIntegrationToken(Request<CreateSecretManagerIntegrationTokenBody, Created>);

/// Links an application to a secret manager, and returns the link:
/// [`SecretManagers::configure_application`].
///
/// An earlier link is replaced. An environment variable of the application then gets a
/// value from the secret manager if its own value is a reference such as
/// `{{vault.KEY}}`.
///
/// Needs the `write` ability. Since Coolify 4.4.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown application.
/// [`Error::is_validation`](crate::Error::is_validation) without the `settings` that the
/// secret manager requires.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::secret_managers::SecretManagerSettings;
///
/// let managers = coolify.secret_managers();
/// let link = managers
///     .configure_application("khzsv5nucvscskrm5gez3p8v", "vxzsv5nucvscskrm5gez3p8v")
///     .settings(SecretManagerSettings {
///         mount: Some("secret".to_owned()),
///         path: Some("shop/production".to_owned()),
///         ..SecretManagerSettings::default()
///     })
///     .await?;
/// println!("{:?}", link.provider);
/// # Ok(()) }
/// ```
#[builder]
pub struct ConfigureApplication(Request<ConfigureApplicationSecretManagerBody, SecretManagerLink>);

impl SecretManagers {
    /// Stores a token of a secret manager, and returns its uuid. See
    /// [`CreateIntegrationToken`].
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    #[inline]
    pub fn create_integration_token(
        &self,
        provider: SecretManagerProvider,
        name: impl Into<String>,
        token: impl Into<Secret>,
    ) -> CreateIntegrationToken {
        let body = CreateSecretManagerIntegrationTokenBody::new(name, provider, token);
        CreateIntegrationToken(Request::new(&self.coolify, body, |raw, body| {
            raw.create_secret_manager_integration_token(&body)
        }))
    }

    /// Links an application to a secret manager, by the uuid of a token. See
    /// [`ConfigureApplication`].
    ///
    /// Needs the `write` ability. Since Coolify 4.4.0.
    #[inline]
    pub fn configure_application(
        &self,
        application: impl Into<Uuid>,
        token: impl Into<Uuid>,
    ) -> ConfigureApplication {
        let uuid = application.into();
        let body = ConfigureApplicationSecretManagerBody::new(token);
        ConfigureApplication(Request::new(&self.coolify, body, move |raw, body| {
            raw.configure_application_secret_manager(uuid.as_str(), &body)
        }))
    }
}
