//! The SDK's types as JSON, which programs print with `--json`.

use coolify_sdk::applications::BuildPack;
use coolify_sdk::databases::Engine;
use coolify_sdk::deployments::{LogLine, RunEvent};
use coolify_sdk::domains::Domain;
use coolify_sdk::envs::EnvFile;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk::{
    DeploymentStatus, ErrorKind, Exposed, GitRepository, Health, Id, ResourceKind, ResourceState,
    ResourceStatus, Result, Secret, SecretJson, Timestamp, Uuid, Version,
};
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

/// Returns a value as a person, a programmer, a program and a trusted program see it.
fn seen(value: &(impl std::fmt::Debug + Serialize)) -> String {
    let json = serde_json::to_string(value).expect("it can be printed");
    let exposed = serde_json::to_string(&Exposed(value)).expect("it can be printed");
    if exposed == json {
        format!("{value:?} {json}")
    } else {
        format!("{value:?} {json} exposed {exposed}")
    }
}

#[test]
fn statuses_are_taken_apart() {
    let mut lines = Vec::new();
    for text in [
        "queued",
        "in_progress",
        "finished",
        "failed",
        "cancelled-by-user",
        "Failed",
        "",
    ] {
        let status = DeploymentStatus::from(text);
        let is_over = status.is_terminal();
        lines.push(format!("[{status:>18}] {} over: {is_over}", seen(&status)));
    }
    for text in [
        "running",
        "exited",
        "degraded",
        "starting",
        "restarting",
        "created",
        "paused",
        "removing",
        "dead",
        "Running",
    ] {
        let state = ResourceState::from(text);
        lines.push(format!("[{state:>10}] {}", seen(&state)));
    }
    for text in ["healthy", "unhealthy", "starting", "unknown", "fine"] {
        let health = Health::from(text);
        lines.push(format!("[{health:>10}] {}", seen(&health)));
    }
    for text in [
        "running:healthy",
        "running:unhealthy",
        "running (healthy)",
        "running:unknown",
        "running",
        "running:healthy:excluded",
        "running (unhealthy:excluded)",
        "exited:healthy",
        "exited",
        "exited:excluded",
        " running : healthy ",
        "running:healthy:unhealthy",
        ":healthy",
        "",
    ] {
        let status = ResourceStatus::from(text);
        lines.push(format!(
            "{status}| {:?} {:?} excluded: {} running: {} healthy: {}",
            status.state,
            status.health,
            status.excluded,
            status.is_running(),
            status.is_healthy(),
        ));
    }
    for kind in [
        ResourceKind::Application,
        ResourceKind::Database,
        ResourceKind::Service,
    ] {
        lines.push(format!("[{kind:>12}] {}", seen(&kind)));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn times_addresses_and_secrets_are_written() {
    let mut lines = Vec::new();
    for text in [
        "2026-11-22T00:27:18.000000Z",
        "2026-11-22T00:27:18.250000Z",
        "2026-11-22 00:27:18",
        "2026-11-22T00:27:18+00:00",
        "1970-01-01 00:00:00",
        "2026-13-01 00:00:00",
        "soon",
        "",
    ] {
        let time = Timestamp::from(text);
        let since = time
            .to_system_time()
            .map(|it| it.duration_since(std::time::UNIX_EPOCH));
        lines.push(format!(
            "{time}| {} {:?} {since:?}",
            seen(&time),
            time.unix_seconds()
        ));
    }
    for text in [
        "https://git.example/o/r",
        "https://tok@git.example/o/r",
        "https://u:tok@git.example:8443/o/r?x=@#@",
        "https://u:t@k@git.example",
        "https://git.example/o@r",
        "https://git.example/x://tok@y",
        "ssh://git@git.example/o/r",
        "ssh://git:tok@git.example/o/r",
        "git@git.example:o/r.git",
        "u:tok@git.example:o/r.git",
        "o/r",
        "",
    ] {
        let address = GitRepository::from(text);
        lines.push(format!(
            "{address}| {} {} {}",
            seen(&address),
            address.has_credentials(),
            address.without_credentials(),
        ));
    }
    let secret = Secret::from("s3cret");
    let json = SecretJson::from(json!({"a": "s3cret"}));
    lines.push(format!("{} {}", seen(&secret), secret.expose()));
    lines.push(format!("{} {}", seen(&json), json.expose()));
    let (id, uuid) = (Id::from(7), Uuid::from("a1"));
    lines.push(format!("[{id:>3}] {} {}", seen(&id), id.get()));
    lines.push(format!("[{uuid:>4}] {} {}", seen(&uuid), uuid.as_str()));
    insta::assert_snapshot!(lines.join("\n"));
}
