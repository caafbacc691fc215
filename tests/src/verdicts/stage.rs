//! The resources that the tables use: a project with one resource of each kind.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, sync::LazyLock};

use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};

use super::wire::{Reply, Wire};

/// A resource that tables need, and how to create it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prop {
    name: String,
    send: String,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    placed: bool,
    /// The place of its uuid in the reply.
    names: String,
    /// How to remove it, if it is not in the project.
    remove: Option<String>,
}

/// A server, and the uuids of the resources that the tables use.
pub struct Stage {
    pub(super) wire: Wire,
    known: BTreeMap<String, String>,
    placement: Value,
    /// What has to be removed at the end: method and path.
    left: Vec<String>,
}

impl Stage {
    /// Makes a stage in a project, on a server.
    #[must_use]
    pub fn new(wire: Wire, project: &str, server: &str, destination: Option<&str>) -> Self {
        let mut placement = json!({
            "project_uuid": project,
            "server_uuid": server,
            "environment_name": "production",
        });
        if let Some(destination) = destination {
            placement["destination_uuid"] = destination.into();
        }
        let known = [("project", project), ("server", server)];
        Self {
            wire,
            known: known
                .map(|(key, it)| (key.to_owned(), it.to_owned()))
                .into(),
            placement,
            left: Vec::new(),
        }
    }

    /// Creates the resources that a text names, unless they exist. Returns
    /// `false` if that is impossible.
    pub(super) async fn prepare(&mut self, text: &str) -> bool {
        for name in names_in(text) {
            if self.known.contains_key(&name) || matches!(name.as_str(), "made" | "input") {
                continue;
            }
            let prop = PROPS.iter().find(|prop| prop.name == name);
            let prop = prop.unwrap_or_else(|| panic!("{{{name}}} is not in stage.yaml"));
            let needs = format!("{} {}", prop.send, prop.body);
            if !Box::pin(self.prepare(&needs)).await {
                return false;
            }
            let mut body = self.body(&prop.body, prop.placed, None);
            if body == json!({}) {
                body = Value::Null;
            }
            let reply = self.send(&prop.send, Some(&body), None).await;
            let Some(uuid) = reply.body.pointer(&prop.names).map(as_text) else {
                eprintln!("no {name}: {} {}", reply.status, reply.body);
                return false;
            };
            self.known.insert(name, uuid);
            if let Some(remove) = &prop.remove {
                self.left.push(self.fill(remove, None));
            }
        }
        true
    }

    /// Fills in the names of a body, and its place if it needs one.
    pub(super) fn body(&self, template: &Value, placed: bool, made: Option<&str>) -> Value {
        let mut body = self.filled(template, made);
        if placed {
            if body.is_null() {
                body = json!({});
            }
            for (field, value) in self.placement.as_object().into_iter().flatten() {
                body[field] = value.clone();
            }
        }
        body
    }

    /// Sends `METHOD /path`.
    pub(super) async fn send(&self, what: &str, body: Option<&Value>, made: Option<&str>) -> Reply {
        let (method, path) = what.split_once(' ').unwrap_or(("GET", what));
        let body = body.filter(|body| !body.is_null());
        self.wire.send(method, &self.fill(path, made), body).await
    }

    /// Fills in the names of a text.
    fn fill(&self, text: &str, made: Option<&str>) -> String {
        let filled = NAME.replace_all(text, |found: &regex::Captures<'_>| {
            let name = &found[1];
            let known = match name {
                "made" => made.map(str::to_owned),
                _ => self.known.get(name).cloned(),
            };
            known.unwrap_or_else(|| found[0].to_owned())
        });
        filled.into_owned()
    }

    fn filled(&self, template: &Value, made: Option<&str>) -> Value {
        match template {
            Value::String(text) => self.fill(text, made).into(),
            Value::Array(items) => items.iter().map(|it| self.filled(it, made)).collect(),
            Value::Object(map) => map
                .iter()
                .map(|(key, it)| (key.clone(), self.filled(it, made)))
                .collect(),
            other => other.clone(),
        }
    }

    /// Returns a value without uuids and addresses, which differ between servers.
    pub(super) fn masked(&self, value: &Value, made: &str) -> Value {
        match value {
            Value::String(text) => {
                let mut text = text.clone();
                // Small numbers are ids that also appear in other words.
                if made.len() > 8 {
                    text = text.replace(made, "{made}");
                }
                for (name, uuid) in &self.known {
                    text = text.replace(uuid.as_str(), &format!("{{{name}}}"));
                }
                let text = HOST.replace_all(&text, "{host}");
                UUID.replace_all(&text, "{uuid}").into()
            }
            Value::Array(items) => items.iter().map(|it| self.masked(it, made)).collect(),
            Value::Object(map) => map
                .iter()
                .map(|(key, it)| (key.clone(), self.masked(it, made)))
                .collect(),
            other => other.clone(),
        }
    }

    /// Removes everything outside the project, and returns what could not be removed.
    pub async fn clear(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        for remove in std::mem::take(&mut self.left).into_iter().rev() {
            let reply = self.send(&remove, None, None).await;
            if !reply.is_success() {
                left.push(format!("{remove}: {}", reply.status));
            }
        }
        left
    }
}

static NAME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\{([a-z0-9_]+)\}"));
static HOST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+\.\d+\.\d+\.\d+\.sslip\.io"));
static UUID: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[a-z0-9]{24}\b"));

static PROPS: LazyLock<Vec<Prop>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verdicts/stage.yaml");
    let text = fs::read_to_string(path).expect("a text");
    yaml_serde::from_str(&text).expect("what tables need")
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

fn names_in(text: &str) -> Vec<String> {
    NAME.captures_iter(text)
        .map(|it| it[1].to_owned())
        .collect()
}

/// Uuids are texts, and some ids are numbers.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
