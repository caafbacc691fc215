//! The benchmarks: the SDK and hand-written code against the same server.

#![allow(
    dead_code,
    reason = "`time.rs` and `memory.rs` each look at a part of it"
)]

use std::{
    env,
    future::Future,
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use coolify_sdk::{
    Coolify, List, Pacing,
    applications::Application,
    deployments::{ApplicationDeployments, Deployment},
    envs::EnvironmentVariable,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    by_hand::{self, Client},
    data::{self, UUID},
    server::{Replies, Server},
};

/// A benchmark of a pair.
#[derive(Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    /// How many times the work is repeated for one sample.
    pub repeat: usize,
    /// The bound for the time, compared with the hand-written code.
    pub time: Bound,
    /// The bound for the number of allocations.
    pub allocations: Bound,
    /// The bound for the peak memory.
    pub peak: Bound,
    /// Whether it runs on several threads.
    pub is_parallel: bool,
}

/// The bound of a ratio.
#[derive(Clone, Copy, PartialEq)]
pub enum Bound {
    AtMost(f64),
    /// A bound for the inverse: the work in the same time.
    Throughput(f64),
    /// Reported only.
    Open,
    /// Not measured, because most of the time is waiting.
    Skip,
}

impl Case {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            repeat: 1,
            time: Bound::Open,
            allocations: Bound::Open,
            peak: Bound::Open,
            is_parallel: false,
        }
    }

    /// Returns whether the command line selects it, by a part of its name.
    fn is_wanted(self) -> bool {
        let mut words = env::args().skip(1).filter(|it| !it.starts_with('-'));
        words.next().is_none_or(|word| self.name.contains(&word))
    }
}

/// Measures a pair.
pub trait Meter {
    /// Measures both sides of a pair, and prints a line.
    fn pair(&mut self, case: Case, server: &Server, sdk: impl AsyncFn(), by_hand: impl AsyncFn());
}

/// Bound for one small call.
const CALL: f64 = 1.05;
/// Bound for concurrent calls.
const THROUGHPUT: f64 = 0.95;
/// Bounds for long lists.
const DECODE: f64 = 1.15;
const PEAK: f64 = 1.25;
/// Bound that would be exceeded if the work grew with the square.
const LINEAR: f64 = 1.25;

const APPLICATIONS: usize = 1_000;
const VARIABLES: usize = 1_000;
const DEPLOYMENTS: usize = 500;
/// The number of lines in the log of each deployment.
const LINES: usize = 200;

/// The number of lines of the followed log, and the number of steps in which it
/// grows.
const FOLLOWED: usize = 10_000;
const STEPS: usize = 20;

/// The number of synchronised variables, and how many of them differ.
const SYNCED: usize = 500;
const CHANGED: usize = 20;

/// Measures everything.
pub fn run(meter: &mut impl Meter) {
    // reqwest is built without a crypto provider: see
    // `CoolifyBuilder::http_client`.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = Server::start(replies());
    let bench = Bench {
        coolify: coolify(&server),
        client: Client::new(&server.url),
        server,
    };
    bench.calls(meter);
    bench.in_flight(meter);
    bench.lists(meter);
    bench.decode(meter);
    bench.logs(meter);
    bench.follow(meter);
    bench.sync(meter);
}

fn coolify(server: &Server) -> Coolify {
    let builder = Coolify::builder().url(&server.url).token(by_hand::TOKEN);
    builder.pacing(Pacing::off()).build().unwrap()
}

struct Bench {
    coolify: Coolify,
    client: Client,
    server: Server,
}

impl Bench {
    fn calls(&self, meter: &mut impl Meter) {
        let case = Case {
            repeat: 200,
            time: Bound::AtMost(CALL),
            ..Case::new("call: version")
        };
        self.pair(
            meter,
            case,
            async || _ = self.coolify.instance().version().await.unwrap(),
            async || _ = self.client.text("/version").await,
        );
        let case = Case {
            repeat: 200,
            time: Bound::AtMost(CALL),
            ..Case::new("call: one application")
        };
        let application = self.coolify.application(UUID);
        let path = format!("/applications/{UUID}");
        self.pair(
            meter,
            case,
            async || _ = black_box(application.get().await.unwrap()),
            async || _ = black_box(self.client.get::<by_hand::Application>(&path).await),
        );
    }

