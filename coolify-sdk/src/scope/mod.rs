//! A client that is bound to one project.
//!
//! The bound is enforced in the transport, so it holds for every handle, for
//! workflows of several calls, and for the generated layer. Each operation
//! defines its [bound](Bound); an operation without one is refused.

mod beyond;
mod bind;
mod compose;
mod domains;
mod embedded;
mod environments;
mod fields;
mod gate;
mod policy;
mod reach;
mod request;
mod rows;
mod texts;

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use self::beyond::Beyond;
use self::environments::Environments;
pub use self::policy::{ScopePolicy, ScopePower};
use self::request::{Path, Request, body};
use crate::operations::{Bound, Method, Operation, Rows};
use crate::transport::{Lookup, OutgoingRequest};
use crate::{Conflict, Error, ErrorKind, ResourceKind, Result, Uuid};

/// The project that a client is bound to, and what is known about it.
pub(crate) struct Scope {
    project: Uuid,
    policy: ScopePolicy,
    /// The project that the client was bound to before, if it was another one.
    contradicts: Option<Uuid>,
    environments: Environments,
    /// When a resource was last seen in the project.
    seen: Mutex<HashMap<String, Instant>>,
}

impl Scope {
    fn new(project: Uuid, policy: ScopePolicy, bound: Option<&Self>) -> Self {
        let contradicts = bound.and_then(|bound| match &bound.contradicts {
            Some(earlier) => Some(earlier.clone()),
            None => (bound.project != project).then(|| bound.project.clone()),
        });
        Self {
            environments: Environments::new(project.clone()),
            project,
            policy: bound.map_or(policy, |bound| bound.policy.and(policy)),
            contradicts,
            seen: Mutex::default(),
        }
    }

    /// Refuses a request that reaches beyond the project, and changes defaults
    /// that would.
    async fn admit(&self, lookup: Lookup<'_>, outgoing: &mut OutgoingRequest) -> Result<()> {
        self.check(lookup, outgoing).await?;
        request::spare_server(outgoing);
        Ok(())
    }

    async fn check(&self, lookup: Lookup<'_>, outgoing: &mut OutgoingRequest) -> Result<()> {
        let operation = outgoing.operation;
        if operation.bound == Bound::Free {
            return Ok(());
        }
        if let Some(earlier) = &self.contradicts {
            return Err(self.refuse(&format!(
                "the project {earlier}, to which the client is already bound,"
            )));
        }
        let url = outgoing.url.clone();
        let path = Path::new(lookup, operation, &url);
        let mut body = body(outgoing);
        let mut request = Request {
            operation,
            path: &path,
            policy: self.policy,
            resource: None,
        };
        let allowed = request.check(&url, &mut body);
        allowed.map_err(|beyond| self.refuse_beyond(beyond))?;
        let resource = self.place(lookup, &request, &url, &body).await?;
        if let Some(resource) = &resource {
            request.resource = Some(resource);
            let allowed = request.check(&url, &mut body);
            allowed.map_err(|beyond| self.refuse_beyond(beyond))?;
            self.check_build(operation, resource)?;
        }
        self.check_domains(lookup, operation, &body, resource.as_ref())
            .await?;
        if outgoing.body.is_some() {
            outgoing.body = Some(body.to_string().into());
        }
        Ok(())
    }

    /// Refuses a request to another project. Returns the resource that is written
    /// to.
    async fn place(
        &self,
        lookup: Lookup<'_>,
        request: &Request<'_>,
        url: &Url,
        body: &Value,
    ) -> Result<Option<Value>> {
        let Request {
            operation, path, ..
        } = *request;
        match operation.bound {
            Bound::Free | Bound::List(_) | Bound::Shown(_) => {}
            Bound::Never => return Err(self.refuse("what this operation reads or changes")),
            Bound::Project => self.is_own(path.get("{uuid}"))?,
            Bound::Resource(kind) if operation.method == Method::Get => {
                self.reach(lookup, kind, path.get("{uuid}")).await?;
            }
            Bound::Resource(kind) => {
                let resource = self.resource(lookup, kind, path.get("{uuid}")).await?;
                return Ok(Some(resource));
            }
            Bound::Create => match body["project_uuid"].as_str() {
                Some(project) => self.is_own(project)?,
                None => return Err(self.refuse("a resource without a project")),
            },
            Bound::Move(kind) => {
                let target = body["environment_uuid"].as_str().unwrap_or_default();
                if !self.environments.has_uuid(lookup, target).await? {
                    return Err(self.refuse(&format!("the environment {target}")));
                }
                self.resource(lookup, kind, path.get("{uuid}")).await?;
            }
            Bound::Backup => {
                let (database, backup) = (path.get("{uuid}"), path.get("{scheduled_backup_uuid}"));
                self.reach_backup(lookup, database, backup).await?;
            }
            Bound::Deployment => {
                let uuid = path.get("{uuid}");
                let deployment = lookup.get("get-deployment-by-uuid", &[uuid]).await?;
                if !self.has(lookup, Rows::Deployment, &deployment).await? {
                    return Err(self.refuse(&format!("the deployment {uuid}")));
                }
            }
            Bound::Deploy => self.reach_targets(lookup, operation, url).await?,
        }
        Ok(None)
    }

