//! What a test may settle before the fake starts.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::testing::{
    FakeCoolify,
    http::auth::{Door, Role, known_abilities},
    rooms,
    running::Running,
    state::{Settings, State, deployment_script::Pace},
};

/// The recordings that the replies are made from were taken with this limit.
const LIMIT: u32 = 100_000;

/// Settles how a [`FakeCoolify`] behaves.
///
/// ```
/// # use coolify_sdk::testing::FakeCoolify;
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let fake = FakeCoolify::builder().version("4.1.2").abilities(["read"]).start().await;
/// # });
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `start` is awaited"]
pub struct FakeCoolifyBuilder {
    token: String,
    abilities: Vec<String>,
    limit: u32,
    window: Duration,
    settings: Settings,
}

impl FakeCoolifyBuilder {
    pub(in crate::testing) fn new() -> Self {
        Self {
            token: "1|fake-token".to_owned(),
            abilities: vec!["root".to_owned()],
            limit: LIMIT,
            window: Duration::from_secs(60),
            settings: Settings::default(),
        }
    }

    /// The version that the fake plays: it decides which operations exist, which methods
    /// they take and which columns their replies lack. 4.0.0, 4.1.2, 4.2.0 and 4.3.11 are
    /// held against recordings. Default: `4.3.11`.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let old = FakeCoolify::builder().version("4.1.2");
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.settings.version = version.into();
        self
    }

    /// The token that the fake accepts.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let fake = FakeCoolify::builder().token("7|secret");
    /// ```
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// What the token may do: `root`, `write`, `write:sensitive`, `deploy`, `read`,
    /// `read:sensitive`. Default: `root`, which includes the others.
    ///
    /// # Panics
    ///
    /// Panics if Coolify has no such ability.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let reader = FakeCoolify::builder().abilities(["read", "deploy"]);
    /// ```
    #[track_caller]
    pub fn abilities<A: Into<String>>(mut self, abilities: impl IntoIterator<Item = A>) -> Self {
        self.abilities = known_abilities(abilities);
        self
    }

    /// How many requests get through in a window; the next ones are answered with
    /// 429 and `Retry-After`. Default: practically unlimited.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let strict = FakeCoolify::builder().rate_limit(200);
    /// ```
    pub fn rate_limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// The length of the rate limit's window. Default: a minute, as on a real server;
    /// a second keeps tests of waiting short. A client of this SDK knows that it is a
    /// minute, and would wait for one: give it [`Pacing::off`](crate::Pacing::off).
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let fake = FakeCoolify::builder().rate_limit(5).rate_limit_window(Duration::from_secs(1));
    /// ```
    pub fn rate_limit_window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// How many looks a deployment takes from queued to its end: the first one finds
    /// it queued, the last one ended. No clock is involved. Default: 4.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let endless = FakeCoolify::builder().deploy_looks(u32::MAX);
    /// ```
    pub fn deploy_looks(mut self, looks: u32) -> Self {
        self.settings.pace = Pace::Looks(looks);
        self
    }

    /// How long a deployment takes by the clock, for programs that people watch.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let fake = FakeCoolify::builder().deploy_pace(Duration::from_secs(4));
    /// ```
    pub fn deploy_pace(mut self, pace: Duration) -> Self {
        self.settings.pace = Pace::Time(pace);
        self
    }

    /// How many further requests pass until a job has run: until a deleted resource is
    /// gone, a database has started, a task or a backup has run. Default: 2.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let at_once = FakeCoolify::builder().job_lag(0);
    /// ```
    pub fn job_lag(mut self, requests: u32) -> Self {
        self.settings.job_lag = requests;
        self
    }

    /// How many deployments may wait until the queue counts as full. Default: 25.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let full = FakeCoolify::builder().deployment_queue_limit(0);
    /// ```
    pub fn deployment_queue_limit(mut self, limit: usize) -> Self {
        self.settings.queue_limit = limit;
        self
    }

    /// The hosts of its own network that Coolify may call: S3 storages and Git servers
    /// at a private address or behind `localhost` are refused unless an administrator
    /// allows their host. Default: none.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let fake = FakeCoolify::builder().internal_hosts(["minio.internal", "10.0.0.7"]);
    /// ```
    pub fn internal_hosts<H: Into<String>>(mut self, hosts: impl IntoIterator<Item = H>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.into().to_lowercase());
        self.settings.internal_hosts = hosts.collect();
        self
    }

    /// Starts the fake on a free loopback port.
    ///
    /// ```
    /// # use coolify_sdk::testing::FakeCoolify;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let fake = FakeCoolify::builder().rate_limit(200).start().await;
    /// # });
    /// ```
    pub async fn start(self) -> FakeCoolify {
        let mut door = Door::new(self.limit, self.window);
        door.admit(self.token.clone(), self.abilities, Role::Admin);
        let mut state = State::new(self.settings);
        rooms::furnish(&mut state);
        let running = Running {
            door,
            state,
            faults: VecDeque::new(),
            received: Vec::new(),
        };
        FakeCoolify::serve(self.token, Arc::new(Mutex::new(running))).await
    }
}
