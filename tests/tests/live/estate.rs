//! What spans resources: overviews, finding, and finding or creating.

use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

#[live_test(ability = "write")]
async fn what_is_made_is_in_the_overview_and_is_found(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let read = application.get().await?;
    let name = read.name.clone();
    let overview = live.coolify().overview().latest_deployments().await?;
    let resource = overview.resource(application.uuid().as_str());
    let resource = resource.expect("the overview contains the application");
    let within = resource.project.as_ref().map(|it| &it.uuid);
    assert_eq!(within, Some(live.project().await?.uuid()));
    assert!(!resource.servers.is_empty(), "{resource:?}");
    assert!(resource.environment.is_some(), "{resource:?}");

    let path = resource.path();
    let domain = read.domains().next().map(str::to_owned);
    let texts = [
        Some(name.clone()),
        Some(name.to_uppercase()),
        Some(path),
        domain,
    ];
    for text in texts.into_iter().flatten() {
        let found = live.coolify().find(text.as_str()).await?;
        assert_eq!(found.uuid, *application.uuid(), "{text}");
    }
    let typo = format!("{name}x");
    let none = live.coolify().applications().find(typo).await;
    let none = none.expect_err("nothing is called so");
    assert!(none.suggestions().contains(&name), "{none:?}");
    Ok(())
}

#[live_test(ability = "write")]
async fn an_environment_is_created_once(live: Live) -> Outcome {
    let project = live.project().await?;
    let environments = project.environments();
    let (first, second) = tokio::join!(environments.ensure("once"), environments.ensure("once"));
    assert_eq!(first?.get().await?.uuid, second?.get().await?.uuid);
    let all = environments.list().await?;
    assert_eq!(all.iter().filter(|it| it.name == "once").count(), 1);
    environments.find("once").await?.delete().await?;
    Ok(())
}
