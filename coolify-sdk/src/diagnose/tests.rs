//! The diagnosis on the fake: what it finds, what it leaves alone, and how many calls
//! that takes.

use super::{Facts, Finding, Report, Rule, Severity};
use crate::{
    Coolify,
    testing::{FakeCoolify, Fault},
};

/// An estate in which nothing is wrong: a running application, a running database with a
/// backup, and one of each that was stopped on purpose.
struct Estate {
    fake: FakeCoolify,
    coolify: Coolify,
    web: String,
    stopped: String,
    orders: String,
}

impl Estate {
    async fn healthy() -> Self {
        let fake = FakeCoolify::start().await;
        let coolify = fake.client();
        let project = fake.seed_project("shop");
        let web = fake.seed_application(&project, "web");
        let stopped = fake.seed_application(&project, "stopped");
        let orders = fake.seed_database(&project, "postgresql", "orders");
        fake.seed_database(&project, "postgresql", "stopped-db");
        fake.seed_service(&project, "wiki", "services:\n  app:\n    image: nginx\n");
        for (field, value) in [
            ("status", "running:healthy"),
            ("fqdn", "https://web.example"),
        ] {
            fake.set_application(&web, field, value);
        }
        fake.set_application(&stopped, "status", "exited");
        coolify.database(&*orders).start().await.unwrap();
        let backups = coolify.database(&*orders).backups();
        backups.create("daily").save_s3(false).await.unwrap();
        coolify.database(&*orders).until_healthy().await.unwrap();
        Self {
            fake,
            coolify,
            web,
            stopped,
            orders,
        }
    }

    /// The paths of the requests since `before` requests.
    fn paths_since(&self, before: usize) -> Vec<String> {
        let requests = self.fake.requests().into_iter().skip(before);
        requests
            .map(|it| format!("{} {}", it.method, it.path))
            .collect()
    }
}

fn alarms(report: &Report) -> Vec<String> {
    let bad = report
        .findings
        .iter()
        .filter(|it| it.severity > Severity::Info);
    bad.map(|it| format!("{} {}", it.rule, it.subject.name))
        .collect()
}

#[tokio::test]
async fn nothing_is_wrong_with_a_healthy_estate() {
    let estate = Estate::healthy().await;
    estate.coolify.version().await.unwrap();
    let before = estate.fake.requests().len();
    let report = estate.coolify.find_issues().await.unwrap();
    assert_eq!(alarms(&report), [""; 0], "{report}");
    assert_eq!(report.unread, []);
    let paths = estate.paths_since(before);
    assert_eq!(paths.len(), 7, "{paths:?}");
    assert!(paths.iter().all(|it| it.starts_with("GET ")));

    let thorough = estate.coolify.find_issues().thorough().await.unwrap();
    assert_eq!(alarms(&thorough), [""; 0], "{thorough}");
    let paths = estate.paths_since(0);
    let gets = paths.iter().skip(before + 7);
    assert!(gets.clone().all(|it| it.starts_with("GET ")));
}

#[tokio::test]
async fn what_is_not_well_is_found_with_its_log_and_its_place() {
    let estate = Estate::healthy().await;
    estate.coolify.version().await.unwrap();
    estate
        .fake
        .set_application(&estate.web, "status", "running:unhealthy");
    estate.fake.write_log(&estate.web, ["cannot find module"]);
    let before = estate.fake.requests().len();
    let report = estate.coolify.find_issues().log_lines(5).await.unwrap();
    assert_eq!(alarms(&report), ["unhealthy web"]);
    assert!(
        report.to_string().contains("| cannot find module"),
        "{report}"
    );
    // The deployments, the log, the projects and their environments.
    assert_eq!(estate.paths_since(before).len(), 11);
    let place = report.findings[0].subject.environment.as_deref();
    assert_eq!(place, Some("shop/production"));
}

#[tokio::test]
async fn what_restarts_is_found_and_that_its_log_cannot_be_read_is_said() {
    let estate = Estate::healthy().await;
    estate
        .fake
        .set_application(&estate.web, "status", "restarting:unknown");
    let report = estate.coolify.find_issues().await.unwrap();
    assert_eq!(alarms(&report), ["restart-loop web"]);
    let parts: Vec<_> = report.unread.iter().map(|it| &*it.part).collect();
    assert_eq!(parts, ["the log"]);
}

