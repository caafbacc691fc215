//! Paces requests to stay under the rate limit.

mod pacer;
#[cfg(test)]
mod tests;
mod window;

use std::time::Duration;

pub(crate) use self::{
    pacer::{Pacer, Permit, TooLong},
    window::Budget,
};

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

    /// Returns the limit that the user set.
    fn fixed(&self) -> Option<u32> {
        match self.mode {
            Mode::Fixed(limit) => Some(limit),
            Mode::Learned | Mode::Off => None,
        }
    }

    pub(crate) fn longest_wait(&self) -> Duration {
        self.max_wait
    }
}
