//! Watches the deployments of one client by the list of unfinished deployments.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{self, Either};
use futures_util::stream::FuturesUnordered;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::{Instant, sleep, sleep_until};

use super::ResourceRun;
use super::one::{After, One};
use crate::deployments::ending::Ending;
use crate::deployments::{Deployment, DeploymentRun, RunEvent};
use crate::error::{Error, ErrorKind, Result};
use crate::request::BoxFuture;
use crate::transport::runtime;
use crate::wait::{Patience, Wait};
use crate::{Coolify, DeploymentStatus, Uuid};

/// How many deployments are read at the same time.
const AT_ONCE: usize = 8;

/// How many deployments that are neither in the list nor over are read in an interval,
/// so that a token that sees no list does not use up the rate limit.
const HIDDEN_AT_ONCE: usize = 3;

/// How many unreadable lists in a row are tolerated.
const UNREADABLE: u32 = 3;

/// Where the deployments are read.
pub(super) trait Source: Send + Sync {
    /// Reads the deployments that have not ended.
    fn unfinished(&self) -> BoxFuture<Result<Vec<Deployment>>>;
    /// Reads one deployment.
    fn get(&self, uuid: &Uuid) -> BoxFuture<Result<Deployment>>;
    /// Reads whether Coolify shows the log of this deployment.
    fn shows_log(&self, uuid: &Uuid) -> BoxFuture<Result<bool>>;
}

impl Source for Coolify {
    fn unfinished(&self) -> BoxFuture<Result<Vec<Deployment>>> {
        Box::pin(self.deployments().unfinished())
    }

    fn get(&self, uuid: &Uuid) -> BoxFuture<Result<Deployment>> {
        Box::pin(self.deployment(uuid).get())
    }

    fn shows_log(&self, uuid: &Uuid) -> BoxFuture<Result<bool>> {
        let handle = self.deployment(uuid);
        Box::pin(async move { handle.shows_log().await })
    }
}

/// What is asked about the deployments, and can be asked at any time.
#[derive(Clone)]
struct Asking {
    source: Arc<dyn Source>,
    places: Arc<Semaphore>,
    /// Whether the token sees logs. Coolify decides this for the token, not for each
    /// deployment.
    shows_logs: Arc<OnceCell<bool>>,
}

/// Deployments of one client that are watched together. Their events come with their
/// positions in the rollout.
pub(crate) struct Watch {
    asking: Asking,
    ones: Vec<One>,
    /// The settings of the rollout.
    all: Patience,
    every: Duration,
    /// Tolerates a server that restarts, for all deployments.
    server: Wait,
    whole_logs: bool,
    list: Option<BoxFuture<Result<Vec<Deployment>>>>,
    list_works: bool,
    unreadable: u32,
    /// Whether it was asked if the token sees logs.
    asked_for_logs: bool,
    answers: FuturesUnordered<BoxFuture<Answer>>,
    events: VecDeque<(usize, Result<RunEvent>)>,
}

/// An answer about one deployment, by its position in the watch.
enum Answer {
    State(usize, Result<Deployment>),
    Rest(usize, Ending, Result<Option<Deployment>>),
    ShowsLogs,
}

impl Watch {
    /// Makes a watch for deployments of this client that are added one by one. `all`
    /// are the settings of the rollout.
    #[cfg(feature = "estate")]
    pub(crate) fn empty(coolify: &Coolify, all: Patience) -> Self {
        Self::with(Arc::new(coolify.clone()), all, all.interval(coolify), false)
    }

    /// Watches these runs of one client.
    pub(super) fn new(
        source: Arc<dyn Source>,
        runs: &[(usize, &ResourceRun)],
        all: Patience,
        whole_logs: bool,
    ) -> Self {
        let intervals = runs.iter().map(|(_, one)| one.run.interval_within(all));
        let every = intervals.min().unwrap_or_default();
        let mut watch = Self::with(source, all, every, whole_logs);
        for (index, one) in runs {
            watch.push(*index, &one.run);
        }
        watch
    }

