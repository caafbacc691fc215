//! Reads compose files as Coolify does.

use std::collections::BTreeMap;

use crate::compose::{self, Node};

use crate::testing::{http::Reply, validation::text::is_shell_safe};

/// A container of a compose file.
pub(in crate::testing) struct Container {
    pub(in crate::testing) name: String,
    pub(in crate::testing) image: String,
    pub(in crate::testing) is_database: bool,
    /// The port of its generated URL; none if it has no URL.
    pub(in crate::testing) url: Option<String>,
    /// The named volumes with their mount paths.
    pub(in crate::testing) volumes: Vec<(String, String)>,
    /// The variables that users can change.
    pub(in crate::testing) variables: Vec<Variable>,
}

/// A variable that a compose file refers to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::testing) struct Variable {
    pub(in crate::testing) key: String,
    /// Its initial value.
    pub(in crate::testing) value: Option<String>,
    pub(in crate::testing) is_required: bool,
}

/// Returns the containers of a file, sorted by name; none if it is not a compose
/// file.
pub(in crate::testing) fn containers(file: &str) -> Vec<Container> {
    let Ok(file) = compose::parse_leniently(file) else {
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

/// Checks a file for a new service. Coolify refuses a file without services, and
/// shell characters in their names and volumes.
pub(in crate::testing) fn checked(file: String) -> Result<String, Reply> {
    let Ok(parsed) = compose::parse_yaml(&file) else {
        return Err(Reply::server_error());
    };
    let services = parsed.get("services");
    let is_map = services.is_some_and(|it| !it.is_null() && it.text().is_none());
    let services = services.map(Node::entries).unwrap_or_default();
    let is_safe = |(name, it): &(std::sync::Arc<str>, Node)| {
        let volumes = it.get("volumes").map(Node::items).unwrap_or_default();
        is_shell_safe(name) && volumes.iter().all(|it| it.text().is_none_or(is_volume))
    };
    if is_map && services.iter().all(is_safe) {
        return Ok(file);
    }
    Err(Reply::invalid_field(
        "docker_compose_raw",
        "The compose file has no services, or characters that a shell interprets.",
    ))
}

/// Returns whether it is a volume, which may contain a variable with a default.
fn is_volume(text: &str) -> bool {
    !text.contains("$(") && !text.contains(['`', ';', '|', '&', '<', '>', '\n'])
}

/// Returns a file for a one-click service, with the containers that the catalogue
/// lists. The real files are Coolify's templates. One container has a URL.
pub(in crate::testing) fn template(kind: &str) -> String {
    let own = kind.split("-with-").next().unwrap_or(kind);
    let (port, images) = listed(kind).unwrap_or_else(|| made_up(kind));
    let is_main = |(name, _): &&(String, String)| name == own;
    let is_app = |(_, image): &&(String, String)| !is_database(image);
    let mut main = images.iter().find(is_main);
    main = main.or_else(|| images.iter().find(is_app));
    let main = main.map(|(name, _)| name.as_str());
    let mut lines = vec!["services:".to_owned()];
    for (name, image) in &images {
        lines.extend([format!("  {name}:"), format!("    image: '{image}'")]);
        if Some(name.as_str()) == main {
            let variable = name.to_uppercase().replace('-', "_");
            let port = port.map(|it| format!("_{it}")).unwrap_or_default();
            lines.extend([
                "    environment:".to_owned(),
                format!("      - SERVICE_FQDN_{variable}{port}"),
                format!("      - 'PUBLIC_URL=${{SERVICE_URL_{variable}}}'"),
                "    volumes:".to_owned(),
                format!("      - {name}-data:/data"),
            ]);
        }
    }
    lines.join("\n") + "\n"
}

/// The port of the main container, and the name and the image of each container.
type Template = (Option<u16>, Vec<(String, String)>);

#[cfg(feature = "services")]
fn listed(kind: &str) -> Option<Template> {
    let types = crate::raw::service_types::SERVICE_TYPES.iter();
    let found = types.into_iter().find(|it| it.name == kind)?;
    let images = found.containers.iter().map(|it| {
        let image = it.image.unwrap_or("nginx:alpine");
        (it.name.to_owned(), image.to_owned())
    });
    Some((found.port, images.collect()))
}

#[cfg(not(feature = "services"))]
fn listed(_: &str) -> Option<Template> {
    None
}

/// Returns what the name of a type says.
fn made_up(kind: &str) -> Template {
    let names = kind.split("-with-");
    let images = names.map(|name| (name.to_owned(), format!("{name}:latest")));
    (Some(3000), images.collect())
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

/// Returns the environment, which may be a list of `KEY=value` or a map.
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

/// A reference in a value becomes a variable, and so does a key for a value that
/// Coolify generates.
fn variables(environment: &BTreeMap<String, String>) -> Vec<Variable> {
    let mut variables = Vec::new();
    for (key, value) in environment {
        // Coolify only looks for a reference at the beginning.
        let Some(name) = value.strip_prefix('$') else {
            continue;
        };
        let content = braced(value).unwrap_or(name);
        refer(content, &mut variables);
        if content.starts_with("SERVICE_") {
            variables.push(Variable {
                key: key.clone(),
                value: Some(value.clone()),
                is_required: false,
            });
        }
    }
    variables
}

/// Adds a reference without its braces, and those in its default.
fn refer(content: &str, variables: &mut Vec<Variable>) {
    let Some((key, operator, value)) = split(content) else {
        variables.push(Variable {
            key: content.to_owned(),
            value: None,
            is_required: false,
        });
        return;
    };
    variables.push(Variable {
        key: key.to_owned(),
        // The text after a question mark is an error message, but Coolify uses it as
        // the value.
        value: Some(value.to_owned()),
        is_required: operator.contains('?'),
    });
    let mut rest = value;
    while let Some(nested) = braced(rest) {
        refer(nested, variables);
        rest = rest.split_once(nested).map_or("", |(_, after)| after);
    }
}

/// Returns the contents of the first braces, up to the matching one.
fn braced(text: &str) -> Option<&str> {
    let (_, inner) = text.split_once('{')?;
    let mut depth = 1;
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&inner[..at]);
        }
    }
    None
}

