//! What is known of the limiter's present window.

use std::time::Duration;

use tokio::time::Instant;

/// Coolify's default limit of requests per minute.
const USUAL_LIMIT: u32 = 200;

/// The length of the limiter's windows, which begin with a request.
const LENGTH: Duration = Duration::from_secs(60);

/// The number of requests that the server allows, and the number that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
}

/// What is known about the limiter's current window.
#[derive(Debug)]
pub(super) struct Window {
    /// The limit that the user has set.
    pub(super) fixed: Option<u32>,
    /// The current limit.
    limit: u32,
    /// Whether the server announces no limit.
    pub(super) unlimited: bool,
    /// What is left, without the requests in flight.
    remaining: u32,
    /// The requests that were sent and not answered yet.
    pub(super) in_flight: u32,
    /// When the window ends; unknown before the first reply.
    pub(super) ends: Option<Instant>,
    /// Whether `ends` is exact, instead of the latest possible time.
    exact: bool,
    /// The server has asked to send nothing until then.
    pub(super) blocked_until: Option<Instant>,
    /// After a block, a single request is sent first, to see whether it is over.
    pub(super) cautious: bool,
    /// The number of the window. A reply to a request of an older window says
    /// nothing about it.
    pub(super) number: u64,
}

pub(super) enum Step {
    /// Send, in this window.
    Go(u64),
    /// Wait for an answer, or until the time.
    Wait(Option<Instant>),
}

impl Window {
    pub(super) fn new(fixed: Option<u32>) -> Self {
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
            number: 0,
        }
    }

    pub(super) fn step(&mut self, now: Instant, may_probe: bool) -> Step {
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
            return Step::Go(self.number);
        }
        Step::Wait(self.ends)
    }

    fn begin_window(&mut self) {
        self.number += 1;
        self.remaining = self.limit;
        self.ends = None;
        self.exact = false;
    }

    pub(super) fn learn(&mut self, budget: Budget, now: Instant) {
        // The request that is being recorded still counts as in flight.
        let mine = self.in_flight;
        let used = budget.limit.saturating_sub(budget.remaining);
        self.unlimited = false;
        if self.fixed.is_some() {
            self.count();
            self.remaining = self.remaining.min(budget.remaining);
            return;
        }
        self.limit = budget.limit;
        // More room than before: a new window has begun.
        let anew = budget.remaining > self.remaining.saturating_add(mine);
        if self.ends.is_none() || anew {
            self.ends = Some(now + LENGTH);
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
    pub(super) fn count(&mut self) {
        self.remaining = self.remaining.saturating_sub(1);
        if self.fixed.is_some() && self.ends.is_none() {
            self.ends = Some(Instant::now() + LENGTH);
            self.exact = true;
        }
    }

    pub(super) fn block(&mut self, until: Instant, budget: Option<Budget>) {
        self.unlimited = false;
        if let (None, Some(budget)) = (self.fixed, budget) {
            self.limit = budget.limit;
        }
        self.blocked_until = Some(self.blocked_until.map_or(until, |known| known.max(until)));
    }
}