    fn in_flight(&self, meter: &mut impl Meter) {
        let case = Case {
            time: Bound::Throughput(THROUGHPUT),
            is_parallel: true,
            ..Case::new("throughput: 5,000 calls, 64 in flight")
        };
        // Connections belong to the runtime that opened them.
        let coolify = coolify(&self.server);
        let client = Client::new(&self.server.url);
        let sdk = move || {
            let coolify = coolify.clone();
            async move { _ = coolify.instance().version().await.unwrap() }
        };
        let by_hand = move || {
            let client = client.clone();
            async move { _ = client.text("/version").await }
        };
        self.pair(
            meter,
            case,
            async || at_once(sdk.clone()).await,
            async || at_once(by_hand.clone()).await,
        );
    }

    /// Measures lists, including the call.
    fn lists(&self, meter: &mut impl Meter) {
        let list = |name| Case {
            time: Bound::AtMost(DECODE),
            peak: Bound::AtMost(PEAK),
            ..Case::new(name)
        };
        let application = self.coolify.application(UUID);
        self.pair(
            meter,
            list("list: 1,000 applications"),
            async || _ = black_box(self.coolify.applications().list().await.unwrap()),
            async || {
                black_box(
                    self.client
                        .get::<Vec<by_hand::Application>>("/applications")
                        .await,
                );
            },
        );
        let path = format!("/applications/{UUID}/envs");
        self.pair(
            meter,
            list("list: 1,000 variables"),
            async || _ = black_box(application.envs().list().await.unwrap()),
            async || {
                black_box(
                    self.client
                        .get::<Vec<by_hand::EnvironmentVariable>>(&path)
                        .await,
                );
            },
        );
        let path = format!("/deployments/applications/{UUID}?skip=0&take={DEPLOYMENTS}");
        self.pair(
            meter,
            list("list: 500 deployments and their logs"),
            async || {
                let history = application.deployments();
                let page = history
                    .page(0, i64::try_from(DEPLOYMENTS).unwrap())
                    .await
                    .unwrap();
                for deployment in &page.deployments {
                    assert_eq!(black_box(deployment.log_lines()).len(), LINES);
                }
            },
            async || {
                let page: by_hand::Deployments = self.client.get(&path).await;
                for deployment in page.deployments.iter().flatten() {
                    let log = deployment.logs.as_deref().unwrap_or_default();
                    assert_eq!(black_box(by_hand::lines(log)).len(), LINES);
                }
            },
        );
    }

    /// Measures decoding, without the call.
    fn decode(&self, meter: &mut impl Meter) {
        let decode = |name| Case {
            time: Bound::AtMost(DECODE),
            peak: Bound::AtMost(PEAK),
            ..Case::new(name)
        };
        let json = applications();
        self.pair(
            meter,
            decode("decode: 1,000 applications"),
            read::<Vec<Application>>(&json),
            read::<Vec<by_hand::Application>>(&json),
        );
        let json = variables();
        self.pair(
            meter,
            decode("decode: 1,000 variables"),
            read::<List<EnvironmentVariable>>(&json),
            read::<Vec<by_hand::EnvironmentVariable>>(&json),
        );
        let json = deployments();
        self.pair(
            meter,
            decode("decode: 500 deployments"),
            read::<ApplicationDeployments>(&json),
            read::<by_hand::Deployments>(&json),
        );
    }

    fn logs(&self, meter: &mut impl Meter) {
        let parse = |lines| {
            let deployment: Deployment =
                serde_json::from_value(data::deployment(1, lines, true)).unwrap();
            move || assert_eq!(black_box(deployment.log_lines()).len(), lines)
        };
        let (long, short) = (parse(20_000), parse(2_000));
        let text = data::log(20_000);
        let case = Case {
            time: Bound::AtMost(DECODE),
            ..Case::new("log: 20,000 lines")
        };
        self.pair(
            meter,
            case,
            async || long(),
            async || _ = black_box(by_hand::lines(&text)),
        );
        let case = Case {
            time: Bound::AtMost(LINEAR),
            allocations: Bound::AtMost(LINEAR),
            ..Case::new("log: 20,000 lines, to ten times 2,000")
        };
        self.pair(
            meter,
            case,
            async || long(),
            async || (0..10).for_each(|_| short()),
        );
    }

