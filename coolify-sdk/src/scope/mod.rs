//! A client that is bound to one project.
//!
//! The bound is kept below everything else, where calls go to the wire: each
//! operation has a [rule](rules), and what has none is refused. So it holds for
//! every handle, for flows made of several calls, and for the generated layer.

mod embedded;
mod environments;
mod reach;
mod request;
mod rows;
mod rules;

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use self::environments::Environments;
use self::request::{Path, body};
use self::rules::{Rows, Rule};
use crate::operations::{Method, Operation};
use crate::transport::{Ask, Line};
use crate::{Conflict, Coolify, Error, ErrorKind, Result, Uuid};

/// What an environment holds, as the paths of the API begin.
const KINDS: [&str; 3] = ["applications", "databases", "services"];

impl Coolify {
    /// The same client, bound to one project: it sees and touches what is in
    /// this project and nothing else, whatever uuid it is given. For tenants,
    /// tools and agents.
    ///
    /// - Lists hold what is in the project only, also those of
    ///   [databases](Coolify::databases), [resources](Coolify::resources) and
    ///   [deployments](Coolify::deployments).
    /// - A resource of another project, a deployment or a backup of one, a
    ///   create or a move into one: refused before Coolify is asked to do
    ///   anything.
    /// - What belongs to the team, the server or the instance is refused: tags
    ///   and shared variables of the team, servers, keys, sources, storages in
    ///   S3, notifications, settings; deploying by tag as well, because a tag
    ///   reaches across projects. What an own resource is to use may be named by
    ///   its uuid all the same: a server or a destination, a key, a source, an
    ///   S3 storage.
    /// - What an own resource could be given that is not the project's is
    ///   refused too: a domain that another resource has (`force_domain_override`),
    ///   a path of the server as a mount, the volume of something else by its
    ///   name, a shared variable of the team or of a server (`{{team.NAME}}`) in
    ///   a value or a compose file.
    /// - Stopping and deleting never clean up the server: `docker_cleanup` is
    ///   sent as false unless it is set, and refused when it is set to true.
    /// - Replies say of the server and the team that something is on by which
    ///   name they go, and keep their settings and secrets; who else has a
    ///   domain is not told.
    /// - [`version`](Coolify::version) and health stay free.
    ///
    /// It bounds what is asked of Coolify, not what containers do. Compose files,
    /// docker options, labels, network aliases, ports and templates of preview
    /// URLs are passed on as they are, and a container that mounts the Docker
    /// socket is bound by nothing. Whoever lets others choose these has to check
    /// them: the example `agent_workspace` lets nobody.
    ///
    /// Every handle and [`raw`](Coolify::raw) keep to it. Binding a bound client
    /// to another project gives one that may do nothing.
    ///
    /// It costs little: which environments the project has is asked once and
    /// remembered, reading a resource is checked in the answer itself, and
    /// reading what belongs to one asks for the resource once in 30 seconds.
    /// Every write asks first. The check needs the `read` ability.
    ///
    /// Clones share what they know; make one per tenant, not one per call.
    ///
    /// # Errors
    ///
    /// Its calls fail with [`Error::is_out_of_scope`] for what is not in the
    /// project, and with [`Error::is_not_found`] for what is nowhere.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let tenant = coolify.in_project("gwgmpnq6u26xpsihsouontfu");
    /// for resource in tenant.resources().list().await? {
    ///     println!("{} {}", resource.kind(), resource.name());
    /// }
    /// match tenant.application("of-somebody-else").get().await {
    ///     Err(error) if error.is_out_of_scope() => println!("not yours"),
    ///     other => println!("{}", other?.name),
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn in_project(&self, project: impl Into<Uuid>) -> Self {
        let project = project.into();
        let mut other = self.clone();
        other.bind(|bound| Scope::new(project, bound));
        other
    }
}

