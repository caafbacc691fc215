//! Checks the query and the body of a request.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use reqwest::Url;
use serde_json::{Map, Value};

use super::ScopePower::{GitCompose, HostAccess, TeamCredentials};
use super::beyond::{Beyond, Check};
use super::compose;
use super::fields::{Reading, reading};
use super::policy::ScopePolicy;
use super::texts::{
    expansions, images, keys, labels, names, paths, ports, previews, references, routes,
    run_options, statements, templates, tokens, trim::trimmed, volumes,
};
use crate::ResourceKind;
use crate::operations::{Bound, Method, Operation};
use crate::transport::{Lookup, OutgoingRequest};

const CLEANUP: &str = "docker_cleanup";
const COMPOSE_PACK: &str = "dockercompose";
/// What decides which compose file from git is deployed, or when.
const OF_GIT_COMPOSE: [&str; 10] = [
    "base_directory",
    "git_branch",
    "git_commit_sha",
    "git_repository",
    "instant_deploy",
    "is_preview_deployments_enabled",
    "manual_webhook_secret_bitbucket",
    "manual_webhook_secret_gitea",
    "manual_webhook_secret_github",
    "manual_webhook_secret_gitlab",
];

/// The parameters in the path of a request, in their encoded form.
pub(super) struct Path<'a>(HashMap<&'static str, &'a str>);

impl<'a> Path<'a> {
    /// No id contains a slash, because `OutgoingRequest` refuses one.
    pub(super) fn new(lookup: Lookup<'_>, operation: &Operation, url: &'a Url) -> Self {
        let pairs = operation.path.split('/').zip(lookup.path(url).split('/'));
        Self(pairs.filter(|(name, _)| name.starts_with('{')).collect())
    }

    /// Returns the value of a parameter, or an empty text, which no id is.
    pub(super) fn get(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or_default()
    }
}

pub(super) fn body(outgoing: &OutgoingRequest) -> Value {
    let body = outgoing.body.as_deref();
    body.and_then(|body| serde_json::from_slice(body).ok())
        .unwrap_or_default()
}

/// A request to check.
pub(super) struct Request<'a> {
    pub(super) operation: &'static Operation,
    pub(super) path: &'a Path<'a>,
    pub(super) policy: ScopePolicy,
    /// The current state of the resource, once it is known.
    pub(super) resource: Option<&'a Value>,
}

