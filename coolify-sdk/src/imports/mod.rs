//! Imports of dumps into databases, and into the databases of services.

mod run;
mod upload;

use coolify_sdk_macros::builder;

use crate::error::Result;
#[cfg(feature = "databases")]
use crate::raw::types::CreateDatabaseImportBody;
#[cfg(feature = "services")]
use crate::raw::types::CreateServiceDatabaseImportBody;
use crate::raw::types::{ImportS3Body, ImportServerFileBody, ImportUploadBody};
use crate::request::{Body, Request};
use crate::{Call, Coolify, Uuid};

pub use self::run::ImportRun;
pub use self::upload::{InterruptedUpload, UploadEvent, UploadFile, UploadProgress};
pub use crate::raw::types::{
    DatabaseImport, ImportSource, ImportStatus, ImportUpload, StartedImport,
};

/// A handle for the imports into one database: `imports()` of a database, and of a
/// database of a service.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let imports = coolify.database("xkzsv5nucvscskrm5gez3p8v").imports();
/// let run = imports
///     .from_s3("qskzsv5nucvscskrm5gez3p8", "dumps/orders.sql.gz")
///     .await?;
/// println!("import {}", run.id());
/// let ended = run.await?;
/// println!("over at {:?}", ended.finished_at);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct DatabaseImports {
    coolify: Coolify,
    target: Target,
}

/// The database that is imported into.
#[derive(Clone, Debug)]
enum Target {
    #[cfg(feature = "databases")]
    Database(Uuid),
    /// A service, and the uuid of its database.
    #[cfg(feature = "services")]
    Part(Uuid, Uuid),
}

/// Defines a request that starts an import, by the source of the dump.
macro_rules! import {
    (
        $(#[$doc:meta])+
        $builder:ident($body:ident), $method:ident($($argument:ident: $of:ty),+) $new:tt, $example:literal
    ) => {
        $(#[$doc])+
        ///
        /// Awaiting it starts the import and returns its [run](ImportRun);
        /// [`and_wait`](Self::and_wait) waits for the end as well.
        ///
        /// The database has to be running. Coolify runs one import into a database at a
        /// time, and does not start or restart the database meanwhile.
        ///
        /// Needs the `write` ability. Since Coolify 4.4.0.
        ///
        /// # Errors
        ///
        /// [`Error::status`](crate::Error::status) is 409 while another import, start or
        /// restart of the database is running.
        /// [`Error::is_validation`](crate::Error::is_validation) if the database is not
        /// running, or if Coolify cannot import into its engine.
        ///
        /// ```no_run
        /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
        /// let imports = coolify.database("xkzsv5nucvscskrm5gez3p8v").imports();
        #[doc = $example]
        /// println!("imported, at {:?}", ended.finished_at);
        /// # Ok(()) }
        /// ```
        #[builder(and_wait = DatabaseImport)]
        pub struct $builder(Request<$body, ImportRun>);

        impl DatabaseImports {
            #[doc = concat!("Starts an import. See [`", stringify!($builder), "`].")]
            ///
            /// Needs the `write` ability. Since Coolify 4.4.0.
            pub fn $method(&self, $($argument: impl Into<$of>),+) -> $builder {
                let imports = self.clone();
                let body = $body::new $new;
                $builder(Request::new(&self.coolify, body, move |raw, body| async move {
                    let started = match &imports.target {
                        #[cfg(feature = "databases")]
                        Target::Database(uuid) => {
                            let body = CreateDatabaseImportBody::from(body);
                            raw.create_database_import(uuid.as_str(), &body)
                        }
                        #[cfg(feature = "services")]
                        Target::Part(service, uuid) => {
                            let body = CreateServiceDatabaseImportBody::from(body);
                            raw.create_service_database_import(
                                service.as_str(),
                                uuid.as_str(),
                                &body,
                            )
                        }
                    };
                    Ok(ImportRun::started(imports, started.await?))
                }))
            }
        }
    };
}

import!(
    /// Imports a file that was uploaded, by the id of the upload: [`DatabaseImports::from_upload`].
    /// [`DatabaseImports::upload_file`] uploads it.
    ImportFromUpload(ImportUploadBody), from_upload(upload: String) (ImportSource::Upload, upload),
    "let ended = imports.from_upload(\"6f1c2e0e-6d0f-4f5e-9b53-2f3f2f1a7c11\").and_wait().await?;"
);
import!(
    /// Imports a file in an S3 storage: [`DatabaseImports::from_s3`].
    ImportFromS3(ImportS3Body), from_s3(storage: Uuid, path: String) (path, storage, ImportSource::S3),
    "let ended = imports.from_s3(\"qskzsv5nucvscskrm5gez3p8\", \"dumps/orders.sql\").and_wait().await?;"
);
import!(
    /// Imports a file on the database's server: [`DatabaseImports::from_server`]. This
    /// needs the `deploy` ability as well.
    ImportFromServer(ImportServerFileBody), from_server(path: String) (path, ImportSource::Server),
    "let ended = imports.from_server(\"/root/orders.sql\").and_wait().await?;"
);

impl DatabaseImports {
    #[cfg(feature = "databases")]
    pub(crate) fn of_database(coolify: &Coolify, database: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            target: Target::Database(database.clone()),
        }
    }

    #[cfg(feature = "services")]
    pub(crate) fn of_part(coolify: &Coolify, service: &Uuid, database: &Uuid) -> Self {
        Self {
            coolify: coolify.clone(),
            target: Target::Part(service.clone(), database.clone()),
        }
    }

    /// Returns an import as it is now, by its id.
    ///
    /// Needs the `read` ability; the output needs `read:sensitive` and is absent
    /// without it. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    pub fn get(&self, import: i64) -> Call<DatabaseImport> {
        let raw = self.coolify.raw();
        match &self.target {
            #[cfg(feature = "databases")]
            Target::Database(uuid) => raw.get_database_import(uuid.as_str(), import),
            #[cfg(feature = "services")]
            Target::Part(service, uuid) => {
                raw.get_service_database_import(service.as_str(), uuid.as_str(), import)
            }
        }
    }
}

#[cfg(feature = "databases")]
impl Body for CreateDatabaseImportBody {
    /// It is made from a body that has already been checked.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(feature = "services")]
impl Body for CreateServiceDatabaseImportBody {
    /// It is made from a body that has already been checked.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}
