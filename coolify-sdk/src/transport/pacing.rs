//! Paces requests to stay under the rate limit.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turnstile, Notify},
    time::{Instant, timeout_at},
};

/// Coolify's default limit of requests per minute.
const USUAL_LIMIT: u32 = 200;

/// The length of the limiter's windows, which begin with a request.
const WINDOW: Duration = Duration::from_secs(60);

/// The maximum wait that the clock can represent safely.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How a client stays under the rate limit of its server.
///
/// Coolify allows each user a number of requests per minute (200 by default),
/// counted from the first one on, and refuses further requests. A paced client
/// sends without delay while there is room under the limit; then the next request
/// waits for the next minute. All clones of a client share one count, and wait in
/// order.
///
/// ```
/// use coolify_sdk::Pacing;
///
/// // Leaves the other half to the other tools of the same user.
/// let modest = Pacing::per_minute(100);
/// # let _ = modest;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pacing {
    mode: Mode,
    max_wait: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Learned,
    Fixed(u32),
    Off,
}

impl Default for Pacing {
    /// Learns the limit from the replies, and waits at most ten minutes. Requests
    /// to a server whose replies announce no limit are not paced.
    fn default() -> Self {
        Self {
            mode: Mode::Learned,
            max_wait: Duration::from_secs(600),
        }
    }
}

impl Pacing {
    /// Sends at most this many requests per minute, whatever the server
    /// announces.
    #[must_use]
    pub fn per_minute(requests: u32) -> Self {
        Self {
            mode: Mode::Fixed(requests.max(1)),
            ..Self::default()
        }
    }

    /// Never delays a request.
    #[must_use]
    pub fn off() -> Self {
        Self {
            mode: Mode::Off,
            ..Self::default()
        }
    }

    /// Sets how long a call may be delayed in total. If it would take longer, the
    /// call fails with an error for which
    /// [`is_rate_limited`](crate::Error::is_rate_limited) is true.
    #[must_use]
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = longest.min(YEAR);
        self
    }

    pub(crate) fn longest_wait(&self) -> Duration {
        self.max_wait
    }
}

/// The count that all clones of a client share.
#[derive(Debug)]
pub(crate) struct Pacer {
    off: bool,
    state: Mutex<State>,
    /// Makes the calls wait in the order in which they arrived.
    turnstile: Turnstile<()>,
    settled: Notify,
}

/// The number of requests that the server allows, and the number that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
}

/// The wait would be longer than allowed.
#[derive(Debug)]
pub(crate) struct TooLong {
    /// How long the wait would be, if it is known.
    pub(crate) wait: Option<Duration>,
}

impl Pacer {
    pub(crate) fn new(pacing: &Pacing) -> Self {
        Self {
            off: pacing.mode == Mode::Off,
            state: Mutex::new(State::new(match pacing.mode {
                Mode::Fixed(limit) => Some(limit),
                Mode::Learned | Mode::Off => None,
            })),
            turnstile: Turnstile::new(()),
            settled: Notify::new(),
        }
    }

    /// Waits until a request may be sent. With `may_probe`, a request may be sent
    /// to learn when the window ends, at the risk of a 429.
    pub(crate) async fn enter(
        &self,
        deadline: Instant,
        may_probe: bool,
    ) -> Result<Permit<'_>, TooLong> {
        if self.off {
            return Ok(Permit {
                pacer: None,
                window: 0,
            });
        }
        let Ok(_turn) = timeout_at(deadline, self.turnstile.lock()).await else {
            return Err(TooLong { wait: None });
        };
        loop {
            let answered = self.settled.notified();
            let now = Instant::now();
            let step = self.state().step(now, may_probe);
            match step {
                Step::Go(window) => {
                    return Ok(Permit {
                        pacer: Some(self),
                        window,
                    });
                }
                Step::Wait(Some(until)) if until > deadline => {
                    return Err(TooLong {
                        wait: Some(until - now),
                    });
                }
                Step::Wait(until) => {
                    let woken = timeout_at(until.unwrap_or(deadline), answered).await;
                    if woken.is_err() && until.is_none() {
                        return Err(TooLong { wait: None });
                    }
                }
            }
        }
    }

    /// Returns how long there is no room, if it is known.
    pub(crate) fn known_wait(&self) -> Option<Duration> {
        let state = self.state();
        let until = state.blocked_until.or(state.ends)?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The permit to send one request. Dropping it means that the outcome of the
/// request is unknown.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    pacer: Option<&'a Pacer>,
    window: u64,
}

