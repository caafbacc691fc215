//! Runs a plan.

use std::collections::VecDeque;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::future::{self, Either};
use futures_util::stream::{self, FuturesUnordered};
use tokio::time::{Instant, sleep_until};

use super::action::{Deed, Sent};
use super::event::{BulkEvent, BulkProgress, BulkStep};
use super::outcome::{BulkDone, BulkFailed, BulkOutcome, BulkResult, BulkUnknown};
use super::plan::{BulkResource, BulkSkipped};
use super::request::Settings;
use crate::deployments::{Deployment, RunEvent, Watch};
use crate::error::{Error, ErrorKind, Result};
use crate::request::BoxFuture;
use crate::transport::runtime;
use crate::{Coolify, Uuid};

/// How long to wait for room in a full queue, unless Coolify says it.
const PAUSE: Duration = Duration::from_secs(30);

/// How long a queue may stay full.
const LONGEST_FULL: Duration = Duration::from_secs(60 * 60);

/// A run of a plan: a stream of events, and a future of the outcome.
///
/// Nothing is sent before it is awaited. It can be dropped at any time, which stops
/// nothing on the server. [`into_outcome`](Self::into_outcome) returns the outcome so
/// far.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let mut run = coolify.select().tag("web").deploy().plan().await?.run();
/// while let Some(event) = run.next().await {
///     println!("{event} ({})", event.progress);
/// }
/// println!("{}", run.into_outcome());
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before the run is awaited"]
pub struct BulkRun {
    coolify: Coolify,
    deed: Deed,
    settings: Settings,
    items: Vec<Item>,
    skipped: Vec<BulkSkipped>,
    /// The resources to begin, by their positions.
    queue: VecDeque<usize>,
    calls: FuturesUnordered<BoxFuture<(usize, Result<Sent>)>>,
    watch: Watch,
    failures: usize,
    /// How many resources are worked on at the same time. It is lower than the setting
    /// after the queue of a server was full, so that few requests are refused.
    at_once: usize,
    /// Until when nothing is begun, because the queue of a server is full.
    paused_until: Option<Instant>,
    events: VecDeque<(usize, BulkStep)>,
    progress: BulkProgress,
}

struct Item {
    resource: BulkResource,
    state: State,
    /// Since when it has been refused, because the queue is full.
    full_since: Option<Instant>,
}

enum State {
    Waiting,
    Sending,
    /// Its deployment is followed.
    Deploying(Uuid),
    Done(BulkResult),
    Failed(Error),
    Unknown(Option<Uuid>, Error),
}

impl BulkRun {
    pub(super) fn new(
        coolify: Coolify,
        deed: Deed,
        settings: Settings,
        planned: Vec<BulkResource>,
        skipped: Vec<BulkSkipped>,
    ) -> Self {
        let item = |resource| Item {
            resource,
            state: State::Waiting,
            full_since: None,
        };
        let items: Vec<_> = planned.into_iter().map(item).collect();
        Self {
            watch: Watch::empty(&coolify, settings.patience),
            coolify,
            deed,
            settings,
            queue: (0..items.len()).collect(),
            progress: BulkProgress {
                waiting: items.len(),
                ..BulkProgress::default()
            },
            items,
            skipped,
            calls: FuturesUnordered::new(),
            failures: 0,
            at_once: settings.at_once,
            paused_until: None,
            events: VecDeque::new(),
        }
    }

    /// Returns how many resources are in each state.
    #[must_use]
    pub fn progress(&self) -> BulkProgress {
        self.progress
    }

