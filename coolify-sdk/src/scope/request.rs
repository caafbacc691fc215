//! What a request names besides what its path and its project are about.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use reqwest::Url;
use serde_json::Value;

use crate::operations::{Method, Operation};
use crate::transport::{Ask, Line};

const CLEANUP: &str = "docker_cleanup";

/// The parameters in the path of a request, as they stand in it.
pub(super) struct Path<'a>(HashMap<&'static str, &'a str>);

impl<'a> Path<'a> {
    /// No id has a slash in it, whatever the server would make of one: `Ask`
    /// refuses that.
    pub(super) fn new(line: Line<'_>, operation: &Operation, url: &'a Url) -> Self {
        let pairs = operation.path.split('/').zip(line.path(url).split('/'));
        Self(pairs.filter(|(name, _)| name.starts_with('{')).collect())
    }

    /// Empty is what no id is.
    pub(super) fn get(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or_default()
    }
}

pub(super) fn body(ask: &Ask) -> Value {
    let body = ask.body.as_deref();
    body.and_then(|body| serde_json::from_slice(body).ok())
        .unwrap_or_default()
}

/// Something that an own resource could be given and that is not the project's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond {
    pub(super) what: &'static str,
    pub(super) hint: &'static str,
}

/// What the query or the body of a request reaches for.
pub(super) fn beyond(ask: &Ask, path: &Path<'_>) -> Option<Beyond> {
    let (operation, body) = (ask.operation, body(ask));
    let in_query = |name: &str| {
        let mut pairs = ask.url.query_pairs();
        pairs.any(|(given, value)| given == name && value != "false")
    };
    let given = |name: &str| !matches!(body[name], Value::Null | Value::Bool(false));
    let beyond = |what, hint| Some(Beyond { what, hint });

    if in_query("force_domain_override") || given("force_domain_override") {
        return beyond(
            "a domain that another resource has",
            "take it away from the other one first, where that is in this project",
        );
    }
    if in_query(CLEANUP) || given(CLEANUP) {
        return beyond(
            "the clean-up of a whole server",
            "leave `docker_cleanup` out: a client that is bound to a project sends false",
        );
    }
    if ["host_path", "fs_path", "is_host_file"]
        .into_iter()
        .any(given)
    {
        return beyond("a path of the server", "mount a volume instead");
    }
    // A new volume gets its resource's uuid into its name by Coolify, a renamed
    // one is whichever volume has that name.
    let renames = operation.method == Method::Patch && operation.path.ends_with("/storages");
    let name = body["name"].as_str();
    if renames && name.is_some_and(|name| !name.contains(path.get("{uuid}"))) {
        return beyond(
            "a volume of this name",
            "the names of volumes hold the uuid of the resource that they belong to",
        );
    }
    if names_foreign_variable(&body) {
        return beyond(
            "a shared variable of the team or of a server",
            "`{{project.NAME}}` and `{{environment.NAME}}` are the project's",
        );
    }
    None
}

/// Whether a value or a compose file names a shared variable, which Coolify
/// puts in when it deploys.
fn names_foreign_variable(body: &Value) -> bool {
    let bulk = body["data"].as_array().into_iter().flatten();
    let mut values = std::iter::once(body).chain(bulk);
    // Compose files go over the wire in base64.
    let compose = body["docker_compose_raw"].as_str().unwrap_or_default();
    let compose = BASE64.decode(compose).unwrap_or_default();
    values.any(|it| it["value"].as_str().is_some_and(refers_beyond))
        || refers_beyond(&String::from_utf8_lossy(&compose))
}

/// As in `{{ team.NAME }}`.
fn refers_beyond(text: &str) -> bool {
    text.split("{{").skip(1).any(|rest| {
        let name = rest.trim_start_matches(|it: char| !it.is_ascii_alphanumeric());
        name.starts_with("team.") || name.starts_with("server.")
    })
}

/// Stopping and deleting end with a clean-up of the whole server unless it is
/// declined, whoever's the images and containers are that go then.
pub(super) fn spare_server(ask: &mut Ask) {
    let operation = ask.operation;
    let segments: Vec<&str> = operation.path.split('/').skip(1).collect();
    let cleans = match (operation.method, &segments[..]) {
        (Method::Delete, [kind, "{uuid}"]) | (Method::Post, [kind, "{uuid}", "stop"]) => {
            super::KINDS.contains(kind)
        }
        _ => false,
    };
    let declined = |(name, _): (_, _)| name == CLEANUP;
    if cleans && !ask.url.query_pairs().any(declined) {
        ask.set_query(CLEANUP, "false");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_variable_is_found_however_it_is_written() {
        for text in [
            "{{team.KEY}}",
            "{{ team.KEY }}",
            "a {{project.A}} b {{\tserver.KEY}}",
            "{{{team.KEY}}}",
            "{{ {{team.KEY}}",
        ] {
            assert!(refers_beyond(text), "{text}");
        }
        for text in [
            "",
            "team.KEY",
            "{{project.team.KEY}}",
            "{{environment.KEY}}",
            "{{teams}}",
            "{{pr_id}}.{{domain}}",
        ] {
            assert!(!refers_beyond(text), "{text}");
        }
    }
}
