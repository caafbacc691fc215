//! Services from a compose file and from the list, none of them started.

use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

use crate::make::{self, COMPOSE};

#[live_test(ability = "write")]
async fn from_a_compose_file(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    let read = service.get().await?;
    assert_eq!(read.uuid, *service.uuid());
    let name = live.name("renamed");
    service
        .update()
        .name(name.clone())
        .description("Renamed")
        .await?;
    let read = service.get().await?;
    assert_eq!(read.name, name);
    assert_eq!(read.description.as_deref(), Some("Renamed"));
    service.update().docker_compose_raw(COMPOSE).await?;
    let all = live.coolify().services().list().await?;
    assert!(all.iter().any(|it| it.uuid == *service.uuid()));
    Ok(())
}

#[live_test(ability = "write")]
async fn from_the_list(live: Live) -> Outcome {
    let services = live.coolify().services();
    let create = services.create_one_click(live.place().await?, "sdk-live-no-such-service");
    let unknown = create.await.expect_err("there is no such service");
    let error = Stop::from(unknown);
    let Stop::Failed(unknown) = &error else {
        return Err(error);
    };
    if unknown.status() != Some(404) {
        return Err(error);
    }
    // The list differs in each version.
    let known = unknown.valid_service_types();
    let wanted = "actualbudget";
    if !known.is_empty() && !known.iter().any(|it| it == wanted) {
        return Err(Stop::skip(format!("this Coolify has no {wanted}")));
    }
    let create = services.create_one_click(live.place().await?, wanted);
    let create = create.name(live.name("one-click")).instant_deploy(false);
    let created = create.await?;
    let read = live.coolify().service(created.uuid).get().await?;
    assert!(read.name.starts_with("sdk-live-one-click"), "{}", read.name);
    Ok(())
}

#[live_test(since = "4.2.0", ability = "write")]
async fn the_containers_of_a_service(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    let applications = service.applications().list().await?;
    let web = applications
        .iter()
        .find(|it| it.name == "web")
        .expect("the compose file has it");
    let handle = service.application(web.uuid.clone());
    assert_eq!(handle.get().await?.name, "web");
    let changed = handle
        .update()
        .human_name("Web")
        .description("In front")
        .await?;
    assert_eq!(changed.human_name.as_deref(), Some("Web"));
    assert_eq!(changed.description.as_deref(), Some("In front"));

    let databases = service.databases().list().await?;
    let db = databases
        .iter()
        .find(|it| it.name == "db")
        .expect("the compose file has it");
    let handle = service.database(db.uuid.clone());
    assert_eq!(handle.get().await?.name, "db");
    let changed = handle.update().human_name("DB").await?;
    assert_eq!(changed.human_name.as_deref(), Some("DB"));
    Ok(())
}
