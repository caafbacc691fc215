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
        ] {
            assert!(!is_url(url), "{url}");
        }
    }
}
