//! Names of variables.
//!
//! Coolify writes the variables that a build sees into a file that the builder's
//! shell reads and exports, and runs Docker with them. Bash runs an invalid
//! name as a command, evaluates an index in it, and `PATH` or `DOCKER_CONFIG` says
//! what is run as Docker: something in the repository, beside the server's socket.
//! Docker Compose takes its own options, such as `COMPOSE_FILE`, from a `.env` file.

use crate::scope::beyond::{Beyond, Check};

/// What the shell, the loader and Docker's programs go by.
const OF_BUILDERS: [&str; 12] = [
    "BASHOPTS",
    "ENV",
    "GLOBIGNORE",
    "HOME",
    "IFS",
    "OLDPWD",
    "PATH",
    "PROMPT_COMMAND",
    "PS4",
    "PWD",
    "SHELLOPTS",
    "TMPDIR",
];
const BEGINNINGS: [&str; 6] = ["BASH_", "BUILDKIT_", "BUILDX_", "DOCKER_", "LD_", "XDG_"];
const OF_COMPOSE: &str = "COMPOSE_";

/// Refuses a name. That of a variable which a build sees is looked at with more care.
pub(in crate::scope) fn check(key: &str, is_built: bool) -> Check {
    let key = key.trim();
    let fits = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    if key.starts_with(['-', '.']) || !key.chars().all(fits) {
        return Err(Beyond::new(
            "a variable of this name",
            "the name of a variable is made of letters, digits and `_`",
        ));
    }
    check_text(key)?;
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let is_reserved = OF_BUILDERS.contains(&key) || BEGINNINGS.iter().any(|it| key.starts_with(it));
    if is_built && (is_reserved || !key.chars().all(is_name)) {
        return Err(Beyond::new(
            "a variable of this name in a build",
            "the builder's shell and Docker go by it: set `is_buildtime` to false",
        ));
    }
    Ok(())
}

/// Refuses a text in a compose file that could become the name of such a variable.
pub(in crate::scope) fn check_text(text: &str) -> Check {
    if text.contains(OF_COMPOSE) {
        return Err(Beyond::new(
            "an option of Docker Compose",
            "Docker Compose takes variables that begin with `COMPOSE_` for itself: use another name",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        for key in [
            "A", "NODE_ENV", "a1_b", "_A", " A ", "PATHS", "MY_PATH", "DOCKER", "GIT_SHA",
        ] {
            assert_eq!(check(key, true), Ok(()), "{key}");
        }
        for key in [
            "spring.datasource.url",
            "A-B",
            "PATH",
            "HOME",
            "DOCKER_HOST",
            "LD_PRELOAD",
            "BASH_ENV",
        ] {
            assert!(check(key, true).is_err(), "{key}");
            assert_eq!(check(key, false), Ok(()), "{key}");
        }
        for key in [
            "A B",
            "A;id",
            "A$(id)",
            "A`id`",
            "a[b]",
            "PATH+",
            "A=B",
            "A\nB",
            "-A",
            ".A",
            "Ä",
            "{{team.A}}",
            "COMPOSE_FILE",
            "COMPOSE_PROJECT_NAME",
        ] {
            assert!(
                check(key, true).is_err() && check(key, false).is_err(),
                "{key}"
            );
        }
        assert!(check_text("${COMPOSE_FILE:-/x}").is_err());
    }
}
