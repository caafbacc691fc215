//! Counts what it takes to watch many deployments: `cargo bench -p coolify-sdk --bench
//! rollout`.
//!
//! The clock is paused: it moves on when nothing is left to do, so the counts do not
//! depend on the machine. In the same run, each deployment is also watched by itself,
//! to compare.

#![expect(clippy::cast_precision_loss, reason = "the numbers are for people")]

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant as Clock},
};

use coolify_sdk::{
    Coolify, Pacing,
    deployments::{ResourceRun, Rollout, RunEvent},
};
use futures_util::{StreamExt, stream::select_all};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Builder,
    task::LocalSet,
    time::Instant,
};

const INTERVAL: Duration = Duration::from_secs(2);
const SECOND: Duration = Duration::from_secs(1);
/// The bounds for a rollout: the end of each deployment is seen within two intervals,
/// with one list in an interval and at most two further calls for each deployment.
const INTERVALS: f64 = 2.0;
const CALLS: f64 = 2.0;

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    println!(
        "{:<36}{:>9}{:>8}{:>8}{:>12}{:>13}{:>11}{:>7}{:>12}",
        "rollout",
        "watched",
        "lists",
        "calls",
        "calls each",
        "seen within",
        "over after",
        "holds",
        "real time"
    );
    for (name, between, every_nth_fails) in [
        ("a second each", Duration::ZERO, None),
        ("one every 0.1 s", SECOND / 10, None),
        ("one every 0.1 s, 1 of 4 fails", SECOND / 10, Some(4)),
    ] {
        for count in [10, 100, 1_000] {
            for how in [How::ByList, How::Alone] {
                let plan = Plan {
                    count,
                    between,
                    every_nth_fails,
                };
                let mut runtime = Builder::new_current_thread();
                let runtime = runtime.enable_all().start_paused(true).build().unwrap();
                let begun = Clock::now();
                let seen = LocalSet::new().block_on(&runtime, watch(plan, how));
                report(name, plan, how, &seen, begun.elapsed());
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Plan {
    count: usize,
    /// How much later than the one before each deployment ends.
    between: Duration,
    every_nth_fails: Option<usize>,
}

impl Plan {
    fn ends_after(self, number: usize) -> Duration {
        SECOND + self.between * u32::try_from(number).unwrap()
    }

    fn fails(self, number: usize) -> bool {
        self.every_nth_fails
            .is_some_and(|nth| number.is_multiple_of(nth))
    }
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    /// By one list.
    ByList,
    /// By a stream of its own for each deployment.
    Alone,
}

struct Seen {
    lists: usize,
    calls: usize,
    /// The longest time between an end and the event that tells it.
    latest: Duration,
    over_after: Duration,
}

async fn watch(plan: Plan, how: How) -> Seen {
    let server = Server::start(plan).await;
    let coolify = Coolify::builder().url(&server.url).token("1|t");
    let coolify = coolify
        .pacing(Pacing::off())
        .poll_every(INTERVAL)
        .build()
        .unwrap();
    let run = |number: usize| {
        let run = coolify.deployment(format!("d{number}")).follow();
        ResourceRun::new(format!("a{number}"), run)
    };
    let runs: Vec<_> = (0..plan.count).map(run).collect();
    let latest = Cell::new(Duration::ZERO);
    let note = |resource: &str, event: coolify_sdk::Result<RunEvent>| {
        if let RunEvent::Status(status) = event.unwrap()
            && status.is_terminal()
        {
            let number = resource[1..].parse().unwrap();
            let late = server
                .begun
                .elapsed()
                .saturating_sub(plan.ends_after(number));
            latest.set(latest.get().max(late));
        }
    };
    match how {
        How::ByList => {
            let mut events = Rollout::from_iter(runs).events();
            while let Some(one) = events.next().await {
                note(one.resource.as_str(), one.event);
            }
        }
        How::Alone => {
            let each = runs.iter().map(|one| {
                let resource = one.resource.to_string();
                let events = one.run.events();
                events.map(move |event| (resource.clone(), event))
            });
            let mut events = select_all(each);
            while let Some((resource, event)) = events.next().await {
                note(&resource, event);
            }
        }
    }
    Seen {
        lists: server.lists.get(),
        calls: server.calls.get(),
        latest: latest.get(),
        over_after: server.begun.elapsed(),
    }
}

fn report(name: &str, plan: Plan, how: How, seen: &Seen, took: Duration) {
    let each = seen.calls as f64 / plan.count as f64;
    let intervals = seen.latest.as_secs_f64() / INTERVAL.as_secs_f64();
    let most_lists = seen.over_after.as_secs_f64() / INTERVAL.as_secs_f64() + 1.0;
    let holds = intervals <= INTERVALS && each <= CALLS && seen.lists as f64 <= most_lists;
    println!(
        "{:<36}{:>9}{:>8}{:>8}{each:>12.2}{:>13}{:>11}{:>7}{:>12}",
        format!("{name}: {}", plan.count),
        if how == How::ByList {
            "by list"
        } else {
            "alone"
        },
        seen.lists,
        seen.calls,
        format!("{intervals:.2} ticks"),
        format!("{:.1} s", seen.over_after.as_secs_f64()),
        match how {
            How::ByList if holds => "yes",
            How::ByList => "NO",
            How::Alone => "",
        },
        format!("{:.0} ms", took.as_secs_f64() * 1e3),
    );
}

/// A server in the same runtime, so that the clock stands still while it works.
struct Server {
    url: String,
    begun: Instant,
    lists: Rc<Cell<usize>>,
    /// The number of calls that are not lists.
    calls: Rc<Cell<usize>>,
}

impl Server {
    async fn start(plan: Plan) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            begun: Instant::now(),
            lists: Rc::default(),
            calls: Rc::default(),
        };
        let (begun, lists, calls) = (server.begun, server.lists.clone(), server.calls.clone());
        tokio::task::spawn_local(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (lists, calls) = (lists.clone(), calls.clone());
                tokio::task::spawn_local(serve(stream, move |path| {
                    let elapsed = begun.elapsed();
                    match path.strip_prefix("/api/v1/deployments").unwrap() {
                        "" => {
                            lists.set(lists.get() + 1);
                            let open = (0..plan.count).filter(|it| elapsed < plan.ends_after(*it));
                            open.map(|number| row(plan, number, elapsed)).collect()
                        }
                        one => {
                            calls.set(calls.get() + 1);
                            row(
                                plan,
                                one.strip_prefix("/d").unwrap().parse().unwrap(),
                                elapsed,
                            )
                        }
                    }
                }));
            }
        });
        server
    }
}

