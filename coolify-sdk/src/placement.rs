//! Where a new resource goes.

use crate::Uuid;

/// An environment of a project, by its name or by its uuid. Coolify's document
/// asks for both; either one does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentRef {
    /// By name, as in `production`.
    Name(String),
    /// By uuid.
    Uuid(Uuid),
}

impl EnvironmentRef {
    /// By name, as in `production`.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// By uuid.
    pub fn uuid(uuid: impl Into<Uuid>) -> Self {
        Self::Uuid(uuid.into())
    }
}

/// By name, as in `production`.
impl From<&str> for EnvironmentRef {
    fn from(name: &str) -> Self {
        Self::name(name)
    }
}

/// By name, as in `production`.
impl From<String> for EnvironmentRef {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

/// By uuid.
impl From<Uuid> for EnvironmentRef {
    fn from(uuid: Uuid) -> Self {
        Self::Uuid(uuid)
    }
}

/// The place of a new application, database or service: an environment of a
/// project, and a server to run on.
///
/// A server with several destinations, which are its Docker networks, wants one of them
/// named as well: [`on_destination`](Self::on_destination). Without it Coolify answers 400.
///
/// ```
/// use coolify_sdk::{EnvironmentRef, Placement};
///
/// let place = Placement::new(
///     "gwgmpnq6u26xpsihsouontfu",
///     EnvironmentRef::name("production"),
///     "ndfqlt8mg8zla6bo50nyqhg8",
/// );
/// let in_a_network = place.on_destination("csaguvuptw0ycjdzkexudjd1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placement {
    /// The project.
    pub project: Uuid,
    /// The project's environment.
    pub environment: EnvironmentRef,
    /// The server.
    pub server: Uuid,
    /// The server's destination, where it has several.
    pub destination: Option<Uuid>,
}

impl Placement {
    /// In this environment of this project, on this server.
    pub fn new(
        project: impl Into<Uuid>,
        environment: impl Into<EnvironmentRef>,
        server: impl Into<Uuid>,
    ) -> Self {
        Self {
            project: project.into(),
            environment: environment.into(),
            server: server.into(),
            destination: None,
        }
    }

    /// In this destination of the server, as
    /// [`server.destinations().list()`](crate::servers::ServerHandle::destinations)
    /// returns them.
    #[must_use]
    pub fn on_destination(mut self, destination: impl Into<Uuid>) -> Self {
        self.destination = Some(destination.into());
        self
    }
}

/// Writes the optional parts of a placement into a body: every create has the same
/// fields for them.
macro_rules! put_place {
    ($body:ident, $place:ident) => {
        match $place.environment {
            $crate::EnvironmentRef::Name(name) => $body.environment_name = Some(name),
            $crate::EnvironmentRef::Uuid(uuid) => $body.environment_uuid = Some(uuid),
        }
        $body.destination_uuid = $place.destination;
    };
}

pub(crate) use put_place;