/// The project that a client is bound to, and what is known of it.
pub(crate) struct Scope {
    project: Uuid,
    /// The project that the client was bound to before, if it was another one.
    contradicts: Option<Uuid>,
    environments: Environments,
    /// When a resource was last seen in the project.
    seen: Mutex<HashMap<String, Instant>>,
}

impl Scope {
    fn new(project: Uuid, bound: Option<&Self>) -> Self {
        let contradicts = bound.and_then(|bound| match &bound.contradicts {
            Some(earlier) => Some(earlier.clone()),
            None => (bound.project != project).then(|| bound.project.clone()),
        });
        Self {
            environments: Environments::new(project.clone()),
            project,
            contradicts,
            seen: Mutex::default(),
        }
    }

    pub(crate) fn project(&self) -> &Uuid {
        &self.project
    }

    /// Refuses a request that would reach beyond the project, and takes out of it
    /// what would by default.
    pub(crate) async fn admit(&self, line: Line<'_>, ask: &mut Ask) -> Result<()> {
        self.check(line, ask).await?;
        request::spare_server(ask);
        Ok(())
    }

    async fn check(&self, line: Line<'_>, ask: &Ask) -> Result<()> {
        let operation = ask.operation;
        let rule = Rule::of(operation);
        if rule == Rule::Free {
            return Ok(());
        }
        if let Some(earlier) = &self.contradicts {
            return Err(self.refuse(&format!("a client that is bound to {earlier} already")));
        }
        let path = Path::new(line, operation, &ask.url);
        if let Some(beyond) = request::beyond(ask, &path) {
            return Err(self.refuse(beyond.what).with_hint(beyond.hint));
        }
        match rule {
            Rule::Free | Rule::List(_) | Rule::Shown(_) => Ok(()),
            Rule::Never => Err(self.refuse("what the operation is about")),
            Rule::Project if *path.get("{uuid}") == *self.project.as_str() => Ok(()),
            Rule::Project => Err(self.refuse("another project")),
            Rule::Resource(kind) => {
                let reads = operation.method == Method::Get;
                self.reach(line, kind, path.get("{uuid}"), reads).await
            }
            Rule::Create => match body(ask).get("project_uuid").and_then(Value::as_str) {
                Some(project) if self.project == *project => Ok(()),
                _ => Err(self.refuse("another project")),
            },
            Rule::Move(kind) => {
                let body = body(ask);
                let target = body.get("environment_uuid").and_then(Value::as_str);
                let target = target.unwrap_or_default();
                if !self.environments.has_uuid(line, target).await? {
                    return Err(self.refuse(&format!("the environment {target}")));
                }
                self.reach(line, kind, path.get("{uuid}"), false).await
            }
            Rule::Backup => {
                let (database, backup) = (path.get("{uuid}"), path.get("{scheduled_backup_uuid}"));
                self.reach_backup(line, database, backup).await
            }
            Rule::Deployment => {
                let uuid = path.get("{uuid}");
                let deployment = line.get("get-deployment-by-uuid", &[uuid]).await?;
                if self.has(line, Rows::Deployment, &deployment).await? {
                    return Ok(());
                }
                Err(self.refuse(&format!("the deployment {uuid}")))
            }
            Rule::Deploy => self.reach_targets(line, &ask.url).await,
        }
    }

    /// Takes out of a reply what is not in the project; `None` where there is
    /// nothing to take out. Refuses a reply that is about something else.
    pub(crate) async fn review(
        &self,
        line: Line<'_>,
        operation: &Operation,
        url: &Url,
        reply: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let rule = Rule::of(operation);
        let mut reply: Value = match (rule, serde_json::from_slice(reply)) {
            (Rule::Free, _) => return Ok(None),
            (_, Ok(reply)) => reply,
            (Rule::List(_) | Rule::Shown(_), Err(cause)) => {
                return Err(Error::decode(reply, &cause).with_operation(operation.id));
            }
            (_, Err(_)) => return Ok(None),
        };
        let reviewed = self.own(line, operation, url, reply).await;
        reply = reviewed.map_err(|error| error.with_operation(operation.id))?;
        embedded::hide(&mut reply);
        Ok(Some(reply.to_string().into_bytes()))
    }

