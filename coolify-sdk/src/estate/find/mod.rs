//! Finds resources by name, domain, path or address.

mod failure;
mod pool;
mod query;
mod rooms;
mod target;

pub use target::{Found, FoundKind};

use self::pool::Pool;
use self::query::Query;
use crate::Coolify;
use crate::error::Result;
use crate::request::awaitable;

/// Finds an application, a database, a service, a project, an environment or a server,
/// when it is awaited: [`Coolify::find`].
///
/// The text may be:
///
/// - a uuid,
/// - a name, in its exact case or, if there is none, in any case,
/// - a domain or a URL of a resource, with or without a scheme, a port and a path,
/// - a path, `project/name`, `project/environment` or `project/environment/name`,
/// - the host name or IP address of a server.
///
/// It takes three calls: the lists of resources, projects and servers. A path takes one
/// more for each project of that name. If there are several matches, the environments
/// of all projects are read in order to say where each match is, which takes one call
/// for each project. A `find` of one room, such as
/// [`applications().find(..)`](crate::applications::Applications::find), takes one call
/// instead of three.
///
/// Needs the `read` ability. Since Coolify 4.0.0.
///
/// # Errors
///
/// - [`Error::is_not_found`](crate::Error::is_not_found) if there is no match;
///   [`Error::suggestions`](crate::Error::suggestions) returns similar names.
/// - [`Error::is_ambiguous`](crate::Error::is_ambiguous) if there are several;
///   [`Error::matches`](crate::Error::matches) returns them.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let found = coolify.find("shop/production/web").await?;
/// println!("{} {}", found.kind, found.uuid);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is looked for before `.send()` or `.await`"]
pub struct Find {
    coolify: Coolify,
    query: String,
}

impl Coolify {
    /// Finds a resource, a project, an environment or a server by its name, domain,
    /// path, address or uuid. See [`Find`].
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    #[doc(alias("search", "lookup", "by name", "by domain", "resolve"))]
    pub fn find(&self, query: impl Into<String>) -> Find {
        Find {
            coolify: self.clone(),
            query: query.into(),
        }
    }
}

impl Find {
    /// Returns the only match.
    ///
    /// # Errors
    ///
    /// See [`Find`].
    pub async fn send(self) -> Result<Found> {
        let pool = Pool::of_all(&self.coolify).await?;
        pool.only(&Query::new(&self.query)).await
    }

    /// Returns all matches, with their projects and environments. Having none is no
    /// error.
    ///
    /// # Errors
    ///
    /// Returns an error if a request fails; see [`Error`](crate::Error).
    pub async fn all(self) -> Result<Vec<Found>> {
        let mut pool = Pool::of_all(&self.coolify).await?;
        let mut found = pool.matches(&Query::new(&self.query)).await?;
        pool.place(&mut found).await?;
        Ok(found)
    }
}

awaitable!(Find, send -> Found);
