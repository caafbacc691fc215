//! Hides the parts of a reply about the team and the server of a resource, and deploy keys
//! in the logs of deployments.

use serde_json::{Map, Value};

use crate::HIDDEN;

/// The fields of a server that stay: enough to say where something runs, and why
/// the server drops its domains.
const OF_SERVER: [&str; 5] = ["id", "uuid", "name", "proxy", "settings"];
const OF_PROXY: [&str; 1] = ["type"];
const OF_SETTINGS: [&str; 3] = ["is_build_server", "is_reachable", "is_usable"];
const OF_TEAM: [&str; 2] = ["id", "name"];

const LOGS: &str = "logs";
/// How a private key begins in base64.
const PRIVATE_KEY: &str = "LS0tLS1CRUdJTi";

/// Removes the fields of the team and the server: their settings contain the
/// tokens of Sentinel and of the log drains, and the whole configuration of the
/// proxy.
pub(super) fn hide(reply: &mut Value) {
    match reply {
        Value::Array(rows) => rows.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("server", Value::Object(server)) => hide_server(server),
                    ("team", Value::Object(team)) => keep(team, &OF_TEAM),
                    ("additional_servers", Value::Array(servers)) => {
                        let servers = servers.iter_mut().filter_map(Value::as_object_mut);
                        servers.for_each(hide_server);
                    }
                    (LOGS, Value::String(log)) if log.contains(PRIVATE_KEY) => {
                        *log = without_keys(log);
                    }
                    (_, value) => hide(value),
                }
            }
        }
        _ => {}
    }
}

/// Replaces the private keys in a log. Up to 4.2, Coolify writes the command that clones a
/// repository into the log, and the command contains the deploy key in base64.
fn without_keys(log: &str) -> String {
    let mut parts = log.split(PRIVATE_KEY);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, rest| shown + HIDDEN + after_base64(rest))
}

/// Returns the text after base64 in JSON, in which a slash may have a backslash.
fn after_base64(mut text: &str) -> &str {
    let is_base64 = |it: char| it.is_ascii_alphanumeric() || "+/=".contains(it);
    loop {
        text = text.trim_start_matches(is_base64);
        match text.strip_prefix("\\/") {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

fn hide_server(server: &mut Map<String, Value>) {
    keep(server, &OF_SERVER);
    let parts: [(&str, &[&str]); 2] = [("proxy", &OF_PROXY), ("settings", &OF_SETTINGS)];
    for (name, kept) in parts {
        if let Some(part) = server.get_mut(name).and_then(Value::as_object_mut) {
            keep(part, kept);
        }
    }
}

fn keep(fields: &mut Map<String, Value>, kept: &[&str]) {
    fields.retain(|name, _| kept.contains(&name.as_str()));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_log_shows_a_deploy_key() {
        let key = r"LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZLS0tLS0K\/b+3A==";
        let log = |key: &str| {
            format!(r#"[{{"command":"echo '{key}' | base64 -d","output":"\"{key}\" {key}"}}]"#)
        };
        let mut reply = json!({"deployments": [{"logs": log(key)}], "logs": null, "uuid": key});
        hide(&mut reply);
        let shown = reply["deployments"][0]["logs"].as_str().expect("a log");
        assert_eq!(shown, log(HIDDEN));
        assert!(serde_json::from_str::<Value>(shown).is_ok());
        assert_eq!(reply["uuid"], key);
    }

    #[test]
    fn of_a_server_is_left_what_explains_its_resources() {
        let server = json!({
            "id": 7, "uuid": "s", "name": "one", "ip": "192.0.2.1", "private_key_id": 1,
            "proxy": {"type": "NONE", "last_saved_proxy_configuration": "secret"},
            "settings": {
                "is_build_server": true, "is_reachable": true, "is_usable": false,
                "sentinel_token": "secret",
            },
        });
        let mut reply = json!([{
            "name": "web",
            "settings": {"is_static": true, "sentinel_token": "own"},
            "destination": {"network": "coolify", "server": server},
            "additional_servers": [server, {"uuid": "t", "settings": null}],
            "environment": {"project": {
                "team": {"id": 0, "name": "us", "smtp_password": "secret"},
            }},
        }]);
        hide(&mut reply);
        let left = json!({
            "id": 7, "uuid": "s", "name": "one",
            "proxy": {"type": "NONE"},
            "settings": {"is_build_server": true, "is_reachable": true, "is_usable": false},
        });
        let shown = json!([{
            "name": "web",
            "settings": {"is_static": true, "sentinel_token": "own"},
            "destination": {"network": "coolify", "server": left},
            "additional_servers": [left, {"uuid": "t", "settings": null}],
            "environment": {"project": {"team": {"id": 0, "name": "us"}}},
        }]);
        assert_eq!(reply, shown);
    }
}
