//! The state of the fake, and access to its parts.

mod application;
mod background_job;
pub(super) mod clock;
mod clouds;
mod column_types;
mod container_log;
pub(super) mod database;
pub(super) mod deployment;
pub(super) mod deployment_script;
pub(super) mod engines;
pub(super) mod forms;
mod import;
mod owned;
mod owner;
mod place;
mod preview;
mod server;
pub(super) mod service;
mod tables;

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};

use self::deployment_script::Pace;
pub(super) use self::{
    application::Application,
    background_job::Job,
    column_types::Columns,
    container_log::{Log, Page},
    database::Database,
    deployment::Deployment,
    import::{Import, Upload},
    owned::{Backup, Storage, Task, Variable},
    owner::{Kind, Owner},
    place::Place,
    preview::{Preview, Previews},
    server::Server,
    service::{Part, Service},
    tables::{SCOPE, Tables},
};
pub use self::{clouds::Clouds, deployment_script::DeploymentScript};
use super::http::{Release, Reply};
use crate::operations;

/// The settings of the builder.
#[derive(Debug, Clone)]
pub(in crate::testing) struct Settings {
    pub(in crate::testing) version: String,
    pub(in crate::testing) pace: Pace,
    /// After how many requests a job runs.
    pub(in crate::testing) job_lag: u32,
    /// How many deployments may be queued before the queue is full.
    pub(in crate::testing) queue_limit: usize,
    /// Internal hosts that Coolify may call.
    pub(in crate::testing) internal_hosts: BTreeSet<String>,
    /// Whether it is a development instance, which has a few operations more.
    pub(in crate::testing) is_development: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: operations::NEWEST_RECORDED.to_string(),
            pace: Pace::Looks(4),
            job_lag: 2,
            queue_limit: 25,
            internal_hosts: BTreeSet::new(),
            is_development: false,
        }
    }
}

/// The data of the server. Rows are JSON objects as Coolify stores them; the
/// endpoints decide which parts they show.
pub(in crate::testing) struct State {
    pub(in crate::testing) settings: Settings,
    /// The first server is the one that Coolify itself runs on.
    pub(in crate::testing) servers: Vec<Server>,
    pub(in crate::testing) team: Value,
    pub(in crate::testing) projects: Vec<Value>,
    pub(in crate::testing) environments: Vec<Value>,
    pub(in crate::testing) applications: Vec<Application>,
    pub(in crate::testing) databases: Vec<Database>,
    pub(in crate::testing) services: Vec<Service>,
    pub(in crate::testing) variables: Vec<Variable>,
    pub(in crate::testing) storages: Vec<Storage>,
    pub(in crate::testing) tags: Vec<Value>,
    pub(in crate::testing) tasks: Vec<Task>,
    pub(in crate::testing) backups: Vec<Backup>,
    pub(in crate::testing) deployments: Vec<Deployment>,
    pub(in crate::testing) imports: Vec<Import>,
    pub(in crate::testing) uploads: Vec<Upload>,
    /// The scripts of the next deployments, in order.
    pub(in crate::testing) scripts: VecDeque<DeploymentScript>,
    /// The behaviour of the cloud providers.
    pub(in crate::testing) clouds: Clouds,
    /// Rows without a type of their own, by table.
    pub(in crate::testing) tables: Tables,
    minted: u64,
}

impl State {
    /// Makes a Coolify with only one team.
    pub(in crate::testing) fn new(settings: Settings) -> Self {
        Self {
            settings,
            servers: Vec::new(),
            team: forms::team(),
            projects: Vec::new(),
            environments: Vec::new(),
            applications: Vec::new(),
            databases: Vec::new(),
            services: Vec::new(),
            variables: Vec::new(),
            storages: Vec::new(),
            tags: Vec::new(),
            tasks: Vec::new(),
            backups: Vec::new(),
            deployments: Vec::new(),
            imports: Vec::new(),
            uploads: Vec::new(),
            scripts: VecDeque::new(),
            clouds: Clouds::default(),
            tables: Tables::default(),
            minted: 0,
        }
    }

    /// Returns the version that the fake imitates.
    pub(in crate::testing) fn release(&self) -> Release {
        Release::parse(&self.settings.version)
    }

    /// Returns whether secrets are withheld wherever a resource is embedded.
    /// Before 4.2.0 they were only withheld in the resource's own reply.
    pub(in crate::testing) fn withholds_everywhere(&self) -> bool {
        self.release().has("4.2.0")
    }

    /// Returns a new uuid of Coolify's kind: 24 lower-case letters and digits,
    /// the same ones in every run.
    pub(in crate::testing) fn mint(&mut self) -> String {
        const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        self.minted += 1;
        let mut seed = self.minted;
        (0..24)
            .map(|_| {
                // A linear congruential step; its upper bits are the random ones.
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let letter = usize::try_from(seed >> 33).unwrap_or(0) % LETTERS.len();
                char::from(LETTERS[letter])
            })
            .collect()
    }

