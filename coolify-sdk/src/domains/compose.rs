//! The services of a compose application.

use serde_json::{Map, Value};

use crate::address;
use crate::compose::service_names;

/// Returns the names in the map of domains and in the compose file, sorted.
///
/// If the file cannot be read, only the names in the map are returned.
pub(crate) fn compose_services(map: &str, file: &str) -> Vec<String> {
    // PHP writes an empty map as `[]`.
    let map: Map<String, Value> = serde_json::from_str(map).unwrap_or_default();
    let file = service_names(file).unwrap_or_default();
    let mut names: Vec<_> = map.keys().map(|key| named(key, &file).to_owned()).collect();
    names.extend(file);
    names.sort();
    names.dedup();
    names
}

/// Returns the name in the compose file of a service in the map of domains. The
/// map may contain it with underscores, and accepts the name of the file.
pub(crate) fn named<'a>(key: &'a str, file: &'a [String]) -> &'a str {
    let mut like = file
        .iter()
        .filter(|name| address::is_same_service(name, key));
    match (like.next(), like.next()) {
        (Some(only), None) => only,
        _ => key,
    }
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

    #[test]
    fn the_map_may_name_services_with_underscores() {
        let file = "services:\n  my-app:\n    image: nginx\n  a.b: {}\n  a-b: {}\n";
        let map = r#"{"my_app":{"domain":"https://a.example"},"a_b":{}}"#;
        assert_eq!(compose_services(map, file), ["a-b", "a.b", "a_b", "my-app"]);
        let file = ["my-app", "my_app"].map(str::to_owned);
        assert_eq!(named("my_app", &file), "my_app");
        assert_eq!(named("my.app", &file), "my.app", "it could be either");
    }
}
