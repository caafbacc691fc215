//! Deletes resources.

use coolify_sdk_macros::builder;

use super::subject::Subject;
use super::{Deletion, ResourceHandle};
use crate::error::{Error, ErrorKind, Result};
use crate::raw;
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
pub struct DeleteOptions {
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
    /// Whether a **service** is only removed from Coolify and its containers stay on
    /// the server, which may be unreachable. Default `false`. Since Coolify 4.4.0.
    pub delete_from_coolify_only: Option<bool>,
}

/// Deletes an application, a database or a service: `delete` and
/// `delete_confirmed` of their handles.
///
/// A job deletes the resource. Until it has run, the resource can be read, and
/// deleting it again is not an error. [`and_wait`](Self::and_wait) waits until
/// the resource is gone.
///
/// Needs the `write` ability. Since Coolify 4.0.0.
/// Since 4.5.0, it also needs the `deploy` ability.
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
#[doc(alias = "Danger Zone")]
#[builder(options, and_wait = ())]
pub struct Delete(Request<DeleteOptions, Deletion>);

impl Delete {
    pub(crate) fn new<R: ResourceHandle>(resource: &R, volumes: Volumes) -> Self {
        let this = resource.clone();
        let options = DeleteOptions::new(volumes);
        Self(Request::new(
            resource.coolify(),
            options,
            |raw, options| async move { delete(&raw, &this, &options).await },
        ))
    }

    /// Deletes it only if this is its name.
    pub(crate) fn confirmed<R: ResourceHandle>(
        resource: &R,
        name: String,
        volumes: Volumes,
    ) -> Self {
        let this = resource.clone();
        let options = DeleteOptions::new(volumes);
        Self(Request::new(
            resource.coolify(),
            options,
            |raw, options| async move {
                let now = R::get(&raw, this.uuid()).await?;
                confirm(&name, &R::name(now))?;
                delete(&raw, &this, &options).await
            },
        ))
    }
}

/// The kind that can be removed from Coolify alone.
const SERVICE: &str = "service";

async fn delete<R: ResourceHandle>(
    raw: &raw::Client,
    resource: &R,
    options: &DeleteOptions,
) -> Result<Deletion> {
    if options.delete_from_coolify_only.is_some() && R::NOUN != SERVICE {
        return Err(Error::new(
            ErrorKind::InvalidRequest,
            "Coolify takes `delete_from_coolify_only` for services only",
        )
        .with_hint("leave it out"));
    }
    let reply = R::delete(raw, resource.uuid(), options);
    Ok(Deletion::new(Subject::of(resource), reply.await?.message))
}

impl DeleteOptions {
    pub(crate) fn delete_volumes(&self) -> bool {
        self.volumes == Volumes::Delete
    }

    pub(crate) fn configurations(&self) -> Option<bool> {
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
