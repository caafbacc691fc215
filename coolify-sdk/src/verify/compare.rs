//! Compares the values that were written with those that are read.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::report::{DropReason, UnseenReason};
use crate::address;
use crate::scalar::stripped;

/// The result for one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The value is the requested one.
    Same,
    /// The value is another one.
    Different(Option<DropReason>),
    /// The value cannot be seen.
    Unseen(UnseenReason),
    /// The field is an option of the update, not a value.
    Option,
}

impl Verdict {
    pub(super) fn same_if(same: bool) -> Self {
        if same {
            Self::Same
        } else {
            Self::Different(None)
        }
    }
}

/// Returns whether two values are equal, according to their types. PHP sometimes
/// sends numbers and booleans as texts; Laravel stores an empty text as null, and
/// strips invisible characters from both ends of texts.
pub(super) fn plain(wanted: &Value, seen: &Value) -> bool {
    match (wanted, seen) {
        (Value::Bool(wanted), seen) => switch(seen) == Some(*wanted),
        (Value::Array(wanted), Value::Array(seen)) => {
            wanted.len() == seen.len() && wanted.iter().zip(seen).all(|(a, b)| plain(a, b))
        }
        (Value::Array(wanted), Value::Null) => wanted.is_empty(),
        (Value::Object(_), _) => wanted == seen,
        _ => text(wanted) == text(seen),
    }
}

fn switch(value: &Value) -> Option<bool> {
    match text(value).as_deref() {
        Some("1" | "true") => Some(true),
        Some("0" | "false") => Some(false),
        _ => None,
    }
}

/// Returns a scalar as a text; `None` for null and the empty text.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => stripped(text).to_owned(),
        Value::Null => return None,
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Returns whether a text is stored as `rewrite` changes it.
pub(super) fn rewritten(wanted: &Value, seen: &Value, rewrite: fn(&str) -> String) -> bool {
    let wanted = text(wanted).map(|text| Value::String(rewrite(&text)));
    plain(&wanted.unwrap_or_default(), seen)
}

/// Returns the items of a list, which is JSON, JSON in a text, or a
/// comma-separated text.
pub(super) fn items(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        Value::String(list) => match serde_json::from_str(list) {
            Ok(items @ Value::Array(_)) => self::items(&items),
            _ => address::split(list).map(str::to_owned).collect(),
        },
        _ => Vec::new(),
    }
}

/// Returns the names of a container in its network. Coolify replaces spaces with
/// dashes and removes duplicates; PHP treats `0` as empty.
pub(super) fn aliases(value: &Value) -> Vec<String> {
    let mut aliases: Vec<String> = Vec::new();
    for alias in items(value) {
        let alias = alias.replace(' ', "-");
        if alias != "0" && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    aliases
}

/// Returns the watch paths, one per line: without surrounding spaces, leading
/// slashes and empty lines.
pub(super) fn watch_paths(value: &Value) -> Vec<String> {
    // PHP treats `0` as empty.
    let text = text(value).filter(|text| text != "0").unwrap_or_default();
    let paths = text.split('\n').map(|line| {
        let line = line.trim();
        let (not, path) = match line.strip_prefix('!') {
            Some(path) => ("!", path.trim()),
            None => ("", line),
        };
        format!("{not}{}", path.trim_start_matches('/'))
    });
    paths.filter(|path| !path.is_empty()).collect()
}

/// Returns whether the addresses are the same ones in the same order, which
/// decides which is the first. Duplicates do not count.
pub(super) fn addresses(wanted: &[String], seen: &[String]) -> bool {
    let (wanted, seen) = (once(wanted), once(seen));
    let is_stored = |(wanted, seen): (&&str, &&str)| address::is_stored_as(wanted, seen);
    wanted.len() == seen.len() && wanted.iter().zip(&seen).all(is_stored)
}

/// Removes the ports of all addresses in a value.
pub(super) fn hide_ports(value: &mut Value) {
    match value {
        Value::String(text) if address::split(text).any(address::has_port) => {
            let bare: Vec<_> = address::split(text).map(address::without_port).collect();
            *text = bare.join(",");
        }
        Value::Array(items) => items.iter_mut().for_each(hide_ports),
        Value::Object(fields) => fields.values_mut().for_each(hide_ports),
        _ => {}
    }
}

/// Removes duplicates.
fn once(urls: &[String]) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::new();
    for url in urls {
        if !kept.iter().any(|it| address::same(it, url)) {
            kept.push(url);
        }
    }
    kept
}

