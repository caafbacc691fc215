//! Every operation on a failing connection: a write is sent once, and its error
//! says whether it may have been carried out; a read is repeated a limited number
//! of times.

mod server;

use std::collections::BTreeMap;
use std::time::Duration;

use coolify_sdk::operations::{Method, Operation, operations};
use coolify_sdk::{Coolify, Error, ErrorKind, Pacing, RetryPolicy};
use coolify_sdk_tests::{Recording, has_newest};

pub use self::server::Fault;
use self::server::Server;
use super::call::{Answer, Call, Stop};

const ATTEMPTS: u32 = 3;

pub const TOKEN: &str = "1|planted-t0ken";

/// The expected result of a failure.
struct Expected {
    fault: Fault,
    kind: ErrorKind,
    /// Whether it is unknown if a write was carried out.
    unknown: bool,
    /// How many times a read is sent.
    reads: u32,
}

const fn expect(fault: Fault, kind: ErrorKind, unknown: bool, reads: u32) -> Expected {
    Expected {
        fault,
        kind,
        unknown,
        reads,
    }
}

const BREAKS: [Expected; 7] = [
    expect(Fault::CutUnread, ErrorKind::Interrupted, true, ATTEMPTS),
    expect(Fault::CutRead, ErrorKind::Interrupted, true, ATTEMPTS),
    expect(Fault::CutWithin, ErrorKind::Interrupted, true, ATTEMPTS),
    expect(Fault::Page(502), ErrorKind::Server, true, ATTEMPTS),
    expect(Fault::Page(503), ErrorKind::Server, true, ATTEMPTS),
    expect(Fault::Page(504), ErrorKind::Server, true, ATTEMPTS),
    // The write was carried out, and its reply cannot be read.
    expect(Fault::Garbage, ErrorKind::Decode, false, 1),
];

#[tokio::test]
async fn no_write_is_sent_twice_when_the_connection_breaks() {
    let exchanges = Exchanges::start(&super::http()).await;
    exchanges.check(&BREAKS).await;
    // If a connection has carried a request before, hyper may repeat a request
    // that was cut off.
    let fresh = Exchanges {
        http: reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()
            .expect("a client"),
        ..exchanges
    };
    fresh.check(&BREAKS[..3]).await;
}

/// The clock only advances for the timeouts.
#[tokio::test(start_paused = true)]
async fn nor_when_the_reply_does_not_come() {
    let exchanges = Exchanges::start(&super::http()).await;
    let stall = expect(Fault::Stall, ErrorKind::Timeout, true, ATTEMPTS);
    exchanges.check(&[stall]).await;
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent_and_all_can_be_repeated() {
    let exchanges = Exchanges::start(&super::http()).await;
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("it is bound"))
    };
    let mut wrong = Vec::new();
    for (operation, recording) in &exchanges.all {
        let coolify = exchanges.client(&closed);
        let Err(Stop::Failed(error)) = call(coolify, recording).await else {
            panic!("{} needs no server", operation.id);
        };
        let repeated = error.attempts() == ATTEMPTS;
        if !error.is_connect() || error.outcome_unknown() || !repeated {
            wrong.push(format!("{}: {error:?}", operation.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A recording of each operation, with the request of the public API.
pub struct Exchanges {
    http: reqwest::Client,
    server: Server,
    pub all: Vec<(&'static Operation, Recording)>,
}

impl Exchanges {
    pub async fn start(http: &reqwest::Client) -> Self {
        let first = Recording::load("list-projects.ok");
        let mut this = Self {
            http: http.clone(),
            server: Server::start(first).await,
            all: Vec::new(),
        };
        let mut recordings = BTreeMap::<_, Vec<_>>::new();
        for recording in Recording::everything() {
            let plain = recording.request.raw.is_none() && recording.request.headers.is_empty();
            if let Some(operation) = super::operation(&recording).filter(|_| plain) {
                recordings.entry(operation.id).or_default().push(recording);
            }
        }
        for operation in operations().iter().filter(|it| has_newest(it)) {
            let mut candidates = recordings.remove(operation.id).unwrap_or_default();
            candidates.sort_by_key(|it| it.response.status >= 300);
            let mut found = None;
            for recording in candidates {
                let mut recording = super::outright(recording, operation);
                operation.id.clone_into(&mut recording.operation);
                let (answer, seen) = this.make(&recording, Fault::None).await;
                let said = matches!(answer, Ok(_) | Err(Stop::Failed(_)));
                if said && seen == 1 {
                    found = Some(recording);
                    break;
                }
            }
            let recording = found.unwrap_or_else(|| panic!("{} is never sent", operation.id));
            this.all.push((operation, recording));
        }
        this
    }

    fn client(&self, url: &str) -> Coolify {
        let retry = RetryPolicy::default().attempts(ATTEMPTS);
        Coolify::builder()
            .url(url)
            .token(TOKEN)
            .http_client(self.http.clone())
            .pacing(Pacing::off())
            .retry(retry.backoff(Duration::ZERO, Duration::ZERO))
            .build()
            .expect("a loopback URL is fine")
    }

    /// Sets the server up for an exchange, and gives a client for it.
    pub fn play(&self, recording: &Recording, fault: Fault) -> Coolify {
        self.server.play(recording, fault);
        self.client(&self.server.url())
    }

    /// Returns the request that was read last.
    pub fn received(&self) -> String {
        self.server.received()
    }

    /// Makes the call, and returns how many times its request arrived.
    async fn make(&self, recording: &Recording, fault: Fault) -> (Answer, usize) {
        let answer = call(self.play(recording, fault), recording).await;
        (answer, self.server.seen())
    }

    async fn check(&self, all: &[Expected]) {
        let mut wrong = Vec::new();
        for (operation, recording) in &self.all {
            // A server may report any version.
            let is_any_text = |it: &&Expected| operation.id == "version" && it.is_garbage();
            for expected in all.iter().filter(|it| !is_any_text(it)) {
                let (answer, seen) = self.make(recording, expected.fault).await;
                let error = match answer {
                    Err(Stop::Failed(error)) => Some(error),
                    _ => None,
                };
                for what in expected.complaints(operation, error.as_ref(), seen) {
                    wrong.push(format!("{} {:?}: {what}", operation.id, expected.fault));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

async fn call(coolify: Coolify, recording: &Recording) -> Answer {
    Box::pin(super::dispatch(&Call::new(coolify, recording))).await
}

impl Expected {
    fn is_garbage(&self) -> bool {
        matches!(self.fault, Fault::Garbage)
    }

    fn complaints(&self, operation: &Operation, error: Option<&Error>, seen: usize) -> Vec<String> {
        let writes = operation.method != Method::Get;
        let times = if writes { 1 } else { self.reads };
        let mut wrong = Vec::new();
        if seen != times as usize {
            wrong.push(format!("it came {seen} times, not {times}"));
        }
        let Some(error) = error else {
            wrong.push("it is no error".to_owned());
            return wrong;
        };
        if error.kind() != self.kind {
            wrong.push(format!("it is {:?}: {error}", error.kind()));
        }
        if error.outcome_unknown() != (self.unknown && writes) {
            wrong.push(format!("outcome_unknown is {}", error.outcome_unknown()));
        }
        wrong
    }
}
