//! Logs as resources, which a client can show or attach.

use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

use crate::failure::Outcome;
use crate::tools::app::{containers, is_compose};
use crate::tools::logs::{application_log, deployment_log};
use crate::workspace::Workspace;

const TEXT: &str = "text/plain";
const LINES: u16 = 500;

/// The address of a resource.
#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// The log of an application: `coolify://applications/UUID/log`.
    Application(String),
    /// The log of one container of it: `coolify://applications/UUID/log/SERVICE`.
    Container(String, String),
    /// The log of a deployment: `coolify://deployments/UUID/log`.
    Deployment(String),
}

impl Address {
    pub fn parse(uri: &str) -> Option<Self> {
        let path = uri.strip_prefix("coolify://")?;
        let is_plain = |it: &str| {
            let fits = |it: char| it.is_ascii_alphanumeric() || "-_.".contains(it);
            !it.is_empty() && it != "." && it != ".." && it.chars().all(fits)
        };
        let parts: Vec<&str> = path.split('/').collect();
        if !parts.iter().all(|part| is_plain(part)) {
            return None;
        }
        Some(match parts[..] {
            ["applications", uuid, "log"] => Self::Application(uuid.to_owned()),
            ["applications", uuid, "log", service] => {
                Self::Container(uuid.to_owned(), service.to_owned())
            }
            ["deployments", uuid, "log"] => Self::Deployment(uuid.to_owned()),
            _ => return None,
        })
    }
}

/// Lists the logs of the applications. Those of deployments follow the template.
pub async fn list(workspace: &Workspace) -> Outcome<Vec<Resource>> {
    let applications = workspace.coolify.applications().list().await?;
    let services = workspace.coolify.services().list().await?;
    let log = |uri: String, name: String| {
        Resource::new(uri, format!("{name}.log"))
            .with_title(format!("Log of {name}"))
            .with_description("The last lines that it has printed")
            .with_mime_type(TEXT)
    };
    let mut logs = Vec::new();
    for it in applications {
        let uri = format!("coolify://applications/{}/log", it.uuid);
        logs.push(log(uri, it.name));
    }
    for it in services.iter().filter(|it| is_compose(it)) {
        for container in containers(it) {
            let uri = format!("coolify://applications/{}/log/{}", it.uuid, container.name);
            logs.push(log(uri, format!("{}-{}", it.name, container.name)));
        }
    }
    Ok(logs)
}

pub fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, title: &str, what: &str| {
        ResourceTemplate::new(uri, name)
            .with_title(title)
            .with_description(what)
            .with_mime_type(TEXT)
    };
    vec![
        template(
            "coolify://applications/{app}/log",
            "application_log",
            "Log of an application",
            "The last lines that an application has printed",
        ),
        template(
            "coolify://applications/{app}/log/{service}",
            "container_log",
            "Log of one service of a compose application",
            "The last lines that one service of a compose file has printed",
        ),
        template(
            "coolify://deployments/{deployment}/log",
            "deployment_log",
            "Log of a deployment",
            "What a deployment has printed so far",
        ),
    ]
}

pub async fn read(
    workspace: &Workspace,
    address: &Address,
    uri: &str,
) -> Outcome<ReadResourceResult> {
    let text = match address {
        Address::Application(app) => application_log(workspace, app, None, LINES).await?,
        Address::Container(app, service) => {
            application_log(workspace, app, Some(service), LINES).await?
        }
        Address::Deployment(deployment) => deployment_log(workspace, deployment).await?,
    };
    let contents = ResourceContents::text(text, uri);
    Ok(ReadResourceResult::new(vec![contents]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_addresses_are_read() {
        let app = Address::parse("coolify://applications/abc/log");
        assert_eq!(app, Some(Address::Application("abc".into())));
        let part = Address::parse("coolify://applications/abc/log/web");
        assert_eq!(part, Some(Address::Container("abc".into(), "web".into())));
        let deployment = Address::parse("coolify://deployments/abc/log");
        assert_eq!(deployment, Some(Address::Deployment("abc".into())));
        for uri in [
            "",
            "file:///etc/passwd",
            "coolify://applications/abc",
            "coolify://applications//log",
            "coolify://applications/../log",
            "coolify://applications/a%2Fb/log",
            "coolify://applications/abc/log?lines=1",
            "coolify://databases/abc/log",
            "coolify://deployments/abc/log/web",
        ] {
            assert_eq!(Address::parse(uri), None, "{uri}");
        }
    }
}
