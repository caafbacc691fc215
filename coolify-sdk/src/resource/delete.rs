//! Deletes resources.

use coolify_sdk_macros::builder;

use super::{Deletion, Resource};
use crate::error::{Error, ErrorKind, Result};
use crate::request::Request;

/// Whether the data of a resource is kept when the resource is deleted.
///
/// Coolify deletes volumes by default; this SDK requires an explicit choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volumes {
    /// Keeps the volumes and the resource's directory on the server, which can
    /// contain mounted files.
    Keep,
    /// Deletes the volumes and the directory. This cannot be undone.
    Delete,
}

/// The options of deleting a resource.
#[derive(Clone, Debug, PartialEq, Eq, coolify_sdk_macros::Request)]
#[request(builder = crate::resource::Delete)]
pub(crate) struct DeleteOptions {
    /// Whether the data is kept.
    pub volumes: Volumes,
    /// Whether the resource's directory on the server is deleted: its compose
    /// file, its variables, and files that are mounted from there. With
    /// [`Volumes::Keep`], the default is `false`.
    pub delete_configurations: Option<bool>,
    /// Whether Docker networks that only this resource used are deleted.
    /// Default `true`.
    pub delete_connected_networks: Option<bool>,
    /// Whether the server's unused images, containers and build caches are
    /// removed as well, including those of other resources. Default `true`.
    pub docker_cleanup: Option<bool>,
}

/// Deletes an application, a database or a service: `delete` and
/// `delete_confirmed` of their handles.
///
/// A job deletes the resource. Until it has run, the resource can be read, and
/// deleting it again is not an error. [`and_wait`](Self::and_wait) waits until
/// the resource is gone.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown resource.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::resource::Volumes;
///
/// coolify
///     .application("khzsv5nucvscskrm5gez3p8v")
///     .delete(Volumes::Keep)
///     .docker_cleanup(false)
///     .and_wait()
///     .await?;
/// # Ok(()) }
/// ```
#[builder(options, and_wait = ())]
pub struct Delete(Request<DeleteOptions, Deletion>);

impl DeleteOptions {
    fn delete_volumes(&self) -> bool {
        self.volumes == Volumes::Delete
    }

    fn configurations(&self) -> Option<bool> {
        match self.volumes {
            Volumes::Keep => self.delete_configurations.or(Some(false)),
            Volumes::Delete => self.delete_configurations,
        }
    }
}

fn confirm(asked: &str, actual: &str) -> Result<()> {
    if asked == actual {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::InvalidRequest,
        format!("nothing was deleted: the resource is named {actual:?}, not {asked:?}"),
    ))
}

macro_rules! delete {
    ($feature:literal, $handle:path, $noun:literal, $delete:ident, $get:ident) => {
        #[cfg(feature = $feature)]
        impl $handle {
            #[doc = concat!("Deletes the ", $noun, ". See [`Delete`](crate::resource::Delete).")]
            ///
            /// Needs the `write` ability. Since Coolify 4.0.0.
            #[inline]
            pub fn delete(&self, volumes: Volumes) -> Delete {
                let this = self.clone();
                let options = DeleteOptions::new(volumes);
                Delete(Request::new(
                    self.coolify(),
                    options,
                    |raw, options| async move {
                        let reply = raw.$delete(
                            this.uuid().as_str(),
                            options.configurations(),
                            options.delete_connected_networks,
                            Some(options.delete_volumes()),
                            options.docker_cleanup,
                        );
                        let message = reply.await?.message;
                        Ok(Deletion::new(this.subject(), message))
                    },
                ))
            }

            #[doc = concat!("Deletes the ", $noun, " if this is its exact name, for")]
            /// tools and agents that look up the uuid by a name. See
            /// [`delete`](Self::delete).
            ///
            /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if it has
            /// another name. Nothing is deleted then.
            #[inline]
            pub fn delete_confirmed(&self, name: impl Into<String>, volumes: Volumes) -> Delete {
                let (this, name) = (self.clone(), name.into());
                let options = DeleteOptions::new(volumes);
                Delete(Request::new(
                    self.coolify(),
                    options,
                    |raw, options| async move {
                        confirm(&name, &raw.$get(this.uuid().as_str()).await?.name)?;
                        let mut request = this.delete(options.volumes);
                        request.0.body = options;
                        request.send().await
                    },
                ))
            }
        }
    };
}

delete!(
    "applications",
    crate::applications::ApplicationHandle,
    "application",
    delete_application_by_uuid,
    get_application_by_uuid
);
delete!(
    "databases",
    crate::databases::DatabaseHandle,
    "database",
    delete_database_by_uuid,
    get_database_by_uuid
);
delete!(
    "services",
    crate::services::ServiceHandle,
    "service",
    delete_service_by_uuid,
    get_service_by_uuid
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_kept_whole() {
        let keep = DeleteOptions::new(Volumes::Keep);
        assert!(!keep.delete_volumes());
        assert_eq!(keep.configurations(), Some(false));
        let delete = DeleteOptions::new(Volumes::Delete);
        assert!(delete.delete_volumes());
        assert_eq!(delete.configurations(), None);
    }

    #[test]
    fn another_name_is_refused() {
        assert!(confirm("web", "web").is_ok());
        assert!(confirm("web", "Web").is_err());
    }
}
