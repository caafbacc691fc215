//! The client.

use std::{fmt, sync::Arc, time::Duration};

#[cfg(feature = "diagnose")]
use crate::transport::Probe;
use crate::{
    Call, Result, RetryPolicy, Version,
    operations::Operation,
    raw,
    transport::{Gate, Options, Shared, runtime},
};

/// A client for one Coolify.
///
/// Cloning is cheap. Clones share connections, the count of requests for the rate
/// limit, and what is known about the server.
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
///
/// # Without async
///
/// With the feature `blocking`, `.block()` takes the place of `.await`. `blocking::Block`
/// describes it.
///
/// ```no_run
/// # #[cfg(feature = "blocking")] {
/// use coolify_sdk::{Coolify, blocking::Block};
///
/// let coolify = Coolify::from_env()?;
/// for application in coolify.applications().list().block()? {
///     println!("{}", application.name);
/// }
/// let web = coolify.application("khzsv5nucvscskrm5gez3p8v");
/// web.update().name("web").block()?;
/// # }
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[doc(alias("blocking", "sync"))]
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

    /// Returns the gate that decides over the calls of this client.
    pub(crate) fn gate(&self) -> Option<&dyn Gate> {
        self.gate.as_deref()
    }

    /// Returns whether the other client is a clone of this one: it calls the same server
    /// with the same token, and the same gate decides over its calls.
    #[cfg(feature = "deployments")]
    pub(crate) fn is_clone_of(&self, other: &Self) -> bool {
        let same_gate = match (&self.gate, &other.gate) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        same_gate && Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Returns this client with another gate.
    pub(crate) fn behind(&self, gate: impl Gate) -> Self {
        let mut other = self.clone();
        other.gate = Some(Arc::new(gate));
        other
    }

    /// Returns this client with another
    /// [timeout](crate::CoolifyBuilder::timeout).
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

    /// Returns this client with another retry policy.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        let mut other = self.clone();
        other.options.retry = policy;
        other
    }

    /// Returns the interval at which waits poll the server, unless a wait sets its own.
    pub(crate) fn poll_interval(&self) -> Duration {
        self.taken_interval(self.options.poll_every)
    }

    /// Returns the interval of a wait. A cassette shortens it.
    pub(crate) fn taken_interval(&self, every: Duration) -> Duration {
        every.min(self.options.longest_interval)
    }

    /// Returns the URL of the dashboard, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        self.shared.base.dashboard()
    }

    /// Returns the version of the server. It is requested once, and all clones
    /// remember it.
    ///
    /// If the server reports something that is not a version, the result is
    /// [unreadable](Version::is_unreadable), which is not an error.
    ///
    /// # Errors
    ///
    /// The errors of any call: see [`Error`](crate::Error). If the server answers
    /// with a web page, [`is_decode`](crate::Error::is_decode) is true.
    pub fn version(&self) -> Call<Version> {
        let Self {
            shared, options, ..
        } = self.clone();
        Call::several(async move { runtime::guard(shared.server_version(&options)).await })
    }

    /// Returns the turns of all clones of this client.
    #[cfg(feature = "estate")]
    pub(crate) fn turns(&self) -> &crate::transport::Turns {
        &self.shared.turns
    }

    /// Requests the version again.
    pub(crate) fn ask_version(&self) -> Call<Version> {
        let Self {
            shared, options, ..
        } = self.clone();
        Call::several(async move { runtime::guard(shared.ask_version(&options)).await })
    }

    /// Sends one GET for a diagnosis. It passes the gate, so that a bound client must
    /// only use it for operations that every client may call.
    #[cfg(feature = "diagnose")]
    pub(crate) async fn probe(&self, operation: &str, ids: &[&str]) -> crate::Result<Probe> {
        let probing = self.shared.probe(operation, ids, &self.options);
        runtime::guard(async { Ok(probing.await) }).await
    }

    /// Returns whether the server is known to be older than `version`. A version
    /// that cannot be requested or read counts as newer than all known versions.
    ///
    /// # Errors
    ///
    /// The errors that every call would fail with, such as an unreachable server.
    pub(crate) async fn is_older_than(&self, version: &Version) -> Result<bool> {
        let learnt = self.shared.learn_version(&self.options);
        let server = runtime::guard(learnt).await?;
        Ok(server.is_some_and(|server| server < *version))
    }

    /// Returns whether the server has the operation with this id. A server of unknown
    /// version has all operations.
    pub(crate) async fn has(&self, operation: &str) -> Result<bool> {
        match Operation::find(operation) {
            Some(operation) => Ok(!self.is_older_than(&operation.versions.since).await?),
            None => Ok(false),
        }
    }

    /// Returns the generated client, for calls that this SDK has no better method
    /// for. It authenticates, paces and retries like every other call.
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

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::Coolify;

    #[test]
    fn a_clone_has_the_same_gate_and_the_same_connections() {
        let new = || {
            let builder = Coolify::builder().url("http://c.example").token("1|t");
            builder.build().unwrap()
        };
        let (free, other) = (new(), new());
        let (one, two) = (free.in_project("p"), free.in_project("p"));
        let clients = [&free, &one, &two, &other];
        for (index, client) in clients.into_iter().enumerate() {
            for (position, again) in clients.into_iter().enumerate() {
                let is_clone = client.is_clone_of(&again.clone());
                assert_eq!(is_clone, index == position, "{index} and {position}");
            }
        }
    }
}
