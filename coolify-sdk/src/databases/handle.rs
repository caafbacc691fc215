//! Handles for the databases of the team.

use super::{BackupHandle, Backups, Database};
use crate::Call;
use crate::envs::Envs;
use crate::imports::DatabaseImports;
use crate::resource::logs::LogSource;
use crate::resource::{ContainerLogs, RestartDatabase, Start, resource_handle};
use crate::storages::Storages;
use crate::tags::ResourceTags;
use crate::{Coolify, Uuid};
#[cfg(feature = "resources")]
use crate::{Version, resources::Resource};

/// A handle for the databases of the team: [`Coolify::databases`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for database in coolify.databases().list().await? {
///     println!("{} {} {:?}", database.name, database.engine.as_str(), database.status);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Databases {
    pub(crate) coolify: Coolify,
}

resource_handle!(
    /// A handle for one database: [`Coolify::database`].
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let database = coolify.database("xkzsv5nucvscskrm5gez3p8v");
    /// database.update_postgresql().limits_memory("1G").await?;
    /// database.backups().create("daily").database_backup_retention_days_locally(7).await?;
    /// # Ok(()) }
    /// ```
    DatabaseHandle,
    "database",
    /// Returns a handle for one database.
    database
);

impl Coolify {
    /// Returns a handle for the databases of the team.
    #[must_use]
    pub fn databases(&self) -> Databases {
        Databases {
            coolify: self.clone(),
        }
    }
}

/// The first version whose list of databases is complete. Before, it contains
/// only one of several databases of different engines with the same numeric id.
#[cfg(feature = "resources")]
const LISTS_ALL: Version = Version::new(4, 3, 3);

impl Databases {
    /// Returns all databases. A member who is not an administrator sees none.
    ///
    /// Up to 4.3.2, Coolify's list of databases is incomplete. The missing
    /// databases are then taken from the list of all
    /// [resources](crate::Coolify::resources), where they have no
    /// `backup_configs`. Without the cargo feature `resources`, they are missing.
    ///
    /// Needs the `read` ability; passwords and connection URLs need
    /// `read:sensitive` and are absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    pub fn list(&self) -> Call<Vec<Database>> {
        let listing = self
            .coolify
            .raw()
            .list_databases()
            .map(without_strange_backups);
        #[cfg(feature = "resources")]
        let listing = {
            let coolify = self.coolify.clone();
            Call::several(async move {
                if let Ok(true) = coolify.is_older_than(&LISTS_ALL).await {
                    return Ok(databases_of(coolify.resources().list().await?));
                }
                listing.await
            })
        };
        listing
    }
}

#[cfg(feature = "resources")]
fn databases_of(resources: Vec<Resource>) -> Vec<Database> {
    let databases = resources.into_iter().filter_map(|resource| match resource {
        Resource::Database(database) => Some(*database),
        _ => None,
    });
    databases.collect()
}

/// Removes backups of databases of other engines, which Coolify lists by mistake.
fn without_strange_backups(mut databases: Vec<Database>) -> Vec<Database> {
    for database in &mut databases {
        if let Some(backups) = &mut database.backup_configs {
            let engine = &database.engine;
            backups.retain(|backup| engine.has(backup));
        }
    }
    databases
}

impl DatabaseHandle {
    /// Returns the database as it is now.
    ///
    /// Needs the `read` ability; passwords and connection URLs need
    /// `read:sensitive` and are absent without it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<Database> {
        self.coolify.raw().get_database_by_uuid(self.uuid.as_str())
    }

    /// Starts the database. See [`Start`](crate::resource::Start).
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn start(&self) -> Start {
        Start::new(self, |raw, uuid| raw.start_database_by_uuid(uuid.as_str()))
    }

    /// Stops and starts the database. See [`RestartDatabase`].
    ///
    /// Needs the `deploy` ability. Since Coolify 4.0.0.
    #[inline]
    pub fn restart(&self) -> RestartDatabase {
        RestartDatabase::new(self, |raw, uuid| {
            raw.restart_database_by_uuid(uuid.as_str())
        })
    }

    /// Returns a handle for the log of the database's container: its last lines, or a
    /// stream.
    ///
    /// Needs the `read` ability, or `read:sensitive` since 4.4.0. Since Coolify 4.2.0.
    pub fn logs(&self) -> ContainerLogs {
        ContainerLogs::new(LogSource::of(self, String::new()))
    }

    /// Returns a handle for the imports into it.
    #[must_use]
    pub fn imports(&self) -> DatabaseImports {
        DatabaseImports::of_database(&self.coolify, &self.uuid)
    }

    /// Returns a handle for its environment variables.
    #[must_use]
    pub fn envs(&self) -> Envs<Self> {
        Envs::new(self)
    }

    /// Returns a handle for its storages: volumes, files and directories.
    #[must_use]
    pub fn storages(&self) -> Storages<Self> {
        Storages::new(self)
    }

    /// Returns a handle for its tags.
    #[must_use]
    pub fn tags(&self) -> ResourceTags<Self> {
        ResourceTags::new(self)
    }

    /// Returns a handle for its scheduled backups.
    #[must_use]
    pub fn backups(&self) -> Backups {
        Backups::new(self)
    }

    /// Returns a handle for one scheduled backup.
    #[must_use]
    pub fn backup(&self, uuid: impl Into<Uuid>) -> BackupHandle {
        BackupHandle::new(self, uuid.into())
    }
}
