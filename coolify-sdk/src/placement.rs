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

/// The place of a new application, database or service: an environment of a
/// project, and a server to run on.
///
/// A server with several destinations wants one named as well, by the request's
/// `destination_uuid`; without it Coolify answers 400.
///
/// ```
/// use coolify_sdk::{EnvironmentRef, Placement};
///
/// let place = Placement::new(
///     "gwgmpnq6u26xpsihsouontfu",
///     EnvironmentRef::name("production"),
///     "ndfqlt8mg8zla6bo50nyqhg8",
/// );
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
}

impl Placement {
    /// In this environment of this project, on this server.
    pub fn new(
        project: impl Into<Uuid>,
        environment: EnvironmentRef,
        server: impl Into<Uuid>,
    ) -> Self {
        Self {
            project: project.into(),
            environment,
            server: server.into(),
        }
    }
}

/// Writes a placement's environment into a body, whose two fields for it stand
/// beside each other in every create.
macro_rules! put_environment {
    ($body:ident, $environment:expr) => {
        match $environment {
            $crate::EnvironmentRef::Name(name) => $body.environment_name = Some(name),
            $crate::EnvironmentRef::Uuid(uuid) => $body.environment_uuid = Some(uuid),
        }
    };
}

pub(crate) use put_environment;
