//! Several Coolifys at once.
//!
//! A [`Fleet`] runs the same work on each of its Coolifys at the same time, and returns what
//! each of them answered. One that fails or is slow does not keep the answers of the others
//! back.
//!
//! ```no_run
//! use coolify_sdk::fleet::Fleet;
//!
//! # async fn example() -> coolify_sdk::Result<()> {
//! let fleet = Fleet::from_contexts()?; // the contexts of the official command line
//! let versions = fleet.each(|_, coolify| coolify.version()).await;
//! for (name, version) in versions.answered() {
//!     println!("{name} runs Coolify {version}");
//! }
//! for (name, error) in versions.failed() {
//!     println!("{name} did not answer: {error}");
//! }
//! # Ok(())
//! # }
//! ```

mod answers;
mod ready;

use std::{fmt, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, timeout};

pub use self::answers::{Answer, Answers};
use crate::{
    Coolify, Error, ErrorKind, Result,
    contexts::{Context, Contexts},
    transport::runtime,
};

/// How long to wait for each Coolify.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// Several Coolifys with names: see [the module](self).
///
/// Cloning is cheap.
#[derive(Clone)]
pub struct Fleet {
    instances: Vec<(String, Coolify)>,
    max_wait: Duration,
}

impl Fleet {
    /// Makes a fleet of clients with names.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if two of them have the same name.
    ///
    /// ```
    /// use coolify_sdk::{Coolify, fleet::Fleet};
    ///
    /// # fn example(prod: Coolify, staging: Coolify) -> coolify_sdk::Result<()> {
    /// let fleet = Fleet::new([("prod", prod), ("staging", staging)])?;
    /// assert_eq!(fleet.names().collect::<Vec<_>>(), ["prod", "staging"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new<N: Into<String>>(instances: impl IntoIterator<Item = (N, Coolify)>) -> Result<Self> {
        let mut fleet = Self {
            instances: Vec::new(),
            max_wait: MAX_WAIT,
        };
        for (name, coolify) in instances {
            let name = name.into();
            if fleet.get(&name).is_some() {
                let name = name.escape_debug();
                let problem = format!("two Coolifys of a fleet have the name `{name}`");
                return Err(Error::new(ErrorKind::Config, problem)
                    .with_hint("the answers are told apart by the names: choose another one"));
            }
            fleet.instances.push((name, coolify));
        }
        Ok(fleet)
    }

    /// Makes a fleet of all [contexts](crate::contexts) of the official command line, except
    /// those without a token: the command line creates one, `cloud`, for users who may never
    /// use it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the file cannot be read, or a context has an invalid URL or
    /// token, or the name of another one. To work without such a context, choose by
    /// [`of`](Self::of).
    ///
    /// ```no_run
    /// # fn example() -> coolify_sdk::Result<()> {
    /// let fleet = coolify_sdk::fleet::Fleet::from_contexts()?;
    /// # let _ = fleet;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_contexts() -> Result<Self> {
        Self::of(Contexts::read()?.all())
    }

    /// Makes a fleet of these contexts, except those without a token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if a context has an invalid URL or token, or the name of another
    /// one.
    ///
    /// ```no_run
    /// use coolify_sdk::{contexts, fleet::Fleet};
    ///
    /// # fn example() -> coolify_sdk::Result<()> {
    /// let all = contexts::list()?;
    /// let fleet = Fleet::of(all.iter().filter(|it| it.name().starts_with("eu-")))?;
    /// # let _ = fleet;
    /// # Ok(())
    /// # }
    /// ```
    pub fn of<'a>(contexts: impl IntoIterator<Item = &'a Context>) -> Result<Self> {
        let with_token = contexts.into_iter().filter(|it| it.has_token());
        let instances = with_token.map(|it| Ok((it.name(), it.client()?)));
        Self::new(instances.collect::<Result<Vec<_>>>()?)
    }

    /// Sets how long to wait for each Coolify. The default is one minute.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Returns the names of the Coolifys.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.instances.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the number of Coolifys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.instances.len()
    }

    /// Returns whether the fleet has no Coolify.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.instances.is_empty()
    }

    /// Returns the client with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Coolify> {
        let mut instances = self.instances.iter();
        instances
            .find(|(it, _)| it == name)
            .map(|(_, coolify)| coolify)
    }

    /// Runs work on all Coolifys at the same time, and returns the answer of each, in the
    /// order of the fleet. The closure takes the name and a client, and returns a call or
    /// another future.
    ///
    /// A Coolify that takes longer than [`max_wait`](Self::max_wait) gets an error of the kind
    /// [`Timeout`](ErrorKind::Timeout), and its work is dropped.
    /// [`outcome_unknown`](Error::outcome_unknown) is then true, because the work may include
    /// a write.
    ///
    /// Each Coolify has a rate limit of its own, which its client keeps to.
    ///
    /// ```no_run
    /// use coolify_sdk::fleet::Fleet;
    ///
    /// # async fn example(fleet: Fleet) {
    /// let servers = fleet.each(|_, coolify| coolify.servers().list()).await;
    /// for (name, servers) in servers.answered() {
    ///     println!("{name} has {} servers", servers.len());
    /// }
    /// # }
    /// ```
    pub async fn each<T, F>(&self, work: impl Fn(String, Coolify) -> F) -> Answers<T>
    where
        F: Future<Output = Result<T>>,
    {
        let expired = |error: Error| error.outcome_unknown_if(true);
        self.run(work, expired).await
    }

    /// Runs work that writes nothing on all Coolifys.
    async fn read<T, F>(&self, work: impl Fn(String, Coolify) -> F) -> Answers<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.run(work, |error| error).await
    }

    async fn run<T, F>(
        &self,
        work: impl Fn(String, Coolify) -> F,
        expired: fn(Error) -> Error,
    ) -> Answers<T>
    where
        F: Future<Output = Result<T>>,
    {
        let answers = self.instances.iter().map(|(name, coolify)| {
            let work = within(self.max_wait, work(name.clone(), coolify.clone()), expired);
            async move {
                let begun = Instant::now();
                let result = runtime::guard(work).await;
                Answer {
                    name: name.clone(),
                    url: coolify.url().to_owned(),
                    took: begun.elapsed(),
                    result,
                }
            }
        });
        Answers(join_all(answers).await)
    }
}

async fn within<T>(
    wait: Duration,
    work: impl Future<Output = Result<T>>,
    expired: fn(Error) -> Error,
) -> Result<T> {
    timeout(wait, work).await.unwrap_or_else(|_| {
        let problem = format!("no answer within {wait:?}");
        Err(expired(Error::new(ErrorKind::Timeout, problem)))
    })
}

/// Shows the names and the URLs.
impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let urls = self.instances.iter().map(|(name, it)| (name, it.url()));
        f.debug_map().entries(urls).finish()
    }
}

#[cfg(test)]
mod tests;
