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
//! let app = fake.seed_application(&fake.seed_project("shop"), "web");
//! // ... run your code against fake.client(), or fake.url() and fake.token() ...
//! assert!(fake.requests().is_empty());
//! # });
//! ```
//!
//! # What is there at the start
//!
//! A team with one server, its private key and its Docker network. `seed_project`,
//! `seed_application`, `seed_database`, `seed_service`, `seed_preview` and
//! `seed_github_app` add to it without a call; everything else is made as on a real
//! server. The clouds and GitHub behind Coolify are played as well: they have what was
//! recorded, and [`FakeCoolify::set_clouds`] makes them refuse. Every git repository
//! holds a `docker-compose.yaml` with the services `web` and `cache`, which is read after
//! an application of the build pack `dockercompose` was created from it.
//!
//! # What happens later
//!
//! No clock is involved unless you ask for one. A deployment goes on each time that
//! somebody looks at it ([`FakeCoolifyBuilder::deploy_looks`]), and jobs run some
//! requests after they were queued ([`FakeCoolifyBuilder::job_lag`]). The end of a
//! deployment's log comes two looks after its last status, as a real server writes it
//! after the status: what reads the log only until then misses the reason of a failure.
//!
//! ```
//! # use coolify_sdk::testing::FakeCoolify;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let fake = FakeCoolify::builder().deploy_looks(2).job_lag(0).start().await;
//! let app = fake.seed_application(&fake.seed_project("shop"), "web");
//! fake.fail_next_deployment(["npm ERR! missing script: build"]);
//! assert!(fake.client().application(app).deploy().await.unwrap().await.is_err());
//! # });
//! ```
//!
//! # What goes wrong
//!
//! A [`Fault`] strikes one request: an error page, a slow answer, a connection that
//! breaks before or after the request was carried out. One that never struck makes the
//! test fail when the fake is dropped.
//!
//! ```
//! # use coolify_sdk::testing::{FakeCoolify, Fault};
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let fake = FakeCoolify::start().await;
//! fake.fail_next(Fault::lost_reply().on("POST", "/projects"));
//! assert!(fake.client().projects().create("shop").await.unwrap_err().outcome_unknown());
//! assert!(fake.faults_left().is_empty());
//! # });
//! ```
//!
//! # Who may do what
//!
//! Every operation asks for the ability that Coolify asks for, and secrets need
//! `read:sensitive`. There are tokens of plain members, a rate limit, the switch of the
//! API and the list of the addresses that it answers.
//!
//! ```
//! # use coolify_sdk::testing::FakeCoolify;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let fake = FakeCoolify::builder().abilities(["read"]).rate_limit(200).start().await;
//! fake.add_token("2|deployer", ["read", "deploy"]);
//! fake.add_member_token("3|member", ["read"]);
//! # });
//! ```
//!
//! # Which version it plays
//!
//! [`FakeCoolifyBuilder::version`] settles which operations exist, which methods they
//! take and what their replies lack. An operation that is newer than the version is
//! answered as Coolify answers a path that it does not know.
//!
//! # What it was asked, and what it holds
//!
//! ```
//! # use coolify_sdk::testing::FakeCoolify;
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let fake = FakeCoolify::start().await;
//! fake.client().projects().create("shop").await.unwrap();
//! assert_eq!(fake.requests()[0].json()["name"], "shop");
//! assert_eq!(fake.state()["projects"][0]["name"], "shop");
//! # });
//! ```
//!
//! # How true it is
//!
//! The recordings are played against it in the SDK's own tests: each reply must have
//! the recorded status, keys and types, in 4.0.0, 4.1.2, 4.2.0 and 4.3.11. An operation that the
//! fake should lack one day answers 501 and says so, never a 404 that Coolify would not
//! have given. Resources and servers that move between servers and instances exist on
//! development instances of Coolify only; here as there they are a 404.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the handlers of the table have one signature, also those that never refuse"
)]

mod builder;
mod controls;
mod examine;
mod http;
mod rooms;
mod running;
mod seeding;
mod state;
mod validation;

#[cfg(test)]
mod tests;

use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use wiremock::{Mock, MockServer, Request};

use self::running::Running;
pub use self::{
    builder::FakeCoolifyBuilder,
    examine::{Exchange, Inspection, debug, inspect, reread},
    http::{fault::Fault, received::ReceivedRequest},
    state::{Clouds, DeploymentScript},
};
use crate::Coolify;

/// A Coolify in this process; it ends when it is dropped.
///
/// Dropping it panics if a [`Fault`] or a deployment that was to fail is left over, unless
/// the thread panics already: see [`FakeCoolify::fail_next`].
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
    running: Arc<Mutex<Running>>,
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

    /// A fake of that version, to be settled further or started.
    ///
    /// ```
    /// # use coolify_sdk::testing::FakeCoolify;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let old = FakeCoolify::version("4.1.2").start().await;
    /// # });
    /// ```
    pub fn version(version: impl Into<String>) -> FakeCoolifyBuilder {
        Self::builder().version(version)
    }

    async fn serve(token: String, running: Arc<Mutex<Running>>) -> Self {
        let server = MockServer::builder()
            .disable_request_recording()
            .start()
            .await;
        // wiremock either replies or breaks the connection, each with a mock of its own,
        // and asks them one after the other.
        let cutting = Arc::clone(&running);
        Mock::given(move |request: &Request| lock(&cutting).cuts(request))
            .respond_with_err(|_: &Request| io::Error::from(io::ErrorKind::ConnectionReset))
            .with_priority(1)
            .mount(&server)
            .await;
        let serving = Arc::clone(&running);
        Mock::given(wiremock::matchers::any())
            .respond_with(move |request: &Request| lock(&serving).serve(request).template())
            .with_priority(2)
            .mount(&server)
            .await;
        Self {
            server,
            token,
            running,
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
        state::text(&self.running().state.localhost().row, "uuid")
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
        self.running().received.clone()
    }

    /// What the fake holds: an object with the lists `projects`, `environments`,
    /// `applications`, `databases`, `services`, `variables`, `storages`, `tags`, `tasks`,
    /// `backups`, `deployments` and `servers`, and with one for each of the smaller
    /// things once there is any: `private_keys`, `github_apps`, `gitlab_apps`,
    /// `destinations`, `shared_variables`, `s3_storages`, `cloud_tokens`,
    /// `cloud_init_scripts` and the like.
    ///
    /// ```no_run
    /// # fn show(fake: &coolify_sdk::testing::FakeCoolify) {
    /// assert_eq!(fake.state()["projects"][0]["name"], "shop");
    /// # }
    /// ```
    #[must_use]
    pub fn state(&self) -> Value {
        self.running().state.snapshot()
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        lock(&self.running)
    }
}

impl fmt::Debug for FakeCoolify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCoolify")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// A fault that never struck is a test that proves nothing.
impl Drop for FakeCoolify {
    fn drop(&mut self) {
        let left = self.faults_left();
        if left.is_empty() {
            return;
        }
        let said = format!(
            "no request came for what a FakeCoolify was to do wrong: {}; set only what strikes, or take it back with `clear_faults`",
            left.join(", ")
        );
        // A second panic would abort the process, and hide the first one.
        if std::thread::panicking() {
            eprintln!("{said}");
        } else {
            panic!("{said}");
        }
    }
}

/// A panic of one test thread is no reason for another one to fail.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
