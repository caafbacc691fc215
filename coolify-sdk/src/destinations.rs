//! Destinations: the Docker networks of a server, in which resources are placed.

use coolify_sdk_macros::builder;

use crate::Call;
use crate::raw::types::{CreateServerDestinationBody, UpdateDestinationByUuidBody};
use crate::request::Request;
use crate::{Coolify, Uuid};

pub use crate::raw::types::{Destination, DestinationType};

/// A handle for the destinations of the team: [`Coolify::destinations`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.destinations().of_server("ndfqlt8mg8zla6bo50nyqhg8");
/// let second = server.create("second-net").name("second").await?;
/// println!("{}", second.uuid);
/// # Ok(()) }
/// ```
#[doc(alias("Docker network", "Docker networks"))]
#[derive(Clone, Debug)]
pub struct Destinations {
    pub(crate) coolify: Coolify,
}

/// A handle for the destinations of one server: [`Destinations::of_server`], and
/// `destinations()` of a server.
#[derive(Clone, Debug)]
pub struct ServerDestinations {
    coolify: Coolify,
    server: Uuid,
}

/// A handle for one destination: [`Coolify::destination`].
#[derive(Clone, Debug)]
pub struct DestinationHandle {
    coolify: Coolify,
    uuid: Uuid,
}

impl Coolify {
    /// Returns a handle for the destinations of the team.
    #[must_use]
    pub fn destinations(&self) -> Destinations {
        Destinations {
            coolify: self.clone(),
        }
    }

    /// Returns a handle for one destination.
    #[must_use]
    pub fn destination(&self, uuid: impl Into<Uuid>) -> DestinationHandle {
        DestinationHandle {
            coolify: self.clone(),
            uuid: uuid.into(),
        }
    }
}

impl Destinations {
    /// Returns all destinations of all servers.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails; see [`Error`](crate::Error).
    #[inline]
    pub fn list(&self) -> Call<Vec<Destination>> {
        self.coolify.raw().list_destinations()
    }

    /// Returns a handle for the destinations of one server.
    #[must_use]
    pub fn of_server(&self, server: impl Into<Uuid>) -> ServerDestinations {
        ServerDestinations {
            coolify: self.coolify.clone(),
            server: server.into(),
        }
    }
}

/// Creates a destination on a server, and returns it:
/// [`ServerDestinations::create`].
///
/// The destination is the Docker network of this name, which is created if it
/// does not exist. If a server has several destinations, a new resource has to
/// name one.
///
/// Needs the `write` ability. Since Coolify 4.2.0.
///
/// # Errors
///
/// [`Error::is_conflict`](crate::Error::is_conflict) if the server already has a
/// destination of this network.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let server = coolify.destinations().of_server("ndfqlt8mg8zla6bo50nyqhg8");
/// let second = server.create("second-net").name("second").await?;
/// println!("{}", second.uuid);
/// # Ok(()) }
/// ```
#[builder]
pub struct Create(Request<CreateServerDestinationBody, Destination>);

impl ServerDestinations {
    /// Returns all destinations of the server.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown
    /// server.
    #[inline]
    pub fn list(&self) -> Call<Vec<Destination>> {
        self.coolify
            .raw()
            .list_server_destinations(self.server.as_str())
    }

    /// Creates a destination on a server, and returns it. See [`Create`].
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    #[inline]
    pub fn create(&self, network: impl Into<String>) -> Create {
        let server = self.server.clone();
        let body = CreateServerDestinationBody::new(network);
        Create(Request::new(&self.coolify, body, move |raw, body| {
            raw.create_server_destination(server.as_str(), &body)
        }))
    }
}

/// Renames a destination, and returns it: [`DestinationHandle::update`].
///
/// Only the name can be changed.
///
/// Needs the `write` ability. Since Coolify 4.3.0.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let destination = coolify.destination("pwjqmjqf6xf7aaf47pf3w6m9");
/// destination.update("second").await?;
/// # Ok(()) }
/// ```
#[builder]
pub struct Update(Request<UpdateDestinationByUuidBody, Destination>);

impl DestinationHandle {
    /// Returns the destination's uuid.
    #[must_use]
    pub fn uuid(&self) -> &Uuid {
        &self.uuid
    }

    /// Returns the destination as it is now.
    ///
    /// Needs the `read` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) if it does not exist.
    #[inline]
    pub fn get(&self) -> Call<Destination> {
        self.coolify
            .raw()
            .get_destination_by_uuid(self.uuid.as_str())
    }

    /// Renames a destination, and returns it. See [`Update`].
    ///
    /// Needs the `write` ability. Since Coolify 4.3.0.
    #[inline]
    pub fn update(&self, name: impl Into<String>) -> Update {
        let uuid = self.uuid.clone();
        let body = UpdateDestinationByUuidBody::new(name);
        Update(Request::new(&self.coolify, body, move |raw, body| {
            raw.update_destination_by_uuid(uuid.as_str(), &body)
        }))
    }

    /// Deletes the destination, and returns Coolify's message.
    ///
    /// Needs the `write` ability. Since Coolify 4.2.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_conflict`](crate::Error::is_conflict) if the destination
    /// contains resources.
    #[inline]
    pub fn delete(&self) -> Call<String> {
        let raw = self.coolify.raw();
        raw.delete_destination_by_uuid(self.uuid.as_str()).message()
    }
}
