//! Transfers a server, with everything on it, to another instance of Coolify.

use coolify_sdk_macros::builder;

use super::{
    ServerClaim, ServerImport, ServerMigration, ServerTransfer, Servers, TransferMailbox,
    server_part,
};
use crate::raw::types::{
    ClaimServerBody, CompleteServerTransferBody, ExportServerTransferMailboxBody,
    ImportServerTransferBundleBody, MigrateServerBetweenInstancesBody,
};
use crate::request::Request;
use crate::{Call, Secret, SecretJson};

server_part!(
    /// A handle for the transfer of one server to another instance:
    /// [`ServerHandle::transfer`].
    ///
    /// Only instances in Coolify's development mode have these calls. On
    /// production instances they fail with
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported).
    ///
    /// [`ServerHandle::transfer`]: super::ServerHandle::transfer
    ///
    /// ```no_run
    /// # async fn demo(source: coolify_sdk::Coolify, target: coolify_sdk::Coolify)
    /// # -> coolify_sdk::Result<()> {
    /// let server = source.server("xhsimdz4ftmdswsap3iwoyyq");
    /// let bundle = server.transfer().export().await?;
    /// let trial = target.servers().import(bundle).dry_run(true).await?;
    /// println!("{:?}", trial.warnings);
    /// # Ok(()) }
    /// ```
    TransferHandle,
    /// Returns a handle for its transfer to another instance of Coolify.
    transfer
);

/// Takes over a server from the bundle that another instance exported:
/// [`Servers::import`].
///
/// The bundle comes from [`TransferHandle::export`].
///
/// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
///
/// # Errors
///
/// [`Error::is_validation`](crate::Error::is_validation) if this instance already
/// has the server, and for an encrypted bundle without its `passphrase`.
///
/// ```no_run
/// # async fn demo(source: coolify_sdk::Coolify, target: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let bundle = source
///     .server("xhsimdz4ftmdswsap3iwoyyq")
///     .transfer()
///     .export()
///     .await?;
/// let trial = target.servers().import(bundle).dry_run(true).await?;
/// println!("{:?}", trial.warnings);
/// # Ok(()) }
/// ```
#[builder]
pub struct ImportTransferBundle(Request<ImportServerTransferBundleBody, ServerImport>);

impl Servers {
    /// Takes over a server from the bundle that another instance exported. See
    /// [`ImportTransferBundle`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    #[inline]
    pub fn import(&self, bundle: impl Into<SecretJson>) -> ImportTransferBundle {
        let body = ImportServerTransferBundleBody::new(bundle);
        ImportTransferBundle(Request::new(&self.coolify, body, |raw, body| {
            raw.import_server_transfer_bundle(&body)
        }))
    }
}

/// Writes the transfer bundle to the server itself, where the other instance can
/// find it: [`TransferHandle::export_to_mailbox`].
///
/// It is encrypted if a `passphrase` is set.
///
/// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
///
/// # Errors
///
/// Coolify answers 422 if the server cannot be reached.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, passphrase: String) -> coolify_sdk::Result<()> {
/// let transfer = coolify.server("xhsimdz4ftmdswsap3iwoyyq").transfer();
/// transfer.export_to_mailbox().passphrase(passphrase).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct ExportTransferMailbox(Request<ExportServerTransferMailboxBody, TransferMailbox>);

/// Declares this instance the owner of a server: [`TransferHandle::claim`].
///
/// The claim is also written to the server, unless `write_remote(false)` is set.
///
/// Needs the `write` ability. Since Coolify 4.3.0, until 4.3.23, in development
/// mode only.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let transfer = coolify.server("xhsimdz4ftmdswsap3iwoyyq").transfer();
/// transfer.claim().write_remote(false).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct ClaimTransfer(Request<ClaimServerBody, ServerClaim>);

/// Hands a server over to another instance: [`TransferHandle::complete`].
///
/// This instance stops its scheduled work on the server, and can no longer
/// validate the server.
///
/// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let transfer = coolify.server("xhsimdz4ftmdswsap3iwoyyq").transfer();
/// transfer.complete().await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct CompleteTransfer(Request<CompleteServerTransferBody, ServerTransfer>);

/// Moves a server to another instance, in one step: [`TransferHandle::migrate`].
///
/// Exports the server, imports it into the instance at `target_url` with that
/// instance's token, and completes the transfer.
///
/// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
///
/// # Errors
///
/// Coolify answers 422 if the other instance cannot be reached or refuses.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, token: String) -> coolify_sdk::Result<()> {
/// let transfer = coolify.server("xhsimdz4ftmdswsap3iwoyyq").transfer();
/// transfer.migrate("https://coolify.example.com", token).await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct MigrateBetweenInstances(Request<MigrateServerBetweenInstancesBody, ServerMigration>);

impl TransferHandle {
    /// Returns the transfer bundle, which another instance needs to take over the
    /// server. It contains private keys and secrets as plain text.
    ///
    /// Needs the `read:sensitive` ability of an administrator. Since Coolify
    /// 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn export(&self) -> Call<SecretJson> {
        self.bundle(None)
    }

    /// Returns the transfer bundle, encrypted. The passphrase is part of the URL,
    /// which servers in between may write to their logs.
    ///
    /// Needs the `read:sensitive` ability of an administrator. Since Coolify
    /// 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn export_encrypted(&self, passphrase: impl Into<Secret>) -> Call<SecretJson> {
        self.bundle(Some(&passphrase.into()))
    }

    fn bundle(&self, passphrase: Option<&Secret>) -> Call<SecretJson> {
        let uuid = self.server.uuid.as_str();
        let encrypt = passphrase.is_some().then_some(true);
        let raw = self.server.coolify.raw();
        raw.export_server_transfer_bundle(uuid, encrypt, passphrase.map(Secret::expose))
    }

    /// Writes the transfer bundle to the server itself, where the other instance
    /// can find it. See [`ExportTransferMailbox`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    #[inline]
    pub fn export_to_mailbox(&self) -> ExportTransferMailbox {
        let uuid = self.server.uuid.clone();
        let body = ExportServerTransferMailboxBody::default();
        ExportTransferMailbox(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.export_server_transfer_mailbox(uuid.as_str(), &body),
        ))
    }

    /// Declares this instance the owner of a server. See [`ClaimTransfer`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, until 4.3.23, in development
    /// mode only.
    #[inline]
    pub fn claim(&self) -> ClaimTransfer {
        let uuid = self.server.uuid.clone();
        let body = ClaimServerBody::default();
        ClaimTransfer(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.claim_server(uuid.as_str(), &body),
        ))
    }

    /// Hands a server over to another instance. See [`CompleteTransfer`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    #[inline]
    pub fn complete(&self) -> CompleteTransfer {
        let uuid = self.server.uuid.clone();
        let body = CompleteServerTransferBody::default();
        CompleteTransfer(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.complete_server_transfer(uuid.as_str(), &body),
        ))
    }

    /// Moves a server to another instance, in one step. See
    /// [`MigrateBetweenInstances`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    #[inline]
    pub fn migrate(
        &self,
        target_url: impl Into<String>,
        target_token: impl Into<Secret>,
    ) -> MigrateBetweenInstances {
        let uuid = self.server.uuid.clone();
        let body = MigrateServerBetweenInstancesBody::new(target_token, target_url);
        MigrateBetweenInstances(Request::new(
            &self.server.coolify,
            body,
            move |raw, body| raw.migrate_server_between_instances(uuid.as_str(), &body),
        ))
    }
}
