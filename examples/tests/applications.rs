//! The example `applications`.

mod common;

use common::{example, run, run_on, text};
use coolify_sdk::testing::FakeCoolify;

#[tokio::test]
async fn each_application_is_a_line() {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let worker = fake.seed_application(&shop, "worker");
    let output = run_on(&fake, "applications", &[]).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    let lines: Vec<Vec<&str>> = said.lines().map(|it| it.split('\t').collect()).collect();
    let [first, second] = &lines[..] else {
        panic!("two lines: {said}")
    };
    assert_eq!((first[0], first[2]), (web.as_str(), "web"));
    assert_eq!((second[0], second[2]), (worker.as_str(), "worker"));
}

#[tokio::test]
async fn only_those_with_a_tag() {
    let fake = FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    fake.seed_application(&shop, "web");
    let worker = fake.seed_application(&shop, "worker");
    let coolify = fake.client();
    let tags = coolify.application(&worker).tags();
    tags.add("background").await.expect("a tag can be added");
    let output = run_on(&fake, "applications", &["--tag", "background"]).await;
    let said = text(&output.stdout);
    assert!(
        said.contains(worker.as_str()),
        "{said}{}",
        text(&output.stderr)
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("applications")).await;
    assert_eq!(text(&output.stdout).lines().count(), 2);
}

#[tokio::test]
async fn what_it_does_not_know_is_told() {
    let output = run(example("applications").arg("--all")).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("usage: applications"));
}
