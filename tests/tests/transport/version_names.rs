//! The SDK works with any version that a server reports.

use std::time::Duration;

use coolify_sdk::{
    Coolify, ErrorKind, RetryPolicy, Version,
    resource::LogEvent,
    scheduled_tasks::ScheduledTaskExecutionStatus,
    testing::{FakeCoolify, Fault},
};
use futures_util::StreamExt;
use tokio::{task::JoinSet, time::Instant};

use crate::{
    builder, client, read,
    server::{Act, Received, Server, json, reply},
};

const NO_ROUTE: &str = r#"{"message": "Not found.", "docs": "https://coolify.io/docs"}"#;

/// Versions of builds, and invalid ones.
const NAMES: [&str; 16] = [
    "4.4-rc.1",
    "4.4-rc.1.0a1b2c3",
    "4.5-rc.12",
    "4.3.2-dev.0a1b2c3d4",
    "v4.3",
    "v4.4.2\n",
    "4.4.2+build.7",
    "nightly",
    "dev-main",
    "4",
    "4.3.11.2",
    "4.x",
    "99999999999.1.1",
    "null",
    "\u{1F680}",
    "",
];

/// Answers both a list of projects and the message that the API is on.
fn anything(request: &Received) -> String {
    let is_list = request.line().ends_with("/projects");
    let body = if is_list {
        "[]"
    } else {
        r#"{"message": "on"}"#
    };
    reply(200, &[], body)
}

/// Starts a server that does this for its version, and answers everything else.
async fn that_tells_its_version_by(act: Act) -> Server {
    let is_version = |request: &Received| request.line() == "GET /api/v1/version";
    let others = Act::Answer(Box::new(anything));
    let either = Act::Either(is_version, Box::new(act), Box::new(others));
    Server::start([either]).await
}

const PAGE: &str = "<!doctype html><title>Sign in</title>";

/// Returns how many times the version was requested.
fn asked(fake: &FakeCoolify) -> usize {
    let requests = fake.requests();
    requests.iter().filter(|it| it.path == "/version").count()
}

/// Checks calls that depend on the version of the server.
async fn works(fake: &FakeCoolify) {
    let uuid = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&uuid, "status", "running:healthy");
    let coolify = fake.client();
    let app = coolify.application(&uuid);
    let interval = Duration::from_millis(100);
    fake.write_log(&uuid, ["hello"]);
    let mut events = app.logs().lines(1).poll_every(interval).follow();
    match events.next().await.unwrap().unwrap() {
        LogEvent::Line(line) => assert_eq!(line.text, "hello"),
        other => panic!("{other:?}"),
    }
    let tasks = app.scheduled_tasks();
    let done = tasks.run_command("echo done").poll_every(interval).await;
    assert_eq!(done.unwrap().status, ScheduledTaskExecutionStatus::Success);
    coolify.databases().list().await.unwrap();
    coolify.tags().create("blue").await.unwrap();
    // Old servers take GET here.
    let servers = coolify.servers().list().await.unwrap();
    coolify
        .server(servers[0].uuid.as_str())
        .validate()
        .await
        .unwrap();
}

#[tokio::test]
async fn whatever_a_server_calls_itself_it_is_worked_with() {
    for name in NAMES {
        let fake = FakeCoolify::builder()
            .version(name)
            .job_lag(0)
            .start()
            .await;
        works(&fake).await;
        assert_eq!(asked(&fake), 1, "{name:?}");
        let version = fake.client().version().await.unwrap();
        assert!(version > Version::new(4, 2, 9), "{name:?}");
        let now = fake.client().instance().version().await.unwrap();
        assert_eq!(now, version);
    }
}

#[tokio::test]
async fn a_page_in_the_place_of_the_version_is_no_hindrance() {
    let fake = FakeCoolify::builder()
        .version(PAGE)
        .job_lag(0)
        .start()
        .await;
    works(&fake).await;
    assert_eq!(asked(&fake), 1);
    let error = fake.client().version().await.unwrap_err();
    assert!(error.is_decode() && error.hint().unwrap().contains("login page"));
}

#[tokio::test]
async fn a_version_that_fails_is_no_hindrance() {
    for status in [400, 403, 404, 418, 500] {
        let fake = FakeCoolify::builder().job_lag(0).start().await;
        for _ in 0..3 {
            fake.fail_next(Fault::status(status).on("GET", "/version"));
        }
        works(&fake).await;
        assert_eq!(asked(&fake), 1, "{status}");
        fake.clear_faults();
    }
}

/// Returns a server of this version that has no tags.
async fn without_tags(version: &str) -> Server {
    let version = version.to_owned();
    let answer = move |request: &Received| match request.line() {
        "GET /api/v1/version" => reply(200, &[], &version),
        "POST /api/v1/tags" => reply(404, &[], NO_ROUTE),
        _ => anything(request),
    };
    Server::start([Act::Answer(Box::new(answer))]).await
}

