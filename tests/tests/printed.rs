//! The SDK's types as JSON, which programs print with `--json`.

use coolify_sdk::applications::BuildPack;
use coolify_sdk::databases::Engine;
use coolify_sdk::deployments::{LogLine, RunEvent};
use coolify_sdk::domains::Domain;
use coolify_sdk::envs::EnvFile;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{ErrorKind, ResourceStatus, Result, Version};
use serde::Serialize;
use serde_json::{Value, json};

fn printed(value: impl Serialize) -> Value {
    serde_json::to_value(value).expect("it can be printed")
}

#[test]
fn values_are_printed_as_they_are_written() {
    let version: Version = "4.4-rc.1".parse().expect("a version");
    assert_eq!(printed(version), "4.4-rc.1");
    assert_eq!(printed(ErrorKind::NotFound), "not_found");
    assert_eq!(ErrorKind::NotFound.to_string(), "not found");
    let pack: BuildPack = "dockerfile".parse().expect("any text is one");
    assert_eq!(
        (printed(&pack), pack),
        ("dockerfile".into(), BuildPack::Dockerfile)
    );
    let status: ResourceStatus = "running (healthy)".parse().expect("any text is one");
    assert_eq!(printed(status), "running (healthy)");
    let domain = Domain::of("web", "https://shop.example.com");
    let expected = json!({"url": "https://shop.example.com", "service": "web"});
    assert_eq!(printed(domain), expected);
}

#[test]
fn a_line_of_a_log_is_read_again_as_it_was() {
    let entry = json!({
        "output": "done", "command": null, "type": "stderr",
        "timestamp": "2026-11-22T00:27:18.000000Z", "hidden": false, "order": 3,
    });
    let line: LogLine = serde_json::from_value(entry.clone()).expect("a line");
    assert_eq!(printed(&line), entry);
    assert_eq!(printed(RunEvent::Log(line)), json!({"log": entry}));
    assert_eq!(
        printed(RunEvent::Status("finished".into())),
        json!({"status": "finished"})
    );
    assert_eq!(printed(RunEvent::LogWithheld), "log_withheld");
}

#[tokio::test]
async fn reports_are_printed_field_by_field() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let web = fake.seed_application(&project, "web");
    let coolify = fake.client();
    let contents = coolify.project(&project).contents().await?;
    let expected = json!([
        {"kind": "application", "name": "web", "uuid": web, "environment": "production"},
    ]);
    assert_eq!(printed(contents), expected);

    let web = coolify.application(&web);
    let update = web.update().name("renamed").ports_exposes(["80;81"]);
    let report = printed(update.verified().await?);
    assert_eq!(
        report["ignored"][0],
        json!({"field": "name", "reason": "refused_together"})
    );
    assert_eq!(report["rejected"][0]["field"], "ports_exposes");

    let file = EnvFile::parse("A=1\n")?;
    let plan = web.envs().sync(file).plan().await?;
    let name = json!({"key": "A", "is_preview": false});
    let change = json!({"name": name, "fields": []});
    assert_eq!(printed(plan.create()), json!([change]));
    let report = printed(plan.apply().await?);
    assert_eq!(
        report["created"][0],
        json!({"key": "A", "is_preview": false})
    );
    Ok(())
}

#[tokio::test]
async fn an_engine_says_its_name_and_whether_it_has_backups() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    for (name, has_backups) in [("postgresql", true), ("clickhouse", true), ("redis", false)] {
        let uuid = fake.seed_database(&project, name, "db");
        let database = fake.client().database(uuid).get().await?;
        let engine: Engine = database.engine;
        assert_eq!(
            (engine.to_string().as_str(), engine.has_backups()),
            (name, has_backups)
        );
    }
    Ok(())
}
