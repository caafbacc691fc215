//! Attacks are refused before a write is sent, and similar harmless texts are
//! allowed.

use coolify_sdk::applications::BuildPack;
use coolify_sdk::resource::Volumes;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::{Result, ScopePolicy, ScopePower};
use serde_json::{Value, json};

use super::table::{
    DATABASES, FIELDS, FILES, HARMLESS, KEYS, MOUNTS, SETTINGS, SWITCHES, VALUES, VOLUMES,
};
use super::{Tenants, refused, tenants};

impl Tenants {
    fn fill(&self, text: &str) -> String {
        text.replace("OTHER", &self.other_app)
            .replace("OWN", &self.own_app)
    }
}

#[tokio::test]
async fn no_field_of_an_application_reaches_beyond() -> Result<()> {
    let it = tenants().await;
    let own = it.tenant.application(&it.own_app);
    for (field, value) in FIELDS {
        let update = own
            .update()
            .fields(json!({ *field: encoded(field, it.fill(value)) }))?;
        let error = update.await.expect_err(value);
        assert!(
            error.is_out_of_scope(),
            "{field}: {value}: {}",
            error.report()
        );
        assert!(error.hint().is_some(), "{field}: {value}");
        let shown = format!("{error:?} {}", error.report());
        assert!(!shown.contains(&it.other_app), "{field}: {shown}");
    }
    for field in SWITCHES {
        refused(own.update().fields(json!({ *field: true }))?.await);
        own.update().fields(json!({ *field: false }))?.await?;
    }
    let sent = it.writes().len();
    assert_eq!(sent, SWITCHES.len(), "{:?}", it.writes());
    Ok(())
}

#[tokio::test]
async fn no_value_of_a_variable_reaches_beyond() -> Result<()> {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "postgresql", "main");
    let before = it.writes().len();
    let app = it.tenant.application(&it.own_app).envs();
    app.create("KEY", "value").await?;
    let before = before + 1;
    let database = it.tenant.database(&database).envs();
    let project = it.tenant.shared_variables(SharedScope::project(&*it.own));
    for value in VALUES {
        refused(app.create("KEY", *value).await);
        refused(app.update("KEY", *value).await);
        refused(database.create("KEY", *value).await);
        refused(project.create("KEY", *value).await);
    }
    for key in KEYS {
        refused(app.create(*key, "fine").await);
    }
    refused(project.create("KEY", "ends in $").await);
    let redis = it.tenant.databases().create_redis(it.place(&it.own));
    refused(redis.redis_password("{{team.LEAK}}").await);
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    let fine = [
        "",
        "$A",
        "${A}",
        "${A:-b}",
        "{{project.A}}/x",
        "{{environment.A}}",
        "$(date)",
        "a'b\"c",
        "x$",
    ];
    for (n, value) in fine.into_iter().enumerate() {
        app.create(format!("KEY_{n}"), value).await?;
    }
    Ok(())
}

#[tokio::test]
async fn no_backup_reaches_beyond() -> Result<()> {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "postgresql", "main");
    let backups = it.tenant.database(&database).backups();
    for names in DATABASES {
        refused(backups.create("daily").databases_to_backup(*names).await);
    }
    // Coolify would back up its own database.
    let place = it.place(&it.own);
    let create = it.tenant.databases().create_postgresql(place);
    refused(create.name("coolify-db\u{200b}").await);
    let update = it.tenant.database(&database).update_postgresql();
    refused(update.name("coolify-db").await);
    assert_eq!(it.writes(), [""; 0]);
    backups
        .create("daily")
        .databases_to_backup("one,two")
        .await?;
    Ok(())
}

#[tokio::test]
async fn no_mount_reaches_beyond() -> Result<()> {
    let it = tenants().await;
    let storages = it.tenant.application(&it.own_app).storages();
    let uuid = storages
        .create(NewStorage::volume("data", "/data"))
        .await?
        .uuid;
    let file = storages
        .create(NewStorage::file("/etc/app.conf", "a"))
        .await?
        .uuid;
    let before = it.writes().len();
    for path in MOUNTS {
        let path = it.fill(path);
        refused(storages.create(NewStorage::file(&*path, "a")).await);
        refused(storages.create(NewStorage::volume("data", &*path)).await);
        refused(storages.update_file(&file).mount_path(&*path).await);
        refused(storages.update_volume(&uuid).mount_path(&*path).await);
    }
    for name in ["/", "/etc", "..", "../x", "a/b", "a:b", "a b", "$A"] {
        refused(storages.create(NewStorage::volume(name, "/x")).await);
    }
    for name in VOLUMES {
        refused(storages.update_volume(&uuid).name(it.fill(name)).await);
    }
    assert_eq!(it.writes().len(), before, "{:?}", it.writes());

    storages
        .update_volume(&uuid)
        .name(it.fill("OWN-files"))
        .await?;
    storages.create(NewStorage::file("/a b/..c/d", "a")).await?;
    Ok(())
}

