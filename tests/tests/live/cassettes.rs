//! Records a test against the server, and replays it without it.

use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use coolify_sdk::projects::ProjectHandle;
use coolify_sdk::resource::Volumes;
use coolify_sdk::testing::{Cassette, RecordMode};
use coolify_sdk::{EnvironmentRef, Placement, Uuid};
use coolify_sdk_tests::live::{Leftover, Live, Outcome, Stop, live_test};
use futures_util::StreamExt as _;

/// Values that must not be in the file.
const SECRETS: [&str; 3] = [
    "pLaNtEd-41-value",
    "postgres://shop:pLaNtEd-42@db.acme.dev:5432/shop",
    "{\"key\": \"pLaNtEd-43\"}",
];

const COMPOSE: &str = "\
services:
  web:
    image: nginx:alpine
    environment:
      - PIN=pLaNtEd-44
  cache:
    image: redis:7-alpine
    command: redis-server --requirepass pLaNtEd-45
";

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Returns the number of events of its deployment, and its status.
async fn scenario(
    cassette: &Cassette,
    server: &Uuid,
    made: impl Fn(Uuid),
) -> Result<(usize, String)> {
    let coolify = cassette.client();
    let name = cassette.name("sdk-live-cassette");
    let project = coolify.projects().create(&*name).await?;
    made(project.uuid.clone());
    let place = Placement::new(
        project.uuid.clone(),
        EnvironmentRef::name("production"),
        server.clone(),
    );
    let project = coolify.project(&project.uuid);
    let outcome = in_project(cassette, &project, place, &name).await;
    let applications = coolify.applications().list().await?;
    for application in applications
        .iter()
        .filter(|it| it.description.as_deref() == Some(&*name))
    {
        coolify
            .application(&application.uuid)
            .delete(Volumes::Delete)
            .and_wait()
            .await?;
    }
    project.delete().await?;
    outcome
}

async fn in_project(
    cassette: &Cassette,
    project: &ProjectHandle,
    place: Placement,
    name: &str,
) -> Result<(usize, String)> {
    let coolify = cassette.client();
    assert_eq!(project.get().await?.name, name);
    let created = coolify
        .applications()
        .create_docker_image(place.clone(), "nginx")
        .docker_registry_image_tag("alpine")
        .ports_exposes(["80"])
        .name(format!("image of {name}"))
        .description(name)
        .await?;
    let application = coolify.application(&created.uuid);
    for (key, value) in ["ONE", "TWO", "THREE"].into_iter().zip(SECRETS) {
        application.envs().create(key, value).await?;
    }
    let read = application.envs().list().await?;
    for value in SECRETS {
        let is_read = |it: &&coolify_sdk::envs::EnvironmentVariable| {
            it.value.as_ref().is_some_and(|it| it.expose() == value)
        };
        assert!(read.iter().any(|it| is_read(&it)), "{value}");
    }
    let bound = coolify.in_project(project.uuid().clone());
    bound
        .application(&created.uuid)
        .update()
        .health_check_enabled(false)
        .await?;
    let service = coolify.services().create_compose(place, COMPOSE).await?;
    let service = coolify.service(service.uuid);
    let file = service
        .get()
        .await?
        .docker_compose_raw
        .expect("it has a file");
    for line in ["  web:", "redis:7-alpine", "PIN=pLaNtEd-44", "pLaNtEd-45"] {
        assert!(file.expose().contains(line), "{line} in {}", file.expose());
    }
    service.delete(Volumes::Delete).and_wait().await?;
    let run = application.deploy().await?;
    let mut events = run.events();
    let mut count = 0;
    while let Some(event) = events.next().await {
        event?;
        count += 1;
    }
    let status = run.wait().await?.status.to_string();
    Ok((count, status))
}

async fn recorded(live: &Live, path: &Path) -> Result<(usize, String)> {
    let server = live.servers()[0].uuid.clone();
    let cassette = Cassette::open(path).mode(RecordMode::Record).await?;
    let outcome = scenario(&cassette, &server, |project| {
        live.made(Leftover::Project(project));
    });
    let outcome = outcome.await?;
    cassette.finish()?;
    Ok(outcome)
}

#[live_test(
    ability = "write",
    ability = "deploy",
    ability = "read:sensitive",
    server
)]
async fn a_recorded_test_is_replayed_offline(live: Live) -> Outcome {
    let Some(server) = live.servers().first().map(|it| it.uuid.clone()) else {
        return Err(Stop::skip("the team has no server"));
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("cassette-{}.json", std::process::id()));
    let began = Instant::now();
    let recorded = recorded(&live, &path).await.expect("it is recorded");
    let took = began.elapsed();

    let text = fs::read_to_string(&path).expect("it was written");
    let token = env::var("COOLIFY_TOKEN").unwrap_or_default();
    let token = token.split_once('|').map_or(&*token, |(_, secret)| secret);
    for secret in ["pLaNtEd", "acme.dev", token] {
        assert!(!text.contains(secret), "{secret} is in {}", path.display());
    }

    let began = Instant::now();
    let cassette = Cassette::open(&path).mode(RecordMode::Replay).await;
    let cassette = cassette.expect("it is read");
    let replayed = scenario(&cassette, &server, |_| {})
        .await
        .expect("it is replayed");
    cassette.finish().expect("it is the same");
    println!(
        "recorded in {took:?}, replayed in {:?}: {recorded:?}",
        began.elapsed()
    );
    assert_eq!(recorded, replayed);
    if env::var_os("COOLIFY_KEEP_CASSETTE").is_none() {
        fs::remove_file(path).expect("it exists");
    }
    Ok(())
}
