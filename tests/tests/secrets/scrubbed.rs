//! What a scrubber and a cassette leave of the texts of a reply.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coolify_sdk::operations::Method;
use coolify_sdk::testing::Scrubber;
use regex::{Captures, Regex};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::tape::Tape;

const UUID: &str = "khzsv5nucvscskrm5gez3p8v";

static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("c2NydWJiZWQ[A-Za-z0-9+/]*=*").expect("a pattern"));

/// Returns what a scrubber leaves, with `[1]` for `scrubbed 1` in base64.
fn scrubbed(reply: &Value) -> String {
    let mut scrubber = Scrubber::new("7|fake-token-of-a-test", "https://panel.acme.dev");
    scrubber.learn(reply);
    let text = scrubber.scrub(reply).to_string();
    let decoded = |found: &Captures<'_>| {
        let bytes = STANDARD.decode(&found[0]).expect("base64");
        let text = String::from_utf8(bytes).expect("a text");
        format!("[{}]", text.trim_start_matches("scrubbed").trim())
    };
    PLACEHOLDER.replace_all(&text, decoded).into_owned()
}

/// Returns what a cassette has of each of these replies.
async fn recorded(replies: Vec<Value>) -> Vec<String> {
    let (count, next) = (replies.len(), AtomicUsize::new(0));
    let answer = move |_: &_| {
        let number = next.fetch_add(1, Ordering::Relaxed);
        ResponseTemplate::new(200).set_body_json(&replies[number])
    };
    let tape = Tape::record(answer, async |_, coolify| {
        for _ in 0..count {
            let call = coolify.request(Method::Get, "/new/route").send();
            call.await.expect("it is JSON");
        }
    })
    .await;
    let replies = tape.replies();
    replies.iter().map(|it| it["json"].to_string()).collect()
}

/// Writes each reply, and what is left of it.
async fn left(replies: Vec<Value>) -> String {
    let recorded = recorded(replies.clone()).await;
    let mut table = String::new();
    for (reply, recorded) in replies.iter().zip(recorded) {
        let (text, scrubbed) = (reply.to_string(), scrubbed(reply));
        if scrubbed == text && recorded == text {
            writeln!(table, "{text}\n    stays").expect("a text");
            continue;
        }
        writeln!(table, "{text}\n    {scrubbed}\n    {recorded}").expect("a text");
    }
    table
}

#[tokio::test]
async fn of_a_message_plain_words_are_left() {
    let messages = [
        "The name field is required.",
        "Server 10.1.2.3 (10.1.2.3) is not reachable at 10.9.9.9.",
        "127.0.0.1, 0.0.0.0 and ::1 are local, 255.0.0.1 is not",
        "Net 10.1.2.0/24, 10.1.2.0/abc and 10.1.2.0/1234",
        "Address 2a01:4f8::7/64 of fe80::1:2",
        "See https://panel.acme.dev/project/abc?x=1#y",
        "See https://docs.acme.dev/#part and http://Docs.acme.dev/?",
        "Clone https://user:pw@git.acme.dev:8443/a/b.git",
        "Clone git@github.com:acme/shop.git or git@git.acme.dev:acme/shop",
        "Docs: https://coolify.io/docs/api/v1 and https://app.coolify.io/v4/x",
        "Hosts: xcoolify.io, hooks.github.com, evil.github.com, host.docker.internal",
        "Image ghcr.io/acme/app:v2 of docker.io",
        "Write to jane.doe@acme.dev, jane.doe@acme.dev or joe@acme.dev",
        "password: opensesame, token=abc; the secret is xyz",
        "The password is required. The token is invalid! The API key is Missing",
        "Authorization: Bearer abc.def",
        "authorization => Basic dXNlcjpwdw==",
        "Bearer abc.deg and basic auth, bearer tokens",
        "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n is invalid",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nabd",
        "Version 4.3.11, v1.2, 12345, 123456 and 2026-11-30T00:00:00Z",
        "x1y2z3, kjhgfqwrt, camelCaseIsFine and Production",
        "some_field and other-word/with\\slash are words",
        "container web-a1b2c3d4e5f6 exited",
        "a.b. and c.d: or e.f! or g.h?",
        "(quoted) 'single' \"double\" `back` <angle> [square] {curly}",
        "** -- :: ... ,",
        "fake-token-of-a-test is the token, 7|fake-token-of-a-test too",
    ];
    let messages = messages.map(|text| json!({ "message": text }));
    insta::assert_snapshot!(left(messages.to_vec()).await);
}

