//! Domains, which no two resources may share.

use coolify_sdk::applications::BuildPack;
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

#[live_test(ability = "write")]
async fn a_domain_is_taken_once(live: Live) -> Outcome {
    let applications = live.coolify().applications();
    let place = live.place().await?;
    let domain = format!("https://{}.example.com", live.name("domain"));
    let repository = "https://github.com/coollabsio/coolify-examples";
    let create = || {
        let create =
            applications.create_public(place.clone(), repository, "main", BuildPack::Nixpacks);
        let create = create.name(live.name("domain")).ports_exposes(["80"]);
        create.domains([domain.clone()])
    };
    let first = create().await?;
    let first = live.coolify().application(first.uuid);
    if !first.get().await?.domains().any(|it| it == domain) {
        return Err(Stop::skip(
            "the server has no proxy, so Coolify drops domains",
        ));
    }
    let taken = create().await;
    let taken = match taken {
        Ok(_) => panic!("{domain} was taken twice"),
        Err(error) if error.is_conflict() => error,
        Err(error) => return Err(error.into()),
    };
    let conflicts = taken.conflicts();
    assert!(
        conflicts.iter().any(|it| it
            .domain
            .as_deref()
            .is_some_and(|it| it.contains("example.com"))),
        "{conflicts:?}"
    );
    Ok(())
}
