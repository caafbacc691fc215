//! When a request is sent again, and after how long.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// How a client repeats what failed.
///
/// Reads are repeated when the connection failed or broke, when the reply took
/// too long, and on 429, 502, 503 and 504. Writes are repeated only where they
/// were certainly not carried out: when no connection came about, and on the
/// 429 of Coolify's own rate limit. Nothing else is ever sent twice.
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
    /// Four attempts, a quarter of a second after the first and twice as long
    /// after each, at most eight seconds; `Retry-After` up to two minutes.
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
    /// Sends everything once.
    #[must_use]
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included. Waiting
    /// for the rate limit does not count as an attempt, unless the server does
    /// not say how long.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long to wait after the first failure, and at most; in between the
    /// wait doubles. Each wait is shortened by a random part of up to half.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// The longest wait that a server may ask for with `Retry-After`; on a
    /// longer one the error is returned at once. More than a day counts as a
    /// day. Only seconds are understood, which is what Coolify sends: a date
    /// or nonsense is as good as no `Retry-After` at all.
    #[must_use]
    pub fn max_wait(mut self, longest: Duration) -> Self {
        self.max_wait = longest;
        self
    }

    /// Whether anything is repeated at all.
    pub(crate) fn repeats(&self) -> bool {
        self.attempts > 1
    }

    /// The wait before the next attempt when `failed` have failed, or none.
    pub(crate) fn wait(&self, failed: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if failed >= self.attempts {
            return None;
        }
        match retry_after {
            Some(asked) => self.obey(asked),
            None => Some(jitter(
                self.first
                    .saturating_mul(1 << (failed.saturating_sub(1)).min(16))
                    .min(self.longest),
            )),
        }
    }

    /// The wait for the rate limit, which costs no attempt.
    pub(crate) fn obey(&self, asked: Duration) -> Option<Duration> {
        (self.repeats() && asked <= self.max_wait).then_some(asked)
    }
}

/// Between half of `wait` and all of it, so that clients which failed together
/// do not come back together.
fn jitter(wait: Duration) -> Duration {
    // Every `RandomState` has other keys: all the randomness this needs.
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
        assert_eq!(RetryPolicy::none().obey(SECOND), None);
    }

    #[test]
    fn the_server_may_ask_for_a_bounded_wait() {
        let policy = RetryPolicy::default().max_wait(10 * SECOND);
        assert_eq!(policy.wait(1, Some(10 * SECOND)), Some(10 * SECOND));
        assert_eq!(policy.wait(1, Some(11 * SECOND)), None);
    }
}
