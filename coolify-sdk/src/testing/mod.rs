//! A Coolify in your tests: no Docker, no server, no network beyond the loopback.
//!
//! [`FakeCoolify`] answers on a local port as Coolify does: what you create can be
//! read back, a deployment goes from queued to finished while you look at it, a
//! deletion takes effect later, a token without an ability is refused. The forms of
//! its replies come from recordings of a real server, not from this SDK's types, so
//! that a test against it says something about both.
//!
//! ```
//! # use coolify_sdk::testing::FakeCoolify;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let fake = FakeCoolify::start().await;
//! let project = fake.seed_project("shop");
//! let app = fake.seed_application(&project, "web");
//! fake.fail_next_deployment(["npm ERR! missing script: build"]);
//! // ... run your code against fake.client(), or fake.url() and fake.token() ...
//! assert!(fake.requests().is_empty());
//! # });
//! ```
//!
//! What it does not have answers as a route does that the server does not know.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the handlers of the table have one signature, also those that never refuse"
)]

mod application_creation;
mod application_fields;
mod applications;
mod auth;
mod backups;
mod builder;
mod call;
mod clock;
mod databases;
mod deployments;
mod domains;
mod engines;
mod environments;
mod envs;
mod fault;
mod instance;
mod job;
mod owners;
mod placement;
mod projects;
mod received;
mod release;
mod replies;
mod reply;
mod routes;
mod script;
mod servers;
mod state;
mod storages;
mod system;
mod tags;
mod tasks;
mod validation;

#[cfg(test)]
mod tests;

use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Map, Value};
use wiremock::{Mock, MockServer, Request};

use self::instance::Instance;
pub use self::{
    builder::FakeCoolifyBuilder, fault::Fault, received::ReceivedRequest, script::DeploymentScript,
};
use crate::Coolify;

/// Reads the JSON of an operation's reply into the type that this SDK has for it
/// and writes it out again, so that a test can see what was lost on the way.
///
/// `None` for an operation that answers text, and for one that nobody knows.
///
/// # Errors
///
/// What does not decode.
///
/// ```
/// use coolify_sdk::testing::reread;
///
/// let sent = r#"[{"id": 1, "uuid": "gwgmpnq6u26xpsihsouontfu", "name": "shop"}]"#;
/// let read = reread("list-projects", sent).expect("it answers JSON")?;
/// assert_eq!(read[0]["name"], "shop");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn reread(operation: &str, json: &str) -> Option<serde_json::Result<Value>> {
    crate::raw::replies::reread(operation, json)
}

/// A Coolify in this process; it ends when it is dropped.
///
/// ```
/// # use coolify_sdk::testing::FakeCoolify;
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let fake = FakeCoolify::start().await;
/// println!("COOLIFY_URL={} COOLIFY_TOKEN={}", fake.url(), fake.token());
/// # });
/// ```
pub struct FakeCoolify {
    server: MockServer,
    token: String,
    instance: Arc<Mutex<Instance>>,
}

impl FakeCoolify {
    /// Starts a fresh Coolify 4.3.11 with one server and an all-powerful token.
    ///
    /// ```
    /// # use coolify_sdk::testing::FakeCoolify;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = FakeCoolify::start().await;
    /// # });
    /// ```
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Settles version, token, limits and pace before the start.
    ///
    /// ```
    /// # use coolify_sdk::testing::FakeCoolify;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let old = FakeCoolify::builder().version("4.0.0").start().await;
    /// # });
    /// ```
    pub fn builder() -> FakeCoolifyBuilder {
        FakeCoolifyBuilder::new()
    }

    async fn serve(token: String, instance: Arc<Mutex<Instance>>) -> Self {
        let server = MockServer::builder()
            .disable_request_recording()
            .start()
            .await;
        // wiremock either replies or breaks the connection, each with a mock of its own,
        // and asks them one after the other.
        let cutting = Arc::clone(&instance);
        Mock::given(move |request: &Request| lock(&cutting).cuts(request))
            .respond_with_err(|_: &Request| io::Error::from(io::ErrorKind::ConnectionReset))
            .with_priority(1)
            .mount(&server)
            .await;
        let serving = Arc::clone(&instance);
        Mock::given(wiremock::matchers::any())
            .respond_with(move |request: &Request| lock(&serving).serve(request).template())
            .with_priority(2)
            .mount(&server)
            .await;
        Self {
            server,
            token,
            instance,
        }
    }

