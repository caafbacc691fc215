//! The calls of the team and of the instance: what each of them sends and returns, and the
//! pages of the audit log.

use coolify_sdk::audit_events::{AuditSource, ListAuditEvents};
use coolify_sdk::secret_managers::{
    IntegrationTokenMetadata, SecretManagerProvider, SecretManagerSettings,
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, message, ok, status};

const AUDIT: &str = "GET /audit-events";

fn team() -> Reply {
    ok(json!({"id": 0, "name": "Root Team", "personal_team": false}))
}

fn member() -> Reply {
    ok(json!([{"id": 5, "name": "Ann", "email": "ann@example.com"}]))
}

/// The answer of a server that does not have the route.
fn unknown() -> Reply {
    let body = json!({"message": "Not found.", "docs": "https://coolify.io/docs"});
    status(404, body)
}

/// The newest version that is known, so that all calls are there.
async fn newest() -> Stage {
    Stage::of_version("4.4.7").await
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_team_have_their_requests() {
    let stage = newest()
        .await
        .on("GET /teams", [ok(json!([{"id": 0, "name": "Root Team"}]))])
        .on("GET /team", [team()])
        .on("PATCH /team", [team()])
        .on("GET /team/members", [member()])
        .on("GET /teams/3", [team()])
        .on("GET /teams/3/members", [member()]);
    let (coolify, story) = (stage.client(), &stage.story);
    let teams = coolify.teams();
    story.tell_of("list", &teams.list().await);
    story.tell_of("current", &teams.current().await);
    story.tell_of("members", &teams.current_members().await);
    for enabled in [true, false] {
        let set = teams.set_build_server_fallback(enabled).await;
        story.tell_of("set", &set);
    }
    let third = coolify.team(3);
    story.tell(format!("handle {}", third.id()));
    story.tell_of("get", &third.get().await);
    story.tell_of("members", &third.members().await);
    insta::assert_snapshot!(story);
}

/// Only a server that lacks `/team` is asked under the older address.
#[tokio::test(start_paused = true)]
async fn the_current_team_has_an_older_address() {
    let mut text = String::new();
    for (case, version, reply) in [
        ("an older server", "4.2.0", unknown()),
        ("the first newer server", "4.3.0", team()),
        ("a newer server that lost it", "4.3.11", unknown()),
        ("a wrong token", "4.3.11", message(401, "Unauthenticated.")),
        (
            "a token that may not read",
            "4.3.11",
            message(403, "Missing required permissions: read"),
        ),
        ("no team", "4.3.11", message(404, "Team not found.")),
        ("a failure", "4.3.11", message(500, "Server Error")),
        ("an odd reply", "4.3.11", ok(json!([]))),
    ] {
        let is_well = version == "4.3.0";
        let stage = Stage::of_version(version)
            .await
            .on("GET /team", [reply.clone()])
            .on(
                "GET /team/members",
                [if is_well { member() } else { reply }],
            )
            .on("GET /teams/current", [team()])
            .on("GET /teams/current/members", [member()]);
        let (teams, story) = (stage.client().teams(), &stage.story);
        story.tell_of("current", &teams.current().await);
        story.tell_of("members", &teams.current_members().await);
        text += &chapter(case, story);
    }
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn the_instance_is_asked_and_switched() {
    let mut text = String::new();
    let said = |text: &str| message(200, text);
    let email = || {
        ok(
            json!({"smtp_enabled": true, "smtp_host": "smtp.example.com", "smtp_port": 587,
            "smtp_password": "s3cret"}),
        )
    };
    for version in ["4.1.0", "4.3.11", "4.4.7", "4.5.0"] {
        let stage = Stage::of_version(version)
            .await
            .on(
                "GET /health",
                [Reply::Say(200, "text/html", "OK".to_owned())],
            )
            .on("GET /enable", [said("API enabled.")])
            .on("GET /disable", [said("API disabled.")])
            .on("POST /enable", [said("API enabled.")])
            .on("POST /disable", [said("API disabled.")])
            .on("POST /mcp/enable", [said("MCP server enabled.")])
            .on("POST /mcp/disable", [said("MCP server disabled.")])
            .on("GET /settings/email", [email()])
            .on("PATCH /settings/email", [email()]);
        let (instance, story) = (stage.client().instance(), &stage.story);
        story.tell_of("version", &instance.version().await);
        story.tell_of("version", &instance.version().await);
        story.tell_of("health", &instance.health().await);
        story.tell_of("API off", &instance.disable_api().await);
        story.tell_of("API on", &instance.enable_api().await);
        story.tell_of("MCP on", &instance.enable_mcp().await);
        story.tell_of("MCP off", &instance.disable_mcp().await);
        story.tell_of("email", &instance.email_settings().await);
        let update = instance.update_email_settings().smtp_enabled(false);
        let update = update.smtp_host("mail.example.com").smtp_port(25);
        story.tell_of("update", &update.await);
        text += &chapter(version, story);
    }
    assert!(!text.contains("s3cret"), "{text}");
    insta::assert_snapshot!(text);
}

#[tokio::test(start_paused = true)]
async fn each_channel_of_notifications_has_its_address() {
    let channels = [
        "email", "discord", "telegram", "slack", "pushover", "webhook",
    ];
    let mut stage = newest().await;
    for channel in channels {
        for method in ["GET", "PATCH"] {
            let route = format!("{method} /notifications/{channel}");
            stage = stage.on(&route, [ok(json!({}))]);
        }
    }
    let (all, story) = (stage.client().notifications(), &stage.story);
    macro_rules! channels {
        ($($get:ident, $update:ident: $($set:ident($value:expr)),+;)*) => { $(
            let read = all.$get().await;
            story.tell(format!("{} read: {}", stringify!($get), read.is_ok()));
            let changed = all.$update()$(.$set($value))+.await;
            story.tell(format!("{} changed: {}", stringify!($get), changed.is_ok()));
        )* };
    }
    channels! {
        email, update_email: smtp_enabled(true), smtp_password("p"), smtp_timeout(9);
        discord, update_discord: discord_enabled(true), discord_ping_enabled(false);
        telegram, update_telegram: telegram_enabled(true), telegram_chat_id("42");
        slack, update_slack: slack_enabled(false), backup_failure_slack_notifications(true);
        pushover, update_pushover: pushover_user_key("u"), pushover_api_token("t");
        webhook, update_webhook: webhook_enabled(true), webhook_url("https://me.example");
    }
    insta::assert_snapshot!(story);
}

#[tokio::test(start_paused = true)]
async fn a_secret_manager_is_linked() {
    let made = ok(json!({"uuid": "token1"}));
    let link = ok(
        json!({"integration_token_uuid": "token1", "provider": "vault",
        "settings": {"mount": "secret"}}),
    );
    let stage = newest()
        .await
        .on("POST /security/integration-tokens", [made])
        .on("PATCH /applications/web1/secret-manager", [link]);
    let (managers, story) = (stage.client().secret_managers(), &stage.story);
    for provider in [
        SecretManagerProvider::Doppler,
        SecretManagerProvider::Infisical,
        SecretManagerProvider::Vault,
    ] {
        let create = managers.create_integration_token(provider, "production", "t0ken");
        story.tell_of("created", &create.await);
    }
    let create =
        managers.create_integration_token(SecretManagerProvider::Vault, "production", "t0ken");
    let create = create.metadata(IntegrationTokenMetadata {
        base_url: Some("https://vault.example.com".to_owned()),
        namespace: Some("shop".to_owned()),
        ..IntegrationTokenMetadata::default()
    });
    assert!(!format!("{create:?}").contains("t0ken"), "{create:?}");
    story.tell_of("created", &create.await);
    story.tell_of(
        "linked",
        &managers.configure_application("web1", "token1").await,
    );
    let link = managers
        .configure_application("web1", "token1")
        .settings(SecretManagerSettings {
            mount: Some("secret".to_owned()),
            path: Some("shop/production".to_owned()),
            ..SecretManagerSettings::default()
        });
    story.tell_of("linked", &link.await);
    insta::assert_snapshot!(story);
}

/// A page of the audit log with these events.
fn page(ids: &[i64], last: impl Into<Value>) -> Reply {
    let event = |id: &i64| {
        json!({"id": id, "event": "api.application.deleted", "action": "deleted",
            "level": "info", "source": "api", "description": format!("event {id}")})
    };
    let data: Vec<_> = ids.iter().map(event).collect();
    ok(json!({"data": data, "last_page": last.into()}))
}

#[tokio::test(start_paused = true)]
async fn the_audit_log_is_asked_for_what_is_wanted() {
    let stage = newest().await.on(AUDIT, [page(&[9], 1)]);
    let (coolify, story) = (stage.client(), &stage.story);
    let list = || coolify.audit_events().list();
    for request in [
        list(),
        list().page(3),
        list().per_page(7),
        list().action("created"),
        list().search("a b&c"),
        list().source(AuditSource::Api),
        list().source(AuditSource::Mcp),
        list().source(AuditSource::Scheduler),
        list().source(AuditSource::System),
        list().source(AuditSource::Ui),
        list().source(AuditSource::Webhook),
        list()
            .action("deleted")
            .search("web")
            .source(AuditSource::Ui)
            .page(2)
            .per_page(100),
    ] {
        story.tell_of("page", &request.await);
    }
    insta::assert_snapshot!(story);
}

/// Tells the events of a stream by their ids.
async fn streamed(stage: &Stage, list: ListAuditEvents) {
    let mut events = list.stream();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => stage.story.tell(format!("event {}", event.id)),
            Err(error) => stage.story.tell_of::<Value>("failed", &Err(error)),
        }
    }
    stage.story.tell("the stream ends");
}

