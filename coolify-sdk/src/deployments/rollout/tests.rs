//! Tests of watching many deployments, on a paused clock and a server that knows when
//! each deployment ends.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::watch::{Source, Watch};
use super::{ResourceRun, Rollout};
use crate::deployments::{Deployment, DeploymentRun, RunEvent};
use crate::error::{Error, ErrorKind, Result};
use crate::request::BoxFuture;
use crate::wait::Patience;
use crate::{Coolify, DeploymentStatus, Uuid};

const SECOND: Duration = Duration::from_secs(1);
/// Two intervals of two seconds.
const SEEN_WITHIN: Duration = Duration::from_secs(4);

/// A deployment of the server.
#[derive(Clone)]
struct Row {
    uuid: String,
    ends_after: Duration,
    status: &'static str,
    /// When the list begins to contain it.
    listed_after: Duration,
    gone_after: Duration,
    /// When the server shows it as running again, from an outdated copy.
    stale_after: Duration,
}

impl Row {
    fn new(number: usize, ends_after: Duration) -> Self {
        Self {
            uuid: format!("d{number}"),
            ends_after,
            status: "finished",
            listed_after: Duration::ZERO,
            gone_after: Duration::MAX,
            stale_after: Duration::MAX,
        }
    }

    fn fails(self) -> Self {
        Self {
            status: "failed",
            ..self
        }
    }

    fn shown(&self, elapsed: Duration, shows_logs: bool) -> Deployment {
        let is_over = elapsed >= self.ends_after && elapsed < self.stale_after;
        let mut entries = vec![serde_json::json!({"output": "Building."})];
        if is_over && elapsed >= self.ends_after + SECOND / 2 {
            let last = "Deployment failed: no space left";
            entries.push(serde_json::json!({"output": last, "type": "stderr"}));
        }
        let logs = shows_logs.then(|| serde_json::Value::from(entries).to_string());
        let row = serde_json::json!({
            "deployment_uuid": self.uuid,
            "status": if is_over { self.status } else { "in_progress" },
            "horizon_job_worker": "vm",
            "logs": logs,
        });
        serde_json::from_value(row).unwrap()
    }
}

/// A server, and how often it was asked.
struct Server {
    begun: Instant,
    rows: Vec<Row>,
    lists: bool,
    shows_logs: bool,
    /// How long each answer takes.
    latency: Duration,
    /// Until when it refuses everything with this kind of error.
    fails: Option<(ErrorKind, Duration)>,
    refuses_lists: Option<ErrorKind>,
    asked: Mutex<Asked>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Asked {
    lists: usize,
    gets: usize,
    about_logs: usize,
}

impl Server {
    fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        Self {
            begun: Instant::now(),
            rows: rows.into_iter().collect(),
            lists: true,
            shows_logs: true,
            latency: Duration::ZERO,
            fails: None,
            refuses_lists: None,
            asked: Mutex::default(),
        }
    }

    fn asked(&self) -> Asked {
        *self.asked.lock().unwrap()
    }

    fn answer<T: Send + 'static>(&self, answer: Result<T>) -> BoxFuture<Result<T>> {
        let (latency, elapsed) = (self.latency, self.begun.elapsed());
        let answer = match self.fails {
            Some((kind, until)) if elapsed < until => Err(Error::new(kind, "not now")),
            _ => answer,
        };
        Box::pin(async move {
            if !latency.is_zero() {
                sleep(latency).await;
            }
            answer
        })
    }
}

impl Source for Server {
    fn unfinished(&self) -> BoxFuture<Result<Vec<Deployment>>> {
        self.asked.lock().unwrap().lists += 1;
        if let Some(kind) = self.refuses_lists {
            return self.answer(Err(Error::new(kind, "no list")));
        }
        let elapsed = self.begun.elapsed();
        let open = self.rows.iter().filter(|row| {
            self.lists
                && elapsed < row.ends_after.min(row.gone_after)
                && elapsed >= row.listed_after
        });
        let open = open.map(|row| row.shown(elapsed, self.shows_logs));
        self.answer(Ok(open.collect()))
    }

