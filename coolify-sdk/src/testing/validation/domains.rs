//! Domains: comma-separated URLs.

use super::url::{self, Parts};
use crate::testing::http::Release;

/// Shell characters.
const OF_SHELLS: &str = "`$;&|<>()\\\r\n";

/// The first version that checks more than PHP's filter.
const STRICT: &str = "4.2.0";

/// Returns the URLs of a text.
pub(in crate::testing) fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// Returns whether all of them are domains, for the rules of fields.
pub(in crate::testing) fn all(text: &str) -> bool {
    list(text).all(is_strict)
}

/// Returns whether a version accepts it as a domain.
pub(in crate::testing) fn one(text: &str, release: Release) -> bool {
    if release.has(STRICT) {
        is_strict(text)
    } else {
        is_filtered(text)
    }
}

/// Returns whether PHP's filter accepts it as an HTTP URL.
pub(in crate::testing) fn is_filtered(text: &str) -> bool {
    url::is_url(text) && url::parse(text).as_ref().is_some_and(is_web)
}

/// Returns whether it is an HTTP URL without shell characters. Underscores are
/// allowed.
fn is_strict(text: &str) -> bool {
    let Some(parts) = url::parse(text).filter(is_web) else {
        return false;
    };
    let Some(host) = parts.host else {
        return false;
    };
    let with_hyphens = text.replacen(host, &host.replace('_', "-"), 1);
    !text.contains(|it| OF_SHELLS.contains(it)) && url::is_url(&with_hyphens)
}

fn is_web(parts: &Parts<'_>) -> bool {
    let scheme = parts.scheme.unwrap_or_default().to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https")
}

/// Returns the URLs as they are stored: scheme and host in lower case. Older
/// versions store them unchanged.
pub(in crate::testing) fn lower(text: &str, release: Release) -> String {
    if !release.has(STRICT) {
        return text.to_owned();
    }
    let lower = |url: &str| match url::parse(url) {
        Some(Parts {
            scheme: Some(scheme),
            host: Some(host),
            ..
        }) => {
            let (before, rest) = url.split_at(scheme.len() + "://".len());
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let login = authority.rfind('@').map_or(0, |it| it + 1);
            let (login, rest) = rest.split_at(login);
            let back = &rest[host.len()..];
            // An empty port does not count.
            let port_is_empty = back == ":" || back.starts_with(":/");
            let back = if port_is_empty { &back[1..] } else { back };
            format!(
                "{}{login}{}{back}",
                before.to_lowercase(),
                host.to_lowercase()
            )
        }
        _ => url.to_owned(),
    };
    list(text).map(lower).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_urls_of_the_web() {
        let (now, then) = (Release::parse("4.3.11"), Release::parse("4.1.2"));
        for text in ["https://a.example.com", "HTTP://A_b.example.com:80/X?y#z"] {
            assert!(one(text, now), "{text}");
        }
        for text in [
            "a.example.com",
            "https://*.a.com",
            "https://a..b",
            "https://größe.de",
        ] {
            assert!(!one(text, now) && !one(text, then), "{text}");
        }
        assert!(!one("https://a.com/(x)", now) && one("https://a.com/(x)", then));
        assert!(one("https://a_b.com", now) && !one("https://a_b.com", then));
        assert!(!one("ftp://a.com", now) && !one("ftp://a.com", then));
        assert!(!one("mailto:a.com", now) && !one("mailto:a.com", then));
        for letter in OF_SHELLS.chars() {
            assert!(!one(&format!("https://a.com/{letter}"), now), "{letter:?}");
        }
        assert!(all("https://a.com, https://b.com,") && !all("https://a.com,b.com"));
    }

    #[test]
    fn domains_are_stored_in_lower_case() {
        let text = "HTTPS://A.example.com/X, https://b.example.com,";
        let now = lower(text, Release::parse("4.3.11"));
        assert_eq!(now, "https://a.example.com/X,https://b.example.com");
        let then = lower(text, Release::parse("4.1.2"));
        assert_eq!(then, text);
        for (text, stored) in [
            (
                "HTTPS://Shop.Example.com/Shop.Example.com",
                "https://shop.example.com/Shop.Example.com",
            ),
            ("https://A.com:/X", "https://a.com/X"),
            ("https://A.com:", "https://a.com"),
            ("https://A.com:80/X", "https://a.com:80/X"),
            ("https://A.com/X:/Y", "https://a.com/X:/Y"),
            ("A.com", "A.com"),
            (" ,, ", ""),
        ] {
            assert_eq!(lower(text, Release::parse("4.2.0")), stored, "{text}");
        }
    }
}
