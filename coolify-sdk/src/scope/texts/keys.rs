//! Names of variables.
//!
//! Coolify writes the variables of a build into a file that the builder's shell
//! reads and exports, and runs Docker with them. Bash runs an invalid name as a
//! command, and evaluates an index in it. With `PATH` or `DOCKER_CONFIG`, a file
//! of the repository could run as Docker, with access to the server's socket.
//! Docker Compose reads its own options, such as `COMPOSE_FILE`, from a `.env`
//! file.

use crate::scope::beyond::{Beyond, Check};

/// Variables that control the shell, the loader, Docker's programs, and git, which Docker
/// asks for the commit: the configuration of git names programs, such as the one that
/// checks a signature.
const OF_BUILDERS: [&str; 22] = [
    "BASHOPTS",
    "ENV",
    "GIT_ASKPASS",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EDITOR",
    "GIT_EXEC_PATH",
    "GIT_EXTERNAL_DIFF",
    "GIT_PAGER",
    "GIT_PROXY_COMMAND",
    "GIT_WORK_TREE",
    "GLOBIGNORE",
    "HOME",
    "IFS",
    "OLDPWD",
    "PAGER",
    "PATH",
    "PROMPT_COMMAND",
    "PS4",
    "PWD",
    "SHELLOPTS",
    "TMPDIR",
];
const BEGINNINGS: [&str; 9] = [
    "BASH_",
    "BUILDKIT_",
    "BUILDX_",
    "DOCKER_",
    "GIT_CONFIG",
    "GIT_SSH",
    "GIT_TRACE",
    "LD_",
    "XDG_",
];
const OF_COMPOSE: &str = "COMPOSE_";

/// Refuses a name. The rules are stricter for variables of a build.
pub(in crate::scope) fn check(key: &str, is_built: bool) -> Check {
    let key = key.trim();
    let fits = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    if key.starts_with(['-', '.']) || !key.chars().all(fits) {
        return Err(Beyond::new(
            "a variable of this name",
            "the name of a variable may contain only letters, digits and `_`",
        ));
    }
    check_text(key)?;
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let is_reserved = OF_BUILDERS.contains(&key) || BEGINNINGS.iter().any(|it| key.starts_with(it));
    if is_built && (is_reserved || !key.chars().all(is_name)) {
        return Err(Beyond::new(
            "a variable of this name in a build",
            "it controls the builder's shell, git or Docker: set `is_buildtime` to false",
        ));
    }
    Ok(())
}

/// Refuses a text in a compose file that could become the name of such a variable.
pub(in crate::scope) fn check_text(text: &str) -> Check {
    if text.contains(OF_COMPOSE) {
        return Err(Beyond::new(
            "an option of Docker Compose",
            "Docker Compose reads variables that begin with `COMPOSE_` as its options: use another name",
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
            "A",
            "NODE_ENV",
            "a1_b",
            "_A",
            " A ",
            "PATHS",
            "MY_PATH",
            "DOCKER",
            "GIT_SHA",
            "GIT_BRANCH",
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
            "GIT_DIR",
            "GIT_CONFIG_COUNT",
            "GIT_SSH_COMMAND",
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
