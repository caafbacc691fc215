//! What live tests make, how it is recognised, and how it is removed.

use std::fmt;
use std::time::{Duration, Instant};

use coolify_sdk::projects::ProjectHandle;
use coolify_sdk::resource::Volumes;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::{Coolify, ErrorKind, Id, ResourceKind, Result, Uuid};

use super::{KEY_PREFIX, PREFIX};

/// How often a queued deletion is looked at: all tests share the rate limit.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Something that a live test made.
#[derive(Clone, Debug, PartialEq)]
pub enum Leftover {
    /// A tag on an application.
    TagOnApplication(Uuid, Uuid),
    /// A tag on a database.
    TagOnDatabase(Uuid, Uuid),
    /// A tag on a service.
    TagOnService(Uuid, Uuid),
    /// A project with everything in it.
    Project(Uuid),
    /// A tag of the team.
    Tag(Uuid),
    /// A GitHub app.
    GithubApp(Id),
    /// A GitLab app.
    GitlabApp(Id),
    /// A destination.
    Destination(Uuid),
    /// A server.
    Server(Uuid),
    /// An S3 storage.
    S3Storage(Uuid),
    /// A cloud token.
    CloudToken(Uuid),
    /// A cloud-init script.
    CloudInitScript(Uuid),
    /// A variable that the team shares.
    TeamVariable(Id),
    /// A variable that a server's resources share.
    ServerVariable(Uuid, Id),
    /// A private key, which servers and GitHub apps use.
    PrivateKey(Uuid),
}

impl Leftover {
    /// What goes first: users before what they use.
    pub(super) fn turn(&self) -> u8 {
        match self {
            Self::TagOnApplication(..) | Self::TagOnDatabase(..) | Self::TagOnService(..) => 0,
            Self::Project(_) => 1,
            Self::PrivateKey(_) => 3,
            _ => 2,
        }
    }

    /// Removes it; that it is gone already is not an error.
    ///
    /// # Errors
    ///
    /// What the server answers, or that it was not gone after `patience`.
    pub async fn remove(&self, coolify: &Coolify, patience: Duration) -> Result<()> {
        // A tag goes with the last resource that has it.
        let removed = match self {
            Self::TagOnApplication(of, tag) => {
                coolify
                    .application(of.clone())
                    .tags()
                    .remove(tag.clone())
                    .await
            }
            Self::TagOnDatabase(of, tag) => {
                coolify
                    .database(of.clone())
                    .tags()
                    .remove(tag.clone())
                    .await
            }
            Self::TagOnService(of, tag) => {
                coolify.service(of.clone()).tags().remove(tag.clone()).await
            }
            Self::Project(uuid) => {
                let project = coolify.project(uuid.clone());
                remove_project(coolify, &project, patience)
                    .await
                    .map(|()| String::new())
            }
            Self::Tag(uuid) => coolify.tag(uuid.clone()).delete().await,
            Self::GithubApp(id) => coolify.github_app(*id).delete().await,
            Self::GitlabApp(id) => coolify.gitlab_app(*id).delete().await,
            Self::Destination(uuid) => coolify.destination(uuid.clone()).delete().await,
            Self::Server(uuid) => coolify.server(uuid.clone()).delete().await,
            Self::S3Storage(uuid) => coolify.s3_storage(uuid.clone()).delete().await,
            Self::CloudToken(uuid) => coolify.cloud_token(uuid.clone()).delete().await,
            Self::CloudInitScript(uuid) => coolify.cloud_init_script(uuid.clone()).delete().await,
            Self::TeamVariable(id) => {
                coolify
                    .shared_variables(SharedScope::Team)
                    .delete(*id)
                    .await
            }
            Self::ServerVariable(server, id) => {
                let scope = SharedScope::server(server.clone());
                coolify.shared_variables(scope).delete(*id).await
            }
            Self::PrivateKey(uuid) => remove_key(coolify, uuid, patience).await,
        };
        match removed {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }
}

/// Deletes what is in it, and the project when it is empty.
async fn remove_project(
    coolify: &Coolify,
    project: &ProjectHandle,
    patience: Duration,
) -> Result<()> {
    for content in project.contents().await? {
        let uuid = content.uuid;
        // Nothing of the server's own is touched: no cleanup of Docker.
        let deleted = match content.kind {
            ResourceKind::Application => {
                let delete = coolify.application(uuid).delete(Volumes::Delete);
                delete.docker_cleanup(false).await
            }
            ResourceKind::Database => {
                let delete = coolify.database(uuid).delete(Volumes::Delete);
                delete.docker_cleanup(false).await
            }
            ResourceKind::Service => {
                let delete = coolify.service(uuid).delete(Volumes::Delete);
                delete.docker_cleanup(false).await
            }
            // Deleting the project says that it is in the way.
            _ => continue,
        };
        match deleted {
            Err(error) if !error.is_not_found() => return Err(error),
            _ => {}
        }
    }
    let delete = project.delete().poll_every(LOOK_EVERY).max_wait(patience);
    delete.and_wait().await
}

/// Deletes a key as soon as nothing uses it: what did may still be on its way
/// out.
async fn remove_key(coolify: &Coolify, uuid: &Uuid, patience: Duration) -> Result<String> {
    let key = coolify.private_key(uuid.clone());
    let begun = Instant::now();
    loop {
        match key.delete().await {
            Err(error) if error.status() == Some(422) && begun.elapsed() < patience => {
                tokio::time::sleep(LOOK_EVERY).await;
            }
            other => return other,
        }
    }
}

/// Something by the prefix, and how it is called.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it is.
    pub leftover: Leftover,
    /// Its name.
    pub name: String,
}