/// Splits a reference into name, operator and the rest.
fn split(content: &str) -> Option<(&str, &str, &str)> {
    let end = content.find([':', '-', '?', '{'])?;
    let (name, rest) = content.split_at(end);
    let operator = [":-", "-", ":?", "?"]
        .into_iter()
        .find(|operator| rest.starts_with(operator))?;
    Some((name, operator, &rest[operator.len()..]))
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

#[cfg(test)]
mod tests {
    use super::containers;

    #[test]
    fn variables_are_what_the_environment_refers_to() {
        let file = "\
services:
  web:
    image: nginx
    environment:
      ONE: ${NEED:?}
      TWO: ${SAID:?please set}
      THREE: ${DEF:-x}
      FOUR: ${DASH-y}
      FIVE: ${QUEST?no}
      SIX: ${SIX}
      SEVEN: ${OTHER}
      EIGHT: pre-${INNER:-1}
      NINE: ${A1:-${B1:-c}}
      TEN: $BARE
      ELEVEN: ${SERVICE_PASSWORD_WEB}
      TWELVE: plain
      THIRTEEN: ${EMPTYDEF:-}
      FOURTEEN:
      FIFTEEN: ${X1}-${X2:-2}
  db:
    image: postgres:16
    environment: ['LISTED=${LNEED:?}', LBARE, LPLAIN=v]
";
        let containers = containers(file);
        let variables = containers.iter().flat_map(|one| &one.variables);
        let mut shown: Vec<_> = variables
            .map(|one| {
                let sign = if one.is_required { "!" } else { "" };
                format!(
                    "{}{sign}={}",
                    one.key,
                    one.value.as_deref().unwrap_or("null")
                )
            })
            .collect();
        shown.sort();
        // Coolify 4.3.11 created them in this way.
        assert_eq!(
            shown,
            [
                "A1=${B1:-c}",
                "B1=c",
                "BARE=null",
                "DASH=y",
                "DEF=x",
                "ELEVEN=${SERVICE_PASSWORD_WEB}",
                "EMPTYDEF=",
                "LNEED!=",
                "NEED!=",
                "OTHER=null",
                "QUEST!=no",
                "SAID!=please set",
                "SERVICE_PASSWORD_WEB=null",
                "SIX=null",
                "X1=null",
            ]
        );
    }
}
