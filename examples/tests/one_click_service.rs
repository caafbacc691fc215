//! The example `one_click_service`.

mod common;

use common::{example, run, run_on, text};
use coolify_sdk::testing::{FakeCoolify, Fault};

fn count(fake: &FakeCoolify, what: &str) -> Option<usize> {
    fake.state()[what].as_array().map(Vec::len)
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("one_click_service")).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in [
        "embedded server",
        "container    actual_server (actualbudget/actual-server",
        "status       running:healthy",
        "URL          actual_server http://actual-server-",
        "_actual_server-data: deleted",
        "removed the project",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn urls_and_variables_are_there_before_the_start() {
    let fake = FakeCoolify::start().await;
    let arguments = [
        "keycloak-with-postgres",
        "--url",
        "keycloak=https://id.example.com",
        "--env",
        "KC_FEATURES=hostname:v2",
        "--env",
        "PUBLIC_URL=https://elsewhere.example.com",
        "--keep",
    ];
    let output = run_on(&fake, "one_click_service", &arguments).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in [
        "generated    keycloak http://keycloak-",
        // It keeps the port on which the container listens.
        "URL          keycloak https://id.example.com:8080",
        "reset        PUBLIC_URL: the compose file decides",
        "kept",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
    assert!(!said.contains("hostname:v2"), "{said}");
    let requests = fake.requests();
    let at = |method: &str, ending: &str| {
        let mut all = requests.iter();
        all.position(|it| it.method == method && it.path.ends_with(ending))
    };
    let (set, started) = (at("PATCH", "/envs/bulk"), at("POST", "/start"));
    assert!(set.is_some() && set < started, "{set:?} {started:?}");
    let project = fake.client().projects().list().await.expect("a list");
    assert_eq!(project.len(), 1);
    assert_eq!(count(&fake, "services"), Some(1));
}

#[tokio::test]
async fn volumes_may_stay() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "one_click_service", &["--keep-volumes"]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(said.contains("stays on the server"), "{said}");
    let requests = fake.requests();
    let deleted = requests.iter().find(|it| it.method == "DELETE");
    let query = format!("{:?}", deleted.expect("a deletion"));
    assert!(query.contains("delete_volumes"), "{query}");
    assert_eq!(count(&fake, "projects"), Some(0));
}

#[tokio::test]
async fn a_wrong_type_is_refused_before_anything_is_sent() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "one_click_service", &["actualbugdet"]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("\"actualbudget\""), "{said}");
    assert!(said.contains("--unlisted"), "{said}");
    assert_eq!(fake.requests().len(), 0);

    let arguments = ["actualbugdet", "--unlisted"];
    let output = run_on(&fake, "one_click_service", &arguments).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("HTTP 404"));
    assert_eq!(count(&fake, "projects"), Some(0));
}

#[tokio::test]
async fn what_a_failed_one_has_made_goes_too() {
    let fake = FakeCoolify::start().await;
    fake.fail_next(Fault::status(500).on("PATCH", "/services/{uuid}/envs/bulk"));
    let arguments = ["--env", "A=b"];
    let output = run_on(&fake, "one_click_service", &arguments).await;
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert_eq!(count(&fake, "projects"), Some(0));
    assert_eq!(count(&fake, "services"), Some(0));
}

#[tokio::test]
async fn types_are_listed_without_a_server() {
    let output = run(example("one_click_service").args(["--find", "keycloak"])).await;
    let said = text(&output.stdout);
    assert!(output.status.success());
    assert!(
        said.contains("keycloak-with-postgres\tkeycloak, postgres"),
        "{said}"
    );
    assert!(!said.contains("embedded"), "{said}");
}
