//! The diagnosis of everything that a team has.

use std::{collections::BTreeMap, sync::Arc, time::SystemTime};

use futures_util::{
    future::join3,
    stream::{self, StreamExt as _},
};

use super::{
    diagnosis::LINES,
    facts::{Facts, Part, ResourceFacts, ServerFacts, TeamFacts, reason, server_of},
    finding::{Subject, SubjectKind},
    gather::{self, Reading},
    neighbours::Neighbours,
    places,
    report::{Report, Unread},
    rules::{Rule, RuleSet},
};
use crate::{
    Coolify, Error, ErrorKind, Id, Result, Uuid,
    databases::{Database, DatabaseBackup},
    private_keys::PrivateKey,
    resources::Resource,
    servers::Server,
    transport::{BoxFuture, awaitable},
};

/// How many resources are read at once, unless the user sets it.
const AT_ONCE: usize = 4;

/// The diagnosis of everything that a team has, which has not been sent yet:
/// [`Coolify::find_issues`].
///
/// It sends seven calls, regardless of the number of resources: the resources, the
/// databases, the servers, the deployments that wait or run, the private keys, the
/// cloud tokens and the S3 storages. Besides, it sends one call for each server without
/// resources, and two for each resource that is not well: its last deployments and its
/// log. If there are findings about resources, it reads the projects and the
/// environments of each, to say where they are.
///
/// With [`thorough`](Self::thorough) it reads everything about every resource, which takes
/// four to six calls for each, and one for each scheduled task and server.
///
/// All calls are GET. They keep under the rate limit like all others.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `.send()` or `.await`"]
pub struct FindIssues {
    coolify: Coolify,
    rules: RuleSet,
    thorough: bool,
    lines: u16,
    at_once: usize,
}

awaitable!(FindIssues, send -> Report);

impl FindIssues {
    pub(super) fn new(coolify: &Coolify) -> Self {
        Self {
            coolify: coolify.clone(),
            rules: RuleSet::default(),
            thorough: false,
            lines: LINES,
            at_once: AT_ONCE,
        }
    }

    /// Switches a rule off, by its name. An unknown name has no effect.
    pub fn without(mut self, rule: impl Into<String>) -> Self {
        self.rules.without(rule);
        self
    }

    /// Adds a rule.
    pub fn with(mut self, rule: impl Rule + 'static) -> Self {
        self.rules.with(rule);
        self
    }

    /// Reads everything about every resource: its variables, storages, scheduled tasks
    /// and last deployments, even if its state does not call for it.
    pub fn thorough(mut self) -> Self {
        self.thorough = true;
        self
    }

    /// Sets how many of the last lines of a log are shown. The default is 20.
    pub fn log_lines(mut self, lines: u16) -> Self {
        self.lines = lines;
        self
    }

    /// Sets how many resources are read at once. The default is 4, the least is 1.
    pub fn concurrency(mut self, at_once: usize) -> Self {
        self.at_once = at_once.max(1);
        self
    }

    /// Reads the facts, and applies the rules.
    ///
    /// # Errors
    ///
    /// Returns an error if Coolify cannot be reached or does not accept the token; see
    /// [`Error`]. Whatever single calls cannot read is listed in [`Report::unread`].
    pub async fn send(self) -> Result<Report> {
        let now = SystemTime::now();
        let team = Subject::new(SubjectKind::Team, self.coolify.url());
        let mut report = Report::default();
        let lists = Lists::read(&self.coolify).await?;
        if let Part::Unread(reason) = &lists.resources {
            let unread = Unread::new(&team, "the resources", reason.clone());
            report.unread.push(unread);
        }
        if let Part::Unread(reason) = &lists.servers {
            report
                .unread
                .push(Unread::new(&team, "the servers", reason.clone()));
        }
        let resources = lists.resources.items();
        let neighbours = lists.resources.get();
        let neighbours = neighbours.map(|it| Arc::new(Neighbours::of(it)));
        let neighbours = neighbours.map_or(Part::NotAsked, Part::Read);

        let mut backups = backups_of(&lists.databases);
        for facts in self.resources(resources, &neighbours).await {
            let mut facts = facts;
            if let Resource::Database(database) = &facts.resource
                && database.engine.has_backups()
            {
                facts.backups = match &lists.databases {
                    Part::Read(_) => backups
                        .remove(&database.uuid)
                        .map_or(Part::NotAsked, Part::Read),
                    Part::Unread(reason) => Part::Unread(reason.clone()),
                    Part::NotAsked => Part::NotAsked,
                };
            }
            self.rules.apply(Facts::Resource(&facts), &mut report);
        }

        places::name(&self.coolify, resources, &mut report, self.at_once).await;

        let servers = self.servers(&lists, &mut report).await;
        for mut facts in servers.iter().cloned() {
            facts.neighbours = neighbours.clone();
            if self.thorough {
                let server = self.coolify.server(facts.server.uuid.clone());
                facts.cleanups = Part::of(server.docker_cleanup().executions().await);
            }
            self.rules.apply(Facts::Server(&facts), &mut report);
        }
        let all_known = lists
            .servers
            .get()
            .is_some_and(|it| it.len() == servers.len());
        let servers: Vec<_> = servers.into_iter().map(|it| it.server).collect();
        let facts = TeamFacts {
            subject: team,
            used_keys: used_keys(&lists, &servers, all_known),
            unfinished: lists.unfinished,
            servers,
            private_keys: lists.private_keys,
            cloud_tokens: lists.cloud_tokens,
            s3_storages: lists.s3_storages,
            now,
        };
        self.rules.apply(Facts::Team(&facts), &mut report);
        Ok(report.ordered())
    }