#[tokio::test]
async fn a_compose_file_is_sent_as_it_was_checked() -> Result<()> {
    let it = tenants().await;
    let create = |file: &str| it.tenant.services().create_compose(it.place(&it.own), file);
    let with = |settings: &str| {
        let settings = it.fill(settings);
        format!("services:\n  web:\n    image: nginx\n    {settings}\n")
    };
    for settings in SETTINGS {
        refused(create(&with(settings)).await);
    }
    for file in FILES {
        refused(create(&it.fill(file)).await);
    }
    assert_eq!(it.writes(), [""; 0]);

    let file = "x-env: &env # shared\n  A: '1'\nservices:\n  web:\n    image: nginx\n    environment: *env\n";
    let uuid = create(file).await?.uuid;
    let sent = it.fake.requests().pop().expect("a request").body;
    let sent: Value = serde_json::from_slice(&sent).expect("JSON");
    let sent = sent["docker_compose_raw"].as_str().expect("a file");
    let wanted = "\
\"x-env\":
  \"A\": \"1\"
\"services\":
  \"web\":
    \"image\": nginx
    \"environment\":
      \"A\": \"1\"
";
    assert_eq!(decoded(sent), wanted);
    for settings in HARMLESS {
        create(&with(settings)).await?;
    }
    refused(
        it.tenant
            .service(&uuid)
            .update()
            .docker_compose_raw("services: {w: {pid: host}}")
            .await,
    );
    Ok(())
}

/// Returns the encoded form of a field.
fn encoded(field: &str, text: String) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    match field {
        "custom_labels" => STANDARD.encode(text),
        _ => text,
    }
}

pub fn decoded(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    String::from_utf8(STANDARD.decode(text).expect("base64")).expect("text")
}

/// Only the server can see a file in a repository.
#[tokio::test]
async fn compose_files_from_git_take_the_operators_word() -> Result<()> {
    let it = tenants().await;
    let compose = it.fake.seed_application(&it.own, "compose");
    it.fake
        .set_application(&compose, "build_pack", "dockercompose");
    let create = |client: &coolify_sdk::Coolify| {
        client.applications().create_public(
            it.place(&it.own),
            "https://example.com/a/b",
            "main",
            BuildPack::DockerCompose,
        )
    };
    refused(create(&it.tenant).await);
    let app = it.tenant.application(&compose);
    refused(app.deploy().send().await);
    refused(app.start().await);
    refused(app.restart().await);
    refused(
        it.tenant
            .deployments()
            .rollout([&it.own_app, &compose])
            .send()
            .await,
    );
    // What replaces the file, and what starts a deployment from outside.
    for fields in [
        json!({"git_repository": "https://example.com/evil"}),
        json!({"git_branch": "evil"}),
        json!({"git_commit_sha": "0123456789012345678901234567890123456789"}),
        json!({"base_directory": "/evil"}),
        json!({"instant_deploy": true}),
        json!({"is_preview_deployments_enabled": true}),
        json!({"manual_webhook_secret_github": "a"}),
        json!({"manual_webhook_secret_gitea": "a"}),
    ] {
        refused(app.update().fields(fields)?.await);
    }
    assert_eq!(it.writes(), [""; 0]);
    app.update()
        .fields(json!({"instant_deploy": false, "description": "fine"}))?
        .await?;
    app.stop().await?;

    let policy = ScopePolicy::default().allow(ScopePower::GitCompose);
    let trusted = it.fake.client().in_project_with(&it.own, policy);
    create(&trusted).await?;
    let _run = trusted.application(&compose).deploy().send().await?;
    Ok(())
}

#[tokio::test]
async fn one_click_services_that_reach_for_the_server_are_refused() -> Result<()> {
    let it = tenants().await;
    let services = it.tenant.services();
    refused(
        services
            .create_one_click(it.place(&it.own), "portainer")
            .await,
    );
    services
        .create_one_click(it.place(&it.own), "logto")
        .await?;
    Ok(())
}