#[tokio::test]
async fn faults_are_found_wherever_they_are() {
    let estate = Estate::healthy().await;
    let web = estate.coolify.application(&*estate.web);
    estate
        .fake
        .set_application(&estate.stopped, "fqdn", "https://web.example");
    for backup in estate
        .coolify
        .database(&*estate.orders)
        .backups()
        .list()
        .await
        .unwrap()
    {
        let backup = estate.coolify.database(&*estate.orders).backup(backup.uuid);
        backup.update().enabled(false).await.unwrap();
    }
    let report = estate.coolify.find_issues().await.unwrap();
    assert_eq!(
        alarms(&report),
        [
            "domain-conflict stopped",
            "domain-conflict web",
            "backup-missing orders"
        ]
    );
    let of_web = web.diagnose().await.unwrap();
    assert_eq!(alarms(&of_web), ["domain-conflict web"]);
    let of_orders = estate
        .coolify
        .database(&*estate.orders)
        .diagnose()
        .await
        .unwrap();
    assert!(alarms(&of_orders).contains(&"backup-missing orders".to_owned()));
    let server = estate.coolify.server(estate.fake.server_uuid());
    assert_eq!(alarms(&server.diagnose().await.unwrap()), [""; 0]);
}

#[tokio::test]
async fn a_proxy_that_is_off_is_told_from_both_ends() {
    let estate = Estate::healthy().await;
    estate.fake.set_proxy("NONE");
    let report = estate.coolify.find_issues().await.unwrap();
    assert_eq!(alarms(&report), ["domain-without-proxy web"]);
}

#[tokio::test]
async fn a_failed_deployment_is_found_by_one_resource_and_by_a_thorough_look() {
    let estate = Estate::healthy().await;
    estate
        .fake
        .fail_next_deployment(["npm ERR! missing script: build"]);
    let web = estate.coolify.application(&*estate.web);
    web.deploy().await.unwrap().await.unwrap_err();
    estate
        .fake
        .set_application(&estate.web, "status", "running:healthy");
    let report = web.diagnose().await.unwrap();
    assert_eq!(alarms(&report), ["deployment-failed web"]);
    assert!(report.to_string().contains("missing script"), "{report}");
    let report = estate.coolify.find_issues().thorough().await.unwrap();
    assert_eq!(alarms(&report), ["deployment-failed web"]);
}

#[tokio::test]
async fn what_cannot_be_read_is_said() {
    let estate = Estate::healthy().await;
    estate
        .fake
        .fail_next(Fault::status(500).on("GET", "/cloud-tokens"));
    let report = estate.coolify.find_issues().await.unwrap();
    let parts: Vec<_> = report.unread.iter().map(|it| &*it.part).collect();
    assert_eq!(parts, ["the cloud tokens"]);
    let coolify = Coolify::builder()
        .url(estate.fake.url())
        .token("9|of-nobody");
    let refused = coolify.build().unwrap().find_issues().await;
    assert!(refused.unwrap_err().is_unauthenticated());
}

#[tokio::test]
async fn rules_can_be_switched_off_and_added() {
    struct Named;

    impl Rule for Named {
        fn name(&self) -> &'static str {
            "named"
        }

        fn check(&self, facts: Facts<'_>) -> Vec<Finding> {
            let Facts::Resource(facts) = facts else {
                return Vec::new();
            };
            vec![Finding::info(format!("It is {}.", facts.subject.name)).next("Nothing.")]
        }
    }

    let estate = Estate::healthy().await;
    estate
        .fake
        .set_application(&estate.web, "status", "running:unhealthy");
    let issues = estate.coolify.find_issues();
    let report = issues.without("unhealthy").with(Named).await.unwrap();
    assert_eq!(alarms(&report), [""; 0]);
    assert_eq!(report.of_rule("named").count(), 5);
    assert!(report.passed.iter().all(|it| it.rule != "unhealthy"));
}

#[tokio::test]
async fn a_client_of_one_project_diagnoses_what_it_may_see() {
    let estate = Estate::healthy().await;
    let projects = estate.coolify.projects().list().await.unwrap();
    let bound = estate.coolify.in_project(projects[0].uuid.clone());
    let report = bound.find_issues().await.unwrap();
    assert_eq!(alarms(&report), [""; 0]);
    assert!(report.unread.iter().any(|it| it.part == "the private keys"));
}