    /// Reads more about the resources that call for it, some at once.
    async fn resources(
        &self,
        rows: &[Resource],
        neighbours: &Part<Arc<Neighbours>>,
    ) -> Vec<ResourceFacts> {
        let reading = Reading {
            everything: self.thorough,
            lines: self.lines,
        };
        let read = |row: &Resource| -> BoxFuture<ResourceFacts> {
            let (coolify, neighbours) = (self.coolify.clone(), neighbours.clone());
            let mut row = row.clone();
            Box::pin(async move {
                // Only a reply for a single application has its settings.
                if let Resource::Application(it) = &row
                    && reading.everything
                    && let Ok(whole) = coolify.application(it.uuid.clone()).get().await
                {
                    row = Resource::Application(Box::new(whole));
                }
                gather::resource(&coolify, row, neighbours, reading).await
            })
        };
        let reads: Vec<_> = rows.iter().map(read).collect();
        // In order, so that two reports of the same team are the same.
        stream::iter(reads).buffered(self.at_once).collect().await
    }

    /// Returns the servers: whole ones from the resources, and others by a call each.
    async fn servers(&self, lists: &Lists, report: &mut Report) -> Vec<ServerFacts> {
        let now = SystemTime::now();
        let mut known: BTreeMap<&Uuid, &Server> = BTreeMap::new();
        for resource in lists.resources.items() {
            if let Some(server) = server_of(resource) {
                known.insert(&server.uuid, server);
            }
        }
        let mut servers = Vec::new();
        for row in lists.servers.items() {
            if let Some(server) = known.get(&row.uuid) {
                servers.push(ServerFacts::new((*server).clone(), now));
                continue;
            }
            match self.coolify.server(row.uuid.clone()).get().await {
                Ok(server) => servers.push(ServerFacts::new(server, now)),
                Err(error) => {
                    let facts = ServerFacts::new(row.clone(), now);
                    report
                        .unread
                        .push(Unread::new(&facts.subject, "the server", reason(&error)));
                }
            }
        }
        servers
    }
}

/// The lists that the diagnosis begins with.
struct Lists {
    resources: Part<Vec<Resource>>,
    databases: Part<Vec<Database>>,
    servers: Part<Vec<Server>>,
    unfinished: Part<Vec<crate::deployments::Deployment>>,
    private_keys: Part<Vec<PrivateKey>>,
    cloud_tokens: Part<Vec<crate::cloud_tokens::CloudToken>>,
    s3_storages: Part<Vec<crate::s3_storages::S3Storage>>,
}

impl Lists {
    async fn read(coolify: &Coolify) -> Result<Self> {
        // If the first call cannot reach Coolify, the others need not try.
        let resources = coolify.resources().list().await;
        let resources = match resources {
            Err(error) if stops_all(&error) => return Err(error),
            resources => Part::of(resources),
        };
        let (databases, servers, unfinished) = join3(
            coolify.databases().list(),
            coolify.servers().list(),
            coolify.deployments().unfinished(),
        )
        .await;
        let (private_keys, cloud_tokens, s3_storages) = join3(
            coolify.private_keys().list(),
            coolify.cloud_tokens().list(),
            coolify.s3_storages().list(),
        )
        .await;
        Ok(Self {
            resources,
            databases: Part::of(databases),
            servers: Part::of(servers),
            unfinished: Part::of(unfinished),
            private_keys: Part::of(private_keys),
            cloud_tokens: Part::of(cloud_tokens),
            s3_storages: Part::of(s3_storages),
        })
    }
}

/// Returns whether every call would fail in the same way.
fn stops_all(error: &Error) -> bool {
    !matches!(
        error.kind(),
        ErrorKind::Forbidden
            | ErrorKind::OutOfScope
            | ErrorKind::Unsupported
            | ErrorKind::Decode
            | ErrorKind::NotFound
    )
}

/// Returns the scheduled backups of each database, without those of other engines that
/// have the same numeric id.
fn backups_of(databases: &Part<Vec<Database>>) -> BTreeMap<Uuid, Vec<DatabaseBackup>> {
    let rows = databases.items().iter();
    let of_row = |it: &Database| {
        let mut backups = it.backup_configs.clone()?;
        backups.retain(|backup| it.engine.has(backup));
        Some((it.uuid.clone(), backups))
    };
    rows.filter_map(of_row).collect()
}

/// Returns the private keys that something uses, if all users are known.
fn used_keys(lists: &Lists, servers: &[Server], all_known: bool) -> Part<Vec<Id>> {
    let keys = lists.private_keys.items();
    if keys.is_empty() {
        return Part::NotAsked;
    }
    let Some(resources) = lists.resources.get().filter(|_| all_known) else {
        return Part::Unread("not all servers and resources could be read".to_owned());
    };
    // Without `read:sensitive` the keys of applications are hidden as well.
    let has_applications = resources
        .iter()
        .any(|it| matches!(it, Resource::Application(_)));
    if has_applications && keys.iter().all(|it| it.private_key.is_none()) {
        return Part::Unread("the token lacks the ability `read:sensitive`".to_owned());
    }
    let of_servers = servers.iter().filter_map(|it| it.private_key_id);
    let of_applications = resources.iter().filter_map(|it| match it {
        Resource::Application(it) => it.private_key_id,
        _ => None,
    });
    Part::Read(of_servers.chain(of_applications).collect())
}
