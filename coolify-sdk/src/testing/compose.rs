//! What Coolify reads out of a compose file.

use std::collections::BTreeMap;

use crate::compose::{self, Node};

/// A container that a compose file asks for.
pub(super) struct Container {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) is_database: bool,
    /// The port that its generated URL leads to; none where it has no URL at all.
    pub(super) url: Option<String>,
    /// The named volumes with the paths that they are mounted at.
    pub(super) volumes: Vec<(String, String)>,
    /// The variables that people may change, with what they start with.
    pub(super) variables: Vec<(String, String)>,
}

/// The containers of a file in the order of their names; none in what is no compose file.
pub(super) fn containers(file: &str) -> Vec<Container> {
    let Ok(file) = compose::parse(file) else {
        return Vec::new();
    };
    let services = file.get("services").map(Node::entries).unwrap_or_default();
    let mut containers: Vec<_> = services
        .iter()
        .map(|(name, it)| container(name, it))
        .collect();
    containers.sort_by(|one, other| one.name.cmp(&other.name));
    containers
}

/// A file for a one-click service; the real ones are Coolify's templates.
pub(super) fn template(kind: &str) -> String {
    let (main, database) = kind.split_once("-with-").unwrap_or((kind, ""));
    let variable = main.to_uppercase().replace('-', "_");
    let mut file = format!(
        "services:\n  {main}:\n    image: '{main}:latest'\n    environment:\n      - SERVICE_FQDN_{variable}_3000\n"
    );
    if !database.is_empty() {
        for line in [
            format!("  {database}:\n"),
            format!("    image: '{database}:latest'\n"),
        ] {
            file += &line;
        }
    }
    file
}

fn container(name: &str, it: &Node) -> Container {
    let text = |key| it.get(key).and_then(Node::text);
    let image = text("image").unwrap_or_default().to_owned();
    let environment = it.get("environment").map(environment).unwrap_or_default();
    let own = name.to_uppercase().replace('-', "_");
    let url = environment.keys().find_map(|key| {
        let rest = ["SERVICE_FQDN_", "SERVICE_URL_"]
            .iter()
            .find_map(|prefix| key.strip_prefix(prefix))?;
        let port = rest.strip_prefix(&own)?;
        Some(port.trim_start_matches('_').to_owned())
    });
    let volumes = it.get("volumes").map(Node::items).unwrap_or_default();
    let volumes = volumes.iter().filter_map(|volume| {
        let (name, path) = volume.text()?.split_once(':')?;
        let is_named = !name.starts_with(['.', '/', '~']);
        is_named.then(|| (name.to_owned(), path.to_owned()))
    });
    Container {
        is_database: is_database(&image),
        volumes: volumes.collect(),
        variables: variables(&environment),
        name: name.to_owned(),
        image,
        url,
    }
}

/// The environment, which may be a list of `KEY=value` or a map.
fn environment(node: &Node) -> BTreeMap<String, String> {
    let listed = node.items().iter().filter_map(Node::text);
    let listed = listed.map(|entry| entry.split_once('=').unwrap_or((entry, "")));
    let mapped = node.entries().iter();
    let mapped = mapped.map(|(key, value)| (&**key, value.text().unwrap_or_default()));
    listed
        .chain(mapped)
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// What refers to a variable becomes one, and so does what is referred to.
fn variables(environment: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for (key, value) in environment {
        let Some((_, rest)) = value.split_once("${") else {
            continue;
        };
        let inner = rest.split('}').next().unwrap_or_default();
        let (name, default) = inner.split_once(":-").unwrap_or((inner, ""));
        variables.push((name.to_owned(), default.to_owned()));
        variables.push((key.clone(), value.clone()));
    }
    variables
}

fn is_database(image: &str) -> bool {
    const DATABASES: &[&str] = &[
        "postgres",
        "mysql",
        "mariadb",
        "mongo",
        "redis",
        "keydb",
        "dragonfly",
        "clickhouse",
        "postgresql",
    ];
    let name = image.rsplit('/').next().unwrap_or_default();
    DATABASES.contains(&name.split(':').next().unwrap_or_default())
}