#[tokio::test(start_paused = true)]
async fn what_a_server_that_is_new_lacks_is_not_for_its_age() {
    for (name, part) in [("nightly", "URL"), ("4.4-rc.1.0a1b2c3", "pre-release")] {
        let server = without_tags(name).await;
        let error = client(&server).tags().create("blue").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.unsupported_since(), None);
        assert!(error.hint().unwrap().contains(part), "{error:?}");
    }
    let server = without_tags("4.2.0-rc.3").await;
    let error = client(&server).tags().create("blue").await.unwrap_err();
    let said = error.to_string();
    assert!(said.contains("this is 4.2.0-rc.3"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn the_token_is_no_part_of_a_version() {
    let echo = |request: &Received| reply(200, &[], request.header("authorization").unwrap());
    let server = Server::start([Act::Answer(Box::new(echo))]).await;
    let coolify = client(&server);
    for version in [
        coolify.version().await.unwrap(),
        coolify.instance().version().await.unwrap(),
    ] {
        assert_eq!(version.to_string(), "Bearer 7|[token]");
    }
}

#[tokio::test(start_paused = true)]
async fn a_version_that_hangs_stalls_nobody() {
    let server = that_tells_its_version_by(Act::Stall).await;
    let coolify = client(&server).with_timeout(Duration::from_secs(7));
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..10 {
        let coolify = coolify.clone();
        tasks.spawn(async move {
            if number % 2 == 0 {
                coolify.instance().enable_api().await.map(drop)
            } else {
                read(&coolify).await.map(drop)
            }
        });
    }
    let done = tasks.join_all().await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    assert_eq!(start.elapsed().as_secs(), 7);
    assert_eq!(versions(&server), 1, "one asks for all");
    // It is not requested repeatedly.
    coolify.instance().enable_api().await.unwrap();
    assert_eq!((start.elapsed().as_secs(), versions(&server)), (7, 1));
    tokio::time::advance(Duration::from_secs(60)).await;
    coolify.instance().enable_api().await.unwrap();
    assert_eq!((start.elapsed().as_secs(), versions(&server)), (74, 2));
}

fn versions(server: &Server) -> usize {
    let lines = server.lines();
    lines.iter().filter(|it| it.ends_with("/version")).count()
}

#[tokio::test(start_paused = true)]
async fn whoever_has_less_time_waits_less() {
    let server = that_tells_its_version_by(Act::Stall).await;
    let patient = client(&server);
    let hasty = patient.with_timeout(Duration::from_secs(2));
    let start = Instant::now();
    let (version, enabled, listed) = tokio::join!(
        patient.version(),
        async {
            hasty.instance().enable_api().await.unwrap();
            start.elapsed().as_secs()
        },
        async {
            read(&patient).await.unwrap();
            start.elapsed().as_secs()
        },
    );
    assert_eq!((enabled, listed), (2, 0));
    assert!(version.unwrap_err().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn one_that_gives_up_leaves_the_asking_to_the_next() {
    let slow = Act::Drip(reply(200, &[], "4.1.2"), Duration::from_millis(100));
    let server = that_tells_its_version_by(slow).await;
    let coolify = client(&server);
    let first = tokio::spawn(coolify.clone().into_version());
    let second = tokio::spawn(coolify.clone().into_version());
    tokio::time::sleep(Duration::from_secs(1)).await;
    first.abort();
    assert_eq!(second.await.unwrap(), Version::new(4, 1, 2));
    assert_eq!(versions(&server), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_shared_by_all_that_ask() {
    let slow = Act::Drip(reply(200, &[], "4.1.2"), Duration::from_millis(100));
    let server = that_tells_its_version_by(slow).await;
    let coolify = client(&server);
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        tasks.spawn(coolify.clone().into_version());
    }
    for version in tasks.join_all().await {
        assert_eq!(version, Version::new(4, 1, 2));
    }
    assert_eq!(versions(&server), 1);
}

trait IntoVersion {
    async fn into_version(self) -> Version;
}

impl IntoVersion for Coolify {
    async fn into_version(self) -> Version {
        self.version().await.unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_known_to_be_old_that_hangs_later_is_still_old() {
    let server = Server::start([Act::Say(reply(200, &[], "4.1.2")), Act::Stall]).await;
    let coolify = client(&server).with_timeout(Duration::from_secs(5));
    coolify.version().await.unwrap();
    let start = Instant::now();
    for _ in 0..3 {
        let error = coolify.tags().create("blue").await.unwrap_err();
        assert!(error.to_string().contains("this is 4.1.2"), "{error}");
    }
    assert_eq!(start.elapsed().as_secs(), 5, "it is asked anew once");
    assert_eq!(versions(&server), 2);
}

#[tokio::test(start_paused = true)]
async fn where_not_even_the_version_is_the_url_is_wrong() {
    let server = Server::start([json(404, NO_ROUTE)]).await;
    for path in ["/wrong", "/api/v2", "/api/v1beta"] {
        let url = format!("{}{path}", server.url());
        let coolify = builder(&server).url(&url).build().unwrap();
        let old = read(&coolify).await.unwrap_err();
        let new = coolify.tags().create("blue").await.unwrap_err();
        let version = coolify.version().await.unwrap_err();
        for error in [old, new, version] {
            assert_eq!(error.unsupported_since(), None);
            let said = error.report().to_string();
            assert!(said.contains(&format!("no Coolify API at `{url}/api/v1`")));
            assert!(
                said.contains(&format!("perhaps `{}`", server.url())),
                "{said}"
            );
            assert!(!said.contains("update Coolify"), "{said}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn when_asking_has_failed_nobody_waits_for_another_to_ask() {
    let slow = Act::Drip(reply(503, &[], "down"), Duration::from_millis(20));
    let server = that_tells_its_version_by(slow).await;
    let coolify = client(&server).with_retry(RetryPolicy::none());
    let start = Instant::now();
    coolify.version().await.unwrap_err();
    let once = start.elapsed();
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..10 {
        let coolify = coolify.clone();
        tasks.spawn(async move { coolify.version().await });
    }
    for version in tasks.join_all().await {
        version.unwrap_err();
    }
    // The first asks alone, and the others at the same time.
    assert!(start.elapsed() < 3 * once, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_is_asked_for_nothing_else() {
    for status in [502, 503, 504] {
        let server = Server::start([json(status, "{}")]).await;
        let coolify = client(&server).with_retry(RetryPolicy::none());
        let tasks = coolify.application("a").scheduled_tasks();
        let error = tasks.run_command("true").await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(server.lines(), ["GET /api/v1/version"]);
    }
}
