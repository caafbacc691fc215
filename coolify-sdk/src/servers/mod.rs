//! Servers, which resources run on.

mod cloudflare_tunnel;
mod docker_cleanup;
mod fields;
mod log_drains;
mod proxy;
mod registries;
mod sentinel;
mod transfer;

pub use cloudflare_tunnel::{CloudflareTunnelHandle, UpdateCloudflareTunnel};
pub use docker_cleanup::{DockerCleanupHandle, RunDockerCleanup, UpdateDockerCleanup};
pub use log_drains::{LogDrainsHandle, UpdateLogDrains};
pub use proxy::{ProxyHandle, SaveProxyConfiguration, UpdateProxy};
pub use registries::RegistriesHandle;
pub use sentinel::{SentinelHandle, UpdateSentinel};
pub use transfer::{
    ClaimTransfer, CompleteTransfer, ExportTransferMailbox, ImportTransferBundle,
    MigrateBetweenInstances, TransferHandle,
};

use coolify_sdk_macros::builder;

use crate::Call;
#[cfg(feature = "destinations")]
use crate::destinations::ServerDestinations;
pub use crate::raw::types::{
    CloudflareTunnel, Created, DockerCleanup, DockerCleanupExecution, DockerCleanupExecutionStatus,
    LogDrains, ProxyType, RegistryLoginSource, RegistryUse, RegistryUser, Sentinel, Server,
    ServerClaim, ServerDomains, ServerImport, ServerMetadata, ServerMigration, ServerOwnership,
    ServerProxy, ServerProxyState, ServerRegistries, ServerRegistry, ServerResource, ServerRole,
    ServerSetting, ServerTransfer, TraefikUpdate, TraefikUpdateType, TrafficIpMode,
    TransferMailbox,
};
use crate::raw::types::{CreateServerBody, UpdateServerByUuidBody, ValidateServerByUuidBody};
use crate::request::Request;
#[cfg(feature = "shared-environment-variables")]
use crate::shared_variables::{SharedScope, SharedVariables};
use crate::verify::Subject;
use crate::{Coolify, Uuid};

/// A handle for the servers of the team: [`Coolify::servers`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .servers()
///     .create("203.0.113.10", "x9nk5yx5iufpdte9pkd1pvjq")
///     .name("frankfurt")
///     .instant_validate(true)
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[doc(alias = "Server")]
#[derive(Clone, Debug)]
pub struct Servers {
    pub(crate) coolify: Coolify,
}

/// A handle for one server: [`Coolify::server`].
///
/// Settings that have their own page in Coolify's dashboard have their own
/// handle: [`proxy`](Self::proxy), [`docker_cleanup`](Self::docker_cleanup),
/// [`log_drains`](Self::log_drains), [`sentinel`](Self::sentinel),
/// [`cloudflare_tunnel`](Self::cloudflare_tunnel), [`registries`](Self::registries) and
/// [`transfer`](Self::transfer).
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.server("ndfqlt8mg8zla6bo50nyqhg8");
/// server.update().concurrent_builds(4).await?;
/// for resource in server.resources().await? {
///     println!("{} {:?}", resource.uuid, resource.status);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct ServerHandle {
    pub(crate) coolify: Coolify,
    uuid: Uuid,
}

