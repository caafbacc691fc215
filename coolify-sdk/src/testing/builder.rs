//! The settings of a fake before it starts.

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

/// The rate limit of the server that the replies were recorded from.
const LIMIT: u32 = 100_000;

/// Configures and starts a [`FakeCoolify`].
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

    /// Sets the version that the fake imitates. It decides which operations
    /// exist, which methods they accept and which columns their replies lack.
    /// 4.0.0, 4.1.2, 4.2.0 and 4.3.11 are tested against recordings. The default
    /// is `4.3.11`.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let old = FakeCoolify::builder().version("4.1.2");
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.settings.version = version.into();
        self
    }

    /// Sets the token that the fake accepts.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let fake = FakeCoolify::builder().token("7|secret");
    /// ```
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Sets the abilities of the token: `root`, `write`, `write:sensitive`,
    /// `deploy`, `read`, `read:sensitive`. The default is `root`, which includes
    /// the others.
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

    /// Sets how many requests are allowed in a window; further ones get a 429
    /// with `Retry-After`. By default there is practically no limit.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let strict = FakeCoolify::builder().rate_limit(200);
    /// ```
    pub fn rate_limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Sets the length of the rate limit's window. The default is a minute, as on
    /// a real server; a second keeps tests of waiting short. A client of this SDK
    /// assumes a minute and would wait for one, so use
    /// [`Pacing::off`](crate::Pacing::off).
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

    /// Sets how many polls a deployment takes: at the first poll it is queued, at
    /// the last it has ended. No clock is involved. The default is 4.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let endless = FakeCoolify::builder().deploy_looks(u32::MAX);
    /// ```
    pub fn deploy_looks(mut self, looks: u32) -> Self {
        self.settings.pace = Pace::Looks(looks);
        self
    }

    /// Sets how long a deployment takes by the clock, for programs that people
    /// watch.
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

    /// Sets how many further requests pass until a job has run: until a deleted
    /// resource is gone, a database has started, or a task or backup has run. The
    /// default is 2.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let at_once = FakeCoolify::builder().job_lag(0);
    /// ```
    pub fn job_lag(mut self, requests: u32) -> Self {
        self.settings.job_lag = requests;
        self
    }

    /// Sets how many deployments may be queued before the queue is full. The
    /// default is 25.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let full = FakeCoolify::builder().deployment_queue_limit(0);
    /// ```
    pub fn deployment_queue_limit(mut self, limit: usize) -> Self {
        self.settings.queue_limit = limit;
        self
    }

    /// Sets the internal hosts that Coolify may call. S3 storages and Git servers
    /// at a private address or `localhost` are refused, unless an administrator
    /// allows their host. By default there are none.
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

    /// Makes it a development instance of Coolify (`APP_ENV=local`). Only such an instance
    /// migrates resources to other servers, and moves servers to other instances; others
    /// answer 404.
    ///
    /// ```no_run
    /// # use coolify_sdk::testing::FakeCoolify;
    /// let fake = FakeCoolify::builder().development();
    /// ```
    pub fn development(mut self) -> Self {
        self.settings.is_development = true;
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