impl Found {
    /// Returns everything on the server that live tests have left behind.
    ///
    /// # Errors
    ///
    /// What the server answers, except that it is too old to have a kind.
    pub async fn all(coolify: &Coolify) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        let mut add = |name: &str, leftover| {
            if name.starts_with(PREFIX) || name.starts_with(KEY_PREFIX) {
                let name = name.to_owned();
                found.push(Self { leftover, name });
            }
        };
        for it in known(coolify.projects().list().await)? {
            add(&it.name, Leftover::Project(it.uuid));
        }
        for it in known(coolify.tags().list().await)? {
            add(&it.name, Leftover::Tag(it.uuid));
        }
        for it in known(coolify.github_apps().list().await)? {
            add(&it.name, Leftover::GithubApp(it.id));
        }
        for it in known(coolify.gitlab_apps().list().await)? {
            add(&it.name, Leftover::GitlabApp(it.id));
        }
        for it in known(coolify.destinations().list().await)? {
            add(&it.name, Leftover::Destination(it.uuid));
        }
        for it in known(coolify.servers().list().await)? {
            let scope = SharedScope::server(it.uuid.clone());
            for variable in known(coolify.shared_variables(scope).list().await)? {
                let leftover = Leftover::ServerVariable(it.uuid.clone(), variable.id);
                add(&variable.key, leftover);
            }
            add(&it.name, Leftover::Server(it.uuid));
        }
        for it in known(coolify.s3_storages().list().await)? {
            add(&it.name, Leftover::S3Storage(it.uuid));
        }
        for it in known(coolify.cloud_tokens().list().await)? {
            add(&it.name, Leftover::CloudToken(it.uuid));
        }
        for it in known(coolify.cloud_init_scripts().list().await)? {
            add(&it.name, Leftover::CloudInitScript(it.uuid));
        }
        for it in known(coolify.shared_variables(SharedScope::Team).list().await)? {
            add(&it.key, Leftover::TeamVariable(it.id));
        }
        for it in known(coolify.private_keys().list().await)? {
            add(&it.name, Leftover::PrivateKey(it.uuid));
        }
        found.sort_by_key(|it| it.leftover.turn());
        Ok(found)
    }
}

/// Returns the list, or an empty one if the server does not have this kind.
fn known<T>(list: Result<Vec<T>>) -> Result<Vec<T>> {
    match list {
        Err(error) if error.kind() == ErrorKind::Unsupported || error.status() == Some(501) => {
            Ok(Vec::new())
        }
        other => other,
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TagOnApplication(of, tag) => write!(f, "the tag {tag} on the application {of}"),
            Self::TagOnDatabase(of, tag) => write!(f, "the tag {tag} on the database {of}"),
            Self::TagOnService(of, tag) => write!(f, "the tag {tag} on the service {of}"),
            Self::Project(uuid) => write!(f, "the project {uuid}"),
            Self::Tag(uuid) => write!(f, "the tag {uuid}"),
            Self::GithubApp(id) => write!(f, "the GitHub app {id}"),
            Self::GitlabApp(id) => write!(f, "the GitLab app {id}"),
            Self::Destination(uuid) => write!(f, "the destination {uuid}"),
            Self::Server(uuid) => write!(f, "the server {uuid}"),
            Self::S3Storage(uuid) => write!(f, "the S3 storage {uuid}"),
            Self::CloudToken(uuid) => write!(f, "the cloud token {uuid}"),
            Self::CloudInitScript(uuid) => write!(f, "the cloud-init script {uuid}"),
            Self::TeamVariable(id) => write!(f, "the team's variable {id}"),
            Self::ServerVariable(server, id) => {
                write!(f, "the variable {id} of the server {server}")
            }
            Self::PrivateKey(uuid) => write!(f, "the private key {uuid}"),
        }
    }
}
