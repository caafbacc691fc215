//! `find` of the rooms.

use super::failure;
use super::pool::Pool;
use super::query::{Query, Target};
use super::target::Found;
use crate::applications::{ApplicationHandle, Applications};
use crate::databases::{DatabaseHandle, Databases};
use crate::error::Result;
use crate::projects::{EnvironmentHandle, Environments, ProjectHandle, Projects};
use crate::resources::Resource;
use crate::servers::{ServerHandle, Servers};
use crate::services::{ServiceHandle, Services};
use crate::{Call, Uuid};

/// Writes `find` of a room with resources.
macro_rules! finds_resources {
    ($($room:ty => $handle:ty, $kind:ident, $getter:ident, $noun:literal);* $(;)?) => { $(
        impl $room {
            #[doc = concat!("Finds ", $noun, " by its name, its path")]
            /// `project/environment/name`, one of its domains or its uuid, and returns
            /// its handle. [`Find`](crate::estate::Find) describes what a text may be.
            ///
            /// It takes one call: the list. A path takes one call more for the projects,
            /// and one for each project of that name. If there are several matches,
            /// one call more for each project reads where they are.
            ///
            /// Needs the `read` ability. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// - [`Error::is_not_found`](crate::Error::is_not_found) if there is none;
            ///   [`Error::suggestions`](crate::Error::suggestions) returns similar names.
            /// - [`Error::is_ambiguous`](crate::Error::is_ambiguous) if there are several;
            ///   [`Error::matches`](crate::Error::matches) returns them.
            #[doc(alias("search", "by name", "get by name"))]
            pub fn find(&self, query: impl Into<String>) -> Call<$handle> {
                let (room, query) = (self.clone(), query.into());
                Call::several(async move {
                    let rows = room.list().await?;
                    let rows = rows.into_iter().map(|it| Resource::$kind(Box::new(it)));
                    let pool = Pool::of_resources(&room.coolify, stringify!($getter), rows);
                    let found = pool.only(&Query::new(&query)).await?;
                    Ok(room.coolify.$getter(found.uuid))
                })
            }
        }
    )* };
}

finds_resources! {
    Applications => ApplicationHandle, Application, application, "an application";
    Databases => DatabaseHandle, Database, database, "a database";
    Services => ServiceHandle, Service, service, "a service";
}

impl Projects {
    /// Finds a project by its name or its uuid, and returns its handle. It takes one
    /// call: the list.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// - [`Error::is_not_found`](crate::Error::is_not_found) if there is none;
    ///   [`Error::suggestions`](crate::Error::suggestions) returns similar names.
    /// - [`Error::is_ambiguous`](crate::Error::is_ambiguous) if there are several: names
    ///   of projects are not unique. [`Error::matches`](crate::Error::matches) returns
    ///   them.
    #[doc(alias("search", "by name", "get by name"))]
    pub fn find(&self, query: impl Into<String>) -> Call<ProjectHandle> {
        let (room, query) = (self.clone(), query.into());
        Call::several(async move {
            let rows = room.list().await?;
            let rows = rows.iter().map(|it| Found::of_project(&room.coolify, it));
            let pool = Pool::new(&room.coolify, "project", rows.collect());
            let found = pool.only(&Query::new(&query)).await?;
            Ok(room.coolify.project(found.uuid))
        })
    }
}

impl Servers {
    /// Finds a server by its name, its host name or IP address, or its uuid, and returns
    /// its handle. It takes one call: the list.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// - [`Error::is_not_found`](crate::Error::is_not_found) if there is none;
    ///   [`Error::suggestions`](crate::Error::suggestions) returns similar names.
    /// - [`Error::is_ambiguous`](crate::Error::is_ambiguous) if there are several;
    ///   [`Error::matches`](crate::Error::matches) returns them.
    #[doc(alias("search", "by name", "by ip", "get by name"))]
    pub fn find(&self, query: impl Into<String>) -> Call<ServerHandle> {
        let (room, query) = (self.clone(), query.into());
        Call::several(async move {
            let rows = room.list().await?;
            let rows = rows.iter().map(|it| Found::of_server(&room.coolify, it));
            let pool = Pool::new(&room.coolify, "server", rows.collect());
            let found = pool.only(&Query::new(&query)).await?;
            Ok(room.coolify.server(found.uuid))
        })
    }
}

