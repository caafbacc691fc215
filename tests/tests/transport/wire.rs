//! What a client sends, waits and reports during its calls, as a whole.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use coolify_sdk::operations::Method;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{Attempt, Coolify, CoolifyBuilder, Pacing, RetryBudget, RetryPolicy};
use regex::Regex;
use serde_json::json;
use tokio::time::Instant;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::server::{Act, Received, Server, json as replies, reply, with};
use crate::told::told;
use crate::{builder, read, write};

const PROJECTS: &str = r#"[{"uuid":"abc","name":"shop"}]"#;

/// Repeats without a wait of its own, so that no wait is random.
fn at_once() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO)
}

fn limited(seconds: &str) -> Act {
    let headers = [
        ("x-ratelimit-limit", "200"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "1"),
        ("retry-after", seconds),
    ];
    with(429, &headers, r#"{"message":"Too Many Attempts."}"#)
}

/// Returns a request with its headers in order, without what differs between runs.
fn shown(request: &Received) -> String {
    let mut headers: Vec<_> = request
        .head
        .lines()
        .skip(1)
        .map(str::to_lowercase)
        .collect();
    headers.sort();
    let headers = headers.join("\n  ");
    let version = Regex::new(r"coolify-sdk/[0-9][^\s]*").unwrap();
    let headers = version
        .replace(&headers, "coolify-sdk/[version]")
        .into_owned();
    let host = Regex::new("127.0.0.1:[0-9]+").unwrap();
    let headers = host.replace_all(&headers, "c.example");
    let body = request.body.replace("\r\n", "\n  ");
    format!("{}\n  {headers}\n  {body}\n", request.line())
}

#[tokio::test(start_paused = true)]
async fn a_request_has_these_headers_and_no_others() {
    let server = Server::start([replies(200, "{}")]).await;
    let coolify = builder(&server).user_agent("my-tool/7").build().unwrap();
    read(&crate::client(&server)).await.unwrap_err();
    for method in [
        Method::Get,
        Method::Post,
        Method::Patch,
        Method::Put,
        Method::Delete,
    ] {
        let request = coolify.request(method, "/new/a b/ü").query("a b", "c&d=é");
        request
            .query("n", 7)
            .json(json!({"x": [1, null]}))
            .await
            .unwrap();
    }
    // Without fields there is no body, unless it is a list.
    for body in [json!({}), json!([])] {
        coolify
            .request(Method::Post, "/new")
            .json(body)
            .await
            .unwrap();
    }
    let text: Vec<_> = server.received().iter().map(shown).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_allowed_in_a_path_or_body_is_refused_before_it_is_sent() {
    let server = Server::start([replies(200, "{}")]).await;
    let coolify = crate::client(&server);
    let mut text = String::new();
    for path in [
        "",
        "projects",
        "https://c.example/projects",
        "/projects?a=b",
        "/projects#a",
        "/a//b",
        "/a/../b",
        "/./b",
        "/a/%2e",
    ] {
        let outcome = match coolify.request(Method::Get, path).await {
            Ok(_) => "  sent".to_owned(),
            Err(error) => told(&error, &server.url()),
        };
        writeln!(text, "{path:?}\n{outcome}").unwrap();
    }
    for body in [
        json!({}),
        json!({"a": "(hidden)"}),
        json!({"a": [1, {"b": "(hidden)"}]}),
        json!(["(hidden)"]),
        json!({"a": "https://(hidden)@git.example/x"}),
        json!({"a": "https://(hidden).example/x", "b": "my (hidden)"}),
    ] {
        let body_text = body.to_string();
        let outcome = match coolify.request(Method::Patch, "/new").json(body).await {
            Ok(_) => "  sent".to_owned(),
            Err(error) => told(&error, &server.url()),
        };
        writeln!(text, "{body_text}\n{outcome}").unwrap();
    }
    writeln!(text, "sent: {:?}", server.lines()).unwrap();
    insta::assert_snapshot!(text);
}

fn observed(builder: CoolifyBuilder) -> (Coolify, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let all = seen.clone();
    let note = move |it: &Attempt| {
        // Without a wait of its own, a client spends whole seconds only.
        all.lock().unwrap().push(format!(
            "{} {} attempt {}{}: {:?} {:?}, waited {} s, took {} s, {} bytes",
            it.method,
            it.operation,
            it.attempt,
            if it.is_last { ", the last" } else { "" },
            it.status,
            it.error,
            it.waited.as_secs(),
            it.duration.as_secs(),
            it.bytes,
        ));
    };
    (builder.on_attempt(note).build().unwrap(), seen)
}

/// Plays a call of each kind against a server, and returns every attempt, the time and
/// the outcome.
async fn played(what: &str, script: impl Fn() -> Vec<Act>) -> String {
    let mut text = format!("=== {what}\n");
    for writes in [false, true] {
        let server = Server::start(script()).await;
        let builder = builder(&server)
            .retry(at_once())
            .timeout(Duration::from_secs(5))
            .max_reply_size(1000);
        let (coolify, seen) = observed(builder);
        let start = Instant::now();
        let outcome = if writes {
            write(&coolify).await.map(drop)
        } else {
            read(&coolify).await.map(drop)
        };
        let outcome = match outcome {
            Ok(()) => "done".to_owned(),
            Err(error) => format!("{:?}, unknown: {}", error.kind(), error.outcome_unknown()),
        };
        let seen = seen.lock().unwrap().join("\n");
        writeln!(
            text,
            "{seen}\n-> {outcome} after {} s and {} requests",
            start.elapsed().as_secs(),
            server.acts()
        )
        .unwrap();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn each_failure_is_repeated_or_not() {
    let done = || replies(201, r#"{"uuid":"abc"}"#);
    let list = || replies(200, PROJECTS);
    let mut text = String::new();
    text += &played("cut", || vec![Act::CutRead, list()]).await;
    text += &played("no reply", || vec![Act::Stall, list()]).await;
    text += &played("always cut", || vec![Act::CutRead]).await;
    for status in [429, 500, 501, 502, 503, 504, 505, 408] {
        let what = format!("status {status}");
        let body = r#"{"message":"Busy."}"#;
        let budget = [("x-ratelimit-limit", "9"), ("x-ratelimit-remaining", "8")];
        text += &played(&what, || vec![with(status, &budget, body), list()]).await;
    }
    text += &played("the rate limit", || {
        vec![limited("3"), limited("4"), done()]
    })
    .await;
    let unknown = || with(429, &[("retry-after", "soon")], "{}");
    text += &played("the rate limit, for an unknown time", || {
        vec![unknown(), done()]
    })
    .await;
    text += &played("a wait that is asked for", || {
        vec![with(503, &[("retry-after", "7")], "{}"), list()]
    })
    .await;
    text += &played("a wait that is too long", || {
        vec![with(503, &[("retry-after", "121")], "{}"), list()]
    })
    .await;
    text += &played("the longest wait", || {
        vec![with(503, &[("retry-after", "120")], "{}"), list()]
    })
    .await;
    text += &played("a full queue", || {
        vec![
            with(
                429,
                &[("retry-after", "3")],
                r#"{"message":"The queue is full."}"#,
            ),
            list(),
        ]
    })
    .await;
    text += &played("a redirect", || {
        vec![with(302, &[("location", "/login")], ""), list()]
    })
    .await;
    text += &played("another reply", || vec![replies(202, "[]"), list()]).await;
    let long = format!("[{}]", " ".repeat(1000));
    text += &played("a long reply", || vec![replies(200, &long), list()]).await;
    let refusal = "x".repeat(300_000);
    text += &played("a long refusal", || vec![replies(422, &refusal), list()]).await;
    text += &played("a reply that cannot be read", || {
        vec![replies(200, "{"), list()]
    })
    .await;
    insta::assert_snapshot!(text);
}

/// What is traced, without times and addresses.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Lines {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        let own = text.lines().filter(|line| line.contains("coolify_sdk"));
        let text = own.map(str::trim_start).collect::<Vec<_>>().join("\n");
        let mut shown = text;
        for (what, with) in [
            (r"port=[0-9]+", "port=[port]"),
            (r" time\.(busy|idle)=\S+", ""),
            // Whole tenths of a second.
            (r"milliseconds=([0-9]*)[0-9]{2}\b", "milliseconds=${1}00"),
            (r"milliseconds=[0-9]\b", "milliseconds=0"),
        ] {
            shown = Regex::new(what)
                .unwrap()
                .replace_all(&shown, with)
                .into_owned();
        }
        shown
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_traced_with_its_attempts_and_waits() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(lines.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let server = Server::start([
        Act::CutRead,
        replies(503, "{}"),
        limited("3"),
        replies(200, PROJECTS),
        replies(422, r#"{"message":"No."}"#),
        replies(202, "[]"),
        replies(200, "[]"),
        replies(200, "{"),
    ])
    .await;
    let coolify = builder(&server).retry(at_once()).build().unwrap();
    read(&coolify).await.unwrap();
    write(&coolify).await.unwrap_err();
    read(&coolify).await.unwrap();
    read(&coolify).await.unwrap_err();
    let nowhere = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let nowhere = Coolify::builder()
        .url(nowhere)
        .token("1|t")
        .retry(RetryPolicy::none());
    read(&nowhere.build().unwrap()).await.unwrap_err();
    // Three requests in a minute: the third waits for the next minute.
    let server = Server::start([replies(200, "[]")]).await;
    let paced = builder(&server)
        .pacing(Pacing::per_minute(2))
        .build()
        .unwrap();
    for _ in 0..3 {
        read(&paced).await.unwrap();
    }
    drop(guard);
    insta::assert_snapshot!(lines.text());
}

#[tokio::test(start_paused = true)]
async fn a_client_under_a_limit_sends_when_the_limit_allows() {
    let mut text = String::new();
    let hour = Duration::from_secs(3_600);
    for (what, pacing) in [
        ("0 per minute", Pacing::per_minute(0)),
        ("1 per minute", Pacing::per_minute(1)),
        ("3 per minute", Pacing::per_minute(3)),
        (
            "3 per minute, waits of 59 s",
            Pacing::per_minute(3).max_wait(Duration::from_secs(59)),
        ),
        (
            "3 per minute, waits of 60 s",
            Pacing::per_minute(3).max_wait(Duration::from_secs(60)),
        ),
        ("learned", Pacing::default()),
        ("off", Pacing::off()),
        ("long waits", Pacing::default().max_wait(hour)),
    ] {
        let used = Mutex::new((0_u32, Instant::now()));
        // Allows four requests in a minute.
        let act = Act::Answer(Box::new(move |_| {
            let mut used = used.lock().unwrap();
            if used.0 == 0 || used.1.elapsed() >= Duration::from_secs(60) {
                *used = (0, Instant::now());
            }
            used.0 += 1;
            let left = 4_u32.saturating_sub(used.0).to_string();
            let headers = [
                ("x-ratelimit-limit", "4"),
                ("x-ratelimit-remaining", &*left),
            ];
            if used.0 <= 4 {
                return reply(200, &headers, "[]");
            }
            let wait = 60 - used.1.elapsed().as_secs();
            let wait = wait.to_string();
            let refused = [
                headers[0],
                headers[1],
                ("retry-after", &*wait),
                ("x-ratelimit-reset", "1"),
            ];
            reply(429, &refused, r#"{"message":"Too Many Attempts."}"#)
        }));
        let server = Server::start([act]).await;
        let coolify = builder(&server)
            .pacing(pacing)
            .retry(at_once())
            .build()
            .unwrap();
        let start = Instant::now();
        let mut times = Vec::new();
        for _ in 0..6 {
            let told = match read(&coolify).await {
                Ok(_) => String::new(),
                Err(error) => format!(
                    " {:?} {:?}",
                    error.kind(),
                    error.retry_after().map(|it| it.as_secs_f64().round())
                ),
            };
            times.push(format!("{}{told}", start.elapsed().as_secs()));
        }
        writeln!(
            text,
            "{what}: {}; {} requests",
            times.join(", "),
            server.acts()
        )
        .unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn retries_are_taken_from_the_budget_that_successes_fill() {
    let mut text = String::new();
    for size in [0, 1, 2, 100] {
        // Every second request fails.
        let count = Mutex::new(0);
        let act = Act::Answer(Box::new(move |_| {
            let mut count = count.lock().unwrap();
            *count += 1;
            if *count % 2 == 0 {
                reply(200, &[], "[]")
            } else {
                reply(503, &[], "{}")
            }
        }));
        let server = Server::start([act]).await;
        let budget = RetryBudget::new(size);
        let coolify = builder(&server).retry_budget(budget).retry(at_once());
        let coolify = coolify.build().unwrap();
        let mut outcomes = String::new();
        for _ in 0..40 {
            outcomes.push(if read(&coolify).await.is_ok() {
                '+'
            } else {
                '-'
            });
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        outcomes += " a second later ";
        for _ in 0..6 {
            outcomes.push(if read(&coolify).await.is_ok() {
                '+'
            } else {
                '-'
            });
        }
        writeln!(text, "{size}: {outcomes}; {} requests", server.acts()).unwrap();
    }
    insta::assert_snapshot!(text);
}

/// A field that not every version takes is only sent once the version is known, or
/// cannot be known.
#[tokio::test(start_paused = true)]
async fn a_version_that_cannot_be_had_stops_only_what_would_fail_too() {
    let mut text = String::new();
    let page = "<!doctype html><title>Sign in</title>";
    for (what, act) in [
        ("4.0.0", (|| with(200, &[], "4.0.0")) as fn() -> Act),
        ("nightly", || with(200, &[], "nightly")),
        ("400", || replies(400, r#"{"message":"No."}"#)),
        ("401", || replies(401, r#"{"message":"Unauthenticated."}"#)),
        ("403", || replies(403, r#"{"message":"No."}"#)),
        ("404", || {
            replies(404, r#"{"message":"Not found.","docs":"d"}"#)
        }),
        ("429", || limited("125")),
        ("500", || replies(500, "{}")),
        ("502", || replies(502, "{}")),
        ("503", || replies(503, "{}")),
        ("504", || replies(504, "{}")),
        ("520", || replies(520, "{}")),
        ("cut", || Act::CutRead),
        ("no reply", || Act::Stall),
    ] {
        text += &version_matters(what, act).await;
    }
    text += &version_matters("a page", || with(200, &[], page)).await;
    insta::assert_snapshot!(text);
}

/// Sends a field that servers before 4.3.24 do not take, twice, and then anew a minute
/// later.
async fn version_matters(what: &str, act: impl Fn() -> Act) -> String {
    let asks = |it: &Received| it.line().ends_with("/version");
    let done = || Box::new(replies(200, "{}"));
    let server = Server::start([Act::Either(asks, Box::new(act()), done())]).await;
    let coolify = builder(&server)
        .retry(at_once())
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let mut text = format!("=== {what}\n");
    let mut known = 0;
    for pause in [0, 0, 61] {
        tokio::time::sleep(Duration::from_secs(pause)).await;
        let start = Instant::now();
        let request = coolify.request(Method::Post, "/applications/a/storages");
        let outcome = match request.json(json!({"host_path": "/srv"})).await {
            Ok(_) => "sent".to_owned(),
            Err(error) => format!("{:?}: {error}", error.kind()),
        };
        let lines = server.lines();
        let new: Vec<_> = lines[known..]
            .iter()
            .map(|it| it.replace("/api/v1", ""))
            .collect();
        known = lines.len();
        let took = start.elapsed().as_secs();
        writeln!(text, "{} -> {outcome} after {took} s", new.join(", ")).unwrap();
    }
    text
}

/// An upload has a second more for each 64 KiB.
#[tokio::test(start_paused = true)]
async fn an_upload_has_time_for_its_length() {
    let mut text = String::new();
    for length in [1, 65_535, 65_536, 1 << 20] {
        let asks = |it: &Received| it.line().ends_with("/version");
        let version = Box::new(with(200, &[], "4.5.0"));
        let server = Server::start([Act::Either(asks, version, Box::new(Act::Stall))]).await;
        let coolify = builder(&server).retry(RetryPolicy::none());
        let coolify = coolify.timeout(Duration::from_secs(5)).build().unwrap();
        let content = "x".repeat(length);
        let imports = coolify.database("d").imports();
        let upload = imports.upload("dump.sql", length as u64, Cursor::new(content.into_bytes()));
        let start = Instant::now();
        let error = upload.unchecked().send().await.unwrap_err();
        writeln!(
            text,
            "{length} bytes: {:?} after {} s, {} requests",
            error.kind(),
            start.elapsed().as_secs(),
            server.acts()
        )
        .unwrap();
    }
    insta::assert_snapshot!(text);
}

/// Which requests the client makes by itself to learn the version, and when.
#[tokio::test]
async fn the_version_is_requested_when_it_matters() {
    let mut text = String::new();
    for version in ["4.0.0", "4.1.2", "4.3.11"] {
        let fake = FakeCoolify::builder().version(version).start().await;
        let coolify = fake.client();
        let mut noted = 0;
        let mut note = |what: &str, error: Option<coolify_sdk::Error>| {
            let sent = fake.requests();
            let new = sent.iter().skip(noted);
            let lines: Vec<_> = new.map(|it| format!("{} {}", it.method, it.path)).collect();
            noted = sent.len();
            let error = error.map_or(String::new(), |it| format!(": {it}"));
            writeln!(text, "{version} {what}: {}{error}", lines.join(", ")).unwrap();
        };
        note("a project", coolify.projects().create("shop").await.err());
        note("tags", coolify.tags().list().await.err());
        note("tags again", coolify.tags().list().await.err());
        note("the version", coolify.version().await.err());
        note(
            "the version, anew",
            coolify.instance().version().await.err(),
        );
        note(
            "switch the API on",
            coolify.instance().enable_api().await.err(),
        );
        note("the health", coolify.instance().health().await.err());
        note("the team", coolify.teams().current().await.err());
        note("the members", coolify.teams().current_members().await.err());
    }
    insta::assert_snapshot!(text);
}
