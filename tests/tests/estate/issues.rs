//! Diagnoses of a whole planted team: what is asked, and the report, word for word.

use std::fmt::Write as _;

use coolify_sdk::diagnose::Report;
use coolify_sdk::{Coolify, Result};
use serde_json::{Value, json};

use crate::diagnose::{
    application, backup, brief, database, refusal, server, service, storages, whole, with,
};
use crate::planted::{Planted, Standing};

/// An estate with something of each kind, most of it healthy.
fn estate() -> Planted {
    let spare = with(
        server(),
        &json!({"uuid": "spare1", "id": 1, "name": "spare",
        "private_key_id": null}),
    );
    let resources = json!([
        application(&json!({})),
        application(&json!({"uuid": "old1", "id": 8, "name": "old", "status": "exited",
            "private_key_id": null})),
        application(&json!({"uuid": "api1", "id": 9, "name": "api", "environment_id": 4,
            "status": "restarting:unknown", "fqdn": "https://api.example"})),
        database(&json!({})),
        database(&json!({"uuid": "cache1", "id": 6, "name": "cache", "type": "standalone-redis",
            "database_type": "standalone-redis"})),
        service(&json!({})),
        {"type": "of-a-later-version", "uuid": "odd1", "name": "odd", "status": "running"},
    ]);
    Planted::new("4.3.11")
        .on("/resources", resources)
        .on(
            "/databases",
            json!([database(&json!({"backup_configs": [
            backup(&json!({"database_type": "App\\Models\\StandaloneMysql", "enabled": true})),
            backup(&json!({"uuid": "backup2", "enabled": false}))]}))]),
        )
        .on("/servers", json!([server(), spare.clone()]))
        .on(
            "/servers/spare1",
            with(spare, &json!({"settings": {"is_reachable": false}})),
        )
        .on(
            "/deployments",
            json!([{"deployment_uuid": "dep9", "status": "queued",
            "application_name": "api", "server_id": 0, "created_at": "{20 minutes ago}"}]),
        )
        .on(
            "/security/keys",
            json!([
            {"uuid": "key1", "id": 1, "name": "of main", "private_key": "x"},
            {"uuid": "key2", "id": 2, "name": "of web", "private_key": "x"},
            {"uuid": "key3", "id": 3, "name": "of nobody", "private_key": "x"}]),
        )
        .on(
            "/cloud-tokens",
            json!([
            {"uuid": "cloud1", "name": "hetzner", "provider": "hetzner", "servers_count": 0}]),
        )
        .on(
            "/s3-storages",
            json!([{"uuid": "s3", "name": "backups", "is_usable": false,
            "endpoint": "https://s3.example", "bucket": "b"}]),
        )
        .on(
            "/projects",
            json!([{"uuid": "shop1", "name": "shop", "id": 1},
            {"uuid": "blog1", "name": "blog", "id": 2}]),
        )
        .on(
            "/projects/shop1/environments",
            json!([
            {"id": 3, "uuid": "env3", "name": "production"},
            {"id": 4, "uuid": "env4", "name": "staging"}]),
        )
        .on("/projects/blog1/environments", json!([]))
        .on(
            "/deployments/applications/api1",
            json!({"count": 1, "deployments": [
            {"deployment_uuid": "dep1", "status": "finished", "created_at": "{3 hours ago}",
                "finished_at": "{2 hours ago}"}]}),
        )
        .on(
            "/applications/api1/logs",
            json!({"logs": "one\ntwo\nthree"}),
        )
}

#[tokio::test]
async fn a_team_is_looked_through_with_few_calls() -> Result<()> {
    let standing = estate().start().await;
    let report = standing.client().find_issues().log_lines(2).await?;
    insta::assert_snapshot!(whole(&standing, &report).await);
    Ok(())
}

