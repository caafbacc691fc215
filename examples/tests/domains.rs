//! The example `domains`, on its embedded server.

mod common;

use common::{example, run, run_on, text};
use coolify_sdk::testing::FakeCoolify;

#[tokio::test]
async fn it_shows_what_happens_to_domains() {
    let output = run(&mut example("domains")).await;
    let (said, complaint) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{said}{complaint}");
    for line in [
        "belongs to shop",
        "limits_memory: 4G capped at 512M",
        "applied: description, limits_cpus, limits_memory",
        "the server runs no proxy",
        "ignored: domains, the server runs no proxy",
        "removed the project",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn it_leaves_nothing_behind() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "domains", &["--under", "apps.example.org"]).await;
    assert!(output.status.success());
    let said = text(&output.stdout);
    assert!(said.contains(".apps.example.org"), "{said}");
    let state = fake.state();
    assert_eq!(state["projects"].as_array().map(Vec::len), Some(0));
    assert_eq!(state["applications"].as_array().map(Vec::len), Some(0));
}