impl Request<'_> {
    /// Refuses a query and a body that reach beyond the project. Changes the body
    /// into the form that is sent.
    pub(super) fn check(&self, url: &Url, body: &mut Value) -> Check {
        for (name, value) in url.query_pairs() {
            self.field(&name, &mut Value::String(value.into_owned()))?;
        }
        self.fields(body)
    }

    fn fields(&self, value: &mut Value) -> Check {
        match value {
            Value::Object(fields) => {
                let is_built = fields.get("is_buildtime").is_none_or(|it| !is_off(it));
                if let Some(Value::String(key)) = fields.get("key") {
                    keys::check(key, is_built && self.builds())?;
                }
                if let Some(domain) = route(self.operation.path, fields) {
                    routes::check(self.policy, domain)?;
                }
                let mut fields = fields.iter_mut();
                fields.try_for_each(|(name, value)| self.field(name, value))
            }
            _ => Ok(()),
        }
    }

    fn field(&self, name: &str, value: &mut Value) -> Check {
        let (reading, power) = reading(self.operation.path, name);
        if is_nothing(value) || (reading == Reading::Switch && is_off(value)) {
            return Ok(());
        }
        self.reach(name)?;
        if let Some(power) = power {
            self.policy.need(power, || format!("`{name}`").into())?;
        }
        if name == "git_repository" {
            self.repository(value)?;
        }
        if OF_GIT_COMPOSE.contains(&name) {
            self.git_compose(name, value)?;
        }
        self.value(name, reading, value)
    }

    /// The items of a list are interpreted like the field itself.
    fn value(&self, name: &str, reading: Reading, value: &mut Value) -> Check {
        match value {
            Value::Object(_) => self.fields(value),
            Value::Array(items) => {
                let mut items = items.iter_mut();
                items.try_for_each(|item| self.value(name, reading, item))
            }
            value => self.scalar(name, reading, value),
        }
    }

    fn scalar(&self, name: &str, reading: Reading, value: &mut Value) -> Check {
        trim(reading, value);
        let text = match value {
            Value::String(text) => text.as_str(),
            Value::Number(number) if reading == Reading::Port => {
                return ports::check(self.policy, &number.to_string());
            }
            _ => return Ok(()),
        };
        if reading != Reading::Inert {
            references::check(text)?;
        }
        let (policy, uuid) = (self.policy, self.path.get("{uuid}"));
        match reading {
            // A key is checked together with the fields beside it.
            Reading::Inert | Reading::Switch | Reading::Key => Ok(()),
            Reading::Name => names::check(text),
            Reading::Databases => tokens::check_names(name, text),
            Reading::BuildPack if text == COMPOSE_PACK => {
                policy.need(GitCompose, || "a compose file in a git repository".into())
            }
            Reading::Word | Reading::BuildPack | Reading::Domains => tokens::check(name, text),
            Reading::WordWith(more) => tokens::check_with(more, name, text),
            Reading::Value if self.is_shared() => {
                expansions::check_shared(text)?;
                statements::check_shared(text)
            }
            Reading::Value => {
                expansions::check(text)?;
                statements::check(text)
            }
            Reading::Path => paths::check(name, text),
            Reading::Patterns => paths::check_patterns(name, text),
            Reading::MountPath => self.mount(text),
            // Coolify adds the uuid of the resource to the name of a new volume.
            Reading::VolumeName if self.operation.method == Method::Post => {
                volumes::check_new(text)
            }
            Reading::VolumeName => volumes::check_own(text, uuid),
            Reading::Image => {
                tokens::check(name, text)?;
                images::check(text, uuid)
            }
            Reading::Port => ports::check(policy, text),
            Reading::Ports => ports::check_mappings(policy, text),
            Reading::Labels => self.labels(text),
            Reading::RunOptions => run_options::check(policy, text),
            Reading::Template => templates::check(policy, text),
            Reading::PreviewUrl => previews::check(policy, text),
            Reading::Compose => {
                let normal = compose::check(policy, text, uuid)?;
                *value = normal.into();
                Ok(())
            }
        }
    }

    /// Refuses a path in a container that would make Coolify write elsewhere than into
    /// a file of the resource. A container of a service can have a folder in common with
    /// the server, and leave symbolic links there.
    fn mount(&self, path: &str) -> Check {
        let is_of = |kind| self.operation.bound == Bound::Resource(kind);
        paths::check_mount(path, is_of(ResourceKind::Database))?;
        if is_of(ResourceKind::Service) && path.trim_matches('/').contains('/') {
            self.policy.need(HostAccess, || {
                "a file of a service that is not directly below `/`, where a symbolic link may lead it elsewhere,".into()
            })?;
        }
        Ok(())
    }

    /// Refuses another repository for an application that reads it with credentials of
    /// the team, which may read more than the application's own repository.
    fn repository(&self, repository: &Value) -> Check {
        let Some(resource) = self.resource else {
            return Ok(());
        };
        // The source 0 is GitHub without credentials, while the key 0 is that of
        // Coolify's own server. A token without `read:sensitive` does not see the key.
        let source = &resource["source_id"];
        let has_key = resource.get("private_key_id") != Some(&Value::Null);
        let has_credentials = has_key || !(source.is_null() || *source == 0);
        if has_credentials && resource["git_repository"] != *repository {
            self.policy.need(TeamCredentials, || {
                "another repository for credentials of the team".into()
            })?;
        }
        Ok(())
    }

    /// Refuses a change that deploys the compose file of an application, that lets somebody
    /// start a deployment from outside, or that replaces the file.
    fn git_compose(&self, name: &str, value: &Value) -> Check {
        let Some(resource) = self.resource else {
            return Ok(());
        };
        if resource["build_pack"] == COMPOSE_PACK && !is_off(value) && resource[name] != *value {
            self.policy.need(GitCompose, || {
                format!("`{name}` of an application with a compose file in a git repository").into()
            })?;
        }
        Ok(())
    }

    /// Returns whether the variables belong to an application, which is built.
    fn builds(&self) -> bool {
        matches!(
            self.operation.bound,
            Bound::Resource(ResourceKind::Application)
        )
    }

    /// Returns whether the variable is a shared one, which other variables can
    /// contain.
    fn is_shared(&self) -> bool {
        self.operation.bound == Bound::Project
    }

    /// The current labels of an application are only known after it was read.
    fn labels(&self, text: &str) -> Check {
        let is_update = self.operation.method == Method::Patch;
        if is_update && self.resource.is_none() {
            return Ok(());
        }
        let decoded = BASE64.decode(text).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(new) = decoded else {
            return Err(Beyond::new(
                "labels that cannot be read",
                "labels are text, in base64 where they are sent",
            ));
        };
        references::check(&new)?;
        let current = self.resource.and_then(|it| it["custom_labels"].as_str());
        let current = current.unwrap_or_default();
        // Some applications return their labels without base64.
        let decoded = BASE64.decode(current).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        labels::check_list(self.policy, &new, decoded.as_deref().unwrap_or(current))
    }

    /// Refuses fields that always reach beyond the project.
    fn reach(&self, name: &str) -> Check {
        match name {
            "force_domain_override" => Err(Beyond::new(
                "a domain of another resource",
                "remove it from the other resource first, if that is in this project",
            )),
            CLEANUP => Err(Beyond::new(
                "the clean-up of a whole server",
                "leave `docker_cleanup` out: a client that is bound to a project sends `false`",
            )),
            // Coolify prefers a field to the parameter of the same name in the path.
            // The storage that is changed is named by its own uuid.
            "uuid" if self.changes_storage() => Ok(()),
            name => {
                if self.path.get(&format!("{{{name}}}")).is_empty() {
                    Ok(())
                } else {
                    Err(Beyond::new(
                        format!("`{name}` beside the one in the path"),
                        "leave it out",
                    ))
                }
            }
        }
    }

    fn changes_storage(&self) -> bool {
        self.operation.method == Method::Patch && self.operation.path.ends_with("/storages")
    }
}