#[tokio::test]
async fn a_thorough_look_reads_everything() -> Result<()> {
    let mut planted = estate();
    for (uuid, name) in [("web1", "web"), ("old1", "old"), ("api1", "api")] {
        let settings = json!({"uuid": uuid, "name": name,
            "settings": {"use_build_secrets": false}});
        let settings = match uuid {
            "api1" => with(settings, &json!({"status": "restarting:unknown"})),
            "old1" => with(settings, &json!({"status": "exited"})),
            _ => settings,
        };
        planted = planted.on(format!("/applications/{uuid}"), application(&settings));
    }
    for kind in [
        "applications/web1",
        "applications/old1",
        "applications/api1",
        "databases/orders1",
        "databases/cache1",
        "services/wiki1",
    ] {
        planted = planted
            .on(
                format!("/{kind}/envs"),
                json!([{"uuid": "e", "key": "TOKEN",
                "is_buildtime": true, "value": "s3cret"}]),
            )
            .on(format!("/{kind}/storages"), storages())
            .on(format!("/{kind}/scheduled-tasks"), json!([]));
    }
    for uuid in ["web1", "old1"] {
        planted = planted.on(
            format!("/deployments/applications/{uuid}"),
            json!({"count": 1, "deployments": [{"deployment_uuid": "dep2", "status": "failed",
                "created_at": "{3 hours ago}", "finished_at": "{2 hours ago}"}]}),
        );
    }
    for (uuid, status) in [("main1", "failed"), ("spare1", "success")] {
        planted = planted.on(
            format!("/servers/{uuid}/docker-cleanup/executions"),
            json!([{"uuid": "c", "status": status, "created_at": "{2 hours ago}"}]),
        );
    }
    let standing = planted.start().await;
    let report = standing
        .client()
        .find_issues()
        .thorough()
        .concurrency(0)
        .await?;
    insta::assert_snapshot!(brief(&standing, &report).await);
    Ok(())
}

/// Runs a diagnosis of the estate in which these reads fail.
async fn failing(failures: &[(&str, u16, &str)]) -> String {
    let mut planted = estate();
    for (path, status, message) in failures {
        planted = planted.fails(*path, *status, message);
    }
    let standing = planted.start().await;
    let result = standing.client().find_issues().log_lines(1).await;
    let text = match result {
        Ok(report) => brief(&standing, &report).await,
        Err(error) => format!("{}\n{}\n", standing.asked().await, refusal(&error)),
    };
    standing.named(&text)
}

