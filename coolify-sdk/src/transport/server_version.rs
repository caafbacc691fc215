//! The version of the server. It is requested once, shared by all clones, and
//! never makes a call wait longer than it may.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turn, MutexGuard as MyTurn},
    time::{Instant, timeout},
};

use super::shared::{Options, Shared};
use crate::{Error, ErrorKind, Result, Version};

/// How long the version is not requested again after a failure.
const RESPITE: Duration = Duration::from_secs(60);

/// What is known about the server's version.
#[derive(Debug, Default)]
pub(crate) struct ServerVersion {
    known: Mutex<Known>,
    /// Held by the task that requests the version; the others wait for the
    /// answer.
    turn: Turn<()>,
}

#[derive(Debug, Default)]
struct Known {
    version: Option<Version>,
    /// When the last request failed, and why.
    missed: Option<(Instant, Miss)>,
    /// How many requests succeeded and failed.
    count: Count,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    told: u64,
    missed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    /// The server answered with a web page, and would do so again.
    Page,
    /// The router does not know a route that every Coolify has.
    NoRoute,
    Other,
}

impl ServerVersion {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn version(&self) -> Option<Version> {
        self.known().version.clone()
    }

    fn count(&self) -> Count {
        self.known().count
    }

    /// Returns the version, if a request has succeeded since this count.
    fn told_since(&self, count: Count) -> Option<Version> {
        let known = self.known();
        let is_new = known.count.told > count.told;
        known.version.clone().filter(|_| is_new)
    }

    fn missed_since(&self, count: Count) -> bool {
        self.count().missed > count.missed
    }

    /// Returns whether it is too early to request the version again.
    fn rests(&self) -> bool {
        match self.known().missed {
            Some((_, Miss::Page)) => true,
            Some((at, _)) => at.elapsed() < RESPITE,
            None => false,
        }
    }

    fn note(&self, version: Version) {
        let mut known = self.known();
        known.version = Some(version);
        known.missed = None;
        known.count.told += 1;
    }

    /// A known version is kept.
    fn miss(&self, miss: Miss) {
        let mut known = self.known();
        known.missed = Some((Instant::now(), miss));
        known.count.missed += 1;
    }
}

impl Shared {
    /// Returns the version of the server. It is requested once.
    pub(crate) async fn server_version(&self, options: &Options) -> Result<Version> {
        match self.version.version() {
            Some(version) => Ok(version),
            None => self.ask_version(options).await,
        }
    }

    /// Requests the version again, or uses the answer to a request that is in
    /// progress. A task that may not wait that long makes its own request.
    pub(crate) async fn ask_version(&self, options: &Options) -> Result<Version> {
        let count = self.version.count();
        let turn = timeout(options.timeout, self.version.turn.lock()).await;
        self.ask_unless_told(count, turn.ok(), options).await
    }

    /// Returns the version, if it can be read within the time of one attempt of
    /// the call. A server that does not report it counts as newer than all known
    /// versions.
    ///
    /// # Errors
    ///
    /// The errors that the call itself would fail with as well.
    pub(crate) async fn learn_version(&self, options: &Options) -> Result<Option<Version>> {
        let known = self.version.version();
        if known.is_some() || self.version.rests() {
            return Ok(known);
        }
        match self.ask_within(options).await {
            Ok(version) => Ok(version),
            Err(error) if stops_all(&error) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// Returns the version of the server if it is known and passes a test. The
    /// version is then requested again, because the server may have been updated.
    pub(crate) async fn certain(
        &self,
        test: impl Fn(&Version) -> bool,
        options: &Options,
    ) -> Option<Version> {
        self.version.version().filter(&test)?;
        if !self.version.rests() {
            // If the server does not answer, the known version is used.
            let _ = self.ask_within(options).await;
        }
        self.version.version().filter(test)
    }

    /// Requests the version, for no longer than one attempt of the call may take.
    async fn ask_within(&self, options: &Options) -> Result<Option<Version>> {
        let count = self.version.count();
        let asking = async {
            let turn = self.version.turn.lock().await;
            // If one request fails, it fails for everyone who waited for it.
            if self.version.missed_since(count) {
                return Ok(None);
            }
            let answer = self.ask_unless_told(count, Some(turn), options).await;
            answer.map(Some)
        };
        timeout(options.timeout, asking).await.unwrap_or_else(|_| {
            self.version.miss(Miss::Other);
            Ok(None)
        })
    }

    async fn ask_unless_told(
        &self,
        count: Count,
        turn: Option<MyTurn<'_, ()>>,
        options: &Options,
    ) -> Result<Version> {
        if let Some(version) = self.version.told_since(count) {
            return Ok(version);
        }
        // If one request fails, it fails for everyone who waited for it. They ask in
        // parallel.
        let _turn = turn.filter(|_| !self.version.missed_since(count));
        let answer = Box::pin(self.request_version(options)).await;
        match &answer {
            Ok(version) => self.version.note(version.clone()),
            Err(error) if error.is_decode() => self.version.miss(Miss::Page),
            Err(error) if error.is_unknown_route() => self.version.miss(Miss::NoRoute),
            Err(_) => self.version.miss(Miss::Other),
        }
        answer
    }

    /// Returns whether the URL leads to no API at all, not even to its version.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self.version.known().missed, Some((_, Miss::NoRoute)))
    }

    async fn request_version(&self, options: &Options) -> Result<Version> {
        let asked = self.read("version", &[], options).await;
        let (reply, trace) = asked.map_err(|error| {
            if error.is_unknown_route() {
                error.elsewhere(self.base.api())
            } else {
                error
            }
        })?;
        let hidden = self.credentials.hide_in(reply.body());
        let text = hidden.unwrap_or_else(|| String::from_utf8_lossy(reply.body()).into_owned());
        Version::of_server(&text).ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the server answers with a web page instead of its version",
            )
            .with_hint("check that the URL leads to Coolify and not to a login page in front of it")
            .on(trace)
        })
    }
}

/// Returns whether the next call would fail in the same way.
fn stops_all(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect | ErrorKind::Unauthenticated | ErrorKind::RateLimited
    ) || matches!(error.status(), Some(502..=504))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_had_is_asked_for_again_and_a_page_is_not() {
        for (miss, later) in [
            (Miss::Page, true),
            (Miss::NoRoute, false),
            (Miss::Other, false),
        ] {
            let version = ServerVersion::default();
            assert!(!version.rests());
            version.miss(miss);
            assert!(version.rests());
            tokio::time::advance(RESPITE).await;
            assert_eq!(version.rests(), later, "{miss:?}");
            version.note(Version::new(4, 3, 11));
            assert!(!version.rests());
        }
    }
}