/// Fields, and texts that they have in turn.
const FIELDS: &str = "
status: running:healthy | exited (0) | my pin, x1y2z3 | a b c d e f
build_pack: nixpacks | docker_compose
other: nixpacks | true | false | null | production | HEAD | localhost
plan: cx22 | s-1vcpu-1gb | Cx22 | a b
version: 4.3.11 | v1 | 27.0.1-rc.2 | 4.3.11.2 | 4.x
commit: 0123456789abcdef0123456789abcdef01234567 | HEAD | 0123456789abcdef0123456789abcdef | 0123456 | main1
last_saved_settings: 0123456789abcdef0123456789abcdef
configuration_hash: 0123456789abcdef0123456789abcdef
ports_exposes: 80 | 80,443 | 8080:80/tcp | 53:53/udp, 90-99 | 80; | 123456
base_directory: / | /data/coolify/applications/khzsv5nucvscskrm5gez3p8v | /srv/app
docker_compose_location: /docker-compose.yaml | /docker-compose.prod.yaml
limits_memory: 512m | 0 | 1.5GB | 512 m
docker_cleanup_frequency: 0 * * * * | */5 1-2 * * MON-FRI | daily | at noon
image: nginx:alpine | ghcr.io/acme/app:1.2 | redis | nginx:OPEN | nginx:a1b2c3
docs: https://coolify.io/docs | https://coolify.io/docs/x
preview_url_template: {{pr_id}}.{{domain}} | {{pr_id}}.acme.dev
uuid: khzsv5nucvscskrm5gez3p8v | 0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f | short
server_uuids: khzsv5nucvscskrm5gez3p8v
destination_id: 123456789 | khzsv5nucvscskrm5gez3p8v
telegram_chat_id: 987654321 | 54321
client_id: 987654322 | khzsv5nucvscskrm5gez3p8w
message_thread_id: 1234567 | 12345
name: main | shop | 23456 | true
description: 34567 | 2026-11-30 01:02:03
size: 123456780 | 12345678901234 | 1.5
count: 45678 | 1234567 | -1.5 | 1.12345678901234567
created_at: 2026-11-30T01:02:03.123456Z | 2026-11-30 01:02:03+02:00 | 2026-11-30 01:02:03.1 +0000 UTC | 2026-11-30
ip: 10.1.2.3 | panel.acme.dev | fe80::1 | ::1 | :: | 0.0.0.0 | coolify-host
fqdn: https://a.acme.dev:3000/x,http://b.acme.dev | https://a.acme.dev, https://c.acme.dev | https://a b
from: jane@acme.dev | two words@acme.dev | jane@host | jane@a@acme.dev
";

#[tokio::test]
async fn a_text_stays_if_its_field_has_such_texts() {
    let lines = FIELDS
        .trim()
        .lines()
        .filter_map(|line| line.split_once(": "));
    let each = |(name, texts): (&'static str, &'static str)| {
        let texts = texts.split(" | ");
        texts.map(move |text| (name, text, json!({ name: text })))
    };
    let fields: Vec<_> = lines.flat_map(each).collect();
    let replies = fields.iter().map(|(_, _, reply)| reply.clone()).collect();
    let mut table = String::new();
    for ((name, text, reply), recorded) in fields.iter().zip(recorded(replies).await) {
        let value = |it: &str| {
            it.split_once(':')
                .expect("a field")
                .1
                .trim_end_matches('}')
                .to_owned()
        };
        let [own, other] = [scrubbed(reply), recorded].map(|it| value(&it));
        let kept = format!("{text:?}");
        let shown = if own == kept && other == kept {
            "stays".to_owned()
        } else {
            format!("{own} {other}")
        };
        writeln!(table, "{name}: {text}: {shown}").expect("a text");
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn what_is_in_a_secret_field_is_replaced() {
    let log = json!([
        {"output": "Building acme/app", "type": "stdout", "timestamp": "2026-11-30T01:02:03Z",
         "order": 7, "batch": 1, "hidden": false, "command": null, "pin": 4711},
    ]);
    let compose =
        "services:\n  web:\n    image: nginx:alpine\n    environment:\n      - PIN=4711\n";
    let replies = [
        json!({"password": "opensesame", "note": "opensesame is it", "pin": "open"}),
        json!({"token": 4711, "password": true, "secret": null}),
        json!({"nested": {"credentials": {"name": "robot", "list": ["one", 12]}}}),
        json!({"start_command": "npm run start", "post_deployment_command": "migrate"}),
        json!({"key": "API_KEY", "value": "a value", "real_value": "'a value'", "is_literal": true}),
        json!({"key": "access-key", "bucket": "backups"}),
        json!({"Password": "in capitals", "dbPassword": "humps"}),
        json!({"logs": "2026-11-30T01:02:03Z listening on port 3000\n\n  started as 4711\n"}),
        json!({"logs": log.to_string()}),
        json!({"docker_compose_raw": compose}),
        json!({"docker_compose": STANDARD.encode(compose)}),
        json!({"private_key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"}),
        json!({"message": "it printed 4712", "finished_at": null, "status": "success"}),
        json!({"message": "two words", "errors": {"password": ["The password is required."],
               "token": "This token is used by acme-shop."}}),
        json!({"errors": {"password": "opensesame2"}, "hint": "Use robot-7.", "details": {"a": "B7x9"}}),
        json!({"domains": {"a.acme.dev": {"port": 80}, "web": 1, "12": 2, "Web-App": 3}}),
        json!({"cloud_provider_token_id": 12, "compose_version": "2.29.1", "config_hash": "0a".repeat(16)}),
        json!({"list": ["shop", UUID, 7, null, {"uuid": UUID, "name": "shop"}]}),
        json!({"chat": "  ", "empty": "", "json": "{\"name\": \"shop\"}", "not": "{broken"}),
    ];
    insta::assert_snapshot!(left(replies.to_vec()).await);
}