    /// Returns the reply without what is not in the project, or `None` if nothing
    /// has to be removed. Refuses a reply about something outside of the project.
    async fn review(
        &self,
        lookup: Lookup<'_>,
        operation: &Operation,
        url: &Url,
        reply: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let bound = operation.bound;
        let mut reply: Value = match (bound, serde_json::from_slice(reply)) {
            (Bound::Free, _) => return Ok(None),
            (_, Ok(reply)) => reply,
            (Bound::List(_) | Bound::Shown(_), Err(cause)) => {
                return Err(Error::decode(reply, &cause));
            }
            (_, Err(_)) => return Ok(None),
        };
        reply = self.own(lookup, operation, url, reply).await?;
        embedded::hide(&mut reply);
        Ok(Some(reply.to_string().into_bytes()))
    }

    async fn own(
        &self,
        lookup: Lookup<'_>,
        operation: &Operation,
        url: &Url,
        reply: Value,
    ) -> Result<Value> {
        let path = Path::new(lookup, operation, url);
        match operation.bound {
            Bound::List(Rows::Backup) => self.own_backups(lookup, path.get("{uuid}"), reply).await,
            Bound::List(rows) => self.own_rows(lookup, rows, reply).await,
            Bound::Shown(rows) if self.has(lookup, rows, &reply).await? => {
                Ok(rows::without_foreign_backups(reply))
            }
            Bound::Shown(rows) => {
                Err(self.refuse(&format!("the {} {}", rows.noun(), path.get("{uuid}"))))
            }
            _ => Ok(reply),
        }
    }

    /// Removes from a refusal which resource of another project has a domain.
    async fn withhold(&self, lookup: Lookup<'_>, error: &mut Error) {
        if error.conflicts().is_empty() {
            return;
        }
        for conflict in error.conflicts_mut() {
            let is_own = match conflict.resource_uuid.as_deref() {
                Some(uuid) => self
                    .reach(lookup, ResourceKind::Application, uuid)
                    .await
                    .is_ok(),
                None => false,
            };
            if !is_own {
                *conflict = Conflict {
                    domain: conflict.domain.take(),
                    ..Conflict::default()
                };
            }
        }
        error.set_hint(
            "a domain whose owner `conflicts()` does not name belongs to a resource outside of the project: use another domain",
        );
    }

    async fn own_rows(&self, lookup: Lookup<'_>, rows: Rows, reply: Value) -> Result<Value> {
        Ok(match reply {
            Value::Array(all) => {
                let own = self.those_held(lookup, rows, all.iter()).await?;
                let own = all.into_iter().zip(own).filter(|(_, is_own)| *is_own);
                own.map(|(row, _)| rows::without_foreign_backups(row))
                    .collect()
            }
            // A list with gaps is sent as an object with numeric keys.
            Value::Object(all) => {
                let own = self.those_held(lookup, rows, all.values()).await?;
                let own = all.into_iter().zip(own).filter(|(_, is_own)| *is_own);
                let shown = |(key, row)| (key, rows::without_foreign_backups(row));
                Value::Object(own.map(|(pair, _)| shown(pair)).collect())
            }
            // Not an empty list: the reply cannot be read, and what it says may be foreign.
            _ => Value::Null,
        })
    }

    /// Returns whether a row of a reply is in the project.
    async fn has(&self, lookup: Lookup<'_>, rows: Rows, row: &Value) -> Result<bool> {
        let own = self.those_held(lookup, rows, std::iter::once(row)).await?;
        Ok(own.first() == Some(&true))
    }

    async fn those_held<'r>(
        &self,
        lookup: Lookup<'_>,
        rows: Rows,
        all: impl Iterator<Item = &'r Value>,
    ) -> Result<Vec<bool>> {
        match rows {
            Rows::Project => Ok(all
                .map(|row| row["uuid"] == *self.project.as_str())
                .collect()),
            Rows::Resource(_) | Rows::AnyResource => {
                self.environments.those_held(lookup, all).await
            }
            Rows::Deployment => {
                // A single deployment contains its application, deployments in a list do not.
                let all: Vec<_> = all.collect();
                let applications = all.iter().map(|row| &row["application"]);
                let held = self.environments.those_held(lookup, applications).await?;
                let listed = |row: &Value| {
                    !row["application"].is_object() && rows::deployment_is_of(row, &self.project)
                };
                let all = all.into_iter().zip(held);
                Ok(all.map(|(row, held)| held || listed(row)).collect())
            }
            // Backups do not say which project they belong to.
            Rows::Backup => Ok(all.map(|_| false).collect()),
        }
    }

    pub(super) fn check_build(&self, operation: &Operation, resource: &Value) -> Result<()> {
        let allowed = request::check_build(operation, self.policy, resource);
        allowed.map_err(|beyond| self.refuse_beyond(beyond))
    }

    fn refuse_beyond(&self, beyond: Beyond) -> Error {
        beyond.refusal(&format!("the project {}", self.project))
    }

    /// Makes the error. It never says more about the resource than the caller
    /// did.
    fn is_own(&self, project: &str) -> Result<()> {
        if self.project == *project {
            return Ok(());
        }
        Err(self.refuse(&format!("the project {project}")))
    }

    fn refuse(&self, what: &str) -> Error {
        Error::new(
            ErrorKind::OutOfScope,
            format!("{what} is outside of the project {}", self.project),
        )
        .with_hint("the client is bound to this project; nothing was done")
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope")
            .field(&self.project)
            .finish_non_exhaustive()
    }
}
