//! The services that a compose application has.

use serde_json::{Map, Value};

/// The names in the map of domains and in the compose file, sorted.
pub(crate) fn compose_services(map: &str, file: &str) -> Vec<String> {
    // PHP writes an empty map as `[]`, which is no map.
    let map: Map<String, Value> = serde_json::from_str(map).unwrap_or_default();
    let mut names: Vec<_> = map.into_iter().map(|(name, _)| name).collect();
    names.extend(services_in(file));
    names.sort();
    names.dedup();
    names
}

/// The keys under `services:` at the margin. A file in YAML's other notation, with
/// braces, has none here: then the map of domains has to do.
fn services_in(file: &str) -> Vec<String> {
    let is_content = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#')
    };
    let block = file
        .lines()
        .skip_while(|line| line.split('#').next().unwrap_or_default().trim_end() != "services:")
        .skip(1)
        .filter(is_content)
        .take_while(|line| line.starts_with([' ', '\t']));
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut names = Vec::new();
    let mut first = None;
    for line in block {
        if indent(line) != *first.get_or_insert(indent(line)) {
            continue;
        }
        if let Some((name, _)) = line.trim().split_once(':') {
            names.push(name.trim_matches(['\'', '"']).to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_map_and_file() {
        let file = "# shop\nservices: # all\n  web:\n    image: nginx\n    ports:\n      - '80:80'\n\n  'api': {image: node}\nvolumes:\n  pg: null\n";
        assert_eq!(services_in(file), ["web", "api"]);
        let map = r#"{"web":{"domain":"https://a.example"},"old":{"domain":null}}"#;
        assert_eq!(compose_services(map, file), ["api", "old", "web"]);
        assert!(compose_services("[]", "").is_empty());
        assert!(services_in("services: {web: {image: nginx}}").is_empty());
    }
}