#[tokio::test]
async fn what_cannot_be_read_of_a_team_is_listed() {
    let lacks = "Missing required permissions: read";
    let all = [
        "/databases",
        "/servers",
        "/deployments",
        "/security/keys",
        "/cloud-tokens",
        "/s3-storages",
        "/projects",
        "/deployments/applications/api1",
        "/applications/api1/logs",
    ];
    let all: Vec<_> = all.iter().map(|path| (*path, 403, lacks)).collect();
    let mut text = format!("# all but the resources\n{}\n", failing(&all).await);
    let _ = write!(
        text,
        "# the resources\n{}\n",
        failing(&[("/resources", 403, lacks)]).await
    );
    let some = [
        ("/servers/spare1", 500, "Server Error"),
        ("/projects/shop1/environments", 500, "x"),
    ];
    let _ = write!(
        text,
        "# one server, and the environments\n{}",
        failing(&some).await
    );
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn an_unreadable_team_is_an_error() {
    let mut text = String::new();
    for (status, message) in [
        (401, "Unauthenticated."),
        (404, "Not found."),
        (429, "Too Many Attempts."),
        (500, "Server Error"),
        (503, "Maintenance"),
    ] {
        let _ = write!(
            text,
            "# {status}\n{}\n",
            failing(&[("/resources", status, message)]).await
        );
    }
    insta::assert_snapshot!(text);
}

/// Each look at the same estate differs in what is known of the users of the keys.
#[tokio::test]
async fn a_key_is_unused_only_if_all_users_are_known() -> Result<()> {
    let key = |id: u8, fields: Value| {
        let base = json!({"uuid": format!("key{id}"), "id": id, "name": format!("key {id}")});
        with(base, &fields)
    };
    let shown = json!([
        key(1, json!({"private_key": "x"})),
        key(3, json!({"private_key": "x"}))
    ]);
    let hidden = json!([key(1, json!({})), key(3, json!({}))]);
    let only_a_database = json!([database(&json!({}))]);
    let mut text = String::new();
    for (case, planted) in [
        (
            "all are known",
            estate().on("/security/keys", shown.clone()),
        ),
        (
            "the token sees no keys",
            estate().on("/security/keys", hidden.clone()),
        ),
        (
            "the token sees no keys, and there is no application",
            estate()
                .on("/security/keys", hidden)
                .on("/resources", only_a_database),
        ),
        (
            "a server cannot be read",
            estate()
                .on("/security/keys", shown.clone())
                .fails("/servers/spare1", 500, "x"),
        ),
        (
            "the servers cannot be listed",
            estate()
                .on("/security/keys", shown)
                .fails("/servers", 403, "x"),
        ),
        (
            "there are no keys",
            estate().on("/security/keys", json!([])),
        ),
    ] {
        let standing = planted.start().await;
        let report = standing.client().find_issues().await?;
        let _ = writeln!(text, "# {case}");
        for finding in report.of_rule("private-key-unused") {
            let _ = writeln!(text, "{}", finding.subject);
        }
        for unread in report.unread.iter().filter(|it| it.part.contains("key")) {
            let _ = writeln!(text, "not read: {}: {}", unread.part, unread.reason);
        }
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn debug_of_a_diagnosis_shows_its_rules_and_no_token() {
    struct Named;

    impl coolify_sdk::diagnose::Rule for Named {
        fn name(&self) -> &'static str {
            "named"
        }

        fn check(
            &self,
            _: coolify_sdk::diagnose::Facts<'_>,
        ) -> Vec<coolify_sdk::diagnose::Finding> {
            Vec::new()
        }
    }

    let standing = estate().start().await;
    let coolify: Coolify = standing.client();
    let of_one = coolify
        .application("web1")
        .diagnose()
        .without("unhealthy")
        .with(Named);
    let of_all = coolify
        .find_issues()
        .without("disk-full")
        .with(Named)
        .thorough();
    let text = format!("{of_one:#?}\n{of_all:#?}\n{:?}\n", coolify.doctor());
    assert!(!text.contains("planted"), "{text}");
    let after = |text: String, field: &str| {
        let (_, rest) = text.split_once(field).expect("the field");
        format!("{field}{rest}\n")
    };
    let shown = after(format!("{of_one:#?}"), "target") + &after(format!("{of_all:#?}"), "rules");
    insta::assert_snapshot!(shown);
}

/// What a server does not have is neither read nor missed.
#[tokio::test]
async fn an_old_server_is_read_as_far_as_it_goes() -> Result<()> {
    let mut planted = estate();
    planted.version = "4.0.0";
    for path in [
        "/s3-storages",
        "/servers/main1/docker-cleanup/executions",
        "/servers/spare1/docker-cleanup/executions",
    ] {
        planted = planted.unknown(path);
    }
    for kind in [
        "applications/web1",
        "applications/old1",
        "applications/api1",
        "databases/orders1",
        "databases/cache1",
        "services/wiki1",
    ] {
        planted = planted
            .on(format!("/{kind}/envs"), json!([]))
            .on(format!("/{kind}/storages"), storages())
            .on(format!("/{kind}/scheduled-tasks"), json!([]));
    }
    for uuid in ["web1", "old1"] {
        planted = planted
            .on(format!("/applications/{uuid}"), application(&json!({})))
            .on(
                format!("/deployments/applications/{uuid}"),
                json!({"count": 0, "deployments": []}),
            );
    }
    planted = planted
        .on("/services/wiki1", service(&json!({})))
        .on("/databases/orders1", database(&json!({})))
        .on("/databases/orders1/backups", json!([backup(&json!({}))]))
        .on("/servers/main1", server());
    let mut text = String::new();
    for what in ["all", "application", "service", "database", "server"] {
        let standing = planted.clone().start().await;
        let coolify = standing.client();
        let report = match what {
            "all" => coolify.find_issues().thorough().await?,
            "application" => coolify.application("web1").diagnose().await?,
            "service" => coolify.service("wiki1").diagnose().await?,
            "database" => coolify.database("orders1").diagnose().await?,
            _ => coolify.server("main1").diagnose().await?,
        };
        let _ = writeln!(text, "# {what}");
        for line in standing.asked().await.lines() {
            // How often the version is asked for depends on what is sent together.
            if !line.starts_with("GET /version") {
                let _ = writeln!(text, "{line}");
            }
        }
        text += &summary(&standing, &report);
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// The findings and what was not read, a line each.
fn summary(standing: &Standing, report: &Report) -> String {
    let mut text = String::new();
    for it in &report.findings {
        let _ = writeln!(text, "{} {}: {}", it.severity, it.rule, it.subject);
    }
    for it in &report.unread {
        let _ = writeln!(
            text,
            "not read: {} of {}: {}",
            it.part, it.subject, it.reason
        );
    }
    standing.named(&text)
}

/// A rule about servers sees the domains of all resources.
#[tokio::test]
async fn the_proxy_of_a_server_is_missed_by_a_look_at_the_team() -> Result<()> {
    let down = json!({"proxy": {"type": "TRAEFIK", "status": "exited"}});
    let place = json!({"destination": {"uuid": "net1", "server": with(server(), &down)}});
    let resources = json!([
        application(&place),
        application(&with(
            place.clone(),
            &json!({"uuid": "none1", "name": "none", "fqdn": null,
            "ports_exposes": null})
        )),
        service(&json!({"server": with(server(), &down)})),
    ]);
    let standing = estate().on("/resources", resources).start().await;
    let report = standing.client().find_issues().await?;
    let found = report.of_rule("proxy-down").map(ToString::to_string);
    insta::assert_snapshot!(found.collect::<Vec<_>>().join("\n"));
    Ok(())
}

/// The names of a reply are kept; the lists only fill in what is missing.
#[tokio::test]
async fn a_place_is_read_unless_it_is_known() -> Result<()> {
    let known = json!({"environment": {"id": 3, "uuid": "env3", "name": "as it was", "project":
        {"name": "shop", "uuid": "shop1"}}});
    let same = |uuid: &str, fields: &Value| {
        let named = json!({"uuid": uuid, "name": uuid, "status": "running:unhealthy"});
        application(&with(named, fields))
    };
    let resources = json!([
        same("known", &known),
        same("unnamed", &json!({})),
        same("elsewhere", &json!({"environment_id": 99})),
        same("nowhere", &json!({"environment_id": null})),
    ]);
    let mut text = String::new();
    for (case, planted) in [
        ("all are read", estate()),
        (
            "the projects cannot be read",
            estate().fails("/projects", 403, "Missing required permissions: read"),
        ),
        (
            "an environment cannot be read",
            estate().fails("/projects/shop1/environments", 500, "Server Error"),
        ),
    ] {
        let standing = planted.on("/resources", resources.clone()).start().await;
        let report = standing.client().find_issues().await?;
        let _ = writeln!(text, "# {case}");
        for it in report.of_rule("domain-conflict") {
            let _ = writeln!(text, "{}", it.subject);
            for evidence in &it.evidence {
                let _ = writeln!(text, "    {evidence}");
            }
        }
        for it in &report.unread {
            let _ = writeln!(text, "not read: {} of {}", it.part, it.subject);
        }
    }
    for (case, alone) in [
        ("nothing is missing", same("known", &known)),
        (
            "nothing can be found",
            same("nowhere", &json!({"environment_id": null})),
        ),
    ] {
        let standing = estate().on("/resources", json!([alone])).start().await;
        let report = standing.client().find_issues().await?;
        let _ = writeln!(text, "# {case}\n{}", standing.asked().await);
        let _ = writeln!(text, "{}", report.findings[0].subject);
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// A list that cannot be read says what would help, and keeps nothing else back.
#[tokio::test]
async fn each_list_is_missed_on_its_own() -> Result<()> {
    let standing = estate().start().await;
    let whole = summary(&standing, &standing.client().find_issues().await?);
    let mut text = format!("# all lists\n{whole}");
    for list in [
        "/resources",
        "/databases",
        "/servers",
        "/deployments",
        "/security/keys",
        "/cloud-tokens",
        "/s3-storages",
        "/projects",
    ] {
        for (status, message) in [
            (200, "an odd reply"),
            (403, "You are not allowed to see it."),
        ] {
            let standing = estate().fails(list, status, message).start().await;
            let partly = summary(&standing, &standing.client().find_issues().await?);
            let _ = writeln!(text, "# {list}, {status}");
            for line in whole.lines().filter(|it| !partly.contains(it)) {
                let _ = writeln!(text, "- {line}");
            }
            for line in partly.lines().filter(|it| !whole.contains(it)) {
                let _ = writeln!(text, "+ {line}");
            }
        }
    }
    insta::assert_snapshot!(text);
    Ok(())
}
