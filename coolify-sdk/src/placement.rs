//! The place of a new resource.

use crate::Uuid;

/// An environment of a project, by name or by uuid. Coolify's document requires
/// both; either one is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentRef {
    /// The name, such as `production`.
    Name(String),
    /// The uuid.
    Uuid(Uuid),
}

impl EnvironmentRef {
    /// Refers to an environment by its name, such as `production`.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Name(name.into())
    }

    /// Refers to an environment by its uuid.
    pub fn uuid(uuid: impl Into<Uuid>) -> Self {
        Self::Uuid(uuid.into())
    }
}

/// Refers to an environment by its name, such as `production`.
impl From<&str> for EnvironmentRef {
    fn from(name: &str) -> Self {
        Self::name(name)
    }
}

/// Refers to an environment by its name, such as `production`.
impl From<String> for EnvironmentRef {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

/// Refers to an environment by its uuid.
impl From<Uuid> for EnvironmentRef {
    fn from(uuid: Uuid) -> Self {
        Self::Uuid(uuid)
    }
}

/// The place of a new application, database or service: an environment of a
/// project, and the server that it runs on.
///
/// If the server has several destinations, which are its Docker networks, choose
/// one with [`on_destination`](Self::on_destination). Without it, Coolify answers
/// 400.
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
    /// The destination of the server, if it has several.
    pub destination: Option<Uuid>,
}

impl Placement {
    /// Makes a placement from an environment of a project and a server.
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

    /// Sets the destination, which
    /// [`server.destinations().list()`](crate::servers::ServerHandle::destinations)
    /// returns.
    #[must_use]
    pub fn on_destination(mut self, destination: impl Into<Uuid>) -> Self {
        self.destination = Some(destination.into());
        self
    }
}

/// Writes the optional parts of a placement into a body. Every create request has
/// the same fields for them.
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