impl Permit<'_> {
    /// Records an answer, which may contain what is left.
    pub(crate) fn answered(mut self, budget: Option<Budget>, success: bool) {
        self.settle(|state, same_window| {
            state.cautious = false;
            match budget {
                Some(budget) if same_window => state.learn(budget, Instant::now()),
                // An error without a limit comes from something in front of the limiter.
                None if state.fixed.is_none() => state.unlimited |= success,
                _ => state.count(),
            }
        });
    }

    /// Records that the limiter refused the request, without counting it.
    pub(crate) fn refused(mut self, retry_after: Duration, budget: Option<Budget>) {
        self.settle(|state, _| state.block(Instant::now() + retry_after, budget));
    }

    /// Records that the request was not sent.
    pub(crate) fn unsent(mut self) {
        self.settle(|_, _| {});
    }

    fn settle(&mut self, change: impl FnOnce(&mut State, bool)) {
        if let Some(pacer) = self.pacer.take() {
            let mut state = pacer.state();
            let same_window = state.window == self.window;
            change(&mut state, same_window);
            state.in_flight = state.in_flight.saturating_sub(1);
            drop(state);
            pacer.settled.notify_one();
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.settle(|state, _| state.count());
    }
}

/// What is known about the limiter's current window.
#[derive(Debug)]
struct State {
    /// The limit that the user has set.
    fixed: Option<u32>,
    /// The current limit.
    limit: u32,
    /// Whether the server announces no limit.
    unlimited: bool,
    /// What is left, without the requests in flight.
    remaining: u32,
    /// The requests that were sent and not answered yet.
    in_flight: u32,
    /// When the window ends; unknown before the first reply.
    ends: Option<Instant>,
    /// Whether `ends` is exact, instead of the latest possible time.
    exact: bool,
    /// The server has asked to send nothing until then.
    blocked_until: Option<Instant>,
    /// After a block, a single request is sent first, to see whether it is over.
    cautious: bool,
    /// The number of the window. A reply to a request of an older window says
    /// nothing about it.
    window: u64,
}

enum Step {
    /// Send, in this window.
    Go(u64),
    /// Wait for an answer, or until the time.
    Wait(Option<Instant>),
}

impl State {
    fn new(fixed: Option<u32>) -> Self {
        let limit = fixed.unwrap_or(USUAL_LIMIT);
        Self {
            fixed,
            limit,
            unlimited: false,
            remaining: limit,
            in_flight: 0,
            ends: None,
            exact: false,
            blocked_until: None,
            cautious: false,
            window: 0,
        }
    }

    fn step(&mut self, now: Instant, may_probe: bool) -> Step {
        if let Some(until) = self.blocked_until {
            if now < until {
                return Step::Wait(Some(until));
            }
            self.blocked_until = None;
            self.cautious = true;
            self.begin_window();
        }
        if self.ends.is_some_and(|end| now >= end) {
            self.begin_window();
        }
        let alone = self.in_flight == 0;
        let room = self.unlimited || self.remaining > self.in_flight;
        // Without a known end, an answer is the only thing to wait for.
        let probe = alone && (self.ends.is_none() || (may_probe && !self.exact));
        if probe || (room && (alone || !self.cautious)) {
            self.in_flight += 1;
            return Step::Go(self.window);
        }
        Step::Wait(self.ends)
    }

    fn begin_window(&mut self) {
        self.window += 1;
        self.remaining = self.limit;
        self.ends = None;
        self.exact = false;
    }

    fn learn(&mut self, budget: Budget, now: Instant) {
        // The request that is being recorded still counts as in flight.
        let mine = self.in_flight;
        let used = budget.limit.saturating_sub(budget.remaining);
        self.unlimited = false;
        if let Some(limit) = self.fixed {
            self.limit = limit;
            self.count();
            self.remaining = self.remaining.min(budget.remaining);
            return;
        }
        self.limit = budget.limit;
        // More room than before: a new window has begun.
        let anew = budget.remaining > self.remaining.saturating_add(mine);
        if self.ends.is_none() || anew {
            self.ends = Some(now + WINDOW);
            self.exact = used <= mine;
            self.remaining = budget.remaining;
        } else if mine == 1 {
            self.remaining = budget.remaining;
        } else {
            // Replies can overtake each other, and the lowest number is the latest.
            self.remaining = self.remaining.min(budget.remaining);
        }
    }

    /// Adds a request that the server may have counted.
    fn count(&mut self) {
        self.remaining = self.remaining.saturating_sub(1);
        if self.fixed.is_some() && self.ends.is_none() {
            self.ends = Some(Instant::now() + WINDOW);
            self.exact = true;
        }
    }

