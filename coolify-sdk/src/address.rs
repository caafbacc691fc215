//! Compares the addresses of applications: lists with commas, and different
//! spellings of the same address or service.

use crate::scalar::stripped;

/// Returns the addresses of a comma-separated list.
pub(crate) fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(stripped).filter(|url| !url.is_empty())
}

/// Returns whether Coolify may have stored `wanted` as `stored`. It converts the
/// scheme and the host to lower case; up to 4.1.2, the whole address.
pub(crate) fn is_stored_as(wanted: &str, stored: &str) -> bool {
    same(wanted, stored) || canonical(&wanted.to_lowercase()) == canonical(stored)
}

/// Returns whether both addresses lead to the same place.
pub(crate) fn same(a: &str, b: &str) -> bool {
    canonical(a) == canonical(b)
}

/// Returns whether both names mean the same service of a compose file. Up to
/// 4.2.0 Coolify replaces dashes and dots with underscores when it reads the
/// file.
pub(crate) fn is_same_service(a: &str, b: &str) -> bool {
    let underscored = |name: &str| name.replace(['-', '.'], "_");
    a == b || underscored(a) == underscored(b)
}

/// Returns the address without its port, as some servers show it.
pub(crate) fn without_port(url: &str) -> String {
    match port(url) {
        Some((start, end)) => format!("{}{}", &url[..start], &url[end..]),
        None => url.to_owned(),
    }
}

/// Returns the address with the port of another address, unless it has a port itself.
pub(crate) fn with_port_of(url: &str, other: &str) -> String {
    let (None, Some((start, end))) = (port(url), port(other)) else {
        return url.to_owned();
    };
    let Some(host) = url.find("://").map(|at| at + 3) else {
        return url.to_owned();
    };
    let (before, after) = url.split_at(host_end(url, host));
    format!("{before}{}{after}", &other[start..end])
}

pub(crate) fn has_port(url: &str) -> bool {
    port(url).is_some()
}

/// Returns where the port begins, with its colon, and where it ends.
fn port(url: &str) -> Option<(usize, usize)> {
    let host = url.find("://")? + 3;
    let end = host_end(url, host);
    let colon = host + url[host..end].rfind(':')?;
    let digits = &url[colon + 1..end];
    let is_port = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    is_port.then_some((colon, end))
}

/// Returns where the host and its port end.
fn host_end(url: &str, host: usize) -> usize {
    let rest = &url[host..];
    host + rest.find(['/', '?', '#', ',']).unwrap_or(rest.len())
}

/// Normalises what can be written in several ways: the case of scheme and host,
/// and a slash that is the whole path.
fn canonical(url: &str) -> String {
    let url = stripped(url);
    let host = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(host..).unwrap_or_default();
    let end = rest.find(['/', '?', '#']).map_or(url.len(), |at| host + at);
    let (origin, path) = url.split_at(end);
    let path = if path == "/" { "" } else { path };
    format!("{}{path}", origin.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_may_be_untidy() {
        let urls: Vec<_> = split(" https://a.example,\u{200b},https://b.example,").collect();
        assert_eq!(urls, ["https://a.example", "https://b.example"]);
        assert_eq!(split("").count(), 0);
    }

    #[test]
    fn case_counts_in_the_path_only() {
        assert!(same("HTTPS://A.example/", "https://a.example"));
        assert!(same("https://a.example:8080/X", "https://A.example:8080/X"));
        assert!(!same("https://a.example/X", "https://a.example/x"));
        assert!(!same("file:///X", "file:///x"));
        assert!(!same("https://a.example/X/y", "https://a.example/x/y"));
        assert!(!same("https://a.example/X?y#z", "https://a.example/x?y#z"));
        assert!(!same("https://a.example/x", "https://a.example"));
        assert!(same("https://A.example?Y", "https://a.example?Y"));
        assert!(!same("https://a.example?Y", "https://a.example?y"));
        assert!(!same("https://a.example#Y", "https://a.example#y"));
        assert!(!same(
            "https://a.example/X?to=b://c",
            "https://a.example/x?to=b://c"
        ));
        assert!(!same("https://a.example", "http://a.example"));
        assert!(same("not a url", "Not a URL"));
    }

    #[test]
    fn a_port_is_taken_out_of_the_host_only() {
        for (url, bare) in [
            ("https://a.example:3000", "https://a.example"),
            ("https://a.example:3000/x:1", "https://a.example/x:1"),
            ("http://[::1]:8080/", "http://[::1]/"),
            ("http://[::1]", "http://[::1]"),
            ("https://a.example?x=:1", "https://a.example?x=:1"),
            ("https://a.example:", "https://a.example:"),
            ("a.example:3000", "a.example:3000"),
            ("https://", "https://"),
            ("https://:80", "https://"),
            (
                "https://a.example:80,https://b.example:81",
                "https://a.example,https://b.example:81",
            ),
            ("https://a.example:8o", "https://a.example:8o"),
            ("https://a.example:80?b", "https://a.example?b"),
            ("https://a.example:80#b", "https://a.example#b"),
        ] {
            assert_eq!(without_port(url), bare);
            assert_eq!(has_port(url), url != bare, "{url}");
        }
    }

    #[test]
    fn a_port_is_put_behind_the_host() {
        for (url, with) in [
            ("https://a.example", "https://a.example:5006"),
            ("https://a.example/x?y", "https://a.example:5006/x?y"),
            ("https://a.example:1/x", "https://a.example:1/x"),
            ("a.example", "a.example"),
        ] {
            assert_eq!(with_port_of(url, "http://generated.example:5006/z"), with);
            assert_eq!(with_port_of(url, "http://generated.example"), url);
        }
    }

    #[test]
    fn services_may_be_written_with_underscores() {
        assert!(is_same_service("my-app.x", "my_app_x"));
        assert!(is_same_service("web", "web"));
        assert!(!is_same_service("web", "Web"));
        assert!(!is_same_service("my-app", "myapp"));
    }

    #[test]
    fn old_servers_store_paths_in_lower_case() {
        assert!(is_stored_as("https://a.example/X", "https://a.example/x"));
        assert!(!is_stored_as("https://a.example/x", "https://a.example/X"));
    }
}
