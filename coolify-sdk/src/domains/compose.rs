//! The services that a compose application has.

use serde_json::{Map, Value};

use crate::compose::service_names;

/// Returns the names in the map of domains and in the compose file, sorted.
///
/// The map has to do where the file cannot be read.
pub(crate) fn compose_services(map: &str, file: &str) -> Vec<String> {
    // PHP writes an empty map as `[]`, which is no map.
    let map: Map<String, Value> = serde_json::from_str(map).unwrap_or_default();
    let mut names: Vec<_> = map.into_iter().map(|(name, _)| name).collect();
    names.extend(service_names(file).unwrap_or_default());
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_map_and_file() {
        let file = "services:\n  web :\n    image: nginx\n  'api': {image: node}\n";
        let map = r#"{"web":{"domain":"https://a.example"},"old":{"domain":null}}"#;
        assert_eq!(compose_services(map, file), ["api", "old", "web"]);
        assert!(compose_services("[]", "").is_empty());
    }

    #[test]
    fn the_map_does_where_the_file_cannot_be_read() {
        assert_eq!(compose_services(r#"{"web":{}}"#, "services: [\n"), ["web"]);
    }
}
