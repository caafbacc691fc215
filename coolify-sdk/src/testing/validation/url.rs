//! Parses URLs as PHP does, which differs from browsers.

use std::net::Ipv6Addr;

/// The parts of a URL.
#[derive(Debug, Default, PartialEq)]
pub(in crate::testing) struct Parts<'a> {
    pub(in crate::testing) scheme: Option<&'a str>,
    user: Option<&'a str>,
    password: Option<&'a str>,
    pub(in crate::testing) host: Option<&'a str>,
    pub(in crate::testing) port: Option<u16>,
    pub(in crate::testing) path: Option<&'a str>,
    pub(in crate::testing) query: Option<&'a str>,
    pub(in crate::testing) fragment: Option<&'a str>,
}

/// Parses a URL; `None` if PHP cannot parse it.
pub(in crate::testing) fn parse(url: &str) -> Option<Parts<'_>> {
    let mut parts = Parts::default();
    let rest = match url.find(':') {
        Some(0) => return after_port(&mut parts, url, 0).then_some(parts),
        Some(colon) => {
            let (scheme, after) = (&url[..colon], &url[colon + 1..]);
            let is_scheme = scheme
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.'));
            if !is_scheme {
                let path_begins = url.find(['?', '#']).unwrap_or(url.len());
                if colon + 1 < url.len() && colon < path_begins {
                    return after_port(&mut parts, url, colon).then_some(parts);
                }
                match url.strip_prefix("//") {
                    Some(rest) => return with_host(&mut parts, rest).then_some(parts),
                    None => url,
                }
            } else if after.is_empty() {
                parts.scheme = Some(scheme);
                return Some(parts);
            } else if let Some(rest) = after.strip_prefix('/') {
                parts.scheme = Some(scheme);
                match rest.strip_prefix('/') {
                    // A file may be without a host.
                    Some(rest) if rest.starts_with('/') && scheme.eq_ignore_ascii_case("file") => {
                        rest
                    }
                    Some(rest) => return with_host(&mut parts, rest).then_some(parts),
                    None => after,
                }
            } else {
                let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                let ends = matches!(after.as_bytes().get(digits), None | Some(b'/'));
                if ends && digits < 6 {
                    return after_port(&mut parts, url, colon).then_some(parts);
                }
                parts.scheme = Some(scheme);
                after
            }
        }
        None => match url.strip_prefix("//") {
            Some(rest) => return with_host(&mut parts, rest).then_some(parts),
            None => url,
        },
    };
    with_path(&mut parts, rest);
    Some(parts)
}

/// `host:80/path`, whose colon is at `colon`.
fn after_port<'a>(parts: &mut Parts<'a>, url: &'a str, colon: usize) -> bool {
    let after = &url[colon + 1..];
    let digits = after.bytes().take(6).take_while(u8::is_ascii_digit).count();
    let ends = matches!(after.as_bytes().get(digits), None | Some(b'/'));
    if digits > 0 && digits < 6 && ends {
        let Ok(port) = after[..digits].parse() else {
            return false;
        };
        parts.port = Some(port);
        return with_host(parts, url.strip_prefix("//").unwrap_or(url));
    }
    if after.is_empty() {
        return false;
    }
    if let Some(rest) = url.strip_prefix("//") {
        return with_host(parts, rest);
    }
    with_path(parts, url);
    true
}

/// Parses the part after the two slashes.
fn with_host<'a>(parts: &mut Parts<'a>, rest: &'a str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (mut authority, path) = rest.split_at(end);
    if let Some((login, host)) = authority.rsplit_once('@') {
        let (user, password) = match login.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (login, None),
        };
        parts.user = Some(user);
        parts.password = password;
        authority = host;
    }
    let is_bare_ipv6 = authority.starts_with('[') && authority.ends_with(']');
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !is_bare_ipv6 => {
            if parts.port.is_none() {
                if port.len() > 5 {
                    return false;
                }
                if !port.is_empty() {
                    let Ok(port) = port.parse() else {
                        return false;
                    };
                    parts.port = Some(port);
                }
            }
            host
        }
        _ => authority,
    };
    if host.is_empty() {
        return false;
    }
    parts.host = Some(host);
    if !path.is_empty() {
        with_path(parts, path);
    }
    true
}

