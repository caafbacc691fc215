//! The version of the server: asked once, shared by all, and never a reason to
//! wait longer than a call may take.

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

/// How long a version that could not be had is not asked for again.
const RESPITE: Duration = Duration::from_secs(60);

/// What is known of the server's version.
#[derive(Debug, Default)]
pub(crate) struct ServerVersion {
    known: Mutex<Known>,
    /// Who asks holds it; the others wait for the answer.
    turn: Turn<()>,
}

#[derive(Debug, Default)]
struct Known {
    version: Option<Version>,
    /// When it was last asked in vain, and why.
    missed: Option<(Instant, Miss)>,
    /// How often it was told, and how often it was asked in vain.
    count: Count,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    told: u64,
    missed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    /// A web page came, and would come again.
    Page,
    /// The router knows no such route, which every Coolify has.
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

    /// The version, if the server has told it since this count.
    fn told_since(&self, count: Count) -> Option<Version> {
        let known = self.known();
        let is_new = known.count.told > count.told;
        known.version.clone().filter(|_| is_new)
    }

    fn missed_since(&self, count: Count) -> bool {
        self.count().missed > count.missed
    }

    /// Whether it is of no use to ask again now.
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

    /// A version that is known stays so.
    fn miss(&self, miss: Miss) {
        let mut known = self.known();
        known.missed = Some((Instant::now(), miss));
        known.count.missed += 1;
    }
}

impl Shared {
    /// The version of the server, asked once.
    pub(crate) async fn server_version(&self, options: &Options) -> Result<Version> {
        match self.version.version() {
            Some(version) => Ok(version),
            None => self.ask_version(options).await,
        }
    }

    /// Asks anew, or takes the answer that somebody else gets meanwhile. Whoever
    /// may not wait as long as the one who asks does it on its own.
    pub(crate) async fn ask_version(&self, options: &Options) -> Result<Version> {
        let count = self.version.count();
        let turn = timeout(options.timeout, self.version.turn.lock()).await;
        self.ask_unless_told(count, turn.ok(), options).await
    }

    /// The version as far as it can be had within the time that one attempt of
    /// the caller's may take. A server that does not tell it counts as newer than
    /// all that are known.
    ///
    /// # Errors
    ///
    /// What the call that wants to know it would run into as well.
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

    /// The version of the server if it is known to be older than `since`. A
    /// server may have been updated since it was asked, so it is asked anew.
    pub(crate) async fn too_old_for(&self, since: &Version, options: &Options) -> Option<Version> {
        let is_too_old = |it: &Version| it.is_certainly_before(since);
        self.version.version().filter(is_too_old)?;
        if !self.version.rests() {
            // What is known stays so if the server does not answer.
            let _ = self.ask_within(options).await;
        }
        self.version.version().filter(is_too_old)
    }

    /// Asks for no longer than one attempt of the caller's may take.
    async fn ask_within(&self, options: &Options) -> Result<Option<Version>> {
        let count = self.version.count();
        let asking = async {
            let turn = self.version.turn.lock().await;
            // What failed for one fails for all that waited for it.
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
        // What failed fails for all that waited for it: they ask side by side.
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

    /// Whether the address leads to no API at all: not even its version.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self.version.known().missed, Some((_, Miss::NoRoute)))
    }

    async fn request_version(&self, options: &Options) -> Result<Version> {
        let asked = self.read("version", &[], options).await;
        let (reply, trail) = asked.map_err(|error| {
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
            .on(trail)
        })
    }
}

/// Whether the next call would fail in the same way.
fn stops_all(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect | ErrorKind::Unauthenticated | ErrorKind::RateLimited
    ) || matches!(error.status(), Some(502..=504))
}