    async fn own(
        &self,
        line: Line<'_>,
        operation: &Operation,
        url: &Url,
        reply: Value,
    ) -> Result<Value> {
        let path = Path::new(line, operation, url);
        match Rule::of(operation) {
            Rule::List(Rows::Backup) => self.own_backups(line, path.get("{uuid}"), reply).await,
            Rule::List(rows) => self.own_rows(line, rows, reply).await,
            Rule::Shown(rows) if self.has(line, rows, &reply).await? => {
                Ok(rows::without_foreign_backups(reply))
            }
            Rule::Shown(rows) => {
                Err(self.refuse(&format!("the {} {}", rows.noun(), path.get("{uuid}"))))
            }
            _ => Ok(reply),
        }
    }

    /// Takes out of a refusal what it tells of other projects: who has a domain.
    pub(crate) async fn withhold(&self, line: Line<'_>, error: &mut Error) {
        if error.conflicts().is_empty() {
            return;
        }
        for conflict in error.conflicts_mut() {
            let is_own = match conflict.resource_uuid.as_deref() {
                Some(uuid) => self.reach(line, "applications", uuid, true).await.is_ok(),
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
            "a domain whose owner `conflicts()` does not name is taken outside the project: use \
             another one",
        );
    }

    async fn own_rows(&self, line: Line<'_>, rows: Rows, reply: Value) -> Result<Value> {
        Ok(match reply {
            Value::Array(all) => {
                let own = self.those_held(line, rows, all.iter()).await?;
                let own = all.into_iter().zip(own).filter(|(_, is_own)| *is_own);
                own.map(|(row, _)| rows::without_foreign_backups(row))
                    .collect()
            }
            // A list with gaps comes as an object with numbers for keys.
            Value::Object(all) => {
                let own = self.those_held(line, rows, all.values()).await?;
                let own = all.into_iter().zip(own).filter(|(_, is_own)| *is_own);
                Value::Object(own.map(|(pair, _)| pair).collect())
            }
            _ => Value::Array(Vec::new()),
        })
    }

    /// Whether what a reply has is in the project.
    async fn has(&self, line: Line<'_>, rows: Rows, row: &Value) -> Result<bool> {
        let own = self.those_held(line, rows, std::iter::once(row)).await?;
        Ok(own.first() == Some(&true))
    }

    async fn those_held<'r>(
        &self,
        line: Line<'_>,
        rows: Rows,
        all: impl Iterator<Item = &'r Value>,
    ) -> Result<Vec<bool>> {
        match rows {
            Rows::Project => Ok(all
                .map(|row| row["uuid"] == *self.project.as_str())
                .collect()),
            Rows::Resource(_) => self.environments.those_held(line, all).await,
            Rows::Deployment => {
                // The one that is shown embeds its application, those in a list do not.
                let all: Vec<_> = all.collect();
                let applications = all.iter().map(|row| &row["application"]);
                let held = self.environments.those_held(line, applications).await?;
                let listed = |row: &Value| {
                    !row["application"].is_object() && rows::deployment_is_of(row, &self.project)
                };
                let all = all.into_iter().zip(held);
                Ok(all.map(|(row, held)| held || listed(row)).collect())
            }
            // They do not say it themselves.
            Rows::Backup => Ok(all.map(|_| false).collect()),
        }
    }

    /// Never names what is beyond by more than the caller has named it.
    fn refuse(&self, what: &str) -> Error {
        Error::new(
            ErrorKind::OutOfScope,
            format!("{what} is not in the project {}", self.project),
        )
        .with_hint("the client is bound to this project; nothing was done")
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.project).finish()
    }
}
