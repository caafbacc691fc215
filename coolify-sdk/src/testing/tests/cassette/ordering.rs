//! Which answer a request gets.

use std::time::Duration;

use futures_util::{StreamExt as _, future::join_all};

use super::{Shelf, differences};
use crate::testing::{Cassette, FakeCoolify};
use crate::{Coolify, DeploymentStatus, ErrorKind};

const MINUTE: Duration = Duration::from_secs(60);

/// Records what `test` does, and returns the cassette's place.
async fn recorded(test: impl AsyncFn(&Cassette)) -> Shelf {
    let shelf = Shelf::new();
    let fake = FakeCoolify::start().await;
    fake.seed_application(&fake.seed_project("seeded"), "web");
    let cassette = shelf.record(&fake).await;
    test(&cassette).await;
    cassette.finish().unwrap();
    shelf
}

/// Records a test and replays it.
async fn both(test: impl AsyncFn(&Cassette)) {
    let shelf = recorded(&test).await;
    let cassette = shelf.replay().await;
    assert!(!cassette.is_recording());
    test(&cassette).await;
    cassette.finish().unwrap();
}

async fn first_application(coolify: &Coolify) -> String {
    coolify.applications().list().await.unwrap()[0]
        .uuid
        .to_string()
}

#[tokio::test]
async fn a_deployment_is_followed_to_its_end() {
    both(async |cassette| {
        let coolify = cassette.client();
        let app = coolify.application(first_application(&coolify).await);
        app.envs().create("API_KEY", "opensesame-41").await.unwrap();
        let run = app.deploy().await.unwrap();
        let run = run.poll_every(Duration::from_millis(100));
        let mut events = run.events();
        let mut lines = 0;
        while let Some(event) = events.next().await {
            event.unwrap();
            lines += 1;
        }
        assert!(lines > 3, "{lines}");
        let ended = run.wait().await.unwrap();
        assert_eq!(ended.status, DeploymentStatus::Finished);
        let read = app.envs().list().await.unwrap();
        let variable = read.iter().find(|it| it.key == "API_KEY").unwrap();
        assert_eq!(variable.value.as_ref().unwrap().expose(), "opensesame-41");
    })
    .await;
}

#[tokio::test]
async fn a_wait_takes_no_time_whatever_it_sets() {
    let test = async |cassette: &Cassette, every| {
        let coolify = cassette.client();
        let app = coolify.application(first_application(&coolify).await);
        app.deploy()
            .await
            .unwrap()
            .poll_every(every)
            .wait()
            .await
            .unwrap();
    };
    let shelf = recorded(async |cassette| test(cassette, Duration::from_millis(100)).await).await;
    let begun = std::time::Instant::now();
    let cassette = shelf.replay().await;
    test(&cassette, MINUTE).await;
    cassette.finish().unwrap();
    assert!(begun.elapsed() < MINUTE / 4);
}

#[tokio::test]
async fn names_may_differ_in_each_run() {
    let run = std::sync::atomic::AtomicU32::new(7);
    both(async |cassette| {
        let run = run.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("Shop of run {run}");
        let coolify = cassette.client();
        let project = coolify.projects().create(&*name).await.unwrap();
        let read = coolify.project(&project.uuid).get().await.unwrap();
        assert_eq!(read.name, name);
        let list = coolify.projects().list().await.unwrap();
        assert!(list.iter().any(|it| it.name == name));
    })
    .await;
}

#[tokio::test]
async fn a_name_of_the_cassette_is_recorded() {
    let names = std::sync::Mutex::new(Vec::new());
    let test = async |cassette: &Cassette| {
        let name = cassette.name("shop");
        assert!(name.starts_with("shop-") && name == cassette.name("shop"));
        assert_ne!(name, cassette.name("blog"));
        cassette.client().projects().create(&*name).await.unwrap();
        names.lock().unwrap().push(name);
    };
    let shelf = recorded(test).await;
    let cassette = shelf.replay().await;
    test(&cassette).await;
    cassette.finish().unwrap();
    let names = names.lock().unwrap().clone();
    assert_eq!(names[0], names[1]);
    assert!(shelf.text().contains(&format!("\"name\": {:?}", names[0])));

    let cassette = shelf.replay().await;
    assert!(cassette.name("wiki").starts_with("wiki-"));
    let problems = differences(cassette);
    assert!(problems[0].contains("no name for \"wiki\""), "{problems:?}");
}

#[tokio::test]
async fn concurrent_calls_may_overtake_each_other() {
    let create = async |cassette: &Cassette, order: &[usize]| {
        let coolify = cassette.client();
        let all = order.iter().map(|number| {
            let (coolify, name) = (coolify.clone(), cassette.name(&format!("p{number}")));
            async move {
                tokio::time::sleep(Duration::from_millis(3)).await;
                let project = coolify.projects().create(&*name).await.unwrap();
                let environment = coolify.project(&project.uuid).environments();
                environment.create(format!("e{name}")).await.unwrap();
                let read = coolify.project(&project.uuid).get().await.unwrap();
                assert_eq!(read.name, name);
            }
        });
        join_all(all).await;
    };
    let shelf = recorded(async |cassette| create(cassette, &[1, 2, 3, 4, 5, 6]).await).await;
    for order in [[6, 5, 4, 3, 2, 1], [3, 1, 2, 6, 4, 5]] {
        let cassette = shelf.replay().await;
        create(&cassette, &order).await;
        cassette.finish().unwrap();
    }
}

