//! Applications of every kind, none of them started.

use coolify_sdk::applications::{ApplicationHandle, BuildPack};
use coolify_sdk::resource::Volumes;
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

const REPOSITORY: &str = "https://github.com/coollabsio/coolify-examples";

/// Reads it, changes it, reads it again, and finds it in the list.
async fn lives(live: &Live, application: &ApplicationHandle, pack: &BuildPack) -> Outcome {
    let read = application.get().await?;
    assert_eq!(read.uuid, *application.uuid());
    assert_eq!(read.build_pack.as_ref(), Some(pack));
    let name = live.name("renamed");
    application
        .update()
        .name(name.clone())
        .description("Renamed")
        .await?;
    let read = application.get().await?;
    assert_eq!(read.name, name);
    assert_eq!(read.description.as_deref(), Some("Renamed"));
    let all = live.coolify().applications().list().await?;
    assert!(all.iter().any(|it| it.uuid == *application.uuid()));
    let history = application.deployments().page(0, 10).await?;
    assert!(history.deployments.is_empty(), "nothing was deployed");
    Ok(())
}

#[live_test(ability = "write")]
async fn from_a_public_repository(live: Live) -> Outcome {
    let applications = live.coolify().applications();
    let create = applications
        .create_public(live.place().await?, REPOSITORY, "main", BuildPack::Nixpacks)
        .name(live.name("public"))
        .description("An example")
        .base_directory("/node")
        .ports_exposes(["3000"])
        .instant_deploy(false);
    let created = create.await?;
    let application = live.coolify().application(created.uuid);
    let read = application.get().await?;
    assert_eq!(read.ports_exposes.as_deref(), Some("3000"));
    assert_eq!(read.base_directory.as_deref(), Some("/node"));
    lives(&live, &application, &BuildPack::Nixpacks).await
}

#[live_test(ability = "write")]
async fn from_a_dockerfile(live: Live) -> Outcome {
    let applications = live.coolify().applications();
    let create = applications
        .create_dockerfile(live.place().await?, "FROM nginx:alpine\nEXPOSE 80\n")
        .ports_exposes(["80"])
        .name(live.name("dockerfile"));
    let created = create.await?;
    let application = live.coolify().application(created.uuid);
    lives(&live, &application, &BuildPack::Dockerfile).await
}

#[live_test(ability = "write")]
async fn from_a_docker_image(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let read = application.get().await?;
    assert_eq!(read.docker_registry_image_name.as_deref(), Some("nginx"));
    assert_eq!(read.docker_registry_image_tag.as_deref(), Some("alpine"));
    lives(&live, &application, &BuildPack::DockerImage).await
}

#[live_test(ability = "write")]
async fn from_a_private_repository_with_a_deploy_key(live: Live) -> Outcome {
    let key = make::private_key(&live).await?;
    let applications = live.coolify().applications();
    let repository = "git@github.com:acme/private.git";
    let place = live.place().await?;
    let create = applications
        .create_private_deploy_key(place, key, repository, "main", BuildPack::Dockerfile)
        .ports_exposes(["8080"])
        .name(live.name("deploy-key"));
    let created = create.await?;
    let application = live.coolify().application(created.uuid);
    lives(&live, &application, &BuildPack::Dockerfile).await
}

#[live_test(ability = "write")]
async fn limits_are_seen_to_be_applied(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let update = application.update().limits_memory("512M").limits_cpus("1");
    let report = update.verified().await?;
    assert!(report.is_complete(), "{report}");
    Ok(())
}

#[live_test(ability = "write")]
async fn a_deleted_application_goes(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let name = application.get().await?.name;
    let other = application.delete_confirmed("another name", Volumes::Delete);
    assert!(
        other
            .await
            .expect_err("that is not its name")
            .is_invalid_request()
    );
    let delete = application.delete_confirmed(name, Volumes::Delete);
    delete.docker_cleanup(false).and_wait().await?;
    let gone = application.get().await.expect_err("it was deleted");
    assert!(gone.is_not_found(), "{gone}");
    Ok(())
}

#[live_test(since = "4.3.0", ability = "write")]
async fn destinations_are_listed(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    application.destinations().list().await?;
    Ok(())
}