#[tokio::test(start_paused = true)]
async fn the_stream_of_the_audit_log_ends_with_the_last_page() {
    let mut text = String::new();
    for (case, replies) in [
        ("one page", vec![page(&[3, 2], 1)]),
        ("two pages", vec![page(&[3, 2], 2), page(&[1], 2)]),
        (
            "a new event moves the others to the next page",
            vec![page(&[4, 3], 3), page(&[3, 2], 3), page(&[2, 1], 3)],
        ),
        (
            "a page is added meanwhile",
            vec![page(&[4, 3], 2), page(&[2], 3), page(&[1], 3)],
        ),
        ("only repetitions", vec![page(&[2, 2], 2)]),
        ("an empty page before the last", vec![page(&[], 5)]),
        ("no number of pages", vec![page(&[2, 1], Value::Null)]),
        (
            "a page that fails",
            vec![page(&[2], 3), message(500, "Server Error")],
        ),
        (
            "no right to see it",
            vec![message(403, "You are not allowed to see the audit log.")],
        ),
    ] {
        let stage = newest().await.on(AUDIT, replies);
        streamed(&stage, stage.client().audit_events().list()).await;
        text += &chapter(case, &stage.story);
    }
    let stage = newest().await.on(AUDIT, [page(&[2], 7), page(&[1], 7)]);
    let list = stage.client().audit_events().list();
    streamed(&stage, list.page(6).per_page(1).search("x")).await;
    text += &chapter("from the sixth page on, one by one", &stage.story);
    let stage = Stage::of_version("4.3.11").await.on(AUDIT, [unknown()]);
    streamed(&stage, stage.client().audit_events().list()).await;
    text += &chapter("a server without an audit log", &stage.story);
    insta::assert_snapshot!(text);
}
