//! Handing a server, with everything on it, to another instance of Coolify.

use super::{
    ClaimServerBody, CompleteServerTransferBody, ExportServerTransferMailboxBody,
    ImportServerTransferBundleBody, MigrateServerBetweenInstancesBody, ServerClaim, ServerImport,
    ServerMigration, ServerTransfer, Servers, TransferMailbox, server_part,
};
use crate::error::Result;
use crate::request::Request;
use crate::{Secret, SecretJson};

server_part!(
    /// The transfer of one server to another instance:
    /// [`ServerHandle::transfer`].
    ///
    /// A production instance does not have these calls: they are there in
    /// Coolify's development mode only, and are
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported) elsewhere.
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
    /// Its transfer to another instance of Coolify.
    transfer
);

impl Servers {
    /// Takes over a server from the bundle that another instance
    /// [exported](TransferHandle::export).
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// [`Error::is_validation`](crate::Error::is_validation) when this instance
    /// has such a server, and for an encrypted bundle without its `passphrase`.
    #[inline]
    pub fn import(
        &self,
        bundle: impl Into<SecretJson>,
    ) -> Request<ImportServerTransferBundleBody, ServerImport> {
        let body = ImportServerTransferBundleBody::new(bundle);
        Request::new(&self.coolify, body, |raw, body| {
            raw.import_server_transfer_bundle(&body)
        })
    }
}

impl TransferHandle {
    /// Everything that another instance needs to take over the server: a
    /// bundle that holds private keys and secrets as plain text.
    ///
    /// Needs the `read:sensitive` ability of an administrator. Since Coolify
    /// 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    pub async fn export(&self) -> Result<SecretJson> {
        self.bundle(None).await
    }

    /// The same bundle, encrypted. The passphrase travels in the URL, which
    /// servers on the way may write into their logs.
    ///
    /// Needs the `read:sensitive` ability of an administrator. Since Coolify
    /// 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    pub async fn export_encrypted(&self, passphrase: impl Into<Secret>) -> Result<SecretJson> {
        self.bundle(Some(passphrase.into())).await
    }

    async fn bundle(&self, passphrase: Option<Secret>) -> Result<SecretJson> {
        let uuid = self.server.uuid.as_str();
        let encrypt = passphrase.is_some().then_some(true);
        let raw = self.server.coolify.raw();
        raw.export_server_transfer_bundle(uuid, encrypt, passphrase.as_ref().map(Secret::expose))
            .await
    }

    /// Writes the bundle to the server itself, for an instance that finds it
    /// there; encrypted with `passphrase`.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// A 422 when the server cannot be reached.
    #[inline]
    pub fn export_to_mailbox(&self) -> Request<ExportServerTransferMailboxBody, TransferMailbox> {
        let uuid = self.server.uuid.clone();
        let body = ExportServerTransferMailboxBody::default();
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.export_server_transfer_mailbox(uuid.as_str(), &body)
        })
    }

    /// Declares this instance the owner of the server, on the server too
    /// unless `write_remote(false)`.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    #[inline]
    pub fn claim(&self) -> Request<ClaimServerBody, ServerClaim> {
        let uuid = self.server.uuid.clone();
        let body = ClaimServerBody::default();
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.claim_server(uuid.as_str(), &body)
        })
    }

    /// Gives the server away: this instance stops everything that it does
    /// there by itself, and cannot validate the server any more.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    #[inline]
    pub fn complete(&self) -> Request<CompleteServerTransferBody, ServerTransfer> {
        let uuid = self.server.uuid.clone();
        let body = CompleteServerTransferBody::default();
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.complete_server_transfer(uuid.as_str(), &body)
        })
    }

    /// All steps in one: exports here, imports at the instance of `target_url`
    /// with its token, and completes here.
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0, in development mode only.
    ///
    /// # Errors
    ///
    /// A 422 when the other instance cannot be reached or refuses.
    #[inline]
    pub fn migrate(
        &self,
        target_url: impl Into<String>,
        target_token: impl Into<Secret>,
    ) -> Request<MigrateServerBetweenInstancesBody, ServerMigration> {
        let uuid = self.server.uuid.clone();
        let body = MigrateServerBetweenInstancesBody::new(target_token, target_url);
        Request::new(&self.server.coolify, body, move |raw, body| {
            raw.migrate_server_between_instances(uuid.as_str(), &body)
        })
    }
}
