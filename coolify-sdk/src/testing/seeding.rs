//! Adds data to the fake without a call.

use std::sync::MutexGuard;

use serde_json::{Map, Value};

use crate::testing::{
    FakeCoolify,
    rooms::{applications::create, databases, placement, projects, services, sources},
    running::Running,
    state::{self, Place, engines},
};

impl FakeCoolify {
    /// Adds a project with the environment `production`, and returns its uuid.
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
        projects::add(&mut self.running().state, &name.into(), &Value::Null)
    }

    /// Adds an application to the environment `production` of a project, and returns its uuid.
    ///
    /// # Panics
    ///
    /// Panics if the project or its environment does not exist.
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
        let (mut running, place) = self.production(project);
        create::seed(&mut running.state, &place, name)
    }

    /// Adds a stopped database to the environment `production` of a project, and returns
    /// its uuid. The engine is `postgresql`, `mysql`, `mariadb`, `mongodb`, `redis`, `keydb`,
    /// `dragonfly` or `clickhouse`, and since 4.4.0 `sqlite`.
    ///
    /// # Panics
    ///
    /// Panics if the engine, the project or its environment does not exist.
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
        let (mut running, place) = self.production(project);
        let is_known = running.state.release().has("4.4.0") || engine != "sqlite";
        let known = engines::ENGINES.iter().find(|it| it.name == engine);
        let Some(engine) = known.filter(|_| is_known) else {
            drop(running);
            panic!("Coolify has no database engine {engine:?}");
        };
        let body = Map::from_iter([("name".to_owned(), name.into())]);
        let added = databases::add(&mut running.state, engine, &place, &body);
        drop(running);
        added.unwrap_or_else(|_| panic!("a name has at most 255 characters"))
    }

    /// Adds a stopped service from a compose file to the environment `production` of a
    /// project, and returns its uuid.
    ///
    /// # Panics
    ///
    /// Panics if the project or its environment does not exist.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let file = "services:\n  web:\n    image: nginx:alpine\n";
    /// let service = fake.seed_service(&fake.seed_project("shop"), "front", file);
    /// # }
    /// ```
    #[expect(
        clippy::must_use_candidate,
        reason = "often called for its effect alone"
    )]
    pub fn seed_service(&self, project: &str, name: &str, compose: &str) -> String {
        let (mut running, place) = self.production(project);
        let added = services::seed(&mut running.state, &place, name, compose);
        drop(running);
        added.unwrap_or_else(|_| panic!("a name has at most 255 characters"))
    }

    /// Adds a GitHub app that can read the repositories of `acme`, except the one
    /// named `absent`, and returns its uuid. Its id is in [`state`](Self::state).
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// let app = fake.seed_github_app("our-app");
    /// # }
    /// ```
    #[expect(
        clippy::must_use_candidate,
        reason = "often called for its effect alone"
    )]
    pub fn seed_github_app(&self, name: &str) -> String {
        let row = sources::seed_github_app(&mut self.running().state, name);
        state::text(&row, "uuid")
    }

    /// Adds a preview of a pull request to an application, so that it can be
    /// deployed.
    ///
    /// # Panics
    ///
    /// Panics if the application does not exist.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify, app: &str) {
    /// fake.seed_preview(app, 42);
    /// # }
    /// ```
    pub fn seed_preview(&self, application: &str, pull_request: u64) {
        let mut running = self.running();
        let is_open = running
            .state
            .open_preview(application, pull_request)
            .is_ok();
        drop(running);
        assert!(is_open, "the fake has no application {application:?}");
    }

    /// Returns a project's environment `production`, on the server that Coolify
    /// runs on.
    fn production(&self, project: &str) -> (MutexGuard<'_, Running>, Place) {
        let running = self.running();
        let environment = running
            .state
            .project(project)
            .and_then(|project| running.state.environment(project, "production"))
            .map(|environment| environment["id"].clone());
        let Ok(environment) = environment else {
            drop(running);
            panic!("the fake has no project {project:?} with an environment \"production\"");
        };
        let place = placement::at_home(&running.state, &environment);
        (running, place)
    }
}
