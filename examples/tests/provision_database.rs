//! The example `provision_database`.

mod common;

use common::{example, run, run_on, text};
use coolify_sdk::testing::{FakeCoolify, Fault};

fn count(fake: &FakeCoolify, what: &str) -> Option<usize> {
    fake.state()[what].as_array().map(Vec::len)
}

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("provision_database")).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    for line in [
        "embedded server",
        "status       running:healthy",
        "URL          postgres://",
        "the tenant sees 1 database, and no server:",
        "removed the project",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
}

#[tokio::test]
async fn what_it_made_is_gone_unless_it_is_kept() {
    let fake = FakeCoolify::start().await;
    let output = run_on(&fake, "provision_database", &["redis"]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(count(&fake, "projects"), Some(0));
    assert_eq!(count(&fake, "databases"), Some(0));

    let output = run_on(&fake, "provision_database", &["--keep", "mysql"]).await;
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(count(&fake, "projects"), Some(1));
    assert_eq!(count(&fake, "backups"), Some(1));
    let password = fake.state()["databases"][0]["mysql_password"].clone();
    let password = password.as_str().expect("a password");
    assert!(!text(&output.stdout).contains(password));
}

#[tokio::test]
async fn what_a_failed_one_has_made_goes_too() {
    let fake = FakeCoolify::start().await;
    fake.fail_next(Fault::status(500).on("POST", "/databases/postgresql"));
    let output = run_on(&fake, "provision_database", &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("create-database-postgresql"));
    assert_eq!(count(&fake, "projects"), Some(0));
}

#[tokio::test]
async fn an_engine_that_there_is_none_of_is_told() {
    let output = run(example("provision_database").arg("oracle")).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("unknown argument oracle"));
}
