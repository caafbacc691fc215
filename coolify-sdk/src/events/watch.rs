//! Events from the webhook and from polling, as one stream.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use futures_core::Stream;
use futures_util::future::{self, Either};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::seen::Seen;
use super::{Event, Events};
use crate::deployments::Deployment;
use crate::error::{Error, ErrorKind, Result};
use crate::resources::Resource;
use crate::{Coolify, Uuid};

/// The default interval of polling.
const POLL_EVERY: Duration = Duration::from_secs(30);

/// An event, and how it was noticed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WatchedEvent {
    /// The event.
    pub event: Event,
    /// How it was noticed first.
    pub seen_by: SeenBy,
}

/// How an event was noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SeenBy {
    /// Coolify sent it to the webhook.
    Webhook,
    /// A list of Coolify's API shows it.
    Polling,
}

/// Watches a team: what arrives at the webhook, and what polling shows. See
/// [`Coolify::watch`].
#[derive(Debug)]
#[must_use = "nothing is polled before `.events()` is read"]
pub struct Watch {
    coolify: Coolify,
    arriving: Option<Events>,
    every: Duration,
}

impl Coolify {
    /// Returns a watch of the team's deployments, resources and servers, which merges
    /// the events of a webhook with what polling shows. So an event that did not arrive
    /// is not lost:
    ///
    /// - a deployment that ended, if it was queued or in progress at one poll at least,
    /// - an application, database or service whose containers stopped,
    /// - a server that can no longer be reached, or can be reached again.
    ///
    /// Each of them is reported once, by the source that notices it first. All other
    /// events are reported if they arrive.
    ///
    /// Polling cannot tell whether somebody stopped a resource on purpose; Coolify sends
    /// no event then. Each poll takes three calls, and one for each deployment that has
    /// ended.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// use coolify_sdk::events::Receiver;
    /// use futures_util::StreamExt;
    ///
    /// let (receiver, events) = Receiver::new("d3c0ys-f0r-guessers")?;
    /// // Serve `receiver`, for example with axum, and then:
    /// let mut watched = coolify.watch().webhook(events).events();
    /// while let Some(watched) = watched.next().await {
    ///     println!("{}", watched?.event);
    /// }
    /// # let _ = receiver;
    /// # Ok(()) }
    /// ```
    #[doc(alias("notify", "webhook", "subscribe", "events"))]
    pub fn watch(&self) -> Watch {
        Watch {
            coolify: self.clone(),
            arriving: None,
            every: POLL_EVERY,
        }
    }
}

impl Watch {
    /// Merges the events of a webhook.
    pub fn webhook(mut self, events: Events) -> Self {
        self.arriving = Some(events);
        self
    }

    /// Sets how often the server is polled. The default is 30 seconds, and the minimum is
    /// one second.
    pub fn poll_every(mut self, interval: Duration) -> Self {
        self.every = interval.max(Duration::from_secs(1));
        self
    }

    /// Returns the events as they are noticed. The first poll only records the state
    /// that later polls are compared with.
    ///
    /// A poll that fails for a passing reason, such as a server that restarts, is
    /// repeated at the next interval. After an error that will not pass, such as a
    /// revoked token, the stream ends.
    pub fn events(self) -> impl Stream<Item = Result<WatchedEvent>> + Send + Unpin + use<> {
        Box::pin(stream::unfold(Watching::new(self), |mut watching| async {
            let next = watching.next().await?;
            Some((next, watching))
        }))
    }
}

/// A watch that goes on.
struct Watching {
    coolify: Coolify,
    arriving: Option<Events>,
    ticks: Interval,
    seen: Seen,
    ready: VecDeque<Result<WatchedEvent>>,
    is_over: bool,
}

impl Watching {
    fn new(watch: Watch) -> Self {
        let mut ticks = interval(watch.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            coolify: watch.coolify,
            arriving: watch.arriving,
            ticks,
            seen: Seen::default(),
            ready: VecDeque::new(),
            is_over: false,
        }
    }

    async fn next(&mut self) -> Option<Result<WatchedEvent>> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            if self.is_over {
                return None;
            }
            match self.arrived_before_the_next_poll().await {
                Some(event) => {
                    let seen_by = SeenBy::Webhook;
                    let news = self.seen.arrives(&event);
                    self.ready
                        .extend(news.then_some(Ok(WatchedEvent { event, seen_by })));
                }
                None => self.poll().await,
            }
        }
    }

    async fn arrived_before_the_next_poll(&mut self) -> Option<Event> {
        let Some(arriving) = &mut self.arriving else {
            self.ticks.tick().await;
            return None;
        };
        let tick = pin!(self.ticks.tick());
        match future::select(arriving.next(), tick).await {
            Either::Left((Some(event), _)) => return Some(event),
            Either::Left((None, tick)) => {
                tick.await;
            }
            Either::Right(_) => return None,
        }
        self.arriving = None;
        None
    }

    async fn poll(&mut self) {
        match self.news().await {
            Ok(news) => self.ready.extend(news.into_iter().map(|event| {
                Ok(WatchedEvent {
                    event,
                    seen_by: SeenBy::Polling,
                })
            })),
            Err(error) if passes(&error) => {
                let kind = error.kind();
                tracing::warn!(error.r#type = ?kind, "a poll failed; the next one may succeed");
            }
            Err(error) => {
                self.is_over = true;
                self.ready.push_back(Err(error));
            }
        }
    }

    /// Returns the news of a poll.
    async fn news(&mut self) -> Result<Vec<Event>> {
        let (resources, servers, unfinished) = future::try_join3(
            self.coolify.resources().list(),
            self.coolify.servers().list(),
            self.coolify.deployments().unfinished(),
        )
        .await?;
        let mut news = self.seen.stopped(&resources);
        news.extend(self.seen.reachable(&servers));
        for uuid in self.seen.left(&unfinished) {
            match self.coolify.deployment(uuid.clone()).get().await {
                Ok(deployment) => {
                    let application = application(&deployment, &resources);
                    let dashboard = self.coolify.url();
                    let end = self.seen.ended(&uuid, &deployment, application, dashboard);
                    news.extend(end);
                }
                Err(error) if error.is_not_found() => self.seen.forget(&uuid),
                Err(error) => {
                    // The others are news nevertheless; this one is asked for again.
                    let kind = error.kind();
                    tracing::warn!(error.r#type = ?kind, "a deployment that ended cannot be read");
                }
            }
        }
        Ok(news)
    }
}

/// Returns whether an error may pass by itself.
fn passes(error: &Error) -> bool {
    let passing = [
        ErrorKind::Connect,
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
        ErrorKind::RateLimited,
        ErrorKind::NotCoolify,
        ErrorKind::Server,
        ErrorKind::Decode,
    ];
    passing.contains(&error.kind())
}

fn application(deployment: &Deployment, resources: &[Resource]) -> Option<Uuid> {
    let id = deployment.application_id?;
    resources.iter().find_map(|it| match it {
        Resource::Application(it) if it.id == Some(id) => Some(it.uuid.clone()),
        _ => None,
    })
}
