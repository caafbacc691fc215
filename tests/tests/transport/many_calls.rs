//! A thousand calls of many kinds, on a Coolify that allows 200 per minute.
//!
//! The fake runs in its own thread and by the real clock, so a limiter in front
//! of it uses the clock of the test: four minutes take no time.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::TcpStream,
    sync::{Arc, Mutex},
    time::Duration,
};

use coolify_sdk::{
    Coolify, EnvironmentRef, Placement,
    applications::ApplicationHandle,
    envs::BulkApplicationVariable,
    resource::Volumes,
    storages::NewStorage,
    testing::{FakeCoolify, ReceivedRequest},
};
use tokio::{task::JoinSet, time::Instant};

use crate::server::{Act, Received, Server, reply};

const LIMIT: u32 = 200;
const WINDOW: Duration = Duration::from_secs(60);

/// The number of concurrent workers.
const WORKERS: usize = 32;

/// What the limiter has counted, by window.
#[derive(Default)]
struct Counted {
    windows: Vec<u32>,
    ends: Option<Instant>,
    refused: u32,
}

/// Laravel's limiter: windows of a minute that begin with a request, and a wait
/// in whole seconds.
fn limiter(fake: &FakeCoolify, counted: Arc<Mutex<Counted>>) -> Act {
    let address = fake.url().replace("http://", "");
    Act::Answer(Box::new(move |request| {
        let mut counted = counted.lock().unwrap();
        let now = Instant::now();
        if counted.ends.is_none_or(|ends| now >= ends) {
            counted.windows.push(0);
            counted.ends = Some(now + WINDOW);
        }
        let limit = LIMIT.to_string();
        if counted.windows.last() == Some(&LIMIT) {
            counted.refused += 1;
            let wait = counted.ends.unwrap().duration_since(now).as_secs();
            let headers = [
                ("content-type", "application/json"),
                ("x-ratelimit-limit", &*limit),
                ("x-ratelimit-remaining", "0"),
                ("retry-after", &wait.to_string()),
                ("x-ratelimit-reset", "1"),
            ];
            return reply(429, &headers, r#"{"message": "Too Many Attempts."}"#);
        }
        let used = counted.windows.last_mut().unwrap();
        *used += 1;
        let remaining = LIMIT - *used;
        let count = format!("x-ratelimit-limit: {limit}\r\nx-ratelimit-remaining: {remaining}\r\n");
        pass_on(&address, request, &count)
    }))
}

/// Passes a request on to the fake, and returns its answer with another count of
/// what is left. It blocks the runtime, whose clock does not advance meanwhile.
fn pass_on(address: &str, request: &Received, count: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let Received { head, body } = request;
    write!(stream, "{head}\r\nconnection: close\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let is_ours = |line: &&str| !line.starts_with("x-ratelimit") && !line.starts_with("connection");
    let head: Vec<_> = head.lines().filter(is_ours).collect();
    format!("{}\r\n{count}\r\n{body}", head.join("\r\n"))
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_of_many_kinds_keep_under_the_limit() {
    let builder = FakeCoolify::builder().job_lag(0);
    let fake = builder.deployment_queue_limit(WORKERS).start().await;
    let project = fake.seed_project("shop");
    let counted = Arc::new(Mutex::new(Counted::default()));
    let server = Server::start([limiter(&fake, Arc::clone(&counted))]).await;
    let coolify = Coolify::builder()
        .url(server.url())
        .token(fake.token())
        .build()
        .unwrap();
    let place = Placement::new(
        project,
        EnvironmentRef::name("production"),
        fake.server_uuid(),
    );

    let start = Instant::now();
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let (coolify, place) = (coolify.clone(), place.clone());
        workers.spawn(async move { work(&coolify, place, worker).await.unwrap() });
    }
    workers.join_all().await;
    // What is left of the thousand.
    while fake.requests().len() < 1_000 {
        coolify.instance().health().await.unwrap();
    }

    let counted = counted.lock().unwrap();
    assert_eq!(counted.refused, 0, "nothing ran into the limit");
    assert_eq!(
        counted.windows, [LIMIT; 5],
        "no window was left before its time"
    );
    // Four windows have to pass; in each, one reply tells when it ends.
    assert!(start.elapsed() < 4 * WINDOW + Duration::from_secs(2));
    assert_eq!(server.acts(), 1_000);
    assert_each_was_sent_once(&fake.requests());
    assert_all_is_as_it_was_left(&fake);
}

/// Plays the life of an application.
async fn work(coolify: &Coolify, place: Placement, worker: usize) -> coolify_sdk::Result<()> {
    let name = format!("app-{worker}");
    let created = coolify
        .applications()
        .create_docker_image(place, "nginx")
        .name(&name)
        .ports_exposes(["80"])
        .autogenerate_domain(false)
        .await?;
    let app = coolify.application(created.uuid);
    configure(&app).await?;
    attach(&app).await?;
    app.update().description(&name).await?;
    assert_eq!(app.get().await?.description.as_deref(), Some(&*name));
    let report = app.update().limits_memory("256M").verified().await?;
    assert!(report.is_applied("limits_memory"));
    let _run = app.deploy().await?;
    coolify.applications().list().await?;
    coolify.deployments().unfinished().await?;
    coolify.servers().list().await?;
    coolify.teams().list().await?;
    if worker.is_multiple_of(2) {
        app.delete(Volumes::Delete).await?;
    }
    Ok(())
}

/// Creates three variables and deletes two of them.
async fn configure(app: &ApplicationHandle) -> coolify_sdk::Result<()> {
    let envs = app.envs();
    let first = envs.create("FIRST", "1").await?;
    envs.bulk([
        BulkApplicationVariable::new("SECOND").value("2"),
        BulkApplicationVariable::new("KEPT").value("3"),
    ])
    .await?;
    envs.update("KEPT", "kept").await?;
    envs.delete(first).await?;
    let known = envs.list().await?;
    let second = known
        .iter()
        .find(|it| it.key == "SECOND" && it.is_preview != Some(true));
    envs.delete(&second.unwrap().uuid).await?;
    Ok(())
}

/// Adds a volume, a task that is deleted again, and a tag.
async fn attach(app: &ApplicationHandle) -> coolify_sdk::Result<()> {
    app.storages()
        .create(NewStorage::volume("data", "/data"))
        .await?;
    app.storages().list().await?;
    let tasks = app.scheduled_tasks();
    let task = tasks.create("tidy", "rm -rf /tmp/*", "hourly").await?;
    tasks.update(&task.uuid).frequency("daily").await?;
    tasks.list().await?;
    tasks.delete(&task.uuid).await?;
    app.tags().add("shop").await?;
    app.tags().list().await?;
    Ok(())
}

fn assert_each_was_sent_once(requests: &[ReceivedRequest]) {
    let mut times = HashMap::new();
    for it in requests.iter().filter(|it| it.method != "GET") {
        let this = (&it.method, &it.path, &it.query, &it.body);
        *times.entry(this).or_insert(0) += 1;
    }
    assert!(times.values().all(|times| *times == 1));
}

fn assert_all_is_as_it_was_left(fake: &FakeCoolify) {
    let state = fake.state();
    let count = |what: &str| state[what].as_array().unwrap().len();
    let kept = WORKERS / 2;
    assert_eq!((count("applications"), count("storages")), (kept, kept));
    assert_eq!((count("tasks"), count("tags")), (0, 1));
    let variables = state["variables"].as_array().unwrap().iter();
    let mut values = variables.filter(|it| it["is_preview"] == false);
    assert!(values.all(|it| it["value"] == "kept"));
}
