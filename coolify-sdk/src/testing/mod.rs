//! A fake Coolify for your tests. It needs no Docker, no server, and no network
//! except the loopback.
//!
//! [`Cassette`] is for tests that once ran against a real server: it records what the
//! server answers, without secrets, and replays it.
//!
//! [`FakeCoolify`] answers on a local port like Coolify: what you create can be
//! read back, a deployment goes from queued to finished while you poll it, a
//! deletion takes effect later, and a token without the required ability is
//! refused. Its replies have the form of recordings of a real server instead of
//! this SDK's types, so a test against it says something about both.
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
//! A team with one server, its private key and its Docker network.
//! `seed_project`, `seed_application`, `seed_database`, `seed_service`,
//! `seed_preview` and `seed_github_app` add to it without a call; everything else
//! is created as on a real server. The cloud providers and GitHub are imitated as
//! well: they return what was recorded, and [`FakeCoolify::set_clouds`] makes
//! them refuse. Every git repository contains a `docker-compose.yaml` with the
//! services `web` and `cache`, which is read after an application with the build
//! pack `dockercompose` was created from it.
//!
//! # What happens later
//!
//! No clock is involved by default. A deployment advances each time that it is
//! polled ([`FakeCoolifyBuilder::deploy_looks`]), and jobs run some requests
//! after they were queued ([`FakeCoolifyBuilder::job_lag`]). The end of a
//! deployment's log appears two polls after its last status, because a real
//! server writes it after the status: a client that stops reading at the status
//! misses the reason of a failure.
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
//! A [`Fault`] affects one request: with an error page, a slow answer, or a
//! connection that breaks before or after the request was carried out. If a fault
//! was not used, the test fails when the fake is dropped.
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
//! Every operation requires the same ability as in Coolify, and secrets need
//! `read:sensitive`. The fake also has tokens of plain members, a rate limit, the
//! switch of the API, and the list of allowed addresses.
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
//! # Which version it imitates
//!
//! [`FakeCoolifyBuilder::version`] sets which operations exist, which methods
//! they accept and which fields their replies lack. An operation that is newer
//! than the version gets the answer that Coolify gives to an unknown path.
//!
//! # What it received, and what it contains
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
//! Since 4.4.0, `audit_events` of the client lists the writes
//! that were carried out.
//!
//! # How faithful it is
//!
//! The SDK's own tests play the recordings against it: each reply has the
//! recorded status, keys and types, in 4.0.0, 4.1.2, 4.2.0 and 4.3.11. What newer
//! versions do, with previews for example, is only known from Coolify's source. An
//! operation that the fake does not have answers 501 with a message, never a 404
//! that Coolify would not give. Moving resources and servers between servers and
//! instances works only on development instances of Coolify, so it is a 404 here
//! as well.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all handlers of the table have one signature, even those that never refuse"
)]

mod builder;
mod cassette;
mod controls;
mod examine;
mod http;
mod rooms;
mod running;
mod scrub;
mod seeding;
mod state;
mod validation;

#[cfg(test)]
mod tests;

use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use wiremock::{Mock, MockServer, Request};

use self::running::Running;
pub use self::{
    builder::FakeCoolifyBuilder,
    cassette::{Cassette, CassetteError, OpenCassette, RecordMode},
    examine::{Exchange, Inspection, debug, inspect, reread},
    http::{fault::Fault, received::ReceivedRequest},
    scrub::Scrubber,
    state::{Clouds, DeploymentScript},
};
use crate::Coolify;

/// The interval at which waits poll the fake.
const POLL_EVERY: Duration = Duration::from_millis(10);

/// A fake Coolify in this process, which runs until it is dropped.
///
/// Dropping it panics if a [`Fault`] or a failing deployment was not used, unless
/// the thread is already panicking: see [`FakeCoolify::fail_next`].
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
    /// Starts a fake Coolify 4.3.11 with one server and a token that may do
    /// everything.
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

    /// Returns a builder, which sets the version, token, limits and pace.
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

    /// Returns a builder for a fake of this version.
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
        // wiremock needs separate mocks for replying and for breaking the connection,
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

    /// Returns the URL, without `/api/v1`.
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

    /// Returns the token that the fake accepts.
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

    /// Returns a client for this fake.
    ///
    /// # Panics
    ///
    /// Panics if no client can be built, for example because no TLS was compiled
    /// in.
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
            .poll_at_once(POLL_EVERY)
            .build()
        {
            Ok(client) => client,
            Err(error) => panic!("no client for the fake: {error}"),
        }
    }

    /// Returns the uuid of the server that a new fake has.
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

    /// Returns all requests that the fake has received, in order.
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

    /// Returns the state of the fake: an object with the lists `projects`,
    /// `environments`, `applications`, `databases`, `services`, `variables`,
    /// `storages`, `tags`, `tasks`, `backups`, `deployments` and `servers`, and
    /// with further lists that only exist if they are not empty: `private_keys`,
    /// `github_apps`, `gitlab_apps`, `destinations`, `shared_variables`,
    /// `s3_storages`, `cloud_tokens`, `cloud_init_scripts` and the like.
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

/// A test with an unused fault proves nothing.
impl Drop for FakeCoolify {
    fn drop(&mut self) {
        let left = self.faults_left();
        if left.is_empty() {
            return;
        }
        let said = format!(
            "these faults of a FakeCoolify were not used: {}; set only faults that are used, or \
             remove them with `clear_faults`",
            left.join(", ")
        );
        // A second panic would abort the process and hide the first one.
        if std::thread::panicking() {
            eprintln!("{said}");
        } else {
            panic!("{said}");
        }
    }
}

/// Locks a mutex even if it is poisoned: a panic of one test thread must not make
/// another one fail.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
