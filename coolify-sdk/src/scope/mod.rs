//! A client that is bound to one project.
//!
//! The bound is kept below everything else, where calls go to the wire: each
//! operation has a [rule](rules), and what has none is refused. So it holds for
//! every handle, for flows made of several calls, and for the generated layer.

mod environments;
mod rows;
mod rules;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Request, Url};
use serde_json::Value;
use tokio::time::Instant;

use self::environments::Environments;
use self::rules::{Rows, Rule};
use crate::operations::{Method, Operation};
use crate::transport::Line;
use crate::{Coolify, Error, ErrorKind, Result, Uuid};

/// How long reads of a resource rely on an earlier check. Writes never do: the
/// resource may have been moved to another project.
const REMEMBERED: Duration = Duration::from_secs(30);

/// What an environment holds, as the paths of the API begin.
const KINDS: [&str; 3] = ["applications", DATABASES, "services"];
const DATABASES: &str = "databases";

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
    ///   reaches across projects. A create may name a server, a key, a source
    ///   or an S3 storage by its uuid all the same.
    /// - [`version`](Coolify::version) and health stay free.
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

    /// Refuses a request that would reach beyond the project.
    pub(crate) async fn admit(
        &self,
        line: Line<'_>,
        operation: Option<&'static Operation>,
        request: &Request,
    ) -> Result<()> {
        let Some(operation) = operation else {
            return Err(self.refuse("what this SDK does not know"));
        };
        let rule = Rule::of(operation);
        let admitted = self.check(line, operation, rule, request).await;
        admitted.map_err(|error| error.with_operation(operation.id))
    }

    async fn check(
        &self,
        line: Line<'_>,
        operation: &Operation,
        rule: Rule,
        request: &Request,
    ) -> Result<()> {
        if rule == Rule::Free {
            return Ok(());
        }
        if let Some(earlier) = &self.contradicts {
            return Err(self.refuse(&format!("a client that is bound to {earlier} already")));
        }
        let path = Path::new(line, operation, request.url())?;
        match rule {
            Rule::Free | Rule::List(_) | Rule::Shown(_) => Ok(()),
            Rule::Never => Err(self.refuse("what the operation is about")),
            Rule::Project if *path.get("{uuid}") == *self.project.as_str() => Ok(()),
            Rule::Project => Err(self.refuse("another project")),
            Rule::Resource(kind) => {
                let reads = operation.method == Method::Get;
                self.reach(line, kind, path.get("{uuid}"), reads).await
            }
            Rule::Create => match body(request).get("project_uuid").and_then(Value::as_str) {
                Some(project) if self.project == *project => Ok(()),
                _ => Err(self.refuse("another project")),
            },
            Rule::Move(kind) => {
                let body = body(request);
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
                let deployment = format!("/deployments/{uuid}");
                let deployment = line.get("get-deployment-by-uuid", &deployment).await?;
                if self.has(line, Rows::Deployment, &deployment).await? {
                    return Ok(());
                }
                Err(self.refuse(&format!("the deployment {uuid}")))
            }
            Rule::Deploy => self.reach_targets(line, request.url()).await,
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
        let (Rule::List(rows) | Rule::Shown(rows)) = rule else {
            return Ok(None);
        };
        let reviewed = async {
            let path = Path::new(line, operation, url)?;
            let reply =
                serde_json::from_slice(reply).map_err(|cause| Error::decode(reply, &cause))?;
            match rule {
                Rule::List(Rows::Backup) => self.own_backups(line, path.get("{uuid}"), reply).await,
                Rule::List(_) => self.own_rows(line, rows, reply).await,
                _ if self.has(line, rows, &reply).await? => {
                    Ok(rows::without_foreign_backups(reply))
                }
                _ => Err(self.refuse(&format!("the {} {}", rows.noun(), path.get("{uuid}")))),
            }
        };
        let reviewed: Result<Value> = reviewed.await;
        let reviewed = reviewed.map_err(|error| error.with_operation(operation.id))?;
        Ok(Some(reviewed.to_string().into_bytes()))
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

    /// Refuses a resource that is not in the project.
    async fn reach(
        &self,
        line: Line<'_>,
        kind: &'static str,
        uuid: &str,
        reads: bool,
    ) -> Result<()> {
        let key = format!("/{kind}/{uuid}");
        if reads && self.seen_lately(&key) {
            return Ok(());
        }
        self.resource(line, kind, uuid).await?;
        self.seen().insert(key, Instant::now());
        Ok(())
    }

    /// The resource, which is in the project.
    async fn resource(&self, line: Line<'_>, kind: &'static str, uuid: &str) -> Result<Value> {
        let noun = rows::noun(kind);
        let row = line
            .get(rows::get(kind), &format!("/{kind}/{uuid}"))
            .await?;
        if self.environments.hold(line, &row).await? {
            return Ok(row);
        }
        Err(self.refuse(&format!("the {noun} {uuid}")))
    }

    /// Coolify looks up backups by the number of their database, which
    /// databases of other engines have too, in whichever project.
    async fn reach_backup(&self, line: Line<'_>, database: &str, backup: &str) -> Result<()> {
        let path = format!("/databases/{database}/backups");
        let all = line.get("get-database-backups-by-uuid", &path).await?;
        let own = self.own_backups(line, database, all).await?;
        let is_own = |row: &Value| row["uuid"] == *backup;
        if own.as_array().is_some_and(|rows| rows.iter().any(is_own)) {
            return Ok(());
        }
        Err(self.refuse(&format!("the backup {backup}")))
    }

    async fn own_backups(&self, line: Line<'_>, database: &str, all: Value) -> Result<Value> {
        let database = self.resource(line, DATABASES, database).await?;
        Ok(rows::backups_of(&database, all))
    }

    /// A deployment can name resources of all kinds, and several.
    async fn reach_targets(&self, line: Line<'_>, url: &Url) -> Result<()> {
        let mut uuids = Vec::new();
        for (name, value) in url.query_pairs() {
            match &*name {
                "uuid" => uuids.extend(value.split(',').map(|uuid| Uuid::from(uuid.trim()))),
                "tag" => {
                    return Err(self
                        .refuse("a deployment by tag")
                        .with_hint("a tag reaches across projects: deploy by uuid"));
                }
                _ => {}
            }
        }
        for uuid in uuids {
            self.reach_any(line, uuid.segment()?).await?;
        }
        Ok(())
    }

    async fn reach_any(&self, line: Line<'_>, uuid: &str) -> Result<()> {
        let mut missing = None;
        for kind in KINDS {
            match self.reach(line, kind, uuid, false).await {
                Err(error) if error.is_not_found() => missing = Some(error),
                reached => return reached,
            }
        }
        missing.map_or(Ok(()), Err)
    }

    fn seen_lately(&self, key: &str) -> bool {
        let mut seen = self.seen();
        seen.retain(|_, at| at.elapsed() < REMEMBERED);
        seen.contains_key(key)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashMap<String, Instant>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
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

/// The parameters in the path of a request, as they stand in it.
struct Path<'a>(HashMap<&'static str, &'a str>);

impl<'a> Path<'a> {
    fn new(line: Line<'_>, operation: &Operation, url: &'a Url) -> Result<Self> {
        let given = line.path(url);
        // The server might see two segments where one was checked.
        if given.to_ascii_lowercase().contains("%2f") {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                "a client that is bound to a project takes no slash within an id or a name",
            ));
        }
        let pairs = operation.path.split('/').zip(given.split('/'));
        Ok(Self(
            pairs.filter(|(name, _)| name.starts_with('{')).collect(),
        ))
    }

    /// Empty is what no id is.
    fn get(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or_default()
    }
}

fn body(request: &Request) -> Value {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    body.and_then(|body| serde_json::from_slice(body).ok())
        .unwrap_or_default()
}
