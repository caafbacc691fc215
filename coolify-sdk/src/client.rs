//! The client.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    Result, RetryPolicy, Version, raw,
    transport::{Gate, Options, Shared, runtime},
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
    gate: Option<Arc<dyn Gate>>,
}

impl Coolify {
    pub(crate) fn new(shared: Shared, options: Options) -> Self {
        Self {
            shared: Arc::new(shared),
            options,
            gate: None,
        }
    }

    /// What decides over the calls of this client.
    pub(crate) fn gate(&self) -> Option<&dyn Gate> {
        self.gate.as_deref()
    }

    /// The same client with another gate.
    pub(crate) fn behind(&self, gate: impl Gate) -> Self {
        let mut other = self.clone();
        other.gate = Some(Arc::new(gate));
        other
    }

    /// The same client with another [timeout](crate::CoolifyBuilder::timeout).
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

    /// Returns the version of the server, asked once and remembered by all
    /// clones.
    ///
    /// A server that calls itself something else than a version has an
    /// [unreadable](Version::is_unreadable) one, which is no error.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong with a call: see [`Error`](crate::Error). A web page
    /// in the place of the version [cannot be read](crate::Error::is_decode).
    pub async fn version(&self) -> Result<Version> {
        runtime::guard(self.shared.server_version(&self.options)).await
    }

    /// Asks for the version anew.
    pub(crate) async fn ask_version(&self) -> Result<Version> {
        runtime::guard(self.shared.ask_version(&self.options)).await
    }

    /// Whether the server is known to be older than this version. A version that
    /// cannot be had or read counts as newer than all that are known.
    ///
    /// # Errors
    ///
    /// What every call would run into as well, such as a server out of reach.
    pub(crate) async fn is_older_than(&self, version: &Version) -> Result<bool> {
        let learnt = self.shared.learn_version(&self.options);
        let server = runtime::guard(learnt).await?;
        Ok(server.is_some_and(|server| server < *version))
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
        raw::Client::new(shared, options, self.gate.clone())
    }
}

impl fmt::Debug for Coolify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Coolify");
        debug.field("url", &self.url());
        if let Some(gate) = &self.gate {
            debug.field("project", gate.project());
        }
        debug.finish_non_exhaustive()
    }
}
