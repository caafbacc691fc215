//! The scrubber on everything that was recorded.

use coolify_sdk::testing::Scrubber;
use serde_json::{Value, json};

use crate::Recording;

fn scrubbed(value: &Value) -> Value {
    let mut scrubber = Scrubber::new("3|abcdefghij0123456789", "https://panel.acme.dev:8000");
    scrubber.learn(value);
    scrubber.scrub(value)
}

fn recordings() -> impl Iterator<Item = Recording> {
    Recording::everything()
}

fn none_is_left(value: &Value, secrets: &[&str]) {
    let text = scrubbed(value).to_string();
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// Secrets of the forms that people and providers give them.
fn secret(number: usize) -> String {
    let n = number;
    match n % 12 {
        0 => format!("zq9plant{n:05}kz"),
        1 => format!("Zq9Plant-{n:05}!x"),
        2 => format!("https://hooks.chat-{n}.sh/services/T{n}/zq9plant{n}"),
        3 => format!("zq9plant{n:05}.acme.zip"),
        4 => format!("Basic enE5cGxhbnQ{n:05}=="),
        5 => format!(r#"{{"password": "zq9plant{n:05}", "list": ["zq9plant{n:05}b", {n}]}}"#),
        6 => format!("git clone https://bot:zq9plant{n:05}@git.acme.ts/private/r{n}"),
        7 => format!("password=zq9plant{n:05} and token: zq9plant{n:05}t"),
        8 => format!("sk_live_zq9plant{n:05}"),
        9 => format!("ghp_zq9plant{n:05}Ab3dEf7hIj"),
        10 => format!("ZQ9PLANT{n:05}"),
        _ => format!("postgres://app:zq9plant{n:05}@db.acme.md:5432/zq9plant{n:05}"),
    }
}

fn is_id(name: &str, text: &str) -> bool {
    let is_named = ["uuid", "id"].contains(&name)
        || ["_uuid", "_uuids", "_id"]
            .iter()
            .any(|end| name.ends_with(end));
    let value = json!({ name: text });
    is_named && scrubbed(&value) == value
}

/// Puts a secret in the place of every text that is not an id.
fn plant(name: &str, value: &mut Value, number: &mut usize) {
    match value {
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(name, value)| plant(name, value, number)),
        Value::Array(items) => items.iter_mut().for_each(|item| plant(name, item, number)),
        Value::String(text) if !is_id(name, text) => {
            *number += 1;
            *text = secret(*number);
        }
        _ => {}
    }
}

#[test]
fn a_secret_stays_nowhere() {
    let mut number = 0;
    for recording in recordings() {
        let mut reply = recording.response.json.clone().unwrap_or_default();
        plant("", &mut reply, &mut number);
        let before = reply.to_string();
        let text = scrubbed(&reply).to_string();
        let lower = text.to_lowercase();
        assert!(
            !lower.contains("plant") && !text.contains("enE5cGxhbnQ"),
            "{}.{}: {text}\n\nof {before}",
            recording.operation,
            recording.case
        );
    }
    assert!(number > 10_000, "only {number}");
}

#[test]
fn words_of_the_server_stay() {
    let (mut kept, mut all) = (0, 0);
    for recording in recordings() {
        let Some(message) = recording
            .response
            .json
            .as_ref()
            .and_then(|it| it["message"].as_str())
        else {
            continue;
        };
        if recording.response.status < 400 {
            continue;
        }
        all += 1;
        kept += usize::from(scrubbed(&json!({ "message": message }))["message"] == message);
    }
    assert!(all > 450, "only {all}");
    assert!(kept * 100 > all * 95, "only {kept} of {all}");
}

#[test]
fn secrets_are_replaced_wherever_they_stand() {
    let value = json!([
        {"postgres_password": "hunter2hunter2", "private_key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n"},
        {"internal_db_url": "postgres://app:hunter2hunter2@db5:5432/app", "start_command": "x9y"},
        {"key": "API", "value": "plain", "real_value": "'plain'"},
        {"note": "Bearer 3|abcdefghij0123456789 with hunter2hunter2"},
        {"logs": r#"[{"output": "password is plain", "hidden": false}]"#},
    ]);
    none_is_left(
        &value,
        &["hunter2", "plain", "abcdefghij", "abc\\n", "db5", "x9y"],
    );
    let value = scrubbed(&value);
    let key = value[0]["private_key"].as_str().expect("a text");
    assert!(key.starts_with("-----BEGIN RSA"));
}

#[test]
fn whatever_stands_under_the_name_of_a_secret_is_replaced() {
    let value = json!({
        "DB_PASSWORD": "opensesame",
        "tokens": ["opensesame", {"any": "opensesame", "pin": 773_344}],
        "docker_compose_pr_raw": "services: {opensesame: {}}",
        "pushover_user_key": 773_344,
        "real_value": "opensesame",
        "errors": {"smtp_password": ["The smtp password field is required."]},
    });
    none_is_left(&value, &["opensesame", "773344"]);
    let message = &scrubbed(&value)["errors"]["smtp_password"][0];
    assert_eq!(message, "The smtp password field is required.");
}

#[test]
fn one_secret_can_begin_with_another() {
    let value = json!([
        {"token": "abc123def"},
        {"secret": "abc123def456"},
        {"message": "neither abc123def456 nor abc123def"},
    ]);
    none_is_left(&value, &["abc123def", "456"]);
}

#[test]
fn what_coolify_says_keeps_its_words() {
    let said = scrubbed(&json!({
        "message": "Server khzsv5nucvscskrm5gez3p8v at https://hooks.acme.sh/T0/B1/k3y is used by panel.acme.zip, password: swordfish, key=a1b2c3; see 10.1.2.3.",
        "uuid": "khzsv5nucvscskrm5gez3p8v",
    }));
    let message = said["message"].as_str().expect("a text");
    for word in ["acme", "T0", "k3y", "swordfish", "a1b2c3", "10.1.2.3"] {
        assert!(!message.contains(word), "{word} in {message}");
    }
    assert!(
        message.starts_with("Server khzsv5nucvscskrm5gez3p8v at https://host-"),
        "{message}"
    );
    for word in ["is used by", "password: ", "; see "] {
        assert!(message.contains(word), "{word} not in {message}");
    }
}

#[test]
fn hosts_addresses_and_people_get_placeholders() {
    let value = json!({
        "fqdn": "https://shop.acme.dev:3000,http://k7x.198.51.7.9.sslip.io",
        "ip": "prod-one",
        "message": "see https://shop.acme.dev and panel.acme.dev and deploy.sh, readme.md",
        "address": "10.1.2.3/32",
        "note": "2a01:4f8::1",
        "user": {"name": "Ada", "email": "ada@acme.dev"},
        "git_repository": "git@git.acme.dev:acme/private.git",
        "urls": {"web.acme.ts": {"domain": "https://web.acme.ts"}},
    });
    none_is_left(
        &value,
        &[
            "acme.dev",
            "sslip",
            "198.51.7.9",
            "prod-one",
            "10.1.2.3",
            "2a01",
            "Ada",
            "ada@",
            "private",
            "deploy.sh",
            "readme.md",
            "acme.ts",
        ],
    );
    let value = scrubbed(&value);
    let fqdn = value["fqdn"].as_str().expect("a text");
    assert!(fqdn.contains(":3000,http://host-"), "{fqdn}");
    let shop = fqdn.split([':', '/']).nth(3).expect("a host");
    let message = value["message"].as_str().expect("a text");
    assert!(message.contains(shop), "{value}");
}

#[test]
fn what_is_nobodys_secret_stays() {
    let value = json!({
        "uuid": "khzsv5nucvscskrm5gez3p8v",
        "status": "running:healthy",
        "created_at": "2026-11-22T00:23:08.000000Z",
        "at": "2026-11-22 00:23:08",
        "docker_compose_location": "/docker-compose.yml",
        "static_image": "nginx:alpine",
        "image": "postgres:16-alpine",
        "destination_type": "App\\Models\\StandaloneDocker",
        "version": "4.3.11",
        "message": "Application not found.",
        "count": 3,
        "frequency": "0 2 * * *",
        "nothing": null,
        "docker_compose_raw": "",
        "limits_memory": "512M",
        "ports_exposes": "80,3000",
        "git_commit_sha": "HEAD",
        "server_timezone": "America/New_York",
    });
    assert_eq!(scrubbed(&value), value);
}

#[test]
fn a_number_that_nothing_is_counted_by_is_replaced() {
    let value = json!([
        {"name": "20417733", "comment": "4711", "key": "90210", "value": null},
        {"description": "31337001", "note": "5550123456", "client_id": "6021023"},
        {"message": "The code 8675309 is wrong, 3 of 5 tries are left."},
    ]);
    none_is_left(
        &value,
        &[
            "20417733",
            "4711",
            "90210",
            "31337001",
            "5550123456",
            "6021023",
            "8675309",
        ],
    );
    let message = scrubbed(&value)[2]["message"].to_string();
    assert!(message.contains("3 of 5 tries"), "{message}");
    let counts = json!({"size": "73400320", "team_id": "1048577", "count": "12", "ratio": "0.25"});
    assert_eq!(scrubbed(&counts), counts);
}

#[test]
fn letters_that_nobody_could_say_are_no_word() {
    let value = json!([
        {"message": "The value wqkzjtrmbvxd is refused, and so is KtBvRwQpLzMd."},
        {"type": "key_mzqwrtpkljhb", "gpu_driver": "sesame-opens-it"},
    ]);
    none_is_left(
        &value,
        &["wqkzjtrmbvxd", "KtBvRwQpLzMd", "mzqwrtpkljhb", "sesame"],
    );
    let words = json!({
        "message": "The healthcheck of the StandaloneClickhouse follows a workflow of subfolders.",
        "type": "StandalonePostgresql",
        "architecture": "x86",
        "city": "Frankfurt",
    });
    assert_eq!(scrubbed(&words), words);
}

#[test]
fn of_a_line_of_a_log_its_time_and_its_stream_stay() {
    let line = json!({
        "output": "swordfish", "command": "echo swordfish", "type": "stderr",
        "timestamp": "2026-11-22T00:27:18.000000Z", "hidden": true,
    });
    let logs = scrubbed(&json!({"logs": json!([line]).to_string()}));
    let logs = logs["logs"].as_str().expect("a text");
    assert!(!logs.contains("swordfish"), "{logs}");
    for kept in [r#""type":"stderr""#, "2026-11-22T00:27:18.000000Z", "true"] {
        assert!(logs.contains(kept), "{kept} not in {logs}");
    }
    let password = json!({"password": "stdout", "token": "2026-11-22T00:27:18.000000Z"});
    none_is_left(&password, &["2026-11-22"]);
}

#[test]
fn an_image_in_a_compose_file_is_no_secret_elsewhere() {
    let value = json!({
        "docker_compose_raw": "services:\n  web:\n    image: caddy:alpine\n    command: open swordfish:41x\n",
        "image": "caddy:alpine",
        "note": "swordfish:41x",
    });
    assert_eq!(scrubbed(&value)["image"], "caddy:alpine");
    none_is_left(&value, &["swordfish"]);
}

#[test]
fn an_account_elsewhere_and_a_card_are_no_id_and_no_port() {
    let value = json!([
        {"client_id": "5ab1c2d3-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "chat_id": "k3v9x1m4q7z2w8b5n6c0d1f2"},
        {"ports": "5105-1051-0510-5100", "ports_exposes": "12-34-56"},
    ]);
    none_is_left(&value, &["5ab1c2d3", "k3v9x1m4", "5105", "34-56"]);
    let ports = json!([
        {"ports": "8080:80,8443:443/tcp", "ports_mappings": "3000-3005:80-85"},
        {"ports_exposes": "80, 443 9000", "team_id": "k3v9x1m4q7z2w8b5n6c0d1f2"},
    ]);
    assert_eq!(scrubbed(&ports), ports);
}
