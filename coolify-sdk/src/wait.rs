//! Waits for something to happen on the server. Everything that waits uses this
//! module: it polls until a maximum wait is over, and tolerates a server that
//! restarts meanwhile.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use crate::Coolify;
use crate::config::taken_interval;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::runtime;

/// How long the server may be unreachable: it restarts when it updates itself.
const OUTAGE: Duration = Duration::from_secs(180);

/// How much longer than the maximum wait the last poll may take.
const LAST_LOOK: Duration = Duration::from_secs(10);

/// The settings of a wait: how often to poll, and the maximum wait.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Patience {
    every: Option<Duration>,
    longest: Option<Duration>,
}

impl Patience {
    pub(crate) fn poll_every(&mut self, asked: Duration) {
        self.every = Some(taken_interval(asked));
    }

    pub(crate) fn max_wait(&mut self, longest: Duration) {
        self.longest = Some(longest);
    }

    /// Returns the interval that was set, or else the interval of the client.
    pub(crate) fn interval(&self, coolify: &Coolify) -> Duration {
        self.every.map_or_else(
            || coolify.poll_interval(),
            |every| coolify.taken_interval(every),
        )
    }

    /// Multiplies the interval of the client, unless an interval was set.
    pub(crate) fn slower(mut self, coolify: &Coolify, times: u32) -> Self {
        self.every
            .get_or_insert_with(|| coolify.poll_interval().saturating_mul(times));
        self
    }

    /// Returns the settings of one of several waits: those of all waits, or else its
    /// own.
    #[cfg(feature = "deployments")]
    pub(crate) fn or(self, own: Self) -> Self {
        Self {
            every: self.every.or(own.every),
            longest: self.longest.or(own.longest),
        }
    }

    /// Starts a wait. The maximum wait is `longest`, unless another was set.
    pub(crate) fn start(self, coolify: &Coolify, longest: Duration) -> Wait {
        let every = self.interval(coolify);
        Wait::new(every, self.longest.unwrap_or(longest))
    }
}

/// Implements the setters of a wait for a builder with a field `patience`. The text is
/// the default maximum wait; without it, the wait has no maximum.
macro_rules! waits {
    ($builder:ty $(where $generic:ident: $bound:path)? $(, $longest:literal)?) => {
        impl $(<$generic: $bound>)? $builder {
            /// Sets how often to poll the server.
            ///
            /// The default is the interval of the client: 2 seconds, or the one set by
            /// [`CoolifyBuilder::poll_every`](crate::CoolifyBuilder::poll_every). The
            /// minimum is 100 milliseconds.
            #[must_use = "it returns the builder with the setting"]
            pub fn poll_every(mut self, interval: ::std::time::Duration) -> Self {
                self.patience.poll_every(interval);
                self
            }

            $(
                /// Sets the maximum wait.
                ///
                #[doc = concat!("The default is ", $longest, ". After the maximum wait, the")]
                /// result is [`ErrorKind::WaitExpired`](crate::ErrorKind::WaitExpired);
                /// the server continues its work.
                #[must_use = "it returns the builder with the setting"]
                pub fn max_wait(mut self, longest: ::std::time::Duration) -> Self {
                    self.patience.max_wait(longest);
                    self
                }
            )?
        }
    };
}

pub(crate) use waits;

/// A wait that has started.
#[derive(Debug)]
pub(crate) struct Wait {
    every: Duration,
    longest: Duration,
    started: Instant,
    /// When the server was last reachable.
    reached: Instant,
    looks: u32,
}

impl Wait {
    pub(crate) fn new(every: Duration, longest: Duration) -> Self {
        let now = Instant::now();
        Self {
            every,
            longest,
            started: now,
            reached: now,
            looks: 0,
        }
    }

    /// Returns a wait that continues after this one has found what it waited for.
    /// It takes no longer than this one might have taken, and polls at intervals
    /// of at most `every`.
    #[cfg(feature = "deployments")]
    pub(crate) fn extended(&self, every: Duration, longest: Duration) -> Self {
        Self {
            looks: 1,
            ..Self::new(self.every.min(every), longest.min(self.left()))
        }
    }

    /// Returns whether the time is over.
    #[cfg(feature = "deployments")]
    pub(crate) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Returns how many times the wait has polled.
    pub(crate) fn looks(&self) -> u32 {
        self.looks
    }

    /// Sleeps until the next poll is due; the first is due at once. Returns
    /// `false` when the time is over.
    pub(crate) async fn turn(&mut self) -> bool {
        if self.looks > 0 {
            let left = self.left();
            if left.is_zero() {
                return false;
            }
            sleep(self.every.min(left)).await;
        }
        self.looks += 1;
        true
    }