/// Compares the domains that search engines shall not index. Coolify keeps only
/// those that the resource has.
pub(super) fn flagged_domains(wanted: &Value, seen: &Value, domains: &Value) -> Verdict {
    let wanted = items(wanted);
    if addresses(&wanted, &items(seen)) {
        return Verdict::Same;
    }
    let domains = items(domains);
    // A slash at the end makes it another domain.
    let has = |url: &String| domains.iter().any(|it| it.eq_ignore_ascii_case(url));
    let is_foreign = wanted.iter().any(|url| !has(url));
    Verdict::Different(is_foreign.then_some(DropReason::UnknownDomain))
}

/// Returns whether the values are equal. A value that is sent as base64 may be
/// returned as plain text.
pub(super) fn base64(wanted: &Value, seen: &Value) -> bool {
    let Some(encoded) = text(wanted) else {
        return text(seen).is_none();
    };
    let decode = |text: &str| STANDARD.decode(text).ok();
    let plain = decode(&encoded).and_then(|bytes| String::from_utf8(bytes).ok());
    let plain = plain.map(|text| lines(&text));
    text(seen).is_some_and(|seen| encoded == seen || plain == Some(lines(&seen)))
}

/// Normalises line ends.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Returns whether the paths are equal. Coolify adds a leading slash, may remove
/// one at the end, and uses a default for an empty path.
pub(super) fn path(wanted: &Value, seen: &Value, default: &str) -> bool {
    let bare = |path: &str| path.trim_matches('/').to_owned();
    match (text(wanted), text(seen)) {
        (Some(wanted), Some(seen)) => bare(&wanted) == bare(&seen),
        (None, Some(seen)) => seen == default,
        (wanted, None) => wanted.is_none(),
    }
}

/// Returns whether the repositories are the same. For GitHub, Coolify may store
/// only `owner/name`.
pub(super) fn repository(wanted: &Value, seen: &Value) -> bool {
    let bare = |value| {
        text(value).map(|url| {
            let url = url.trim_end_matches('/');
            let url = url.strip_suffix(".git").unwrap_or(url);
            let url = url.strip_prefix("https://github.com/").unwrap_or(url);
            url.to_owned()
        })
    };
    bare(wanted) == bare(seen)
}

/// Compares the domains of a compose application: a list of
/// `{name, domain, redirect}` is sent, and a map in a text is read.
pub(super) fn compose_domains(wanted: &Value, seen: &Value) -> Verdict {
    let map = seen
        .as_str()
        .and_then(|text| serde_json::from_str::<BTreeMap<String, Value>>(text).ok())
        .unwrap_or_default();
    let entries = wanted.as_array().map(Vec::as_slice).unwrap_or_default();
    // An empty list changes nothing.
    if entries.is_empty() {
        return Verdict::same_if(map.values().all(|it| items(&it["domain"]).is_empty()));
    }
    let mut verdict = Verdict::Same;
    for entry in entries {
        let name = entry["name"].as_str().unwrap_or_default();
        let domains = items(&entry["domain"]);
        let like = || {
            map.iter()
                .find(|(key, _)| address::is_same_service(key, name))
        };
        let Some(stored) = map.get(name).or_else(|| like().map(|(_, it)| it)) else {
            if domains.is_empty() {
                continue;
            }
            return Verdict::Different(Some(DropReason::UnknownService));
        };
        let redirect = entry
            .get("redirect")
            .is_none_or(|it| plain(it, &stored["redirect"]));
        if !redirect || !addresses(&domains, &items(&stored["domain"])) {
            verdict = Verdict::Different(None);
        }
    }
    verdict
}