    fn get(&self, uuid: &Uuid) -> BoxFuture<Result<Deployment>> {
        self.asked.lock().unwrap().gets += 1;
        let elapsed = self.begun.elapsed();
        let row = self.rows.iter().find(|row| *uuid == *row.uuid);
        match row.filter(|row| elapsed < row.gone_after) {
            Some(row) => self.answer(Ok(row.shown(elapsed, self.shows_logs))),
            None => self.answer(Err(Error::new(ErrorKind::NotFound, "no such deployment"))),
        }
    }

    fn shows_log(&self, _: &Uuid) -> BoxFuture<Result<bool>> {
        self.asked.lock().unwrap().about_logs += 1;
        self.answer(Ok(self.shows_logs))
    }
}

/// The end of a deployment.
#[derive(Debug)]
struct End {
    status: Result<DeploymentStatus>,
    at: Duration,
    lines: Vec<String>,
    withheld: usize,
}

fn runs(count: usize) -> Vec<ResourceRun> {
    let coolify = Coolify::builder().url("http://c.example").token("1|t");
    let coolify = coolify.build().unwrap();
    let run = |number| {
        let run = DeploymentRun::new(&coolify, format!("d{number}").into(), false);
        ResourceRun::new(format!("a{number}"), run)
    };
    (0..count).map(run).collect()
}

/// Watches all deployments of the server to their ends.
async fn watch(server: &Arc<Server>, all: Patience, whole_logs: bool) -> Vec<End> {
    let runs = runs(server.rows.len());
    let numbered: Vec<_> = runs.iter().enumerate().collect();
    let mut watch = Watch::new(server.clone(), &numbered, all, whole_logs);
    let mut ends: Vec<Option<End>> = runs.iter().map(|_| None).collect();
    let mut lines = vec![Vec::new(); runs.len()];
    let mut withheld = vec![0; runs.len()];
    while let Some((index, event)) = watch.next().await {
        assert!(ends[index].is_none(), "an event after the end: {event:?}");
        let status = match event {
            Ok(RunEvent::Status(status)) if status.is_terminal() => Ok(status),
            Ok(RunEvent::Status(_)) => continue,
            Ok(RunEvent::Log(line)) => {
                lines[index].push(line.output);
                continue;
            }
            Ok(RunEvent::LogWithheld) => {
                withheld[index] += 1;
                continue;
            }
            Err(error) => Err(error),
        };
        ends[index] = Some(End {
            status,
            at: server.begun.elapsed(),
            lines: std::mem::take(&mut lines[index]),
            withheld: withheld[index],
        });
    }
    ends.into_iter().map(Option::unwrap).collect()
}

async fn watched(server: Server) -> (Vec<End>, Asked) {
    let server = Arc::new(server);
    let ends = watch(&server, Patience::default(), false).await;
    let asked = server.asked();
    (ends, asked)
}

fn status(end: &End) -> &str {
    end.status.as_ref().unwrap().as_str()
}

fn kind(end: &End) -> ErrorKind {
    end.status.as_ref().unwrap_err().kind()
}