    fn block(&mut self, until: Instant, budget: Option<Budget>) {
        self.unlimited = false;
        if let (None, Some(budget)) = (self.fixed, budget) {
            self.limit = budget.limit;
        }
        self.blocked_until = Some(self.blocked_until.map_or(until, |known| known.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, Mutex},
        time::Duration,
    };

    use tokio::{
        task::JoinSet,
        time::{Instant, sleep},
    };

    use super::{Budget, Pacer, Pacing, Permit};

    /// Counts like Laravel's limiter: in windows that begin with a request.
    struct Limiter {
        limit: u32,
        window: Mutex<(u32, Instant)>,
        refusals: Mutex<u32>,
    }

    impl Limiter {
        fn new(limit: u32) -> Self {
            Self {
                limit,
                window: Mutex::new((0, Instant::now())),
                refusals: Mutex::new(0),
            }
        }

        fn hit(&self) -> Result<Budget, Duration> {
            let mut window = self.window.lock().unwrap();
            let now = Instant::now();
            if window.0 == 0 || now >= window.1 {
                *window = (0, now + Duration::from_secs(60));
            }
            if window.0 == self.limit {
                *self.refusals.lock().unwrap() += 1;
                let left = (window.1 - now).as_secs();
                return Err(Duration::from_secs(left));
            }
            window.0 += 1;
            Ok(Budget {
                limit: self.limit,
                remaining: self.limit - window.0,
            })
        }

        async fn answer(&self, permit: Permit<'_>, delay: Duration) -> bool {
            sleep(delay / 2).await;
            let verdict = self.hit();
            sleep(delay / 2).await;
            match verdict {
                Ok(budget) => permit.answered(Some(budget), true),
                Err(wait) => {
                    permit.refused(wait.max(Duration::from_millis(250)), None);
                    return false;
                }
            }
            true
        }
    }

    async fn call(pacer: &Pacer, limiter: &Limiter, delay: u64) {
        loop {
            let deadline = Instant::now() + Duration::from_secs(3_600);
            let permit = pacer.enter(deadline, true).await.unwrap();
            if limiter.answer(permit, Duration::from_millis(delay)).await {
                return;
            }
        }
    }

    async fn burst(pacer: &Arc<Pacer>, limiter: &Arc<Limiter>, calls: u64) -> Duration {
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for number in 0..calls {
            let (pacer, limiter) = (pacer.clone(), limiter.clone());
            tasks.spawn(async move { call(&pacer, &limiter, 10 + number * 7 % 90).await });
        }
        tasks.join_all().await;
        start.elapsed()
    }

    fn pair(pacing: &Pacing, limit: u32) -> (Arc<Pacer>, Arc<Limiter>) {
        (Arc::new(Pacer::new(pacing)), Arc::new(Limiter::new(limit)))
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_calls_take_four_waits_and_no_refusal() {
        let (pacer, limiter) = pair(&Pacing::default(), 200);
        let took = burst(&pacer, &limiter, 1_000).await;
        assert_eq!(*limiter.refusals.lock().unwrap(), 0);
        assert!(took < Duration::from_secs(242), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn there_is_no_delay_while_there_is_room() {
        let (pacer, limiter) = pair(&Pacing::default(), 200);
        let took = burst(&pacer, &limiter, 200).await;
        assert!(took <= Duration::from_millis(110), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_that_others_opened_ends_when_the_server_says() {
        let (pacer, limiter) = pair(&Pacing::default(), 200);
        for _ in 0..150 {
            limiter.hit().unwrap();
        }
        sleep(Duration::from_secs(40)).await;
        call(&pacer, &limiter, 10).await;
        let took = burst(&pacer, &limiter, 60).await;
        // One refusal to learn the time, and the others because it is in whole
        // seconds.
        assert!(*limiter.refusals.lock().unwrap() <= 5);
        assert!(took < Duration::from_secs(21), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_lower_limit_is_learned() {
        let (pacer, limiter) = pair(&Pacing::default(), 8);
        call(&pacer, &limiter, 10).await;
        let took = burst(&pacer, &limiter, 23).await;
        assert_eq!(*limiter.refusals.lock().unwrap(), 0);
        assert!(took < Duration::from_secs(121), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_set_limit_holds_without_the_help_of_the_server() {
        let pacer = Pacer::new(&Pacing::per_minute(10));
        let start = Instant::now();
        for _ in 0..25 {
            let permit = pacer
                .enter(start + Duration::from_secs(600), true)
                .await
                .unwrap();
            permit.answered(None, true);
        }
        assert_eq!(start.elapsed().as_secs(), 120);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_without_a_limit_is_not_paced() {
        let pacer = Pacer::new(&Pacing::default());
        let start = Instant::now();
        for _ in 0..1_000 {
            let permit = pacer
                .enter(start + Duration::from_secs(600), true)
                .await
                .unwrap();
            permit.answered(None, true);
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_wait_is_respected() {
        let (pacer, limiter) = pair(&Pacing::default(), 200);
        burst(&pacer, &limiter, 200).await;
        let start = Instant::now();
        let refused = pacer.enter(start + Duration::from_secs(5), true).await;
        assert!(refused.unwrap_err().wait.unwrap() > Duration::from_secs(59));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_dropped_or_never_sent_blocks_nobody() {
        let pacer = Pacer::new(&Pacing::default());
        let start = Instant::now();
        for _ in 0..500 {
            drop(
                pacer
                    .enter(start + Duration::from_secs(1), true)
                    .await
                    .unwrap(),
            );
            pacer
                .enter(start + Duration::from_secs(1), true)
                .await
                .unwrap()
                .unsent();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// Returns a permit, or waits for ever.
    async fn enter(pacer: &Pacer) -> Permit<'_> {
        let deadline = Instant::now() + Duration::from_secs(3_600);
        pacer.enter(deadline, false).await.unwrap()
    }

    /// Returns whether there is no room now.
    async fn is_held_back(pacer: &Pacer) -> bool {
        let now = Instant::now();
        pacer.enter(now, false).await.is_err()
    }

    const fn left(limit: u32, remaining: u32) -> Budget {
        Budget { limit, remaining }
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_sent_and_not_answered_counts_as_sent() {
        let pacer = Pacer::new(&Pacing::default());
        enter(&pacer).await.answered(Some(left(4, 3)), true);
        let start = Instant::now();
        for _ in 0..3 {
            drop(enter(&pacer).await);
        }
        assert!(is_held_back(&pacer).await);
        enter(&pacer).await.unsent();
        assert_eq!(start.elapsed().as_secs(), 60);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_never_sent_does_not_count() {
        let pacer = Pacer::new(&Pacing::default());
        enter(&pacer).await.answered(Some(left(4, 3)), true);
        for _ in 0..10 {
            enter(&pacer).await.unsent();
        }
        assert!(!is_held_back(&pacer).await);
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_refusals_the_one_that_asks_for_longer_counts() {
        for (first, second) in [(30, 5), (5, 30)] {
            let pacer = Pacer::new(&Pacing::default());
            enter(&pacer).await.answered(Some(left(9, 8)), true);
            let permits = (enter(&pacer).await, enter(&pacer).await);
            let start = Instant::now();
            permits.0.refused(Duration::from_secs(first), None);
            permits.1.refused(Duration::from_secs(second), None);
            enter(&pacer).await.unsent();
            assert_eq!(start.elapsed().as_secs(), 30);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_refusal_one_goes_ahead_and_then_all() {
        let pacer = Pacer::new(&Pacing::default());
        enter(&pacer).await.answered(Some(left(9, 8)), true);
        let refused = enter(&pacer).await;
        refused.refused(Duration::from_secs(5), Some(left(9, 0)));
        let first = enter(&pacer).await;
        assert!(
            is_held_back(&pacer).await,
            "the first sees whether it is over"
        );
        first.answered(Some(left(9, 8)), true);
        let all = [
            enter(&pacer).await,
            enter(&pacer).await,
            enter(&pacer).await,
        ];
        assert!(!is_held_back(&pacer).await);
        drop(all);
    }

    #[tokio::test(start_paused = true)]
    async fn a_set_limit_gives_way_to_a_lower_one_of_the_server() {
        let pacer = Pacer::new(&Pacing::per_minute(50));
        enter(&pacer).await.answered(Some(left(200, 1)), true);
        enter(&pacer).await.answered(Some(left(200, 0)), true);
        assert!(is_held_back(&pacer).await);
        let start = Instant::now();
        enter(&pacer).await.unsent();
        assert_eq!(start.elapsed().as_secs(), 60);
    }

    #[tokio::test(start_paused = true)]
    async fn how_long_there_is_no_room_is_known() {
        let pacer = Pacer::new(&Pacing::default());
        assert_eq!(pacer.known_wait(), None);
        enter(&pacer).await.answered(Some(left(9, 8)), true);
        assert_eq!(pacer.known_wait(), Some(Duration::from_secs(60)));
        let refused = enter(&pacer).await;
        refused.refused(Duration::from_secs(7), None);
        assert_eq!(pacer.known_wait(), Some(Duration::from_secs(7)));
    }
}
