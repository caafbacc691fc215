//! Repositories, branches and commits.

use super::url::{self, Parts};
use crate::testing::http::php::patterns;

/// Shell characters that a branch may not have.
const OF_SHELLS_IN_BRANCHES: &str = ";|&$`(){}<>\"'\\!*?[]~^: #";

/// Shell characters that the URL of a repository may not have.
const OF_SHELLS: &str = ";|&$`(){}[]<>\"'\\!?*^%=+#";

/// Hosts that mean the local machine.
const INTERNAL: &[&str] = &["localhost", "127.0.0.1", "0.0.0.0", "::1"];

patterns! {
    /// Returns whether it is a commit, or a name for one.
    commit = r"^[a-zA-Z0-9][a-zA-Z0-9._\-/]*$";
    branch_letters = r"^[a-zA-Z0-9\-_/.]+$";
    scp = r"^git@[a-zA-Z0-9.\-]+:[a-zA-Z0-9\-_/.~]+$";
    git = r"^git://[a-zA-Z0-9.\-]+(:[0-9]+)?[:/][a-zA-Z0-9\-_/.~]+$";
    path_letters = r"^[a-zA-Z0-9\-_/.@~]+$";
}

/// Returns whether Coolify accepts the name of a branch.
pub(in crate::testing) fn branch(text: &str) -> bool {
    let has = |it: &str| text.contains(it);
    branch_letters(text)
        && !text.contains(|it| OF_SHELLS_IN_BRANCHES.contains(it))
        && !has("..")
        && !has("//")
        && !text.starts_with(['/', '.'])
        && !text.ends_with(['/', '.'])
        && text != "HEAD"
        && text.rsplit_once('.').is_none_or(|(_, end)| end != "lock")
}

/// Returns whether it is the URL of a repository that Coolify can clone without
/// credentials.
pub(in crate::testing) fn repository(text: &str) -> bool {
    let is_unsafe = text.contains(|it| OF_SHELLS.contains(it)) || text.contains("../");
    if is_unsafe {
        return false;
    }
    if text.starts_with("git@") {
        return scp(text);
    }
    if text.starts_with("git://") {
        return git(text);
    }
    let is_web = text.starts_with("http://") || text.starts_with("https://");
    is_web && url::is_url(text) && url::parse(text).is_some_and(|parts| is_public(&parts))
}

/// Returns whether it is a public address, without query and fragment.
fn is_public(parts: &Parts<'_>) -> bool {
    let host = parts.host.unwrap_or_default().to_ascii_lowercase();
    let is_internal = INTERNAL.contains(&host.as_str())
        || host
            .rsplit_once('.')
            .is_some_and(|(_, domain)| domain == "local")
        || host.parse::<std::net::IpAddr>().is_ok();
    let is_absent = |part: Option<&str>| matches!(part, None | Some("" | "0"));
    !is_internal
        && is_absent(parts.query)
        && is_absent(parts.fragment)
        && parts.path.is_none_or(path_letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_what_coolify_takes() {
        for text in ["main", "feature/a", "release-1.2", "v1_2", "-a"] {
            assert!(branch(text), "{text}");
        }
        for text in [
            "a b", "a..b", "/a", "a.", "HEAD", "a.lock", "a#1", "a+b", "a@b", "größe",
        ] {
            assert!(!branch(text), "{text}");
        }
    }

    #[test]
    fn repositories_are_what_coolify_takes() {
        for text in [
            "https://github.com/acme/app",
            "https://git.example.com:8443/~acme/app.git",
            "git@github.com:acme/app.git",
            "git://git.example.com:9418/acme/app",
        ] {
            assert!(repository(text), "{text}");
        }
        for text in [
            "acme/app",
            "ssh://git@git.example.com/acme/app",
            "https://127.0.0.1/acme/app",
            "https://git.local/acme/app",
            "https://git.example.com/acme/app#main",
            "https://git.example.com/acme/app;id",
            "https://git.example.com/../app",
            "file:///srv/app",
        ] {
            assert!(!repository(text), "{text}");
        }
    }
}
