//! Domains, which no two resources may share, in many spellings.

use std::time::Duration;

use coolify_sdk::Uuid;
use coolify_sdk::applications::BuildPack;
use coolify_sdk::domains::{Domain, Domains, HasDomains};
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

use crate::make;

const REPOSITORY: &str = "https://github.com/coollabsio/coolify-examples";

#[live_test(ability = "write")]
async fn a_domain_is_taken_once(live: Live) -> Outcome {
    let applications = live.coolify().applications();
    let place = live.place().await?;
    let domain = format!("https://{}.example.com", live.name("domain"));
    let create = || {
        let create =
            applications.create_public(place.clone(), REPOSITORY, "main", BuildPack::Nixpacks);
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

/// Returns the same host in spellings that Coolify stores unchanged, or in
/// another form.
fn ways(live: &Live, service: Option<&str>) -> Vec<Domain> {
    let host = live.name("Ways");
    let of = |url: String| match service {
        Some(service) => Domain::of(service, url),
        None => url.into(),
    };
    vec![
        of(format!("HTTPS://{host}.Example.com/")),
        of(format!(" https://{host}.example.com/Path/x?Y=1")),
        of(format!("http://{host}.example.com:8080")),
        of(format!("https://{host}.EXAMPLE.com")),
    ]
}

/// Sets, adds and removes domains: each time the report is complete.
async fn settles<R: HasDomains>(domains: Domains<R>, ways: &[Domain]) -> Outcome {
    let report = domains.set(ways).await?;
    if report.domains.is_empty() {
        return Err(Stop::skip(
            "the server has no proxy, so Coolify drops domains",
        ));
    }
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.domains.len(), 3, "the first and the last are one");
    assert_eq!(domains.set(ways).await?, report);
    assert_eq!(domains.add(&ways[1..2]).await?, report);
    let left = domains.remove(&ways[3..]).await?;
    assert!(left.is_complete(), "{left:?}");
    assert_eq!(left.domains, report.domains[1..]);
    let none = domains.clear().await?;
    assert!(none.is_complete() && none.domains.is_empty(), "{none:?}");
    Ok(())
}

#[live_test(ability = "write")]
async fn an_application_has_domains_however_they_are_written(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    settles(application.domains(), &ways(&live, None)).await
}

#[live_test(ability = "write")]
async fn a_service_has_domains_however_they_are_written(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    settles(service.domains(), &ways(&live, Some("web"))).await
}

#[live_test(ability = "write")]
async fn a_compose_application_has_domains_however_they_are_written(live: Live) -> Outcome {
    let applications = live.coolify().applications();
    let create = applications
        .create_public(
            live.place().await?,
            REPOSITORY,
            "main",
            BuildPack::DockerCompose,
        )
        .ports_exposes(["80"])
        .name(live.name("compose"));
    let created = create.await?;
    let service = first_service(&live, &created.uuid).await?;
    let domains = live.coolify().application(created.uuid).domains();
    settles(domains, &ways(&live, Some(&service))).await
}

/// Returns the first service of its compose file, which Coolify reads after the
/// creation.
async fn first_service(live: &Live, uuid: &Uuid) -> Result<String, Stop> {
    let application = live.coolify().application(uuid);
    for _ in 0..15 {
        let read = application.get().await?;
        let file = read
            .docker_compose_raw
            .as_ref()
            .map(coolify_sdk::Secret::expose);
        let mut lines = file.unwrap_or_default().lines();
        if lines.any(|line| line.trim_end() == "services:")
            && let Some(name) = lines.find_map(|line| line.trim().strip_suffix(':'))
        {
            return Ok(name.to_owned());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(Stop::skip("the server has not read the compose file"))
}