    /// Polls once. Returns `None` while the server is unreachable.
    ///
    /// # Errors
    ///
    /// Errors that do not pass by themselves, and an outage that lasts too long.
    pub(crate) async fn look<T>(
        &mut self,
        look: impl Future<Output = Result<T>>,
    ) -> Result<Option<T>> {
        // The timers of a wait need a runtime, like the calls in it.
        runtime::guard(self.look_within_time(look)).await
    }

    async fn look_within_time<T>(
        &mut self,
        look: impl Future<Output = Result<T>>,
    ) -> Result<Option<T>> {
        // A maximum wait that overflows the clock means no limit.
        let end = self.left().checked_add(LAST_LOOK);
        let end = end.and_then(|left| Instant::now().checked_add(left));
        let seen = match end {
            Some(end) => match timeout_at(end, look).await {
                Ok(seen) => seen,
                Err(_) => return Ok(None),
            },
            None => look.await,
        };
        self.judge(seen)
    }

    /// Judges the result of a poll. Returns `None` while the server is unreachable.
    ///
    /// # Errors
    ///
    /// As [`look`](Self::look).
    pub(crate) fn judge<T>(&mut self, seen: Result<T>) -> Result<Option<T>> {
        match seen {
            Ok(seen) => {
                self.reached = Instant::now();
                Ok(Some(seen))
            }
            Err(error) if is_passing(&error) && self.reached.elapsed() < OUTAGE => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Counts a poll that another wait made for this one as well.
    #[cfg(feature = "deployments")]
    pub(crate) fn count(&mut self) {
        self.looks += 1;
    }

    /// Polls until there is a result; `None` when the time is over.
    pub(crate) async fn until<T, F>(&mut self, mut look: impl FnMut() -> F) -> Result<Option<T>>
    where
        F: Future<Output = Result<Option<T>>>,
    {
        while self.turn().await {
            if let Some(Some(found)) = self.look(look()).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Makes the error for a wait whose time is over. `still` is the last known
    /// state, as a clause.
    pub(crate) fn expired(&self, still: impl fmt::Display) -> Error {
        Error::new(
            ErrorKind::WaitExpired,
            format!(
                "{still} after {} s and {} polls",
                self.started.elapsed().as_secs(),
                self.looks
            ),
        )
    }

    /// Returns when the last poll has to be over; `None` if there is no limit.
    #[cfg(feature = "deployments")]
    pub(crate) fn end(&self) -> Option<Instant> {
        self.started
            .checked_add(self.longest.checked_add(LAST_LOOK)?)
    }

    /// Returns the time until the maximum wait is over.
    pub(crate) fn left(&self) -> Duration {
        let elapsed = self.started.elapsed();
        self.longest.saturating_sub(elapsed)
    }
}

/// Returns whether an error may pass by itself, like the errors of a server that
/// restarts and of the proxy in front of it.
fn is_passing(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::Interrupted
            | ErrorKind::Server
            | ErrorKind::NotCoolify
            | ErrorKind::RateLimited
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn client(poll_every: Duration) -> Coolify {
        let builder = Coolify::builder().url("http://c.example").token("1|t");
        builder.poll_every(poll_every).build().unwrap()
    }

    #[test]
    fn what_is_not_set_is_the_client_s() {
        let coolify = client(3 * SECOND);
        let mut patience = Patience::default();
        assert_eq!(patience.interval(&coolify), 3 * SECOND);
        assert_eq!(patience.slower(&coolify, 5).interval(&coolify), 15 * SECOND);
        patience.poll_every(SECOND);
        assert_eq!(patience.slower(&coolify, 5).interval(&coolify), SECOND);

        let hasty = client(Duration::ZERO);
        let shortest = Duration::from_millis(100);
        assert_eq!(Patience::default().interval(&hasty), shortest);
    }

    #[cfg(feature = "deployments")]
    #[test]
    fn what_all_waits_leave_open_is_each_one_s_own() {
        let coolify = client(SECOND);
        let mut own = Patience::default();
        own.poll_every(3 * SECOND);
        own.max_wait(30 * SECOND);
        let both = Patience::default().or(own);
        assert_eq!(both.interval(&coolify), 3 * SECOND);
        assert_eq!(both.longest, Some(30 * SECOND));
        let mut all = Patience::default();
        all.poll_every(2 * SECOND);
        all.max_wait(20 * SECOND);
        let both = all.or(own);
        assert_eq!(both.interval(&coolify), 2 * SECOND);
        assert_eq!(both.longest, Some(20 * SECOND));
    }

    fn failure(kind: ErrorKind) -> Error {
        Error::new(kind, "it failed")
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_ends() {
        let mut wait = Wait::new(2 * SECOND, 5 * SECOND);
        let found: Option<()> = wait.until(|| async { Ok(None) }).await.unwrap();
        assert_eq!(found, None);
        // At 0, 2, 4 and 5 seconds.
        assert_eq!(wait.looks(), 4);
        let error = wait.expired("it is still there").to_string();
        assert_eq!(error, "it is still there after 5 s and 4 polls");
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_that_hangs_does_not_prolong_it() {
        let started = Instant::now();
        let mut wait = Wait::new(SECOND, 5 * SECOND);
        let found: Option<()> = wait.until(std::future::pending).await.unwrap();
        assert_eq!(found, None);
        assert_eq!(started.elapsed(), 15 * SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_passes_and_a_refusal_does_not() {
        let mut wait = Wait::new(SECOND, 3600 * SECOND);
        let mut looks = 0;
        let found = wait
            .until(|| {
                looks += 1;
                let answer = match looks {
                    1..=100 => Err(failure(ErrorKind::Connect)),
                    _ => Ok(Some(looks)),
                };
                async { answer }
            })
            .await;
        assert_eq!(found.unwrap(), Some(101));

        let refused = wait.look::<()>(async { Err(failure(ErrorKind::Forbidden)) });
        assert_eq!(refused.await.unwrap_err().kind(), ErrorKind::Forbidden);
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_that_lasts_ends_it() {
        let mut wait = Wait::new(SECOND, 3600 * SECOND);
        let found: Result<Option<()>> = wait
            .until(|| async { Err(failure(ErrorKind::Server)) })
            .await;
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Server);
    }

    #[tokio::test(start_paused = true)]
    async fn an_outage_counts_from_when_the_server_was_last_reached() {
        let started = Instant::now();
        let mut wait = Wait::new(SECOND, 3600 * SECOND);
        let found: Result<Option<()>> = wait
            .until(|| async {
                match started.elapsed().as_secs() {
                    0..300 => Ok(None),
                    _ => Err(failure(ErrorKind::Interrupted)),
                }
            })
            .await;
        assert_eq!(found.unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!(started.elapsed(), 299 * SECOND + OUTAGE);
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_server_gives_that_restarts_passes() {
        use ErrorKind as K;

        let passing = [
            K::Connect,
            K::Timeout,
            K::Interrupted,
            K::Server,
            K::NotCoolify,
            K::RateLimited,
        ];
        let lasting = [
            K::Config,
            K::InvalidRequest,
            K::Redirect,
            K::OutOfScope,
            K::Unauthenticated,
            K::Forbidden,
            K::NotFound,
            K::Validation,
            K::Conflict,
            K::QueueFull,
            K::Unsupported,
            K::Decode,
            K::NoRuntime,
            K::Ambiguous,
            K::QuotaExceeded,
            K::DeploymentFailed,
            K::BackupFailed,
            K::ImportFailed,
            K::NotHealthy,
            K::WaitExpired,
        ];
        let mut wait = Wait::new(SECOND, 3600 * SECOND);
        for kind in passing {
            let seen = wait.look::<()>(async { Err(failure(kind)) }).await;
            assert_eq!(seen.unwrap(), None, "{kind:?}");
        }
        for kind in lasting {
            let seen = wait.look::<()>(async { Err(failure(kind)) }).await;
            assert_eq!(seen.unwrap_err().kind(), kind);
        }
    }

    /// Polls by this script, and returns the second of each poll and the outcome. A `.`
    /// finds nothing yet, an `x` fails for now, an `h` hangs, an `s` takes three seconds
    /// and finds nothing, an `o` finds it and an `f` is refused. The last one is repeated.
    async fn polled(every: u32, longest: u32, script: &str) -> String {
        let started = Instant::now();
        let mut wait = Wait::new(every * SECOND, longest * SECOND);
        let mut acts = script.chars().peekable();
        let mut polls = Vec::new();
        let found = wait
            .until(|| {
                polls.push(started.elapsed().as_secs().to_string());
                let act = acts.next().unwrap();
                if acts.peek().is_none() {
                    acts = script[script.len() - 1..].chars().peekable();
                }
                async move {
                    match act {
                        '.' => Ok(None),
                        'x' => Err(failure(ErrorKind::Connect)),
                        'h' => std::future::pending().await,
                        's' => {
                            sleep(3 * SECOND).await;
                            Ok(None)
                        }
                        'o' => Ok(Some(())),
                        _ => Err(failure(ErrorKind::Forbidden)),
                    }
                }
            })
            .await;
        let outcome = match found {
            Ok(Some(())) => "found".to_owned(),
            Ok(None) => wait.expired("not yet").to_string(),
            Err(error) => error.kind().to_string(),
        };
        let (left, end) = (wait.left().as_secs(), started.elapsed().as_secs());
        format!("{}: {outcome}, {left} s left at {end}", polls.join(" "))
    }

    #[tokio::test(start_paused = true)]
    async fn polls_are_made_in_time() {
        for (every, longest, script, played) in [
            (2, 5, "o", "0: found, 5 s left at 0"),
            (2, 5, "..o", "0 2 4: found, 1 s left at 4"),
            (
                2,
                5,
                ".",
                "0 2 4 5: not yet after 5 s and 4 polls, 0 s left at 5",
            ),
            (
                9,
                5,
                ".",
                "0 5: not yet after 5 s and 2 polls, 0 s left at 5",
            ),
            (2, 0, ".", "0: not yet after 0 s and 1 polls, 0 s left at 0"),
            (2, 5, "f", "0: forbidden, 5 s left at 0"),
            (2, 9, "xx.xo", "0 2 4 6 8: found, 1 s left at 8"),
            (
                2,
                5,
                "s",
                "0 5: not yet after 8 s and 2 polls, 0 s left at 8",
            ),
            (
                2,
                5,
                "h",
                "0: not yet after 15 s and 1 polls, 0 s left at 15",
            ),
            (
                2,
                20,
                ".ho",
                "0 2: not yet after 30 s and 2 polls, 0 s left at 30",
            ),
            (90, 999, "x", "0 90 180: no connection, 819 s left at 180"),
            (90, 999, ".x", "0 90 180: no connection, 819 s left at 180"),
            (89, 999, ".xxo", "0 89 178 267: found, 732 s left at 267"),
            (
                89,
                999,
                ".x.xxo",
                "0 89 178 267 356 445: found, 554 s left at 445",
            ),
        ] {
            assert_eq!(polled(every, longest, script).await, played, "{script}");
        }
    }

    #[cfg(feature = "deployments")]
    #[tokio::test(start_paused = true)]
    async fn the_last_poll_is_over_ten_seconds_after_the_wait() {
        let mut wait = Wait::new(SECOND, 5 * SECOND);
        assert_eq!(wait.end(), Some(Instant::now() + 15 * SECOND));
        assert_eq!(Wait::new(SECOND, Duration::MAX).end(), None);
        sleep(4 * SECOND).await;
        assert_eq!((wait.is_over(), wait.left()), (false, SECOND));
        wait.count();
        sleep(SECOND).await;
        assert_eq!((wait.is_over(), wait.looks()), (true, 1));
        assert!(!wait.turn().await, "another wait has polled for it");
    }

    #[tokio::test(start_paused = true)]
    async fn no_interval_is_shorter_than_a_tenth_of_a_second() {
        for (asked, taken) in [(0, 100), (99, 100), (100, 100), (101, 101)] {
            let mut patience = Patience::default();
            patience.poll_every(Duration::from_millis(asked));
            let taken = Duration::from_millis(taken);
            let coolify = client(Duration::from_secs(7));
            assert_eq!(patience.interval(&coolify), taken);
            let mut wait = patience.start(&coolify, SECOND);
            let started = Instant::now();
            assert!(wait.turn().await);
            assert_eq!(
                started.elapsed(),
                Duration::ZERO,
                "the first look is at once"
            );
            assert!(wait.turn().await);
            assert_eq!(started.elapsed(), taken);
        }
    }

    #[cfg(feature = "deployments")]
    #[tokio::test(start_paused = true)]
    async fn the_longest_wait_can_be_set_and_be_none() {
        let coolify = client(SECOND);
        let mut patience = Patience::default();
        patience.max_wait(Duration::ZERO);
        let mut wait = patience.start(&coolify, SECOND);
        assert!(wait.turn().await, "one look there always is");
        assert!(!wait.turn().await);
        assert!(wait.is_over());

        patience.max_wait(Duration::MAX);
        let mut wait = patience.start(&coolify, SECOND);
        let slow = async {
            sleep(1_000_000 * SECOND).await;
            Ok(7)
        };
        assert_eq!(wait.look(slow).await.unwrap(), Some(7));
        assert!(!wait.is_over());
    }

    #[cfg(feature = "deployments")]
    #[tokio::test(start_paused = true)]
    async fn a_wait_that_goes_on_is_bounded_by_the_first() {
        let mut wait = Wait::new(3 * SECOND, 10 * SECOND);
        assert!(wait.turn().await && wait.turn().await);
        let mut long = wait.extended(SECOND, 60 * SECOND);
        let started = Instant::now();
        while long.turn().await {}
        assert_eq!(started.elapsed(), 7 * SECOND);
        // At 1, 2, .. 7 seconds; the look before them was the first wait's.
        assert_eq!(long.looks(), 8);
        let mut short = Wait::new(SECOND, 3600 * SECOND).extended(SECOND, 2 * SECOND);
        let started = Instant::now();
        while short.turn().await {}
        assert_eq!(started.elapsed(), 2 * SECOND);
    }
}