/// Compares the addresses of a service's containers: a list of `{name, url}` is
/// sent, and the containers have the addresses.
pub(super) fn service_urls(wanted: &Value, containers: &Value) -> Verdict {
    let containers = containers.as_array().map(Vec::as_slice).unwrap_or_default();
    for entry in wanted.as_array().into_iter().flatten() {
        let Some(container) = containers.iter().find(|it| it["name"] == entry["name"]) else {
            return Verdict::Different(Some(DropReason::UnknownService));
        };
        if !addresses(&items(&entry["url"]), &items(&container["fqdn"])) {
            return Verdict::Different(None);
        }
    }
    Verdict::Same
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_may_differ_where_the_value_does_not() {
        for (wanted, seen) in [
            (json!(true), json!(1)),
            (json!(false), json!("0")),
            (json!(3000), json!("3000")),
            (json!("1"), json!(1)),
            (json!(""), json!(null)),
            (json!(null), json!("")),
            (json!(" text "), json!("text")),
            (json!("\u{200b}text\u{a0}\r\n"), json!("text")),
            (json!("\u{feff}"), json!(null)),
            (json!(["a"]), json!(["a"])),
            (json!([]), json!(null)),
            (json!({"a": 1, "b": [2]}), json!({"b": [2], "a": 1})),
        ] {
            assert!(plain(&wanted, &seen), "{wanted} {seen}");
        }
        for (wanted, seen) in [
            (json!(true), json!(null)),
            (json!(true), json!("on")),
            (json!({"a": 1}), json!({"a": 2})),
            (json!({"a": 1}), json!(null)),
            (json!(3000), json!("3001")),
            (json!("512M"), json!("512")),
            (json!("080"), json!("80")),
            (json!("a"), json!(null)),
            (json!(null), json!("a")),
            (json!("a b"), json!("ab")),
            (json!("a"), json!("A")),
            (json!(["a"]), json!(["a", "b"])),
            (json!(["a", "b"]), json!(["a", "c"])),
            (json!(["a", "b"]), json!(["b", "a"])),
        ] {
            assert!(!plain(&wanted, &seen), "{wanted} {seen}");
        }
    }

    #[test]
    fn lists_have_three_forms() {
        let three = [json!("a, b,"), json!("[\"a\",\"b\"]"), json!(["a", " b "])];
        for list in three {
            assert_eq!(items(&list), ["a", "b"], "{list}");
        }
        assert!(items(&json!(null)).is_empty());
    }

    #[test]
    fn aliases_have_dashes_and_are_there_once() {
        let stored = ["my-app", "db", "x-y-z"];
        assert_eq!(aliases(&json!(" my app , db,db, ,0,x y z")), stored);
        assert_eq!(aliases(&json!("my-app,db,x-y-z")), stored);
        assert_eq!(aliases(&json!("[\"my app\",\"db\",\"x-y-z\"]")), stored);
        assert_ne!(aliases(&json!("DB")), aliases(&json!("db")));
        assert_ne!(aliases(&json!("a\tb")), aliases(&json!("a-b")));
    }

    #[test]
    fn watch_paths_are_tidied() {
        for (wanted, stored) in [
            ("/api/**\r\nweb/**", "api/**\nweb/**"),
            ("  \n\n! /x\n//y \n", "!x\ny"),
            ("a\nb\na", "a\nb\na"),
            ("!/a/", "!a/"),
            ("/", ""),
            ("0", ""),
        ] {
            assert_eq!(
                watch_paths(&json!(wanted)),
                watch_paths(&json!(stored)),
                "{wanted:?}"
            );
        }
        assert_eq!(watch_paths(&json!(null)), watch_paths(&json!("")));
        for (wanted, other) in [("a\nb", "b\na"), ("!a", "a"), ("a/", "a"), ("a", "")] {
            assert_ne!(
                watch_paths(&json!(wanted)),
                watch_paths(&json!(other)),
                "{wanted:?}"
            );
        }
    }

    #[test]
    fn addresses_are_the_same_when_none_is_missing_and_none_is_extra() {
        let urls = |list: &str| items(&json!(list));
        let (a, b) = ("https://a.example", "https://b.example");
        let same = |wanted: &str, seen: &str| addresses(&urls(wanted), &urls(seen));
        assert!(same(
            "HTTPS://A.example/, https://b.example",
            &format!("{a},{b}")
        ));
        assert!(same(&format!("{a},{a}"), a));
        assert!(same(a, &format!("{a},{a}")));
        assert!(same("", ""));
        for (wanted, seen) in [
            (a.to_owned(), format!("{a},{b}")),
            (format!("{a},{b}"), a.to_owned()),
            (format!("{a},{a}"), format!("{a},{b}")),
            (format!("{a},{b}"), format!("{b},{a}")),
            (String::new(), a.to_owned()),
            (a.to_owned(), String::new()),
            (format!("{a}/X"), format!("{a}/y")),
            (format!("{a}:8080"), a.to_owned()),
        ] {
            assert!(!same(&wanted, &seen), "{wanted} {seen}");
        }
    }

    #[test]
    fn only_domains_that_there_are_can_be_flagged() {
        let domains = json!("https://a.example,https://b.example");
        let flagged = |wanted, seen| flagged_domains(&wanted, &seen, &domains);
        let a = json!(["https://a.example"]);
        let twice = json!(["HTTPS://A.example", "https://a.example"]);
        assert_eq!(flagged(twice, a.clone()), Verdict::Same);
        assert_eq!(flagged(json!(null), json!([])), Verdict::Same);
        let foreign = json!(["https://a.example", "https://c.example"]);
        let unknown = Verdict::Different(Some(DropReason::UnknownDomain));
        assert_eq!(flagged(foreign, a.clone()), unknown);
        let slash = json!(["https://a.example/"]);
        assert_eq!(flagged(slash, json!([])), unknown);
        assert_eq!(flagged(a, json!([])), Verdict::Different(None));
    }

    #[test]
    fn base64_may_come_back_plain() {
        let wanted = json!(STANDARD.encode("a=1\nb=2\n"));
        assert!(base64(&wanted, &json!("a=1\r\nb=2")));
        assert!(base64(&wanted, &wanted));
        assert!(!base64(&wanted, &json!("a=1")));
        assert!(base64(&json!(null), &json!(null)));
        assert!(!base64(&wanted, &json!(null)));
        assert!(!base64(&json!(null), &wanted));
    }

    #[test]
    fn paths_and_repositories_are_stored_in_one_way() {
        let same = |wanted, seen| path(&wanted, &seen, "/Dockerfile");
        assert!(same(json!("node/"), json!("/node")));
        assert!(same(json!("//a//b/"), json!("/a//b")));
        assert!(same(json!(null), json!("/Dockerfile")));
        assert!(same(json!(""), json!(null)));
        assert!(!same(json!(null), json!("/node")));
        assert!(!same(json!("/node"), json!(null)));
        assert!(!same(json!("/a"), json!("/a/b")));
        assert!(repository(
            &json!("https://github.com/acme/web.git"),
            &json!("acme/web")
        ));
        assert!(repository(
            &json!("https://github.com/acme/web/"),
            &json!("acme/web")
        ));
        assert!(repository(
            &json!("https://git.example/acme/web.git/"),
            &json!("https://git.example/acme/web")
        ));
        assert!(!repository(&json!("acme/api"), &json!("acme/web")));
        assert!(!repository(
            &json!("https://gitlab.com/acme/web"),
            &json!("acme/web")
        ));
    }

    #[test]
    fn compose_domains_are_found_in_the_map() {
        let wanted = json!([{"name": "web", "domain": "https://A.example"}]);
        let map = json!(r#"{"web":{"domain":"https://a.example"}}"#);
        assert_eq!(compose_domains(&wanted, &map), Verdict::Same);
        let other = json!(r#"{"web":{"domain":null}}"#);
        assert_eq!(compose_domains(&wanted, &other), Verdict::Different(None));
        let unknown = Verdict::Different(Some(DropReason::UnknownService));
        assert_eq!(compose_domains(&wanted, &json!("[]")), unknown);
        let nothing = json!([{"name": "web", "domain": null}]);
        assert_eq!(compose_domains(&nothing, &json!(null)), Verdict::Same);
    }

    #[test]
    fn one_service_of_a_compose_file_is_enough_to_differ() {
        let wanted = json!([
            {"name": "web", "domain": "https://a.example"},
            {"name": "api", "domain": "https://b.example", "redirect": "www"},
        ]);
        let same = json!(
            r#"{"api":{"domain":"https://b.example","redirect":"www"},"web":{"domain":"https://a.example"}}"#
        );
        assert_eq!(compose_domains(&wanted, &same), Verdict::Same);
        for other in [
            r#"{"api":{"domain":"https://b.example"},"web":{"domain":"https://a.example"}}"#,
            r#"{"api":{"domain":"https://b.example","redirect":"www"},"web":{"domain":"https://c.example"}}"#,
        ] {
            let verdict = compose_domains(&wanted, &json!(other));
            assert_eq!(verdict, Verdict::Different(None), "{other}");
        }
    }

    #[test]
    fn old_servers_write_services_with_underscores() {
        let wanted = json!([{"name": "my-app.x", "domain": "https://a.example"}]);
        let map = json!(r#"{"my_app_x":{"domain":"https://a.example"}}"#);
        assert_eq!(compose_domains(&wanted, &map), Verdict::Same);
    }

    #[test]
    fn an_empty_list_of_compose_domains_removes_none() {
        let map = json!(r#"{"web":{"domain":"https://a.example"}}"#);
        assert_eq!(compose_domains(&json!([]), &map), Verdict::Different(None));
        let none = json!(r#"{"web":{"domain":null}}"#);
        assert_eq!(compose_domains(&json!([]), &none), Verdict::Same);
    }

    #[test]
    fn urls_are_found_on_the_containers() {
        let wanted = json!([
            {"name": "web", "url": "https://a.example"},
            {"name": "api", "url": null},
        ]);
        let at = |web, api| json!([{"name": "api", "fqdn": api}, {"name": "web", "fqdn": web}]);
        let a = json!("https://a.example");
        let verdict = service_urls(&wanted, &at(a.clone(), json!(null)));
        assert_eq!(verdict, Verdict::Same);
        let other = service_urls(&wanted, &at(json!("https://b.example"), json!(null)));
        assert_eq!(other, Verdict::Different(None));
        let kept = service_urls(&wanted, &at(a, json!("https://c.example")));
        assert_eq!(kept, Verdict::Different(None));
        let unknown = Verdict::Different(Some(DropReason::UnknownService));
        assert_eq!(service_urls(&wanted, &json!([])), unknown);
    }
}