#[tokio::test(start_paused = true)]
async fn each_end_is_seen_within_two_intervals_by_one_list_and_one_call() {
    for count in [10, 100, 1_000] {
        // They end one after the other, at all moments of an interval.
        let rows = (0..count).map(|it| Row::new(it, SECOND / 10 * u32::try_from(it + 1).unwrap()));
        let server = Server {
            latency: SECOND / 20,
            ..Server::of(rows)
        };
        let rows = server.rows.clone();
        let (ends, asked) = watched(server).await;
        for (end, row) in ends.iter().zip(&rows) {
            assert_eq!(status(end), "finished");
            assert!(end.at >= row.ends_after);
            assert!(end.at <= row.ends_after + SEEN_WITHIN, "{end:?}");
        }
        let intervals = count / 20 + 2;
        assert!(asked.lists <= intervals, "{asked:?} for {count}");
        assert_eq!((asked.gets, asked.about_logs), (count, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn thirty_short_deployments_do_not_take_thirty_seconds() {
    let (ends, asked) = watched(Server::of((0..30).map(|it| Row::new(it, SECOND)))).await;
    assert!(ends.iter().all(|end| end.at <= SECOND + SEEN_WITHIN));
    assert_eq!((asked.lists, asked.gets), (2, 30));
}

#[tokio::test(start_paused = true)]
async fn a_failure_takes_two_calls_and_has_its_reason() {
    let rows = (0..50).map(|it| {
        let row = Row::new(it, SECOND * 3);
        if it % 2 == 0 { row } else { row.fails() }
    });
    let (ends, asked) = watched(Server::of(rows)).await;
    for (number, end) in ends.iter().enumerate() {
        assert!(end.at <= 3 * SECOND + SEEN_WITHIN);
        if number % 2 == 1 {
            assert_eq!(status(end), "failed");
            assert_eq!(end.lines, ["Building.", "Deployment failed: no space left"]);
        }
    }
    // The list contains them after 0 and 2 s, and no longer after 4 s.
    assert_eq!((asked.lists, asked.gets), (3, 25 + 2 * 25));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_stays_empty_does_not_end_the_wait() {
    let server = Server {
        lists: false,
        ..Server::of((0..30).map(|it| Row::new(it, 10 * SECOND)))
    };
    let (ends, asked) = watched(server).await;
    assert!(ends.iter().all(|end| end.status.is_ok()));
    // Thirty calls to begin with, and then three in an interval.
    assert!(ends.iter().all(|end| end.at <= 40 * SECOND), "{ends:?}");
    assert!(asked.gets <= 30 + 3 * asked.lists, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_the_list_does_not_contain_yet_is_waited_for() {
    let late = Row {
        listed_after: 5 * SECOND,
        ..Row::new(0, 21 * SECOND)
    };
    let (ends, asked) = watched(Server::of([late])).await;
    assert_eq!(status(&ends[0]), "finished");
    assert!(ends[0].at <= 21 * SECOND + SEEN_WITHIN);
    // At 0, 2 and 4 seconds, and at the end.
    assert_eq!(asked.gets, 4);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_vanishes_is_gone_and_hides_no_other() {
    let gone = Row {
        gone_after: 3 * SECOND,
        ..Row::new(0, 60 * SECOND)
    };
    let (ends, _) = watched(Server::of([gone, Row::new(1, 20 * SECOND)])).await;
    assert_eq!(kind(&ends[0]), ErrorKind::NotFound);
    let hint = ends[0].status.as_ref().unwrap_err().hint();
    assert!(hint.unwrap().contains("application was deleted"));
    assert!(ends[0].at <= 3 * SECOND + SEEN_WITHIN);
    assert_eq!(status(&ends[1]), "finished");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_never_existed_is_found_out() {
    let ghost = Row {
        gone_after: Duration::ZERO,
        ..Row::new(0, SECOND)
    };
    let (ends, asked) = watched(Server::of([ghost])).await;
    assert_eq!(kind(&ends[0]), ErrorKind::NotFound);
    let hint = ends[0].status.as_ref().unwrap_err().hint();
    assert!(hint.unwrap().contains("never existed"));
    assert_eq!((asked.gets, ends[0].at), (6, 10 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_restarts_ends_nothing() {
    for kind in [
        ErrorKind::Connect,
        ErrorKind::Server,
        ErrorKind::RateLimited,
    ] {
        let server = Server {
            fails: Some((kind, 150 * SECOND)),
            ..Server::of((0..5).map(|it| Row::new(it, 160 * SECOND)))
        };
        let (ends, asked) = watched(server).await;
        assert!(ends.iter().all(|end| end.status.is_ok()), "{ends:?}");
        assert_eq!(asked.gets, 5, "nothing is read while the list fails");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_that_lasts_ends_all() {
    let server = Server {
        fails: Some((ErrorKind::Connect, Duration::MAX)),
        ..Server::of((0..3).map(|it| Row::new(it, SECOND)))
    };
    let (ends, _) = watched(server).await;
    for end in &ends {
        assert_eq!(kind(end), ErrorKind::Connect);
        assert_eq!(end.at, 180 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_list_is_refused_each_is_read_by_itself() {
    for refusal in [ErrorKind::Forbidden, ErrorKind::Decode, ErrorKind::NotFound] {
        let server = Server {
            refuses_lists: Some(refusal),
            ..Server::of((0..4).map(|it| Row::new(it, 5 * SECOND)))
        };
        let (ends, asked) = watched(server).await;
        assert!(ends.iter().all(|end| end.status.is_ok()), "{ends:?}");
        let lists = if refusal == ErrorKind::Decode { 3 } else { 1 };
        assert_eq!(asked.lists, lists, "{refusal:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_maximum_wait_ends_each_that_has_not_ended() {
    let mut all = Patience::default();
    all.max_wait(7 * SECOND);
    for lists in [true, false] {
        let server = Arc::new(Server {
            lists,
            ..Server::of([Row::new(0, SECOND), Row::new(1, 3600 * SECOND)])
        });
        let ends = watch(&server, all, false).await;
        assert_eq!(status(&ends[0]), "finished");
        assert_eq!(kind(&ends[1]), ErrorKind::WaitExpired);
        let message = ends[1].status.as_ref().unwrap_err().to_string();
        // At 0, 2, 4, 6 and 7 seconds.
        let told = "the deployment is still in_progress after 7 s and 5 polls";
        assert_eq!((message.as_str(), ends[1].at), (told, 7 * SECOND));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_does_not_prolong_the_wait() {
    let mut all = Patience::default();
    all.max_wait(7 * SECOND);
    let server = Arc::new(Server {
        latency: 3600 * SECOND,
        ..Server::of([Row::new(0, SECOND)])
    });
    let ends = watch(&server, all, false).await;
    assert_eq!(kind(&ends[0]), ErrorKind::WaitExpired);
    assert_eq!(ends[0].at, 17 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_sees_no_logs_is_asked_about_once() {
    let server = Server {
        shows_logs: false,
        ..Server::of((0..20).map(|it| Row::new(it, 9 * SECOND).fails()))
    };
    let (ends, asked) = watched(server).await;
    assert!(
        ends.iter()
            .all(|end| end.withheld == 1 && end.lines.is_empty())
    );
    // Nothing more is to be learnt from a second look.
    assert_eq!((asked.about_logs, asked.gets), (1, 20));
}

#[tokio::test(start_paused = true)]
async fn whole_logs_are_read_to_their_end() {
    let server = Arc::new(Server::of([Row::new(0, SECOND)]));
    let ends = watch(&server, Patience::default(), true).await;
    assert_eq!(ends[0].lines.len(), 2);
    // The log has to stand still for five seconds.
    assert!(server.asked().gets > 4, "{:?}", server.asked());
    let brief = Arc::new(Server::of([Row::new(0, SECOND * 19 / 10)]));
    let ends = watch(&brief, Patience::default(), false).await;
    assert_eq!((ends[0].lines.len(), brief.asked().gets), (1, 1));
}

/// Once its end was seen, an outdated status does not restart a deployment.
#[tokio::test(start_paused = true)]
async fn a_deployment_that_has_ended_does_not_run_again() {
    let row = Row {
        stale_after: 5 * SECOND,
        ..Row::new(0, 3 * SECOND).fails()
    };
    let server = Arc::new(Server::of([row]));
    let ends = watch(&server, Patience::default(), true).await;
    assert_eq!(status(&ends[0]), "failed");
    assert!(ends[0].at <= 8 * SECOND, "{:?}", ends[0]);
    assert!(!ends[0].lines.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_interval_is_that_of_the_rollout() {
    let mut all = Patience::default();
    all.poll_every(10 * SECOND);
    let server = Arc::new(Server::of([Row::new(0, 15 * SECOND)]));
    let ends = watch(&server, all, false).await;
    assert_eq!((ends[0].at, server.asked().lists), (20 * SECOND, 3));
}

#[cfg(feature = "scope")]
#[test]
fn each_client_has_its_own_list() {
    let (mut one, two) = (runs(2), runs(3));
    one.extend(two);
    // A clone is the same client, and the same client bound to a project is not.
    let bound = one[0].run.coolify().in_project("p1");
    one.push(ResourceRun::new(
        "b",
        DeploymentRun::new(&bound, "d9".into(), false),
    ));
    let rollout: Rollout = one.into_iter().collect();
    assert_eq!(rollout.watches().len(), 3);
}
