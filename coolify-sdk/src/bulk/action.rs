//! What is done to each resource.

use std::fmt;

use serde::Serialize;

use super::plan::SkipReason;
use crate::applications::ApplicationHandle;
use crate::deployments::DeploymentRun;
use crate::envs::{Envs, HasEnvs, check_key};
use crate::error::{Error, ErrorKind, Result};
use crate::estate::{Named, Overview, OverviewResource};
use crate::request::BoxFuture;
use crate::resource::transfer::move_to;
use crate::resource::{StatusWatch, Stop};
use crate::{Coolify, ResourceKind, ResourceState, Secret, Uuid};

/// An action on many resources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BulkAction {
    /// Deploys applications.
    Deploy,
    /// Restarts resources.
    Restart,
    /// Starts resources.
    Start,
    /// Stops resources.
    Stop,
    /// Sets an environment variable. The value is not shown.
    SetVariable {
        /// The key of the variable.
        key: String,
    },
    /// Moves resources to an environment.
    MoveTo {
        /// The environment.
        environment: Named,
    },
}

/// Writes the action as a request, such as `restart`.
impl fmt::Display for BulkAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deploy => f.pad("deploy"),
            Self::Restart => f.pad("restart"),
            Self::Start => f.pad("start"),
            Self::Stop => f.pad("stop"),
            Self::SetVariable { key } => write!(f, "set {key} of"),
            Self::MoveTo { environment } => write!(f, "move to {}", environment.name),
        }
    }
}

/// An action with everything that it needs.
#[derive(Clone)]
pub(super) enum Deed {
    Deploy { force: bool },
    Restart,
    Start,
    Stop,
    SetVariable { key: String, value: Secret },
    MoveTo { asked: String, found: Option<Named> },
}

/// The result of a request that succeeded.
pub(super) enum Sent {
    /// A deployment has begun.
    Deploying(DeploymentRun),
    /// Coolify has accepted the request, with this message.
    Accepted(Option<String>),
    /// The resource was as desired.
    Unchanged,
}

