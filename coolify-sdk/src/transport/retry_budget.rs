//! Keeps an outage from being multiplied by retries.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// What a successful reply adds to the budget.
const EARNED: f64 = 0.1;

/// What the budget gains in a second.
const GAINED: f64 = 1.0;

/// A limit of the retries that all clones of a client share.
///
/// Without it, a client with many tasks multiplies an outage: each task repeats its
/// request, and the server that is barely up again gets a multiple of its usual load.
/// Each retry takes one from the budget, each success adds a tenth, and each second adds
/// one, up to the size of the budget. If it is empty, a failed call is not repeated.
///
/// Waiting for the rate limit takes nothing from the budget.
///
/// ```
/// use coolify_sdk::{Coolify, RetryBudget};
///
/// let builder = Coolify::builder().retry_budget(RetryBudget::new(20));
/// # let _ = builder;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryBudget {
    size: u32,
}

impl Default for RetryBudget {
    /// Allows 100 retries at once.
    fn default() -> Self {
        Self::new(100)
    }
}

impl RetryBudget {
    /// Makes a budget of this many retries. A budget of 0 never repeats a call.
    #[must_use]
    pub const fn new(size: u32) -> Self {
        Self { size }
    }

    /// Makes a budget that is never used up.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self::new(u32::MAX)
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(crate) struct Purse {
    size: f64,
    left: Mutex<Left>,
}

#[derive(Debug)]
struct Left {
    retries: f64,
    /// When something was added last. `None` before the first retry, because a client may
    /// be made outside of a runtime.
    at: Option<Instant>,
}

impl Purse {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        let size = f64::from(budget.size);
        Self {
            size,
            left: Mutex::new(Left {
                retries: size,
                at: None,
            }),
        }
    }

    /// Takes a retry from the budget, and returns whether there was one.
    pub(super) fn take(&self) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let since = left
            .at
            .map_or(0.0, |at| now.duration_since(at).as_secs_f64());
        left.at = Some(now);
        left.retries = since.mul_add(GAINED, left.retries).min(self.size);
        if left.retries < 1.0 {
            return false;
        }
        left.retries -= 1.0;
        true
    }

    /// Adds what a success earns.
    pub(super) fn earn(&self) {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.retries = (left.retries + EARNED).min(self.size);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(purse: &Purse, tries: usize) -> usize {
        (0..tries).filter(|_| purse.take()).count()
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_used_up_and_fills_again() {
        let purse = Purse::new(RetryBudget::new(5));
        assert_eq!(taken(&purse, 20), 5);
        (0..30).for_each(|_| purse.earn());
        assert_eq!(taken(&purse, 20), 3, "a tenth for each success");
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(taken(&purse, 20), 2, "one for each second");
        tokio::time::advance(Duration::from_secs(3600)).await;
        (0..1000).for_each(|_| purse.earn());
        assert_eq!(taken(&purse, 20), 5, "it never holds more");
    }

    #[tokio::test(start_paused = true)]
    async fn the_ends() {
        assert_eq!(taken(&Purse::new(RetryBudget::new(0)), 3), 0);
        assert_eq!(taken(&Purse::new(RetryBudget::unlimited()), 9_999), 9_999);
    }
}