#[tokio::test]
async fn polls_may_be_more_and_fewer() {
    let test = async |cassette: &Cassette, polls: [usize; 2]| {
        let coolify = cassette.client();
        let app = coolify.application(first_application(&coolify).await);
        let mut read = Vec::new();
        for (number, polls) in polls.into_iter().enumerate() {
            for _ in 0..polls {
                let app = app.get().await.unwrap();
                read.push((number, app.description));
            }
            app.update()
                .description(format!("after {number}"))
                .await
                .unwrap();
        }
        read
    };
    let shelf = recorded(async |cassette| drop(test(cassette, [2, 2]).await)).await;
    for polls in [[2, 2], [5, 1], [1, 4], [1, 1]] {
        let cassette = shelf.replay().await;
        let read = test(&cassette, polls).await;
        cassette.finish().unwrap();
        assert_eq!(read.len(), polls[0] + polls[1]);
        for (number, description) in read {
            // Neither an answer of the future, nor one of the past.
            let wanted = (number == 1).then(|| "after 0".to_owned());
            assert_eq!(description, wanted, "{polls:?}");
        }
    }
}

#[tokio::test]
async fn what_was_not_recorded_is_named_with_the_nearest() {
    let shelf = recorded(async |cassette| {
        let coolify = cassette.client();
        let project = coolify.projects().create("shop").await.unwrap();
        let project = coolify.project(&project.uuid);
        project.update().description("goods").await.unwrap();
        project.delete().await.unwrap();
    })
    .await;

    let cassette = shelf.replay().await;
    let coolify = cassette.client();
    let error = coolify.servers().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert_eq!(error.status(), Some(418));
    let message = error.to_string();
    assert!(message.contains("no answer to GET /servers"), "{message}");

    let project = coolify.projects().create("shop").await.unwrap();
    let again = coolify
        .projects()
        .create("shop")
        .await
        .unwrap_err()
        .to_string();
    assert!(
        again.contains("POST /projects (number 1): it was used already"),
        "{again}"
    );
    let project = coolify.project(&project.uuid);
    let other = project.update().name("secret-name").await.unwrap_err();
    let other = other.to_string();
    assert!(other.contains("PATCH /projects/"), "{other}");
    assert!(
        other.contains("(number 2): the field `description` of the body differs"),
        "{other}"
    );
    assert!(!other.contains("secret-name"), "{other}");

    // `finish` reports ignored errors and missing requests.
    let problems = differences(cassette);
    assert_eq!(problems.len(), 5, "{problems:#?}");
    assert!(problems[0].contains("GET /servers"));
    assert!(problems[3].starts_with("the test did not send PATCH /projects/"));
    assert!(problems[4].starts_with("the test did not send DELETE /projects/"));
}

#[tokio::test]
async fn a_read_that_is_not_made_is_reported_once() {
    let shelf = recorded(async |cassette| {
        let coolify = cassette.client();
        coolify.teams().list().await.unwrap();
        coolify.servers().list().await.unwrap();
        coolify.servers().list().await.unwrap();
    })
    .await;
    let cassette = shelf.replay().await;
    cassette.client().teams().list().await.unwrap();
    assert_eq!(
        differences(cassette),
        ["the test did not send GET /servers (number 2)"]
    );
}

#[tokio::test]
async fn a_bound_client_is_replayed() {
    both(async |cassette| {
        let coolify = cassette.client();
        let project = coolify.projects().list().await.unwrap()[0].uuid.clone();
        let bound = coolify.in_project(project);
        let apps = bound.applications().list().await.unwrap();
        assert_eq!(apps.len(), 1);
        bound
            .application(&apps[0].uuid)
            .update()
            .description("ours")
            .await
            .unwrap();
        let refused = bound.servers().list().await;
        assert!(refused.is_err() || refused.is_ok());
    })
    .await;
}

#[cfg(feature = "blocking")]
#[test]
fn calls_without_async_are_replayed() {
    use crate::blocking::Block as _;
    use crate::testing::RecordMode;

    let shelf = Shelf::new();
    let fake = FakeCoolify::builder();
    let fake = async { fake.start().await }.block();
    let opening = shelf.open(RecordMode::Record);
    let cassette = opening.server(fake.url(), fake.token()).block().unwrap();
    cassette.client().projects().create("shop").block().unwrap();
    cassette.finish().unwrap();
    drop(fake);
    let cassette = shelf.open(RecordMode::Replay).block().unwrap();
    cassette.client().projects().create("blog").block().unwrap();
    cassette.finish().unwrap();
}
