//! For any requested domains: when the resource has them, nothing is left to do.

use coolify_sdk::domains::{Domain, Domains, HasDomains};
use coolify_sdk::testing::FakeCoolify;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::{fake, make_compose, writes};

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(test);
}

/// Returns a domain in one of many spellings.
fn url() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["https://", "HTTP://", "Https://"]),
        prop::sample::select(vec![
            "a.example.com",
            "B.Example.com",
            "xn--mller-kva.example",
        ]),
        prop::sample::select(vec!["", ":8080", ":443"]),
        prop::sample::select(vec!["", "/", "/x", "/X/", "/x?Y=1"]),
        prop::sample::select(vec!["", " ", "\u{200b}\n"]),
    )
        .prop_map(|(scheme, host, port, path, blank)| {
            format!("{blank}{scheme}{host}{port}{path}{blank}")
        })
}

fn urls() -> impl Strategy<Value = Vec<(String, usize)>> {
    prop::collection::vec((url(), 0..2_usize), 0..4)
}

/// Sets, adds and removes domains, each twice: the second time writes nothing.
async fn settles<R: HasDomains>(fake: &FakeCoolify, domains: Domains<R>, wanted: &[Domain]) {
    let set = || domains.set(wanted).override_conflicts();
    let report = set().await.expect("they are domains");
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.domains, domains.list().await.expect("a list"));
    let written = writes(fake);
    let again = set().await.expect("they are domains");
    assert_eq!(again, report);
    let added = domains.add(wanted).override_conflicts().await;
    assert_eq!(added.expect("they are domains"), report);
    assert_eq!(writes(fake), written, "{wanted:?} are there");

    for domain in wanted {
        let report = domains.remove([domain]).override_conflicts().await;
        assert!(report.expect("it goes").is_complete());
    }
    assert!(domains.list().await.expect("a list").is_empty());
    let written = writes(fake);
    let report = domains.remove(wanted).await.expect("nothing to remove");
    assert!(report.is_complete());
    assert_eq!(writes(fake), written, "{wanted:?} are gone");
}

fn of_services(urls: &[(String, usize)]) -> Vec<Domain> {
    let services = ["web", "api"];
    urls.iter()
        .map(|(url, service)| Domain::of(services[*service], url))
        .collect()
}

proptest! {
    #![proptest_config(Config {
        cases: 40,
        rng_seed: RngSeed::Fixed(0xD0),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn domains_of_an_application_settle(urls in urls()) {
        run(async {
            let (fake, web) = fake().await;
            let wanted: Vec<Domain> = urls.into_iter().map(|(url, _)| url.into()).collect();
            settles(&fake, web.domains(), &wanted).await;
        });
    }

    #[test]
    fn domains_of_a_compose_application_settle(urls in urls()) {
        run(async {
            let (fake, app) = fake().await;
            make_compose(&fake, &app);
            settles(&fake, app.domains(), &of_services(&urls)).await;
        });
    }

    #[test]
    fn domains_of_a_service_settle(urls in urls()) {
        run(async {
            let fake = FakeCoolify::start().await;
            let file = "services:\n  web:\n    image: nginx\n  api:\n    image: node\n";
            let uuid = fake.seed_service(&fake.seed_project("shop"), "front", file);
            let service = fake.client().service(uuid);
            settles(&fake, service.domains(), &of_services(&urls)).await;
        });
    }
}