/// A row of a list whose rows have only a uuid and a name, by its place in the list.
struct Row(usize, Uuid, String);

impl Target for Row {
    fn uuid(&self) -> &Uuid {
        &self.1
    }

    fn name(&self) -> &str {
        &self.2
    }
}

/// Returns the only row that matches.
fn only<T>(
    noun: &'static str,
    query: &str,
    mut rows: Vec<T>,
    names: fn(&T) -> (&Uuid, &str),
) -> Result<T> {
    let query = Query::new(query);
    if query.text().is_empty() {
        return Err(failure::empty(noun));
    }
    let all = rows.iter().map(names).enumerate();
    let all = all.map(|(at, (uuid, name))| Row(at, uuid.clone(), name.to_owned()));
    let found = query.best(all.collect());
    match &found[..] {
        [only] => Ok(rows.swap_remove(only.0)),
        [] => {
            let existing = rows.iter().map(|it| names(it).1);
            Err(failure::none(noun, query.text(), existing, &[]))
        }
        several => {
            let uuids = several.iter().map(|it| it.1.as_str());
            Err(failure::several_of_a_kind(noun, query.text(), uuids))
        }
    }
}

/// Writes `find` of a room whose rows have only a uuid and a name.
macro_rules! finds {
    ($(
        $feature:literal: $room:ident::$rooms:ident => $handle:ident, $getter:ident($by:ident),
        $noun:literal, since $since:literal;
    )*) => { $(
        #[cfg(feature = $feature)]
        impl crate::$room::$rooms {
            #[doc = concat!("Finds one ", $noun, " by its name or its uuid, and returns its handle.")]
            /// It takes one call: the list.
            ///
            #[doc = concat!("Needs the `read` ability. Since Coolify ", $since, ".")]
            ///
            /// # Errors
            ///
            /// - [`Error::is_not_found`](crate::Error::is_not_found) if there is none;
            ///   [`Error::suggestions`](crate::Error::suggestions) returns similar names.
            /// - [`Error::is_ambiguous`](crate::Error::is_ambiguous) if there are
            ///   several; the message has their uuids.
            #[doc(alias("search", "by name", "get by name"))]
            pub fn find(&self, query: impl Into<String>) -> Call<crate::$room::$handle> {
                let (room, query) = (self.clone(), query.into());
                Call::several(async move {
                    let rows = room.list().await?;
                    let row = only($noun, &query, rows, |it| (&it.uuid, &it.name))?;
                    Ok(room.coolify.$getter(row.$by))
                })
            }
        }
    )* };
}

finds! {
    "cloud-init-scripts": cloud_init_scripts::CloudInitScripts => CloudInitScriptHandle,
        cloud_init_script(uuid), "cloud-init script", since "4.3.0";
    "cloud-tokens": cloud_tokens::CloudTokens => CloudTokenHandle,
        cloud_token(uuid), "cloud token", since "4.0.0";
    "destinations": destinations::Destinations => DestinationHandle,
        destination(uuid), "destination", since "4.2.0";
    "github-apps": github_apps::GithubApps => GithubAppHandle,
        github_app(id), "GitHub app", since "4.0.0";
    "gitlab-apps": gitlab_apps::GitlabApps => GitlabAppHandle,
        gitlab_app(id), "GitLab app", since "4.3.0";
    "private-keys": private_keys::PrivateKeys => PrivateKeyHandle,
        private_key(uuid), "private key", since "4.0.0";
    "s3-storages": s3_storages::S3Storages => S3StorageHandle,
        s3_storage(uuid), "S3 storage", since "4.3.0";
    "tags": tags::Tags => TagHandle,
        tag(uuid), "tag", since "4.2.0";
}

impl Environments {
    /// Finds an environment by its name or its uuid, and returns its handle. It takes one
    /// call: the list.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if there is none;
    /// [`Error::suggestions`](crate::Error::suggestions) returns similar names.
    #[doc(alias("search", "by name", "get by name"))]
    pub fn find(&self, query: impl Into<String>) -> Call<EnvironmentHandle> {
        let (room, query) = (self.clone(), query.into());
        Call::several(async move {
            let rows = room.list().await?;
            let row = only("environment", &query, rows, |it| (&it.uuid, &it.name))?;
            let project = room.coolify.project(room.project);
            Ok(project.environment(row.uuid.as_str()))
        })
    }
}
