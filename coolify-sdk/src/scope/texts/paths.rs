//! Paths in the repository, in a container and in the resource's folder.
//!
//! Coolify appends `mount_path` to the folder of the resource, and up to 4.1.2
//! writes the file wherever that leads. It appends folders and files of a
//! repository to the path of the clone.

use crate::scope::beyond::{Beyond, Check};

/// Refuses a path that could lead out of the folder that it is appended to.
pub(in crate::scope) fn check(field: &str, path: &str) -> Check {
    let path = path.trim();
    let lower = path.to_lowercase();
    let climbs = path.split('/').any(|it| matches!(it.trim(), "." | ".."));
    let is_encoded = lower.contains("%2e") || lower.contains("%2f") || lower.contains("%5c");
    let is_odd = |it: char| it.is_control() || "\\:;|&<>$`'\"*?".contains(it);
    if climbs || is_encoded || path.starts_with('~') || path.chars().any(is_odd) {
        return Err(Beyond::new(
            format!("a `{field}` that may lead out of its folder"),
            "write the path without `.`, `..`, `~`, escapes and shell characters",
        ));
    }
    Ok(())
}

/// Checks one pattern per line, like `check`.
pub(in crate::scope) fn check_patterns(field: &str, patterns: &str) -> Check {
    for pattern in patterns.lines() {
        let plain: String = pattern.chars().filter(|it| !"*?".contains(*it)).collect();
        check(field, &plain)?;
    }
    Ok(())
}

/// The beginnings of the names that Coolify's own files have in the resource's folder.
/// Docker Compose would read such a file, with access to the server.
const COOLIFYS: [&str; 3] = [".env", "compose", "docker-compose"];
/// The folder of the proxy that makes a database public, in the folder of the database.
/// Docker Compose reads all compose files in it.
const PROXY: &str = "proxy";

/// Refuses a mount that is not below the root of the container, because it would
/// write to the resource's folder itself, and one that would replace a file of Coolify
/// there.
pub(in crate::scope) fn check_mount(path: &str, is_database: bool) -> Check {
    check("mount_path", path)?;
    let below = path.trim().trim_matches('/');
    let first = below.split('/').next().unwrap_or_default().trim();
    let is_coolifys = |it: &str| {
        let rest = first.strip_prefix(it);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    if COOLIFYS.into_iter().any(is_coolifys) || (is_database && first == PROXY) {
        return Err(Beyond::new(
            "a `mount_path` that is the place of a file of Coolify",
            "use another path than `/.env`, `/compose…`, `/docker-compose…`, and `/proxy` in a database",
        ));
    }
    if below.is_empty() {
        return Err(Beyond::new(
            "the whole file system as a `mount_path`",
            "name a file or a folder in the container",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_down_only() {
        for path in [
            "/etc/nginx/nginx.conf",
            "/",
            "",
            "/a b",
            "data",
            "/.env",
            "/..a",
            "/a..b/...",
            "/a//b",
            "/a/",
            "/größe",
            "/@scope/x",
            "/a%20b",
        ] {
            assert_eq!(check("a", path), Ok(()), "{path}");
        }
        for path in [
            "..",
            ".",
            "/..",
            "/../x",
            "/a/../b",
            "/a/./b",
            "a/..",
            "/ .. /x",
            "./a",
            "/a/.. ",
            "/%2e%2e/x",
            "/%2E%2e/x",
            "/..%2fx",
            "/a%5C..%5cb",
            "\\..\\x",
            "/a\\..",
            "~",
            "~/x",
            "~root/x",
            "/a:/b",
            "/$HOME",
            "/a;b",
            "/a`b",
            "/a\n/b",
            "/a\u{0}",
            "/a'b",
        ] {
            assert!(check("a", path).is_err(), "{path}");
        }
        for path in [
            "/",
            " // ",
            "/.env",
            "//.env.production",
            "/docker-compose.yml",
            "docker-compose.override.yaml",
            "/compose.yaml",
        ] {
            assert!(check_mount(path, false).is_err(), "{path}");
        }
        for path in ["/proxy/docker-compose.override.yml", "/ proxy/x", "/proxy"] {
            assert!(check_mount(path, true).is_err(), "{path}");
            assert_eq!(check_mount(path, false), Ok(()), "{path}");
        }
        for path in [
            "/app/.env",
            "/environment",
            "/proxysql.cnf",
            "/composer.json",
            "/etc/proxy",
        ] {
            assert_eq!(check_mount(path, true), Ok(()), "{path}");
        }
        assert_eq!(check_patterns("a", "src/**\n!docs/*.md\n"), Ok(()));
        assert!(check_patterns("a", "src/**\n../*").is_err());
    }
}