/// Returns the domain in a variable from which Coolify makes a route for a service.
pub(super) fn route<'b>(path: &str, variable: &'b Map<String, Value>) -> Option<&'b str> {
    let key = variable.get("key")?.as_str()?;
    let is_route = path.starts_with("/services/") && routes::is_name(key);
    let value = variable.get("value")?.as_str()?;
    is_route.then(|| trimmed(value))
}

/// Removes what Coolify would remove after the check. The value of a variable and a text
/// that is not interpreted are sent as they are.
fn trim(reading: Reading, value: &mut Value) {
    let Value::String(text) = value else { return };
    let is_exact = matches!(reading, Reading::Inert | Reading::Key | Reading::Value);
    let short = trimmed(text);
    if !is_exact && short.len() < text.len() {
        *value = short.into();
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => trimmed(text).is_empty(),
        _ => false,
    }
}

/// Returns whether Coolify takes a value for false.
fn is_off(value: &Value) -> bool {
    match value {
        Value::Bool(on) => !on,
        Value::String(text) => text == "false",
        value => *value == 0,
    }
}

/// Refuses to build an application whose compose file only the server sees.
pub(super) fn check_build(operation: &Operation, policy: ScopePolicy, resource: &Value) -> Check {
    if operation.builds && resource["build_pack"] == COMPOSE_PACK {
        policy.need(GitCompose, || {
            "a build of a compose file in a git repository".into()
        })?;
    }
    Ok(())
}

/// Stopping and deleting end with a clean-up of the whole server unless the
/// request declines it. The clean-up also removes images and containers of other
/// projects.
pub(super) fn spare_server(outgoing: &mut OutgoingRequest) {
    let declined = |(name, _): (_, _)| name == CLEANUP;
    if outgoing.operation.cleans_server && !outgoing.url.query_pairs().any(declined) {
        outgoing.set_query(CLEANUP, "false");
    }
}