fn with_path<'a>(parts: &mut Parts<'a>, rest: &'a str) {
    let (rest, fragment) = split(rest, '#');
    let (path, query) = split(rest, '?');
    parts.fragment = fragment;
    parts.query = query;
    parts.path = (!path.is_empty()).then_some(path);
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Returns whether PHP's filter accepts it as a URL.
pub(in crate::testing) fn is_url(url: &str) -> bool {
    let is_known = |byte: u8| {
        byte.is_ascii_alphanumeric() || b"$-_.+!*'(),{}|\\^~[]`<>#%\";/?:@&=".contains(&byte)
    };
    if !url.bytes().all(is_known) {
        return false;
    }
    let Some(parts) = parse(url) else {
        return false;
    };
    let Some(scheme) = parts.scheme else {
        return false;
    };
    if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        let Some(host) = parts.host else {
            return false;
        };
        let ipv6 = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if ipv6.is_none_or(|it| it.parse::<Ipv6Addr>().is_err()) && !is_host(host) {
            return false;
        }
    }
    let is_alone = matches!(scheme, "mailto" | "news" | "file");
    let is_login = |it: &str| it.bytes().all(is_in_login);
    (parts.host.is_some() || is_alone)
        && parts.user.is_none_or(is_login)
        && parts.password.is_none_or(is_login)
}

fn is_in_login(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&byte)
}