fn row(plan: Plan, number: usize, elapsed: Duration) -> Value {
    let is_over = elapsed >= plan.ends_after(number);
    let mut log = vec![json!({"output": "Building docker image started."})];
    if elapsed >= plan.ends_after(number) + SECOND / 2 {
        let last = format!("Gracefully shutting down build container: d{number}");
        log.push(json!({"output": last}));
        log.push(json!({"output": format!("d{number}"), "hidden": true}));
    }
    json!({
        "id": number,
        "deployment_uuid": format!("d{number}"),
        "application_name": format!("web-{number}"),
        "horizon_job_worker": "vm",
        "logs": Value::from(log).to_string(),
        "status": match is_over {
            false => "in_progress",
            true if plan.fails(number) => "failed",
            true => "finished",
        },
    })
}

/// Answers GET requests until the client closes the connection.
async fn serve(mut stream: TcpStream, answer: impl Fn(&str) -> Value) {
    stream.set_nodelay(true).unwrap();
    let mut received = Vec::new();
    loop {
        while let Some(end) = received.windows(4).position(|it| it == b"\r\n\r\n") {
            let head = String::from_utf8(received.drain(..end + 4).collect()).unwrap();
            let body = answer(head.split(' ').nth(1).unwrap()).to_string();
            let reply = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n\
                 {body}",
                body.len()
            );
            if stream.write_all(reply.as_bytes()).await.is_err() {
                return;
            }
        }
        match stream.read_buf(&mut received).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
