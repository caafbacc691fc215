//! The client.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    CoolifyBuilder, Result, RetryPolicy, Version, raw,
    scope::Scope,
    transport::{Options, Shared},
};

/// A Coolify.
///
/// Cloning is cheap, and clones share connections, the count of requests for
/// the rate limit, and what is known of the server.
///
/// ```no_run
/// # async fn example() -> coolify_sdk::Result<()> {
/// use coolify_sdk::Coolify;
///
/// let coolify = Coolify::from_env()?;
/// println!("Coolify {}", coolify.version().await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Coolify {
    shared: Arc<Shared>,
    options: Options,
    scope: Option<Arc<Scope>>,
}

impl Coolify {
    pub(crate) fn new(shared: Shared, options: Options) -> Self {
        Self {
            shared: Arc::new(shared),
            options,
            scope: None,
        }
    }

    /// Binds this client to a project; `scope` makes a scope of the one that it
    /// has.
    pub(crate) fn bind(&mut self, scope: impl FnOnce(Option<&Scope>) -> Scope) {
        self.scope = Some(Arc::new(scope(self.scope.as_deref())));
    }

    /// Sets up a client.
    pub fn builder() -> CoolifyBuilder {
        CoolifyBuilder::new()
    }

    /// A client for the Coolify of the environment variables `COOLIFY_URL` and
    /// `COOLIFY_TOKEN`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), naming each variable
    /// that is missing, empty or wrong, never its value.
    pub fn from_env() -> Result<Self> {
        CoolifyBuilder::from_env().build()
    }

    /// The same client with another [timeout](CoolifyBuilder::timeout).
    ///
    /// ```no_run
    /// # async fn example(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use std::time::Duration;
    ///
    /// let version = coolify.with_timeout(Duration::from_secs(2)).version().await?;
    /// # let _ = version;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut other = self.clone();
        other.options.timeout = timeout;
        other
    }

    /// The same client with another policy for repeating what failed.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        let mut other = self.clone();
        other.options.retry = policy;
        other
    }

    /// The URL of the dashboard, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        self.shared.base.dashboard()
    }

    /// The version of the server, asked once and remembered by all clones.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong with a call: see [`Error`](crate::Error).
    pub async fn version(&self) -> Result<Version> {
        self.shared.server_version(&self.options).await
    }

    /// The generated client for one call, for what this SDK has no better way
    /// to say. It authenticates, paces and repeats like everything else.
    ///
    /// ```no_run
    /// # async fn example(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let projects = coolify.raw().list_projects().await?;
    /// # let _ = projects;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        let (shared, options) = (self.shared.clone(), self.options.clone());
        raw::Client::new(shared, options, self.scope.clone())
    }
}

impl fmt::Debug for Coolify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Coolify");
        debug.field("url", &self.url());
        if let Some(scope) = &self.scope {
            debug.field("project", scope.project());
        }
        debug.finish_non_exhaustive()
    }
}