    /// The address, without `/api/v1`.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// assert!(fake.url().starts_with("http://127.0.0.1:"));
    /// # }
    /// ```
    #[must_use]
    pub fn url(&self) -> String {
        self.server.uri()
    }

    /// The token that the fake accepts.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let header = format!("Bearer {}", fake.token());
    /// # }
    /// ```
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A client for this fake.
    ///
    /// # Panics
    ///
    /// When no client can be set up at all, as without any TLS compiled in.
    ///
    /// ```no_run
    /// # async fn show(fake: &coolify_sdk::testing::FakeCoolify) -> coolify_sdk::Result<()> {
    /// let version = fake.client().version().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn client(&self) -> Coolify {
        match Coolify::builder()
            .url(self.url())
            .token(self.token())
            .build()
        {
            Ok(client) => client,
            Err(error) => panic!("no client for the fake: {error}"),
        }
    }

    /// The uuid of the one server that a fresh Coolify has.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let server = fake.server_uuid();
    /// # }
    /// ```
    #[must_use]
    pub fn server_uuid(&self) -> String {
        state::text(&self.instance().state.server, "uuid")
    }

    /// Accepts another token, with these abilities.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.add_token("2|reader", ["read"]);
    /// # }
    /// ```
    pub fn add_token<A: Into<String>>(
        &self,
        token: impl Into<String>,
        abilities: impl IntoIterator<Item = A>,
    ) {
        let abilities = abilities.into_iter().map(Into::into).collect();
        self.instance().door.admit(token.into(), abilities);
    }

    /// Lets something go wrong with the next request that the fault fits. Faults wait
    /// in line: each strikes once.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{FakeCoolify, Fault};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.fail_next(Fault::status(502).html("<h1>Bad gateway</h1>"));
    /// # }
    /// ```
    pub fn fail_next(&self, fault: Fault) {
        self.instance().faults.push_back(fault);
    }

    /// Settles how the next deployment goes that nobody has settled yet.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::{DeploymentScript, FakeCoolify};
    /// # fn show(fake: &FakeCoolify) {
    /// fake.script_next_deployment(DeploymentScript::finishes(["Building.", "Started."]));
    /// # }
    /// ```
    pub fn script_next_deployment(&self, script: DeploymentScript) {
        self.instance().state.scripts.push_back(script);
    }

    /// Lets the next deployment fail with these lines in its log.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.fail_next_deployment(["npm ERR! missing script: build"]);
    /// # }
    /// ```
    pub fn fail_next_deployment<L: Into<String>>(&self, lines: impl IntoIterator<Item = L>) {
        self.script_next_deployment(DeploymentScript::fails(lines));
    }

    /// Adds a project with the environment `production`; gives its uuid.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let project = fake.seed_project("shop");
    /// # }
    /// ```
    #[expect(
        clippy::must_use_candidate,
        reason = "often called for its effect alone"
    )]
    pub fn seed_project(&self, name: &str) -> String {
        projects::add(&mut self.instance().state, &name.into(), &Value::Null)
    }

    /// Adds an application to the environment `production` of a project; gives its uuid.
    ///
    /// # Panics
    ///
    /// When there is no such project or it has no such environment.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let app = fake.seed_application(&fake.seed_project("shop"), "web");
    /// # }
    /// ```
    #[expect(
        clippy::must_use_candidate,
        reason = "often called for its effect alone"
    )]
    pub fn seed_application(&self, project: &str, name: &str) -> String {
        let (mut instance, environment) = self.production(project);
        application_creation::seed(&mut instance.state, &environment, name)
    }

    /// Adds a stopped database to the environment `production` of a project; gives its
    /// uuid. The engine is `postgresql`, `mysql`, `mariadb`, `mongodb`, `redis`, `keydb`,
    /// `dragonfly` or `clickhouse`.
    ///
    /// # Panics
    ///
    /// When there is no such engine or project, or it has no such environment.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let database = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    /// # }
    /// ```
    #[expect(
        clippy::must_use_candidate,
        reason = "often called for its effect alone"
    )]
    pub fn seed_database(&self, project: &str, engine: &str, name: &str) -> String {
        let Some(engine) = engines::ENGINES.iter().find(|it| it.name == engine) else {
            panic!("Coolify has no database engine {engine:?}");
        };
        let (mut instance, environment) = self.production(project);
        let body = Map::from_iter([("name".to_owned(), name.into())]);
        databases::add(&mut instance.state, engine, &environment, &body)
    }

    /// Writes a field of an application straight into the fake's memory.
    ///
    /// # Panics
    ///
    /// When there is no such application.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify, app: &str) {
    /// fake.set_application(app, "status", "running:unhealthy");
    /// # }
    /// ```
    pub fn set_application(&self, uuid: &str, field: &str, value: impl Into<Value>) {
        self.with_application(uuid, |application| {
            application.row[field] = value.into();
        });
    }

    /// Gives the server another proxy: `TRAEFIK`, `CADDY` or `NONE`. Without one the
    /// domains of applications are dropped without a word.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.set_proxy("NONE");
    /// # }
    /// ```
    pub fn set_proxy(&self, kind: &str) {
        self.instance().state.server["proxy"]["type"] = kind.into();
    }

    /// Makes the server one that only builds, or one that runs things again. The
    /// domains of applications on a build server are dropped without a word.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// fake.set_build_server(true);
    /// # }
    /// ```
    pub fn set_build_server(&self, builds: bool) {
        self.instance().state.server_settings["is_build_server"] = builds.into();
    }

    /// Lets an application's container write lines to its log. Until then it holds
    /// three.
    ///
    /// # Panics
    ///
    /// When there is no such application.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify, app: &str) {
    /// fake.write_log(app, ["listening on 3000"]);
    /// # }
    /// ```
    pub fn write_log<L: Into<String>>(&self, uuid: &str, lines: impl IntoIterator<Item = L>) {
        self.with_application(uuid, |application| {
            lines.into_iter().for_each(|line| application.write(line));
        });
    }

    /// Gives an application a preview of a pull request, so that it can be deployed.
    ///
    /// # Panics
    ///
    /// When there is no such application.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify, app: &str) {
    /// fake.seed_preview(app, 42);
    /// # }
    /// ```
    pub fn seed_preview(&self, application: &str, pull_request: u64) {
        self.with_application(application, |application| {
            application.previews.push(pull_request);
        });
    }

    /// Everything that the fake was asked so far, in the order of arrival.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// assert_eq!(fake.requests().last().unwrap().path, "/deploy");
    /// # }
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.instance().received.clone()
    }

    /// What the fake holds: an object with the lists `projects`, `environments`,
    /// `applications`, `databases`, `variables`, `storages`, `tags`, `tasks`, `backups`,
    /// `deployments` and `servers`.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// assert_eq!(fake.state()["projects"][0]["name"], "shop");
    /// # }
    /// ```
    #[must_use]
    pub fn state(&self) -> Value {
        self.instance().state.snapshot()
    }

    /// The id of a project's environment `production`.
    fn production(&self, project: &str) -> (MutexGuard<'_, Instance>, Value) {
        let instance = self.instance();
        let environment = instance
            .state
            .project(project)
            .and_then(|project| instance.state.environment(project, "production"))
            .map(|environment| environment["id"].clone());
        let Ok(environment) = environment else {
            drop(instance);
            panic!("the fake has no project {project:?} with an environment \"production\"");
        };
        (instance, environment)
    }

    fn with_application(&self, uuid: &str, change: impl FnOnce(&mut applications::Application)) {
        let mut instance = self.instance();
        let Ok(application) = instance.state.application_mut(uuid) else {
            drop(instance);
            panic!("the fake has no application {uuid:?}");
        };
        change(application);
    }

    fn instance(&self) -> MutexGuard<'_, Instance> {
        lock(&self.instance)
    }
}

impl fmt::Debug for FakeCoolify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCoolify")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// A panic of one test thread is no reason for another one to fail.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