    /// Returns a form with a new uuid, a new id and the time of its creation.
    pub(in crate::testing) fn fresh(&mut self, form: Value) -> Value {
        let mut row = form;
        row["uuid"] = self.mint().into();
        row["id"] = self.minted.into();
        row["created_at"] = clock::now().into();
        row["updated_at"] = clock::now().into();
        row
    }

    /// Returns a project by its uuid.
    pub(in crate::testing) fn project(&self, uuid: &str) -> Result<&Value, Reply> {
        find(&self.projects, "uuid", uuid).ok_or_else(|| Reply::not_found("Project"))
    }

    /// Returns the environments of a project, oldest first.
    pub(in crate::testing) fn environments_of<'a>(
        &'a self,
        project: &Value,
    ) -> impl Iterator<Item = &'a Value> + use<'a> {
        let id = project["id"].clone();
        self.environments
            .iter()
            .filter(move |environment| environment["project_id"] == id)
    }

    /// Returns an environment of a project by its name or uuid.
    pub(in crate::testing) fn environment(
        &self,
        project: &Value,
        name: &str,
    ) -> Result<&Value, Reply> {
        self.environments_of(project)
            .find(|environment| environment["name"] == name || environment["uuid"] == name)
            .ok_or_else(|| Reply::not_found("Environment"))
    }

    /// Returns whether an environment contains anything.
    pub(in crate::testing) fn is_inhabited(&self, environment: &Value) -> bool {
        let applications = self.applications.iter().map(|it| &it.row);
        let databases = self.databases.iter().map(|it| &it.row);
        let services = self.services.iter().map(|it| &it.row);
        applications
            .chain(databases)
            .chain(services)
            .any(|row| row["environment_id"] == environment["id"])
    }

    /// Advances starts, stops and deletions by one request.
    pub(in crate::testing) fn pass_time(&mut self) {
        let applications = self.applications.iter_mut();
        let mut gone: Vec<String> = applications
            .filter_map(|it| it.deletion.is_due().then(|| text(&it.row, "uuid")))
            .collect();
        let databases = self.databases.iter_mut();
        gone.extend(databases.filter_map(|it| it.pass_time().then(|| text(&it.row, "uuid"))));
        let services = self.services.iter_mut();
        gone.extend(services.filter_map(|it| it.pass_time().then(|| text(&it.row, "uuid"))));
        for uuid in gone {
            self.forget(&uuid);
        }
        self.backups.iter_mut().for_each(Backup::pass_time);
        let cleanups = self.servers.iter_mut().flat_map(|it| &mut it.cleanups);
        cleanups.for_each(|(job, _)| {
            job.is_due();
        });
    }

    /// Removes a resource and everything that belongs to it.
    pub(in crate::testing) fn forget(&mut self, uuid: &str) {
        self.applications.retain(|it| it.row["uuid"] != uuid);
        self.databases.retain(|it| it.row["uuid"] != uuid);
        self.services.retain(|it| it.row["uuid"] != uuid);
        self.disinherit(uuid);
    }

    /// Returns everything in one JSON object, for assertions.
    pub(in crate::testing) fn snapshot(&self) -> Value {
        let mut shown = json!({
            "projects": self.projects,
            "environments": self.environments,
            "applications": self.applications.iter().map(Application::snapshot).collect::<Vec<_>>(),
            "databases": self.databases.iter().map(Database::snapshot).collect::<Vec<_>>(),
            "services": self.services.iter().map(Service::snapshot).collect::<Vec<_>>(),
            "storages": self.storages.iter().map(Storage::snapshot).collect::<Vec<_>>(),
            "tags": self.tags,
            "tasks": self.tasks.iter().map(Task::snapshot).collect::<Vec<_>>(),
            "backups": self.backups.iter().map(Backup::snapshot).collect::<Vec<_>>(),
            "variables": self.variables.iter().map(Variable::snapshot).collect::<Vec<_>>(),
            "deployments": self.deployments.iter().map(|deployment| &deployment.row).collect::<Vec<_>>(),
            "servers": self.servers.iter().map(Server::snapshot).collect::<Vec<_>>(),
        });
        if !self.imports.is_empty() {
            shown["imports"] = self.imports.iter().map(Import::snapshot).collect();
        }
        for (name, rows) in self.tables.iter() {
            shown[name] = rows.clone().into();
        }
        shown
    }
}

/// Returns the row whose field has that value.
pub(in crate::testing) fn find<'a>(
    rows: &'a [Value],
    field: &str,
    value: &str,
) -> Option<&'a Value> {
    rows.iter().find(|row| row[field] == value)
}

/// Returns a row without some of its fields.
pub(in crate::testing) fn without(mut row: Value, fields: &[&str]) -> Value {
    if let Value::Object(map) = &mut row {
        for field in fields {
            map.remove(*field);
        }
    }
    row
}

/// Some fields of a row.
pub(in crate::testing) fn only(row: &Value, fields: &[&str]) -> Value {
    fields
        .iter()
        .map(|field| ((*field).to_owned(), row[*field].clone()))
        .collect()
}

/// Returns a field of a row as text; empty when it is something else.
pub(in crate::testing) fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}
