//! What Coolify reads out of a compose file.

use serde_json::{Map, Value};

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
    let file: Value = yaml_serde::from_str(file).unwrap_or_default();
    let services = file["services"].as_object().into_iter().flatten();
    services.map(|(name, it)| container(name, it)).collect()
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

fn container(name: &str, it: &Value) -> Container {
    let image = it["image"].as_str().unwrap_or_default().to_owned();
    let environment = environment(&it["environment"]);
    let own = name.to_uppercase().replace('-', "_");
    let url = environment.keys().find_map(|key| {
        let rest = ["SERVICE_FQDN_", "SERVICE_URL_"]
            .iter()
            .find_map(|prefix| key.strip_prefix(prefix))?;
        let port = rest.strip_prefix(&own)?;
        Some(port.trim_start_matches('_').to_owned())
    });
    let volumes = it["volumes"].as_array().into_iter().flatten();
    let volumes = volumes.filter_map(|volume| {
        let (name, path) = volume.as_str()?.split_once(':')?;
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
fn environment(value: &Value) -> Map<String, Value> {
    match value {
        Value::Array(entries) => entries
            .iter()
            .filter_map(Value::as_str)
            .map(|entry| entry.split_once('=').unwrap_or((entry, "")))
            .map(|(key, value)| (key.to_owned(), value.into()))
            .collect(),
        Value::Object(map) => map.clone(),
        _ => Map::new(),
    }
}

/// What refers to a variable becomes one, and so does what is referred to.
fn variables(environment: &Map<String, Value>) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    for (key, value) in environment {
        let value = value.as_str().unwrap_or_default();
        let Some((_, rest)) = value.split_once("${") else {
            continue;
        };
        let inner = rest.split('}').next().unwrap_or_default();
        let (name, default) = inner.split_once(":-").unwrap_or((inner, ""));
        variables.push((name.to_owned(), default.to_owned()));
        variables.push((key.clone(), value.to_owned()));
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
