//! Waiting for room under the limit, one request behind the other.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turnstile, Notify},
    time::{Instant, timeout_at},
};

use super::{
    Mode, Pacing,
    window::{Budget, Step, Window},
};

/// The count that all clones of a client share.
#[derive(Debug)]
pub(crate) struct Pacer {
    off: bool,
    window: Mutex<Window>,
    /// Makes the calls wait in the order in which they arrived.
    turnstile: Turnstile<()>,
    settled: Notify,
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
            window: Mutex::new(Window::new(pacing.fixed())),
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
            let step = self.window().step(now, may_probe);
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
        let window = self.window();
        let until = window.blocked_until.or(window.ends)?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.settle(|window, same_window| {
            window.cautious = false;
            match budget {
                Some(budget) if same_window => window.learn(budget, Instant::now()),
                // An error without a limit comes from something in front of the limiter.
                None if window.fixed.is_none() => window.unlimited |= success,
                _ => window.count(),
            }
        });
    }

    /// Records that the limiter refused the request, without counting it.
    pub(crate) fn refused(mut self, retry_after: Duration, budget: Option<Budget>) {
        self.settle(|window, _| window.block(Instant::now() + retry_after, budget));
    }

    /// Records that the request was not sent.
    pub(crate) fn unsent(mut self) {
        self.settle(|_, _| {});
    }

    fn settle(&mut self, change: impl FnOnce(&mut Window, bool)) {
        if let Some(pacer) = self.pacer.take() {
            let mut window = pacer.window();
            let same_window = window.number == self.window;
            change(&mut window, same_window);
            window.in_flight = window.in_flight.saturating_sub(1);
            drop(window);
            pacer.settled.notify_one();
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.settle(|window, _| window.count());
    }
}