#[tokio::test]
async fn what_people_set_is_let_through() -> Result<()> {
    let it = tenants().await;
    let own = it.tenant.application(&it.own_app);
    let fields = json!({
        "name": "Größe & co (1)",
        "description": "What it's for, and \"why\"",
        "base_directory": "/apps/web",
        "dockerfile_location": "/docker/Dockerfile.prod",
        "watch_paths": "src/**\n!docs/*.md",
        "git_branch": "feature/a-b_c.1",
        "git_commit_sha": "HEAD",
        "domains": "https://a.example.com/path,https://b.example.com:3000",
        "build_command": "npm run build && echo 'done'",
        "post_deployment_command": "php artisan migrate; echo \"$HOME\"",
        "custom_docker_run_options": "--init --ulimit nofile=1024:2048",
        "ports_mappings": "3000:3000,9000:9000",
        "custom_labels": encoded("custom_labels", "team=x\nmy.app/version=1".to_owned()),
        "limits_memory_swap": "-1",
        "limits_cpus": "0.5",
        "preview_url_template": "{{pr_id}}.{{domain}}",
        "health_check_path": "/health;a",
        "redirect": "both",
        "build_pack": "nixpacks",
    });
    own.update().fields(fields)?.await?;
    own.update()
        .fields(json!({"custom_labels": " dGVhbT14\n"}))? // team=x
        .await?;
    // The labels that Coolify has made may be sent back.
    it.fake.set_application(
        &it.own_app,
        "custom_labels",
        "traefik.enable=true\ncaddy_0=own",
    );
    let labels = "caddy_0=own\ntraefik.enable=true\na=b";
    own.update().custom_labels(labels).await?;
    refused(own.update().custom_labels("traefik.enable=false").await);
    Ok(())
}

#[tokio::test]
async fn a_policy_decides() -> Result<()> {
    let it = tenants().await;
    let with = |policy| it.fake.client().in_project_with(&it.own, policy);
    let cases = [
        ("build_command", json!("make"), ScopePower::Commands),
        (
            "pre_deployment_command",
            json!("make"),
            ScopePower::Commands,
        ),
        ("health_check_command", json!("true"), ScopePower::Commands),
        (
            "custom_nginx_configuration",
            json!("server {}"),
            ScopePower::NginxConfiguration,
        ),
        (
            "custom_docker_run_options",
            json!("--init"),
            ScopePower::RunOptions,
        ),
        (
            "custom_docker_run_options",
            json!("--privileged"),
            ScopePower::HostAccess,
        ),
        ("custom_labels", json!("YT1i"), ScopePower::Labels), // a=b
        (
            "custom_labels",
            json!("dHJhZWZpay5lbmFibGU9dHJ1ZQ=="),
            ScopePower::ForeignHosts,
        ), // traefik.enable=true
        ("ports_mappings", json!("3000:80"), ScopePower::HostPorts),
        ("ports_mappings", json!("80:80"), ScopePower::HostAccess),
        (
            "docker_registry_image_name",
            json!("ghcr.io/a/b"),
            ScopePower::TeamCredentials,
        ),
        ("build_pack", json!("dockercompose"), ScopePower::GitCompose),
        (
            "connect_to_docker_network",
            json!(true),
            ScopePower::SharedNetworks,
        ),
        (
            "custom_network_aliases",
            json!("web"),
            ScopePower::SharedNetworks,
        ),
        (
            "preview_url_template",
            json!("x.example.com"),
            ScopePower::ForeignHosts,
        ),
    ];
    for (field, value, power) in cases {
        let update = |policy| {
            let own = with(policy).application(&it.own_app);
            own.update().fields(json!({ field: value }))
        };
        let all_but = ScopePolicy::trusting().forbid(power);
        let error = update(all_but)?.await.expect_err(field);
        let hint = error.hint().unwrap_or_default();
        assert!(
            error.is_out_of_scope() && hint.contains(&format!("{power:?}")),
            "{field}: {hint}"
        );
        if let Err(error) = update(ScopePolicy::trusting())?.await {
            assert!(!error.is_out_of_scope(), "{field}: {}", error.report());
        }
    }
    // Binding the client again grants no further powers.
    let strict = with(ScopePolicy::strict());
    let wider = strict.in_project_with(&it.own, ScopePolicy::trusting());
    refused(
        wider
            .application(&it.own_app)
            .update()
            .build_command("make")
            .await,
    );
    let strict = strict.application(&it.own_app);
    refused(strict.scheduled_tasks().create("a", "id", "daily").await);
    refused(
        strict
            .update()
            .fields(json!({"install_command": "make"}))?
            .await,
    );
    strict.update().description("fine").await?;
    Ok(())
}

/// A service that is gone from Coolify only runs on, out of everybody's sight.
#[tokio::test]
async fn no_service_is_left_running_out_of_coolifys_sight() -> Result<()> {
    let it = tenants().await;
    let services = it.tenant.services();
    let created = services.create_one_click(it.place(&it.own), "logto");
    let service = it.tenant.service(created.await?.uuid);
    let delete = |alone: bool| {
        let delete = service.delete(Volumes::Keep);
        delete.delete_from_coolify_only(alone)
    };
    let before = it.writes().len();
    refused(delete(true).await);
    assert_eq!(it.writes().len(), before);
    // Its default changes nothing, but the server of this test is too old to take it.
    let error = delete(false).await.unwrap_err();
    assert!(error.unsupported().is_some(), "{}", error.report());
    Ok(())
}