/// Defines a handle for one part of a server, and the server's method that
/// returns it.
macro_rules! server_part {
    ($(#[$doc:meta])* $name:ident, $(#[$getter_doc:meta])* $getter:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            server: $crate::servers::ServerHandle,
        }

        impl $crate::servers::ServerHandle {
            $(#[$getter_doc])*
            #[must_use]
            pub fn $getter(&self) -> $name {
                $name { server: self.clone() }
            }
        }
    };
}

use server_part;

impl Coolify {
    /// Returns a handle for the servers of the team.
    #[must_use]
    pub fn servers(&self) -> Servers {
        Servers {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one server.
    #[must_use]
    pub fn server(&self, uuid: impl Into<Uuid>) -> ServerHandle {
        ServerHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

/// The options of removing a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, coolify_sdk_macros::Request)]
#[request(builder = crate::servers::Delete)]
pub(crate) struct DeleteOptions {
    /// Deletes all resources on the server **with their data** if true. Default
    /// `false`: a server with resources is not removed.
    pub delete_resources: Option<bool>,
    /// Deletes the machine at its cloud provider as well if true. Default `false`: the
    /// provider continues to charge for it. Since Coolify 4.4.0.
    pub delete_from_provider: Option<bool>,
}

/// Removes a server from Coolify, and returns Coolify's message:
/// [`ServerHandle::delete`].
///
/// The machine itself is not changed, unless `delete_from_provider(true)`. A cloud
/// provider continues to charge for it.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// Coolify refuses with 400 while the server has resources, unless
/// `delete_resources(true)`, and always for the server that Coolify itself runs on.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// coolify.server("ndfqlt8mg8zla6bo50nyqhg8").delete().await?;
/// # Ok(()) }
/// ```
#[builder(options)]
pub struct Delete(Request<DeleteOptions, String>);

/// Adds an existing server to Coolify, and returns its uuid: [`Servers::create`].
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown key.
/// Coolify answers with a bare 400 if another server has the address.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let created = coolify
///     .servers()
///     .create("203.0.113.10", "x9nk5yx5iufpdte9pkd1pvjq")
///     .name("frankfurt")
///     .instant_validate(true)
///     .await?;
/// println!("{}", created.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateServerBody, Created>);

impl Servers {
    /// Returns all servers.
    ///
    /// Needs the `read` ability; some settings need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Server>> {
        self.coolify.raw().list_servers()
    }

    /// Adds an existing server to Coolify, and returns its uuid. See [`Create`].
    ///
    /// `ip` is an IP address or a host name, and `private_key` is the uuid of the
    /// SSH key. The server has to be validated before anything can be deployed:
    /// `instant_validate(true)` does that at once, and [`ServerHandle::validate`]
    /// does it later.
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn create(&self, ip: impl Into<String>, private_key: impl Into<Uuid>) -> Create {
        let body = CreateServerBody::new(ip, private_key);
        Create(Request::new(&self.coolify, body, |raw, body| {
            raw.create_server(&body)
        }))
    }
}

/// Changes a server, and returns its uuid: [`ServerHandle::update`].
///
/// Settings with their own page in the dashboard have their own handles, such as
/// [`proxy`](ServerHandle::proxy).
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.server("ndfqlt8mg8zla6bo50nyqhg8");
/// server.update().concurrent_builds(4).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateServerByUuidBody, Created>, Subject);

/// Asks Coolify to check a server, and returns Coolify's message:
/// [`ServerHandle::validate`].
///
/// With `install(true)`, Coolify installs missing software. [`ServerHandle::get`]
/// contains the outcome a little later: `is_usable`, `is_validating` and
/// `validation_logs`.
///
/// Needs the `write` ability. Since Coolify 4.0.0; `install` since 4.2.0, and
/// ignored by older servers.
///
/// # Errors
///
/// Coolify answers 422 if the server was transferred to another instance.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.server("ndfqlt8mg8zla6bo50nyqhg8");
/// server.validate().install(true).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Validate(Request<ValidateServerByUuidBody, String>);

impl ServerHandle {
    /// Returns the server's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the server as it is now.
    ///
    /// Needs the `read` ability; some settings need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<Server> {
        self.coolify
            .raw()
            .get_server_by_uuid(self.uuid.as_str(), None)
    }

    /// Returns the server as it is now, with its resources in `resources`.
    ///
    /// Needs the `read` ability; some settings need `read:sensitive` and are
    /// absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get_with_resources(&self) -> Call<Server> {
        self.coolify
            .raw()
            .get_server_by_uuid(self.uuid.as_str(), Some(true))
    }

    /// Changes a server, and returns its uuid. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn update(&self) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateServerByUuidBody::default();
        Update(
            Request::new(&self.coolify, body, move |raw, body| {
                raw.update_server_by_uuid(uuid.as_str(), &body)
            }),
            Subject::new("get-server-by-uuid", &self.uuid),
        )
    }

    /// Removes the server from Coolify, and returns Coolify's message. See
    /// [`Delete`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn delete(&self) -> Delete {
        let uuid = self.uuid.clone();
        let options = DeleteOptions::default();
        Delete(Request::new(&self.coolify, options, move |raw, options| {
            raw.delete_server_by_uuid(
                uuid.as_str(),
                options.delete_from_provider,
                options.delete_resources,
            )
            .message()
        }))
    }

    /// Asks Coolify to check a server, and returns Coolify's message. See
    /// [`Validate`].
    ///
    /// Needs the `write` ability. Since Coolify 4.0.0; `install` since 4.2.0, and
    /// ignored by older servers.
    #[inline]
    pub fn validate(&self) -> Validate {
        let uuid = self.uuid.clone();
        let body = ValidateServerByUuidBody::default();
        Validate(Request::new(&self.coolify, body, |raw, body| async move {
            Ok(raw
                .validate_server_by_uuid(uuid.as_str(), &body)
                .await?
                .message)
        }))
    }

    /// Returns the resources on the server, with their status.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn resources(&self) -> Call<Vec<ServerResource>> {
        self.coolify
            .raw()
            .get_resources_by_server_uuid(self.uuid.as_str())
    }

    /// Returns the domains of the resources on the server, grouped by the address
    /// that they have to point to.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn domains(&self) -> Call<Vec<ServerDomains>> {
        self.coolify
            .raw()
            .get_domains_by_server_uuid(self.uuid.as_str())
    }

    /// Returns a handle for its Docker registries.
    #[must_use]
    pub fn registries(&self) -> RegistriesHandle {
        RegistriesHandle::new(&self.coolify, &self.uuid)
    }

    /// Returns a handle for the destinations of the server, which are its Docker
    /// networks.
    #[cfg(feature = "destinations")]
    #[must_use]
    pub fn destinations(&self) -> ServerDestinations {
        self.coolify.destinations().of_server(&self.uuid)
    }

    /// Returns a handle for the shared variables of the server.
    #[cfg(feature = "shared-environment-variables")]
    #[must_use]
    pub fn shared_variables(&self) -> SharedVariables {
        self.coolify
            .shared_variables(SharedScope::server(&self.uuid))
    }
}
