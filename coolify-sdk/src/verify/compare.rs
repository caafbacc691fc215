//! Whether what was written is what is read.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::report::{DropReason, UnseenReason};
use crate::address;

/// What is known of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is as it was asked for.
    Same,
    /// It is not.
    Different(Option<DropReason>),
    /// It cannot be seen.
    Unseen(UnseenReason),
    /// It says how to update and not what.
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

/// One value and the other, where the type tells how they are to be compared:
/// PHP sends numbers and switches as texts at times, Laravel stores an empty
/// text as null, and takes the space off the ends of texts.
pub(super) fn plain(wanted: &Value, seen: &Value) -> bool {
    match (wanted, seen) {
        (Value::Bool(wanted), seen) => switch(seen) == Some(*wanted),
        (Value::Array(wanted), Value::Array(seen)) => {
            wanted.len() == seen.len() && wanted.iter().zip(seen).all(|(a, b)| plain(a, b))
        }
        (Value::Array(wanted), Value::Null) => wanted.is_empty(),
        (Value::Object(_), _) => wanted == seen,
        _ => match (number(wanted), number(seen)) {
            (Some(wanted), Some(seen)) if wanted.is_i64() || wanted.is_u64() => wanted == seen,
            _ => text(wanted) == text(seen),
        },
    }
}

fn switch(value: &Value) -> Option<bool> {
    match text(value).as_deref() {
        Some("1" | "true") => Some(true),
        Some("0" | "false") => Some(false),
        _ => None,
    }
}

fn number(value: &Value) -> Option<serde_json::Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A scalar as a text, null and the empty text as none.
pub(super) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Null => return None,
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Texts of a list, which is JSON, JSON in a text, or a text with commas.
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

/// Whether all these addresses are there and no others.
pub(super) fn addresses(wanted: &[String], seen: &[String]) -> bool {
    wanted.len() == seen.len()
        && wanted
            .iter()
            .all(|url| seen.iter().any(|it| address::is_stored_as(url, it)))
}

/// What is base64 on the way there can be plain on the way back.
pub(super) fn base64(wanted: &Value, seen: &Value) -> bool {
    let Some(encoded) = text(wanted) else {
        return text(seen).is_none();
    };
    let decode = |text: &str| STANDARD.decode(text).ok();
    let plain = decode(&encoded).and_then(|bytes| String::from_utf8(bytes).ok());
    let plain = plain.map(|text| lines(&text));
    text(seen).is_some_and(|seen| encoded == seen || plain == Some(lines(&seen)))
}

/// A text of several lines, however they end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Coolify puts a slash before a path and may take one off its end.
pub(super) fn path(wanted: &Value, seen: &Value) -> bool {
    let bare = |value| text(value).map(|path| path.trim_matches('/').to_owned());
    bare(wanted) == bare(seen)
}

/// Of a repository on GitHub only `owner/name` may be stored.
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

/// The domains of a compose application: a list of `{name, domain, redirect}`
/// that is read as a map in a text.
pub(super) fn compose_domains(wanted: &Value, seen: &Value) -> Verdict {
    let map = seen
        .as_str()
        .and_then(|text| serde_json::from_str::<BTreeMap<String, Value>>(text).ok())
        .unwrap_or_default();
    let mut verdict = Verdict::Same;
    for entry in wanted.as_array().into_iter().flatten() {
        let name = entry["name"].as_str().unwrap_or_default();
        let domains = items(&entry["domain"]);
        let Some(stored) = map.get(name) else {
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

/// The addresses of a service's containers: a list of `{name, url}` that is read
/// on the containers.
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
            (json!(["a"]), json!(["a"])),
            (json!([]), json!(null)),
        ] {
            assert!(plain(&wanted, &seen), "{wanted} {seen}");
        }
        for (wanted, seen) in [
            (json!(true), json!(null)),
            (json!(true), json!("on")),
            (json!(3000), json!("3001")),
            (json!("512M"), json!("512")),
            (json!("a"), json!(null)),
            (json!(null), json!("a")),
            (json!(["a"]), json!(["a", "b"])),
        ] {
            assert!(!plain(&wanted, &seen), "{wanted} {seen}");
        }
    }

    #[test]
    fn lists_have_three_forms() {
        let three = [json!("a,b"), json!("[\"a\",\"b\"]"), json!(["a", "b"])];
        for list in three {
            assert_eq!(items(&list), ["a", "b"], "{list}");
        }
        assert!(items(&json!(null)).is_empty());
    }

    #[test]
    fn base64_may_come_back_plain() {
        let wanted = json!(STANDARD.encode("a=1\nb=2\n"));
        assert!(base64(&wanted, &json!("a=1\r\nb=2")));
        assert!(base64(&wanted, &wanted));
        assert!(!base64(&wanted, &json!("a=1")));
        assert!(base64(&json!(null), &json!(null)));
        assert!(!base64(&wanted, &json!(null)));
    }

    #[test]
    fn paths_and_repositories_are_stored_in_one_way() {
        assert!(path(&json!("node/"), &json!("/node")));
        assert!(repository(
            &json!("https://github.com/acme/web.git"),
            &json!("acme/web")
        ));
        assert!(!repository(&json!("acme/api"), &json!("acme/web")));
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
    fn urls_are_found_on_the_containers() {
        let wanted = json!([{"name": "web", "url": "https://a.example"}]);
        let at = |url| json!([{"name": "web", "fqdn": url}]);
        assert_eq!(
            service_urls(&wanted, &at("https://a.example")),
            Verdict::Same
        );
        assert_ne!(
            service_urls(&wanted, &at("https://b.example")),
            Verdict::Same
        );
    }
}