/// Returns whether PHP's filter accepts it as a host name.
fn is_host(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        let inner = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        let is_end = |it: Option<u8>| it.is_some_and(|it| it.is_ascii_alphanumeric());
        label.len() <= 63
            && label.bytes().all(inner)
            && is_end(label.bytes().next())
            && is_end(label.bytes().last())
    };
    host.len() <= 253 && host.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let parts = parse("https://u:p@Example.com:8443/a/b?c=d#e").unwrap();
        assert_eq!(parts.scheme, Some("https"));
        assert_eq!((parts.user, parts.password), (Some("u"), Some("p")));
        assert_eq!(parts.host, Some("Example.com"));
        assert_eq!(parts.port, Some(8443));
        let rest = (parts.path, parts.query, parts.fragment);
        assert_eq!(rest, (Some("/a/b"), Some("c=d"), Some("e")));
        let parts = parse("example.com:80/a").unwrap();
        assert_eq!((parts.host, parts.port), (Some("example.com"), Some(80)));
        assert_eq!(parse("example.com").unwrap().path, Some("example.com"));
        assert_eq!(parse("https:/a").unwrap().host, None);
        for wrong in [
            "https://",
            "https:///a",
            "https://a:65536",
            "https://a:port",
            ":",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    /// Writes the parts as a test wants them.
    fn written(url: &str) -> String {
        let Some(parts) = parse(url) else {
            return "none".to_owned();
        };
        let port = parts.port.map(|port| port.to_string());
        let named = [
            ("scheme", parts.scheme),
            ("user", parts.user),
            ("pass", parts.password),
            ("host", parts.host),
            ("port", port.as_deref()),
            ("path", parts.path),
            ("query", parts.query),
            ("fragment", parts.fragment),
        ];
        let named = named
            .iter()
            .filter_map(|(name, part)| Some((name, (*part)?)));
        let named: Vec<_> = named.map(|(name, part)| format!("{name}={part}")).collect();
        named.join(" ")
    }

    /// What `parse_url` of PHP 8.4 returns.
    #[test]
    fn urls_have_the_parts_that_php_finds() {
        let cases = [
            (
                "https://u:p@Example.com:8443/a/b?c=d#e",
                "scheme=https user=u pass=p host=Example.com port=8443 path=/a/b query=c=d fragment=e",
            ),
            ("https://u@h", "scheme=https user=u host=h"),
            (
                "https://u:p:q@h/",
                "scheme=https user=u pass=p:q host=h path=/",
            ),
            ("https://a@b@c/", "scheme=https user=a@b host=c path=/"),
            ("example.com:80/a", "host=example.com port=80 path=/a"),
            ("example.com:80", "host=example.com port=80"),
            ("example.com/a:b", "path=example.com/a:b"),
            ("https:/a", "scheme=https path=/a"),
            ("https:a", "scheme=https path=a"),
            ("https:", "scheme=https"),
            ("https:8080", "host=https port=8080"),
            ("https:8080/x", "host=https port=8080 path=/x"),
            ("https:123456", "scheme=https path=123456"),
            ("a:12345", "host=a port=12345"),
            ("a:123456", "scheme=a path=123456"),
            ("a:65535", "host=a port=65535"),
            ("a:65536", "none"),
            ("a:80x", "scheme=a path=80x"),
            ("mailto:x@y.z", "scheme=mailto path=x@y.z"),
            ("://a", "path=://a"),
            (":80", "none"),
            ("::80", "path=::80"),
            (":80/a", "none"),
            (":a", "path=:a"),
            ("/:80", "none"),
            ("/a:80/b", "none"),
            ("//h:80/p", "host=h port=80 path=/p"),
            ("//h/p?q", "host=h path=/p query=q"),
            ("//", "none"),
            ("//h:", "host=h"),
            ("//h:/p", "host=h path=/p"),
            ("https://h:", "scheme=https host=h"),
            ("https://h:/p", "scheme=https host=h path=/p"),
            ("https://h:0", "scheme=https host=h port=0"),
            ("https://h:65535", "scheme=https host=h port=65535"),
            ("https://h:65536", "none"),
            ("https://h:123456", "none"),
            ("https://h:port", "none"),
            ("https:///a", "none"),
            ("https://?q", "none"),
            ("https://h?q", "scheme=https host=h query=q"),
            ("https://h#f", "scheme=https host=h fragment=f"),
            ("https://h?", "scheme=https host=h query="),
            (
                "https://h/?#",
                "scheme=https host=h path=/ query= fragment=",
            ),
            (
                "https://h/a#b?c",
                "scheme=https host=h path=/a fragment=b?c",
            ),
            (
                "https://h/a?b#c#d",
                "scheme=https host=h path=/a query=b fragment=c#d",
            ),
            ("https://h/a?b?c", "scheme=https host=h path=/a query=b?c"),
            ("https://[::1]", "scheme=https host=[::1]"),
            (
                "https://[::1]:80/p",
                "scheme=https host=[::1] port=80 path=/p",
            ),
            ("https://[::1]x:80", "scheme=https host=[::1]x port=80"),
            ("ht tp://h", "path=ht tp://h"),
            ("ht_tp:80/p", "host=ht_tp port=80 path=/p"),
            ("a_b:x", "path=a_b:x"),
            ("a_b:", "path=a_b:"),
            ("?a:b", "query=a:b"),
            ("#a:b", "fragment=a:b"),
            ("a_?b:c", "path=a_ query=b:c"),
            ("//a_b:80", "host=a_b port=80"),
            ("//a?b:c", "host=a query=b:c"),
            ("//a_b?x:y", "host=a_b query=x:y"),
        ];
        for (url, parts) in cases {
            assert_eq!(written(url), parts, "{url}");
        }
    }

    #[test]
    fn urls_are_what_php_takes_for_urls() {
        for url in [
            "https://example.com",
            "HTTPS://Example.com/a?b#c",
            "http://localhost",
            "https://[::1]:80/",
            "https://example.com.",
            "https://example.com/a|b",
            "ftp://a_b",
            "https://a-b.example.com",
            "mailto:a@b",
            "mailto:",
            "news:x",
            "file:a",
            "https://u:p@h",
            "https://u;x:p=y@h",
            "https://u/x@h",
            "https://u%20:p@h",
            "https://u:@h",
            "https://:p@h",
            "https://1.2.3.4",
            "https://999.1.1.1",
            "https://h:80",
            "x://h",
            "https://a/b`c",
            "https://a/b{c}",
            "https://a/\\",
        ] {
            assert!(is_url(url), "{url}");
        }
        for url in [
            "example.com",
            "//example.com",
            "https:example.com",
            "https://a..b",
            "https://*.example.com",
            "https://-a.example.com",
            "https://a_b.example.com",
            "https://größe.de",
            "https://example.com/a b",
            "https://[::g]",
            "https://[::1",
            "https://[v1.a]",
            "https://example.com..",
            "https://.a",
            "https://a-.example.com",
            "https://example.com/ä",
            "tel:1",
            "javascript:x",
            "https://u<x@h",
            "https://u:p<@h",
            "https://u\"x@h",
            "https://a:99999",
            "gopher://",
            "https://a,b",
            "https://h~x",
        ] {
            assert!(!is_url(url), "{url}");
        }
        let of_labels = |label: usize| format!("https://{}.de", "a".repeat(label));
        assert_eq!([63, 64].map(|it| is_url(&of_labels(it))), [true, false]);
        let of_length = |pairs: usize| format!("https://{}a", "a.".repeat(pairs));
        assert_eq!([126, 127].map(|it| is_url(&of_length(it))), [true, false]);
    }
}
