//! What the fake instance holds, and how its parts find each other.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    applications::Application,
    backups::Backup,
    clock,
    clouds::Clouds,
    databases::Database,
    deployments::Deployment,
    envs::Variable,
    private_keys,
    release::Release,
    replies,
    reply::Reply,
    repositories,
    room::Shelves,
    script::{DeploymentScript, Pace},
    servers::{self, Server},
    service::Service,
    sources,
    storages::Storage,
    tasks::{self, Task},
};

/// What a test has settled before the start.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) version: String,
    pub(super) pace: Pace,
    /// How many requests a job waits for until it runs.
    pub(super) job_lag: u32,
    /// How many deployments may wait before the queue is full.
    pub(super) queue_limit: usize,
    /// Hosts of its own network that Coolify may call.
    pub(super) internal_hosts: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: "4.3.11".to_owned(),
            pace: Pace::Looks(4),
            job_lag: 2,
            queue_limit: 25,
            internal_hosts: BTreeSet::new(),
        }
    }
}

/// Everything that the server knows. Rows are JSON objects as Coolify stores them;
/// what each endpoint shows of them is up to the resource's own file.
pub(super) struct State {
    pub(super) settings: Settings,
    /// The first one is the one that Coolify itself runs on.
    pub(super) servers: Vec<Server>,
    pub(super) team: Value,
    pub(super) projects: Vec<Value>,
    pub(super) environments: Vec<Value>,
    pub(super) applications: Vec<Application>,
    pub(super) databases: Vec<Database>,
    pub(super) services: Vec<Service>,
    pub(super) variables: Vec<Variable>,
    pub(super) storages: Vec<Storage>,
    pub(super) tags: Vec<Value>,
    pub(super) tasks: Vec<Task>,
    pub(super) backups: Vec<Backup>,
    pub(super) deployments: Vec<Deployment>,
    /// The course of the next deployments, first come first served.
    pub(super) scripts: std::collections::VecDeque<DeploymentScript>,
    /// How the clouds behave.
    pub(super) clouds: Clouds,
    /// What needs no more than a row: see [`Room`](super::room::Room).
    pub(super) shelves: Shelves,
    minted: u64,
}

impl State {
    /// A fresh Coolify: one team, one server, nothing on it.
    pub(super) fn new(settings: Settings) -> Self {
        let mut state = Self {
            settings,
            servers: Vec::new(),
            team: replies::team(),
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
            scripts: std::collections::VecDeque::new(),
            clouds: Clouds::default(),
            shelves: Shelves::default(),
            minted: 0,
        };
        servers::furnish(&mut state);
        private_keys::furnish(&mut state);
        sources::furnish(&mut state);
        state
    }

    /// The version that the fake plays.
    pub(super) fn release(&self) -> Release {
        Release::parse(&self.settings.version)
    }

    /// Whether secrets are withheld wherever a resource is embedded; before 4.2.0 they
    /// were in the resource's own reply only.
    pub(super) fn withholds_everywhere(&self) -> bool {
        self.release().has("4.2.0")
    }

    /// A new uuid of Coolify's kind: 24 lower-case letters and digits, the same ones
    /// in every run.
    pub(super) fn mint(&mut self) -> String {
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

    /// A form with a new uuid, a new id and the time of its creation.
    pub(super) fn fresh(&mut self, form: Value) -> Value {
        let mut row = form;
        row["uuid"] = self.mint().into();
        row["id"] = self.minted.into();
        row["created_at"] = clock::now().into();
        row["updated_at"] = clock::now().into();
        row
    }

    /// A project by its uuid.
    pub(super) fn project(&self, uuid: &str) -> Result<&Value, Reply> {
        find(&self.projects, "uuid", uuid).ok_or_else(|| Reply::not_found("Project"))
    }

    /// The environments of a project, oldest first.
    pub(super) fn environments_of<'a>(
        &'a self,
        project: &Value,
    ) -> impl Iterator<Item = &'a Value> + use<'a> {
        let id = project["id"].clone();
        self.environments
            .iter()
            .filter(move |environment| environment["project_id"] == id)
    }

    /// An environment of a project by its name or uuid.
    pub(super) fn environment(&self, project: &Value, name: &str) -> Result<&Value, Reply> {
        self.environments_of(project)
            .find(|environment| environment["name"] == name || environment["uuid"] == name)
            .ok_or_else(|| Reply::not_found("Environment"))
    }

    /// Whether anything lives in an environment.
    pub(super) fn is_inhabited(&self, environment: &Value) -> bool {
        let applications = self.applications.iter().map(|it| &it.row);
        let databases = self.databases.iter().map(|it| &it.row);
        let services = self.services.iter().map(|it| &it.row);
        applications
            .chain(databases)
            .chain(services)
            .any(|row| row["environment_id"] == environment["id"])
    }

    /// An application by its uuid.
    pub(super) fn application(&self, uuid: &str) -> Result<&Application, Reply> {
        self.applications
            .iter()
            .find(|application| application.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Application"))
    }

    /// An application by its uuid, to be changed.
    pub(super) fn application_mut(&mut self, uuid: &str) -> Result<&mut Application, Reply> {
        self.applications
            .iter_mut()
            .find(|application| application.row["uuid"] == uuid)
            .ok_or_else(|| Reply::not_found("Application"))
    }

    /// Lets time pass: deletions come closer and deployments go on.
    pub(super) fn pass_time(&mut self) {
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
        repositories::pass_time(self);
        tasks::pass_time(self);
        self.backups.iter_mut().for_each(Backup::pass_time);
        let cleanups = self.servers.iter_mut().flat_map(|it| &mut it.cleanups);
        cleanups.for_each(|(job, _)| {
            job.is_due();
        });
        self.advance_deployments();
    }

    /// Removes a resource and what belongs to it.
    pub(super) fn forget(&mut self, uuid: &str) {
        self.applications.retain(|it| it.row["uuid"] != uuid);
        self.databases.retain(|it| it.row["uuid"] != uuid);
        self.services.retain(|it| it.row["uuid"] != uuid);
        self.disinherit(uuid);
    }

    /// Everything in one JSON object, for assertions.
    pub(super) fn snapshot(&self) -> Value {
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
        for (name, rows) in self.shelves.iter() {
            shown[name] = rows.clone().into();
        }
        shown
    }
}

/// The row whose field has that value.
pub(super) fn find<'a>(rows: &'a [Value], field: &str, value: &str) -> Option<&'a Value> {
    rows.iter().find(|row| row[field] == value)
}

/// A row without some of its fields.
pub(super) fn without(mut row: Value, fields: &[&str]) -> Value {
    if let Value::Object(map) = &mut row {
        for field in fields {
            map.remove(*field);
        }
    }
    row
}

/// Some fields of a row.
pub(super) fn only(row: &Value, fields: &[&str]) -> Value {
    fields
        .iter()
        .map(|field| ((*field).to_owned(), row[*field].clone()))
        .collect()
}

/// A field of a row as text; empty when it is something else.
pub(super) fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}
