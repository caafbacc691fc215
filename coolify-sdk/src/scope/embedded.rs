//! Hides the parts of a reply about the team and the server of a resource.

use serde_json::{Map, Value};

/// The fields of a server that stay: enough to say where something runs, and why
/// the server drops its domains.
const OF_SERVER: [&str; 5] = ["id", "uuid", "name", "proxy", "settings"];
const OF_PROXY: [&str; 1] = ["type"];
const OF_SETTINGS: [&str; 3] = ["is_build_server", "is_reachable", "is_usable"];
const OF_TEAM: [&str; 2] = ["id", "name"];

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
                    (_, value) => hide(value),
                }
            }
        }
        _ => {}
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