    fn with(source: Arc<dyn Source>, all: Patience, every: Duration, whole_logs: bool) -> Self {
        Self {
            asking: Asking {
                source,
                places: Arc::new(Semaphore::new(AT_ONCE)),
                shows_logs: Arc::default(),
            },
            ones: Vec::new(),
            all,
            every,
            server: Wait::new(every, Duration::MAX),
            whole_logs,
            list: None,
            list_works: true,
            unreadable: 0,
            asked_for_logs: false,
            answers: FuturesUnordered::new(),
            events: VecDeque::new(),
        }
    }

    /// Watches another run of the client, from now on.
    pub(crate) fn push(&mut self, index: usize, run: &DeploymentRun) {
        self.ones.push(One::new(index, run, self.all));
    }

    /// Takes the end of the deployment at this position of the rollout; `None` if it
    /// was not seen to end.
    pub(crate) fn take_end(&mut self, index: usize) -> Option<Result<Deployment>> {
        let mut ones = self.ones.iter_mut();
        ones.find(|one| one.index == index)?.take_end()
    }

    /// Returns the positions of the deployments in the rollout.
    pub(super) fn indices(&self) -> Vec<usize> {
        self.ones.iter().map(|one| one.index).collect()
    }

    /// Returns the next event; `None` when all deployments have ended.
    pub(crate) async fn next(&mut self) -> Option<(usize, Result<RunEvent>)> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            if self.ones.iter().all(|one| one.over) {
                return None;
            }
            if let Err(error) = runtime::guard(Box::pin(self.step())).await {
                self.fail_all(&error);
            }
        }
    }

    /// Waits for the next list, the next answer, or the end of a maximum wait,
    /// whatever comes first.
    async fn step(&mut self) -> Result<()> {
        if self.list.is_none() {
            self.list = Some(self.next_list());
        }
        let deadline = self.deadline();
        let (list, answers) = (&mut self.list, &mut self.answers);
        let listed = async {
            match list {
                Some(list) => list.await,
                None => future::pending().await,
            }
        };
        let answer = async {
            match answers.next().await {
                Some(answer) => answer,
                None => future::pending().await,
            }
        };
        let expiry = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => future::pending().await,
            }
        };
        let first = future::select(Box::pin(answer), Box::pin(listed));
        let happened = match future::select(first, Box::pin(expiry)).await {
            Either::Left((Either::Left((answer, _)), _)) => Some(Ok(answer)),
            Either::Left((Either::Right((listed, _)), _)) => Some(Err(listed)),
            Either::Right(_) => None,
        };
        match happened {
            Some(Ok(answer)) => self.answered(answer),
            Some(Err(listed)) => {
                self.list = None;
                self.listed(listed);
            }
            None => self.expire(|one| one.wait.end().is_some_and(|end| end <= Instant::now())),
        }
        Ok(())
    }

    /// Returns the list after the interval, or earlier if a maximum wait ends earlier.
    fn next_list(&mut self) -> BoxFuture<Result<Vec<Deployment>>> {
        let pause = if self.server.looks() > 0 {
            let open = self.ones.iter().filter(|one| !one.over);
            let left = open.map(|one| one.wait.left()).filter(|it| !it.is_zero());
            left.min().map_or(self.every, |left| left.min(self.every))
        } else {
            Duration::ZERO
        };
        self.server.count();
        let source = self.list_works.then(|| self.asking.source.clone());
        Box::pin(async move {
            if !pause.is_zero() {
                sleep(pause).await;
            }
            match source {
                Some(source) => source.unfinished().await,
                None => Ok(Vec::new()),
            }
        })
    }

    /// Returns when the first maximum wait is over, with the time for a last poll.
    fn deadline(&self) -> Option<Instant> {
        let open = self.ones.iter().filter(|one| !one.over);
        open.filter_map(|one| one.wait.end()).min()
    }

    fn listed(&mut self, list: Result<Vec<Deployment>>) {
        for one in self.ones.iter_mut().filter(|one| !one.over) {
            one.wait.count();
        }
        let is_unreadable = list.as_ref().is_err_and(Error::is_decode);
        self.unreadable = if is_unreadable {
            self.unreadable + 1
        } else {
            0
        };
        match self.server.judge(list) {
            Ok(Some(rows)) => self.compare(rows),
            Ok(None) => {}
            Err(_) if is_unreadable && self.unreadable < UNREADABLE => {}
            // Each deployment has an answer of its own, which may be this error.
            Err(_) => {
                self.list_works = false;
                self.compare(Vec::new());
            }
        }
        self.expire(|one| one.is_idle() && one.wait.left().is_zero());
    }

    /// Records what the list contains, and reads the deployments that it does not
    /// contain.
    fn compare(&mut self, rows: Vec<Deployment>) {
        if rows.iter().any(|row| row.logs.is_some()) {
            let _ = self.asking.shows_logs.set(true);
        }
        let open = rows.into_iter().filter(|row| !row.status.is_terminal());
        let open: HashMap<_, _> = open.map(|row| (row.deployment_uuid.clone(), row)).collect();
        let mut hidden = Vec::new();
        for at in 0..self.ones.len() {
            let one = &mut self.ones[at];
            if one.over {
                continue;
            }
            if let Some(row) = open.get(&one.uuid) {
                one.asked = None;
                let is_silent = row.logs.is_none()
                    && row.status == DeploymentStatus::InProgress
                    && one.status == Some(DeploymentStatus::InProgress);
                if !one.in_flight {
                    let events = one.see(row);
                    self.put(at, events);
                }
                if is_silent {
                    self.ask_for_logs(at);
                }
                continue;
            }
            match one.asked {
                _ if one.in_flight => {}
                Some(asked) if !one.wait.left().is_zero() => hidden.push((asked, at)),
                _ => self.ask(at),
            }
        }
        hidden.sort_unstable();
        for (_, at) in hidden.into_iter().take(HIDDEN_AT_ONCE) {
            self.ask(at);
        }
        self.tell_withheld();
    }

    /// Reads one deployment.
    fn ask(&mut self, at: usize) {
        let one = &mut self.ones[at];
        one.in_flight = true;
        one.asked = Some(Instant::now());
        let read = self.asking.clone().state(one.uuid.clone());
        self.answers
            .push(Box::pin(async move { Answer::State(at, read.await) }));
    }

    /// Reads once whether the token sees logs; the list of a token that does not is
    /// like a list of deployments without a line.
    fn ask_for_logs(&mut self, at: usize) {
        if std::mem::replace(&mut self.asked_for_logs, true) {
            return;
        }
        let (asking, uuid) = (self.asking.clone(), self.ones[at].uuid.clone());
        self.answers.push(Box::pin(async move {
            asking.learn_of_logs(&uuid).await;
            Answer::ShowsLogs
        }));
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::State(at, seen) => self.seen(at, seen),
            Answer::Rest(at, ending, seen) => self.read_on(at, ending, seen),
            Answer::ShowsLogs => self.tell_withheld(),
        }
    }

    fn seen(&mut self, at: usize, seen: Result<Deployment>) {
        let one = &mut self.ones[at];
        if one.over {
            return;
        }
        one.in_flight = false;
        let seen = match self.server.judge(seen) {
            Err(error) if error.is_not_found() => one.miss(error).map(|()| None),
            other => other,
        };
        match seen {
            Ok(Some(deployment)) if deployment.status.is_terminal() => {
                if self.asking.shows_logs.get() == Some(&false) {
                    let told = one.withhold();
                    self.put(at, told);
                }
                self.end(at, deployment, None);
            }
            Ok(Some(deployment)) => {
                let events = one.see(&deployment);
                self.put(at, events);
            }
            // It is read again after the next list.
            Ok(None) => one.asked = None,
            Err(error) => self.fail(at, error),
        }
        let index = self.ones[at].index;
        self.expire(|one| one.index == index && one.is_idle() && one.wait.left().is_zero());
    }

    /// Continues after another look at the rest of a log. The outcome is known, so
    /// failures are not errors.
    fn read_on(&mut self, at: usize, ending: Ending, seen: Result<Option<Deployment>>) {
        let one = &mut self.ones[at];
        if one.over {
            return;
        }
        let (events, after) = match seen {
            Ok(Some(deployment)) if deployment.status.is_terminal() => {
                return self.end(at, deployment, Some(ending));
            }
            Ok(None) => one.miss_the_rest(Some(ending)),
            Ok(Some(_)) | Err(_) => one.miss_the_rest(None),
        };
        self.put(at, events);
        self.follow_up(at, after);
    }

    fn end(&mut self, at: usize, deployment: Deployment, ending: Option<Ending>) {
        let (events, after) = self.ones[at].end(deployment, ending, self.whole_logs);
        self.put(at, events);
        self.follow_up(at, after);
    }

    fn follow_up(&mut self, at: usize, after: After) {
        let After::Read(mut ending) = after else {
            return;
        };
        let one = &mut self.ones[at];
        one.in_flight = true;
        let read = self.asking.clone().alone(one.uuid.clone());
        self.answers.push(Box::pin(async move {
            let seen = ending.look(read).await;
            Answer::Rest(at, ending, seen)
        }));
    }

    /// Ends the watch of deployments whose maximum wait is over.
    fn expire(&mut self, is_due: impl Fn(&One) -> bool) {
        for at in 0..self.ones.len() {
            let one = &mut self.ones[at];
            if one.over || !is_due(one) {
                continue;
            }
            if one.has_ended() {
                let (events, _) = one.miss_the_rest(None);
                self.put(at, events);
            } else {
                let error = one.expired();
                self.fail(at, error);
            }
        }
    }

    fn fail(&mut self, at: usize, error: Error) {
        let one = &mut self.ones[at];
        one.over = true;
        self.events.push_back((one.index, Err(error)));
    }

    /// Ends the watch of all deployments, because nothing can be sent here.
    fn fail_all(&mut self, error: &Error) {
        for at in 0..self.ones.len() {
            if !self.ones[at].over {
                let mut same = Error::new(ErrorKind::NoRuntime, error.to_string());
                if let Some(hint) = error.hint() {
                    same = same.with_hint(hint.to_owned());
                }
                self.fail(at, same);
            }
        }
    }

    fn tell_withheld(&mut self) {
        if self.asking.shows_logs.get() != Some(&false) {
            return;
        }
        for at in 0..self.ones.len() {
            let one = &mut self.ones[at];
            if !one.over && one.status == Some(DeploymentStatus::InProgress) {
                let told = one.withhold();
                self.put(at, told);
            }
        }
    }

    fn put(&mut self, at: usize, events: impl IntoIterator<Item = RunEvent>) {
        let index = self.ones[at].index;
        let events = events.into_iter().map(|event| (index, Ok(event)));
        self.events.extend(events);
    }
}

impl Asking {
    /// Reads a deployment when there is a place.
    async fn alone(self, uuid: Uuid) -> Result<Deployment> {
        let _place = self.places.acquire().await;
        self.source.get(&uuid).await
    }

    /// Reads a deployment, and also whether its log is withheld if that matters and is
    /// unknown.
    async fn state(self, uuid: Uuid) -> Result<Deployment> {
        let deployment = self.clone().alone(uuid.clone()).await?;
        if deployment.logs.is_some() {
            let _ = self.shows_logs.set(true);
        } else if deployment.status.is_terminal() {
            self.learn_of_logs(&uuid).await;
        }
        Ok(deployment)
    }

    /// Reads once whether the token sees logs. If that fails, it is ignored, because
    /// the deployment matters more.
    async fn learn_of_logs(&self, uuid: &Uuid) {
        let ask = || self.source.shows_log(uuid);
        let _ = self.shows_logs.get_or_try_init(ask).await;
    }
}