    /// Returns a stream of the events, which ends when nothing is left to do.
    pub fn events(&mut self) -> impl Stream<Item = BulkEvent> + Send + Unpin + use<'_> {
        Box::pin(stream::unfold(self, |run| async move {
            let event = run.next().await?;
            Some((event, run))
        }))
    }

    /// Continues to the end, and returns the outcome.
    pub async fn wait(mut self) -> BulkOutcome {
        while self.next().await.is_some() {}
        self.into_outcome()
    }

    /// Stops the run, and returns the outcome so far.
    ///
    /// A resource whose request is being sent is unknown, and so is one whose deployment
    /// has not ended; its deployment goes on.
    pub fn into_outcome(self) -> BulkOutcome {
        let mut outcome = BulkOutcome {
            done: Vec::new(),
            failed: Vec::new(),
            unknown: Vec::new(),
            not_tried: Vec::new(),
            skipped: self.skipped,
        };
        for Item {
            resource, state, ..
        } in self.items
        {
            let (deployment, error) = match state {
                State::Waiting => {
                    outcome.not_tried.push(resource);
                    continue;
                }
                State::Done(result) => {
                    outcome.done.push(BulkDone { resource, result });
                    continue;
                }
                State::Failed(error) => {
                    outcome.failed.push(BulkFailed { resource, error });
                    continue;
                }
                State::Sending => (None, None),
                State::Deploying(deployment) => (Some(deployment), None),
                State::Unknown(deployment, error) => (deployment, Some(error)),
            };
            outcome.unknown.push(BulkUnknown {
                resource,
                deployment,
                error,
            });
        }
        outcome
    }

    /// Returns the next event, or `None` when nothing is left to do.
    ///
    /// The future can be dropped before it is ready, as `tokio::select!` does: nothing is
    /// lost, and the next call continues.
    pub async fn next(&mut self) -> Option<BulkEvent> {
        loop {
            if let Some((at, step)) = self.events.pop_front() {
                return Some(BulkEvent {
                    resource: self.items[at].resource.clone(),
                    step,
                    progress: self.progress,
                });
            }
            self.begin_more();
            if !self.events.is_empty() {
                continue;
            }
            if self.progress.running == 0 && (self.queue.is_empty() || self.has_stopped()) {
                return None;
            }
            if let Err(error) = runtime::guard(Box::pin(self.step())).await {
                // Without timers, a pause would never end.
                self.paused_until = None;
                self.give_one_up(error);
            }
        }
    }

    /// Ends one resource, which can neither be begun nor followed without a runtime.
    fn give_one_up(&mut self, error: Error) {
        if let Some(at) = self.queue.pop_front() {
            return self.end(at, State::Failed(error));
        }
        let goes_on = |it: &Item| matches!(it.state, State::Sending | State::Deploying(_));
        if let Some(at) = self.items.iter().position(goes_on) {
            let deployment = self.deployment_of(at);
            self.end(at, State::Unknown(deployment, error));
        }
    }

    /// Returns the deployment of a resource that is followed.
    fn deployment_of(&self, at: usize) -> Option<Uuid> {
        match &self.items[at].state {
            State::Deploying(deployment) => Some(deployment.clone()),
            _ => None,
        }
    }

    fn has_stopped(&self) -> bool {
        let most = self.settings.most_failures;
        most.is_some_and(|most| self.failures >= most)
    }

    fn begin_more(&mut self) {
        let is_paused = |until: Instant| until > Instant::now();
        if self.has_stopped() || self.paused_until.is_some_and(is_paused) {
            return;
        }
        self.paused_until = None;
        while self.progress.running < self.at_once {
            let Some(at) = self.queue.pop_front() else {
                return;
            };
            let item = &mut self.items[at];
            let Some(kind) = item.resource.kind else {
                let error = Error::new(ErrorKind::InvalidRequest, "the kind is unknown");
                self.end(at, State::Failed(error));
                continue;
            };
            item.state = State::Sending;
            self.progress.waiting -= 1;
            self.progress.running += 1;
            let call = self
                .deed
                .carry_out(&self.coolify, kind, &item.resource.uuid);
            let call = Box::pin(async move { (at, call.await) });
            self.calls.push(call);
            if item.full_since.is_none() {
                self.events.push_back((at, BulkStep::Begun));
            }
        }
    }

    /// Waits for a reply, an event of a deployment, or the end of a pause.
    async fn step(&mut self) -> Result<()> {
        let (calls, watch, pause) = (&mut self.calls, &mut self.watch, self.paused_until);
        let reply = async {
            match calls.next().await {
                Some(reply) => reply,
                None => future::pending().await,
            }
        };
        let event = async {
            match watch.next().await {
                Some(event) => event,
                None => future::pending().await,
            }
        };
        let pause = async {
            match pause {
                Some(until) => sleep_until(until).await,
                None => future::pending().await,
            }
        };
        let first = future::select(Box::pin(reply), Box::pin(event));
        let happened = match future::select(first, Box::pin(pause)).await {
            Either::Left((Either::Left((reply, _)), _)) => Some(Ok(reply)),
            Either::Left((Either::Right((event, _)), _)) => Some(Err(event)),
            Either::Right(_) => None,
        };
        match happened {
            Some(Ok((at, reply))) => self.replied(at, reply),
            Some(Err((at, event))) => self.deployed(at, event),
            None => {
                self.paused_until = None;
                self.at_once = self.settings.at_once.min(self.at_once + 1);
            }
        }
        Ok(())
    }

    fn replied(&mut self, at: usize, reply: Result<Sent>) {
        match reply {
            Ok(Sent::Deploying(run)) if self.settings.follows => {
                self.items[at].state = State::Deploying(run.uuid().clone());
                self.watch.push(at, &run);
            }
            Ok(Sent::Deploying(run)) => {
                let queued = BulkResult::Queued(run.uuid().clone());
                self.end(at, State::Done(queued));
            }
            Ok(Sent::Accepted(message)) => {
                self.end(at, State::Done(BulkResult::Accepted(message)));
            }
            Ok(Sent::Unchanged) => self.end(at, State::Done(BulkResult::Unchanged)),
            Err(error) if error.is_queue_full() => self.put_back(at, error),
            Err(error) if is_unknown(&error) => self.end(at, State::Unknown(None, error)),
            Err(error) => self.end(at, State::Failed(error)),
        }
    }

    /// Tries a resource again later: its deployment was certainly not queued.
    fn put_back(&mut self, at: usize, error: Error) {
        let now = Instant::now();
        let item = &mut self.items[at];
        let since = *item.full_since.get_or_insert(now);
        if since.elapsed() >= LONGEST_FULL {
            return self.end(at, State::Failed(error));
        }
        self.paused_until = now.checked_add(error.retry_after().unwrap_or(PAUSE));
        item.state = State::Waiting;
        self.progress.running -= 1;
        self.progress.waiting += 1;
        // A deployment that ends makes room for one.
        self.at_once = self.progress.running.max(1);
        self.queue.push_front(at);
        if since == now {
            self.events.push_back((at, BulkStep::QueueFull));
        }
    }

    fn deployed(&mut self, at: usize, event: Result<RunEvent>) {
        match event {
            Ok(RunEvent::Status(status)) if status.is_terminal() => {
                let state = match self.watch.take_end(at) {
                    Some(Ok(deployment)) => State::Done(deployed(deployment)),
                    Some(Err(error)) => State::Failed(error),
                    None => return,
                };
                // There is room in the queue now.
                self.paused_until = None;
                self.end(at, state);
            }
            Ok(event) => self.events.push_back((at, BulkStep::Deployment(event))),
            Err(error) if error.is_not_found() => self.end(at, State::Failed(error)),
            Err(error) => {
                let deployment = self.deployment_of(at);
                self.end(at, State::Unknown(deployment, error));
            }
        }
    }

    /// Sets the last state of a resource.
    fn end(&mut self, at: usize, state: State) {
        let progress = &mut self.progress;
        match self.items[at].state {
            State::Waiting => progress.waiting -= 1,
            _ => progress.running -= 1,
        }
        let step = match &state {
            State::Failed(error) => {
                progress.failed += 1;
                self.failures += 1;
                BulkStep::Failed(error.to_string())
            }
            State::Unknown(_, error) => {
                progress.unknown += 1;
                self.failures += 1;
                BulkStep::Unknown(error.to_string())
            }
            _ => {
                progress.done += 1;
                BulkStep::Done
            }
        };
        self.items[at].state = state;
        self.events.push_back((at, step));
    }
}

fn deployed(deployment: Deployment) -> BulkResult {
    BulkResult::Deployed(Box::new(deployment))
}

/// Returns whether the request may have been carried out.
fn is_unknown(error: &Error) -> bool {
    let sync = error.sync_report();
    error.outcome_unknown() || sync.is_some_and(|it| !it.unknown.is_empty())
}

impl IntoFuture for BulkRun {
    type Output = BulkOutcome;
    type IntoFuture = BoxFuture<BulkOutcome>;

    /// Returns the future of [`wait`](Self::wait).
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

impl fmt::Debug for BulkRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkRun")
            .field("action", &self.deed.action())
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
