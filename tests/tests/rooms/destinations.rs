use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{EnvironmentRef, Placement, Result};
use coolify_sdk_tests::Replay;

use super::{SERVER, kept};

const SECOND: &str = "msndf5foghqmal3itbezeqb4";

#[tokio::test]
async fn destinations_come_and_go() -> Result<()> {
    let replay = Replay::of(&[
        "create-server-destination.ok",
        "create-server-destination.duplicate",
        "list-server-destinations.ok",
        "list-destinations.ok",
        "get-destination-by-uuid.ok",
        "update-destination-by-uuid.ok",
        "delete-destination-by-uuid.ok",
    ])
    .await;
    let coolify = replay.client();
    let of_server = coolify.server(SERVER).destinations();
    let created = of_server.create("second-net").name("second").await?;
    kept(&created, "create-server-destination.ok");
    let twice = of_server.create("second-net").name("second").await;
    assert!(twice.expect_err("the network is taken").is_conflict());
    kept(&of_server.list().await?, "list-server-destinations.ok");
    kept(
        &coolify.destinations().list().await?,
        "list-destinations.ok",
    );
    let first = coolify
        .destination("h7tnpmyf2udgxk0ytjxozcgm")
        .get()
        .await?;
    kept(&first, "get-destination-by-uuid.ok");
    let second = coolify.destination(SECOND);
    let renamed = second.update("renamed").await?;
    kept(&renamed, "update-destination-by-uuid.ok");
    assert_eq!(second.delete().await?, "Deleted.");
    replay.check();
    Ok(())
}

#[tokio::test]
async fn what_is_created_goes_to_the_destination_that_is_named() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let coolify = fake.client();
    let project = fake.seed_project("shop");
    let server = coolify.server(fake.server_uuid());
    let destination = server.destinations().list().await?.remove(0).uuid;
    let environment = EnvironmentRef::name("production");
    let place = Placement::new(project, environment, server.uuid());
    let place = place.on_destination(&destination);
    let applications = coolify.applications();
    applications
        .create_docker_image(place.clone(), "nginx")
        .await?;
    coolify.databases().create_redis(place.clone()).await?;
    let file = "services:\n  web:\n    image: nginx\n";
    coolify.services().create_compose(place, file).await?;
    let requests = fake.requests();
    let named: Vec<_> = requests
        .iter()
        .filter(|it| it.method == "POST")
        .map(|it| it.json()["destination_uuid"].clone())
        .collect();
    assert_eq!(named, [destination.as_str(); 3]);
    Ok(())
}
