//! Decides when a request is sent again, and after how long.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// The shortest wait that is used when a server asks for one. Limiters count in
/// whole seconds, so for the rest of the last second they ask for no wait at all.
pub(super) const SHORTEST_SILENCE: Duration = Duration::from_millis(250);

/// How many times the rate limit may refuse one call.
const MOST_REFUSALS: u32 = 10;

/// How a client repeats failed requests.
///
/// Reads are repeated if the connection failed or broke, if the reply took too
/// long, and on 429, 502, 503 and 504. Writes are repeated only if they were
/// certainly not carried out: if no connection could be established, and on the
/// 429 of Coolify's own rate limit. Nothing else is sent twice.
///
/// ```
/// use std::time::Duration;
/// use coolify_sdk::RetryPolicy;
///
/// let patient = RetryPolicy::default()
///     .attempts(6)
///     .max_wait(Duration::from_secs(300));
/// # let _ = patient;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    first: Duration,
    longest: Duration,
    max_wait: Duration,
}

impl Default for RetryPolicy {
    /// Makes four attempts. The first wait is a quarter of a second; each further
    /// wait is twice as long, up to eight seconds. `Retry-After` is obeyed up to
    /// two minutes.
    fn default() -> Self {
        Self {
            attempts: 4,
            first: Duration::from_millis(250),
            longest: Duration::from_secs(8),
            max_wait: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// Sends every request once.
    #[must_use]
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// Sets the maximum number of attempts, including the first.
    ///
    /// A refusal by the rate limit does not count as an attempt if the server
    /// says how long to wait. After ten such refusals of one call, the error is
    /// returned.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets the wait after the first failure and the longest wait; in between,
    /// the wait doubles. Each wait is shortened by a random part of up to half.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// Sets the longest wait that a server may ask for with `Retry-After`. If it
    /// asks for more, the error is returned at once. More than a day counts as a
    /// day.
    ///
    /// Only seconds are understood, because Coolify sends seconds; a date or an
    /// invalid value is ignored. A wait that is shorter than the client's own
    /// wait is extended to it, and to at least a quarter of a second.
    #[must_use]
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = longest;
        self
    }

    /// Returns whether anything is repeated.
    pub(crate) fn repeats(&self) -> bool {
        self.attempts > 1
    }

    /// Returns the wait before the next attempt after `failed` attempts; `None`
    /// for no more attempts.
    pub(crate) fn wait(&self, failed: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if failed >= self.attempts {
            return None;
        }
        match retry_after {
            Some(asked) => self.at_least(asked, failed),
            None => Some(self.backoff_after(failed)),
        }
    }

    /// Returns the wait for the rate limit after this many refusals of the call,
    /// which does not use up an attempt; `None` for no more attempts.
    pub(crate) fn obey(&self, asked: Duration, refusals: u32) -> Option<Duration> {
        let goes_on = self.repeats() && refusals < MOST_REFUSALS;
        goes_on.then(|| self.at_least(asked, refusals)).flatten()
    }

    /// Returns the wait that the server asks for, but at least the client's own
    /// wait.
    fn at_least(&self, asked: Duration, failed: u32) -> Option<Duration> {
        let wait = asked.max(SHORTEST_SILENCE).max(self.backoff_after(failed));
        (asked <= self.max_wait).then_some(wait)
    }

    fn backoff_after(&self, failed: u32) -> Duration {
        let doubled = 1 << failed.saturating_sub(1).min(16);
        jitter(self.first.saturating_mul(doubled).min(self.longest))
    }
}

/// Returns a wait between half of `wait` and all of it, so that clients which
/// failed together do not retry together.
fn jitter(wait: Duration) -> Duration {
    // Every `RandomState` has different keys, which is enough randomness here.
    let random = RandomState::new().hash_one(0_u8) % 512;
    let share = u32::try_from(random).unwrap_or_default();
    wait / 2 + wait.saturating_mul(share) / 1024
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::RetryPolicy;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn waits_double_up_to_a_limit() {
        let policy = RetryPolicy::default()
            .attempts(100)
            .backoff(SECOND, 4 * SECOND);
        for (failed, longest) in [(1, 1), (2, 2), (3, 4), (4, 4), (60, 4)] {
            let wait = policy.wait(failed, None).unwrap();
            let longest = longest * SECOND;
            assert!(wait >= longest / 2 && wait <= longest, "{failed}: {wait:?}");
        }
    }

    #[test]
    fn no_wait_is_too_long_to_be_counted_with() {
        let policy = RetryPolicy::default().backoff(Duration::MAX, Duration::MAX);
        assert!(policy.wait(3, None).is_some_and(|wait| wait > SECOND));
    }

    #[test]
    fn attempts_end() {
        let policy = RetryPolicy::default().attempts(2);
        assert!(policy.wait(1, None).is_some());
        assert_eq!(policy.wait(2, None), None);
        assert_eq!(RetryPolicy::none().wait(1, None), None);
        assert_eq!(RetryPolicy::none().obey(SECOND, 1), None);
    }

    #[test]
    fn refusals_end() {
        let policy = RetryPolicy::default().attempts(2);
        assert!((1..10).all(|refusals| policy.obey(SECOND, refusals).is_some()));
        assert_eq!(policy.obey(SECOND, 10), None);
    }

    #[test]
    fn the_server_may_ask_for_a_bounded_wait() {
        let policy = RetryPolicy::default().max_wait(10 * SECOND);
        assert_eq!(policy.wait(1, Some(10 * SECOND)), Some(10 * SECOND));
        assert_eq!(policy.wait(1, Some(11 * SECOND)), None);
        assert_eq!(policy.obey(10 * SECOND, 1), Some(10 * SECOND));
        assert_eq!(policy.obey(11 * SECOND, 1), None);
    }

    #[test]
    fn a_server_cannot_ask_for_no_wait_at_all() {
        let brief = RetryPolicy::default()
            .attempts(9)
            .backoff(Duration::ZERO, Duration::ZERO);
        let quarter = SECOND / 4;
        for asked in [Duration::ZERO, SECOND / 100] {
            assert_eq!(brief.wait(1, Some(asked)), Some(quarter));
            assert_eq!(brief.obey(asked, 1), Some(quarter));
        }
        assert_eq!(brief.wait(1, None), Some(Duration::ZERO));
        // A client that is refused repeatedly waits longer each time.
        let policy = RetryPolicy::default().attempts(9);
        assert!(policy.wait(6, Some(Duration::ZERO)) >= Some(4 * SECOND));
        assert!(policy.obey(SECOND, 6) >= Some(4 * SECOND));
    }

    #[test]
    fn clients_that_failed_together_come_back_at_different_times() {
        let policy = RetryPolicy::default()
            .attempts(9)
            .backoff(8 * SECOND, 8 * SECOND);
        let waits: Vec<_> = (0..200).filter_map(|_| policy.wait(1, None)).collect();
        let sooner = waits.iter().filter(|wait| **wait < 5 * SECOND).count();
        let later = waits.iter().filter(|wait| **wait > 7 * SECOND).count();
        assert!(sooner > 10 && later > 10, "{sooner} {later}");
    }

    #[test]
    fn only_what_the_server_asks_for_can_be_too_long() {
        let policy = RetryPolicy::default()
            .attempts(9)
            .backoff(8 * SECOND, 8 * SECOND)
            .max_wait(SECOND);
        assert!(policy.obey(SECOND, 1) >= Some(4 * SECOND));
        assert!(policy.wait(1, Some(SECOND)) >= Some(4 * SECOND));
        assert_eq!(policy.wait(1, Some(2 * SECOND)), None);
    }
}