impl Deed {
    /// Checks what can be checked before anything is sent.
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::SetVariable { key, .. } if !check_key(key) => {
                let summary = "the key of the variable is invalid: a key contains only letters, \
                               digits, `_` and `.`, begins with a letter or `_`, and has at most \
                               255 characters";
                Err(Error::new(ErrorKind::InvalidRequest, summary))
            }
            _ => Ok(()),
        }
    }

    /// Finds the environment to move to.
    pub(super) fn resolve(&mut self, overview: &Overview) -> Result<()> {
        let Self::MoveTo { asked, found } = self else {
            return Ok(());
        };
        let all = overview.projects.iter().flat_map(|project| {
            let environments = project.environments.iter().flatten();
            environments.map(move |it| (format!("{}/{}", project.name, it.name), it))
        });
        let all: Vec<_> = all.collect();
        let is_meant = |path: &str, uuid: &Uuid| path == asked || *uuid == *asked.as_str();
        let mut meant = all.iter().filter(|(path, it)| is_meant(path, &it.uuid));
        match (meant.next(), meant.next()) {
            (Some((path, environment)), None) => {
                *found = Some(Named {
                    uuid: environment.uuid.clone(),
                    name: path.clone(),
                });
                Ok(())
            }
            (Some(_), Some(_)) => {
                let summary = format!("{asked:?} matches several environments");
                Err(Error::new(ErrorKind::Ambiguous, summary).with_hint("use the uuid"))
            }
            (None, _) => {
                let summary = format!("there is no environment {asked:?}");
                let error = Error::new(ErrorKind::NotFound, summary)
                    .with_hint("write `project/environment`, or use the uuid");
                Err(error.suggesting(asked, all.iter().map(|(path, _)| path.as_str())))
            }
        }
    }

    pub(super) fn action(&self) -> BulkAction {
        match self {
            Self::Deploy { .. } => BulkAction::Deploy,
            Self::Restart => BulkAction::Restart,
            Self::Start => BulkAction::Start,
            Self::Stop => BulkAction::Stop,
            Self::SetVariable { key, .. } => BulkAction::SetVariable { key: key.clone() },
            Self::MoveTo { asked, found } => BulkAction::MoveTo {
                environment: found.clone().unwrap_or_else(|| Named {
                    uuid: asked.as_str().into(),
                    name: asked.clone(),
                }),
            },
        }
    }

    /// Returns why nothing is to be done to this resource, if that is so.
    pub(super) fn skips(&self, resource: &OverviewResource) -> Option<SkipReason> {
        let Some(kind) = resource.kind else {
            return Some(SkipReason::UnknownKind);
        };
        let state = resource.status.as_ref().map(|it| &it.state);
        let is_stopped = matches!(state, Some(ResourceState::Exited));
        let is_running = matches!(state, Some(ResourceState::Running));
        match self {
            Self::Deploy { .. } if kind != ResourceKind::Application => {
                Some(SkipReason::NotAnApplication)
            }
            Self::Restart | Self::Stop if is_stopped => Some(SkipReason::Stopped),
            Self::Start if is_running => Some(SkipReason::Running),
            Self::MoveTo { found, .. } => {
                let is_there = found.is_some()
                    && found.as_ref().map(|it| &it.uuid)
                        == resource.environment.as_ref().map(|it| &it.uuid);
                is_there.then_some(SkipReason::AlreadyThere)
            }
            _ => None,
        }
    }

    /// Sends the requests for one resource.
    pub(super) fn carry_out(
        &self,
        coolify: &Coolify,
        kind: ResourceKind,
        uuid: &Uuid,
    ) -> BoxFuture<Result<Sent>> {
        let (coolify, uuid, deed) = (coolify.clone(), uuid.clone(), self.clone());
        Box::pin(async move {
            match kind {
                ResourceKind::Application => deed.to_application(&coolify.application(uuid)).await,
                ResourceKind::Database => {
                    let database = coolify.database(uuid);
                    match &deed {
                        Self::Start => unless_so(database.start().send().await),
                        Self::Restart => accepted(database.restart().send().await),
                        _ => deed.to_any(&database).await,
                    }
                }
                ResourceKind::Service => {
                    let service = coolify.service(uuid);
                    match &deed {
                        Self::Start => unless_so(service.start().send().await),
                        Self::Restart => accepted(service.restart().send().await),
                        _ => deed.to_any(&service).await,
                    }
                }
            }
        })
    }

    async fn to_application(&self, application: &ApplicationHandle) -> Result<Sent> {
        match self {
            Self::Deploy { force } => {
                let deploy = application.deploy();
                let deploy = if *force { deploy.force() } else { deploy };
                deploy.send().await.map(Sent::Deploying)
            }
            Self::Start => application.start().send().await.map(Sent::Deploying),
            Self::Restart => application.restart().await.map(Sent::Deploying),
            _ => self.to_any(application).await,
        }
    }

    /// Does what is the same for all kinds.
    async fn to_any<R: HasEnvs>(&self, resource: &R) -> Result<Sent>
    where
        (String, Secret): Into<R::Bulk>,
    {
        match self {
            Self::Stop => {
                let stop = Stop::new(resource);
                unless_so(stop.docker_cleanup(false).send().await)
            }
            Self::SetVariable { key, value } => set_variable(resource, key, value).await,
            Self::MoveTo { asked, found } => {
                let environment = found
                    .as_ref()
                    .map_or_else(|| asked.as_str().into(), |it| it.uuid.clone());
                match move_to(resource, environment).await {
                    Ok(moved) => Ok(Sent::Accepted(moved.message)),
                    Err(error) if error.is_conflict() => Ok(Sent::Unchanged),
                    Err(error) => Err(error),
                }
            }
            Self::Deploy { .. } | Self::Restart | Self::Start => Err(Error::new(
                ErrorKind::InvalidRequest,
                "this kind of resource is started by another call",
            )),
        }
    }
}

fn accepted(reply: Result<StatusWatch>) -> Result<Sent> {
    let watch = reply?;
    Ok(Sent::Accepted(watch.message().map(str::to_owned)))
}

/// A conflict means that the resource is running or stopped already.
fn unless_so(reply: Result<StatusWatch>) -> Result<Sent> {
    match reply {
        Err(error) if error.is_conflict() => Ok(Sent::Unchanged),
        reply => accepted(reply),
    }
}

async fn set_variable<R: HasEnvs>(resource: &R, key: &str, value: &Secret) -> Result<Sent>
where
    (String, Secret): Into<R::Bulk>,
{
    let desired = (key.to_owned(), value.clone());
    let sync = Envs::new(resource).sync([desired]);
    // What cannot be compared is written.
    let report = sync.assume_changed(true).send().await?;
    if report.created.is_empty() && report.updated.is_empty() && report.deleted.is_empty() {
        return Ok(Sent::Unchanged);
    }
    Ok(Sent::Accepted(None))
}