    /// Coolify sends the whole log each time; the hand-written code parses only
    /// the new lines.
    fn follow(&self, meter: &mut impl Meter) {
        let case = Case {
            time: Bound::Skip,
            allocations: Bound::AtMost(LINEAR),
            peak: Bound::AtMost(PEAK),
            ..Case::new("follow: 10,000 lines in 20 steps")
        };
        let run = self.coolify.deployment(UUID).follow();
        let run = run.poll_every(Duration::from_millis(100));
        let path = format!("/deployments/{UUID}");
        self.pair(
            meter,
            case,
            async || _ = run.clone().await.unwrap(),
            async || {
                let (mut old, mut lines) = (1, 0);
                for _ in 0..STEPS {
                    let deployment: by_hand::Deployment = self.client.get(&path).await;
                    let log = deployment.logs.unwrap();
                    let new = format!("[{}", log[old..].trim_start_matches(','));
                    lines += by_hand::lines(&new).len();
                    old = log.len() - 1;
                }
                assert_eq!(lines, FOLLOWED);
            },
        );
    }

    fn sync(&self, meter: &mut impl Meter) {
        let is_changed = |number| number % (SYNCED / CHANGED) == 0;
        let desired: Vec<_> = (0..SYNCED)
            .map(|number| {
                let changed = if is_changed(number) { "-new" } else { "" };
                (data::key(number), data::value(number) + changed)
            })
            .collect();
        let envs = self.coolify.application(SYNC).envs();
        let path = format!("/applications/{SYNC}/envs");
        self.pair(
            meter,
            Case::new("sync: 500 variables, 20 changed"),
            async || {
                let desired = desired.iter().map(|(key, value)| (&**key, &**value));
                let report = envs.sync(desired).await.unwrap();
                assert_eq!(report.updated.len(), CHANGED);
            },
            async || self.client.sync(&path, &desired).await,
        );
    }

    fn pair(
        &self,
        meter: &mut impl Meter,
        case: Case,
        sdk: impl AsyncFn(),
        by_hand: impl AsyncFn(),
    ) {
        if case.is_wanted() {
            meter.pair(case, &self.server, sdk, by_hand);
        }
    }
}

/// The application whose variables are synchronised.
const SYNC: &str = "vgv48wqw6jkwg5z2w31tbypy";

fn replies() -> Replies {
    let mut replies = Replies::default();
    let mut get = |path: &str, body: String| replies.add("GET", path, [body]);
    get("/version", "4.3.11".to_owned());
    get(
        &format!("/applications/{UUID}"),
        data::one_application().to_string(),
    );
    get("/applications", applications());
    get(&format!("/applications/{UUID}/envs"), variables());
    get(&format!("/deployments/applications/{UUID}"), deployments());
    get(
        &format!("/applications/{SYNC}/envs"),
        list(SYNCED, data::variable),
    );
    replies.add(
        "PATCH",
        &format!("/applications/{SYNC}/envs/bulk"),
        [list(CHANGED, data::variable)],
    );
    let steps = (1..=STEPS).map(|step| {
        let lines = FOLLOWED * step / STEPS;
        data::deployment(1, lines, step == STEPS).to_string()
    });
    replies.add("GET", &format!("/deployments/{UUID}"), steps);
    replies
}

fn applications() -> String {
    list(APPLICATIONS, data::application)
}

fn variables() -> String {
    list(VARIABLES, data::variable)
}

fn deployments() -> String {
    let deployments: Vec<_> = (0..DEPLOYMENTS)
        .map(|number| data::deployment(number, LINES, true))
        .collect();
    json!({"count": DEPLOYMENTS, "deployments": deployments}).to_string()
}

fn list(count: usize, make: impl Fn(usize) -> Value) -> String {
    (0..count).map(make).collect::<Value>().to_string()
}

fn read<T: DeserializeOwned>(json: &str) -> impl AsyncFn() {
    async move || _ = black_box(serde_json::from_slice::<T>(json.as_bytes()).unwrap())
}

/// Makes 5,000 calls, 64 at a time.
async fn at_once<F: Future<Output = ()> + Send>(call: impl Fn() -> F + Clone + Send + 'static) {
    let left = Arc::new(AtomicUsize::new(5_000));
    let mut callers = JoinSet::new();
    for _ in 0..64 {
        let (call, left) = (call.clone(), left.clone());
        callers.spawn(async move {
            let take =
                || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1));
            while take().is_ok() {
                call().await;
            }
        });
    }
    callers.join_all().await;
}
