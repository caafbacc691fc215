//! References to shared variables, such as `{{team.NAME}}`, and the texts in
//! which Coolify resolves them (according to the sources of 4.0.0, 4.1.2, 4.2.0
//! and 4.3.11, and tested on these servers):
//!
//! | text | resolved |
//! |---|---|
//! | variables of applications, databases and services | where they are used, also as build arguments |
//! | shared variables | no: their text is inserted unchanged, and not resolved again |
//! | a compose file: `environment`, `build.args` | yes, of the team, the project and the environment, after the file was parsed |
//! | defaults there, such as `${NAME:-default}` | yes: they become variables |
//! | a compose file: everything else | no |
//! | a compose file in a git repository | like any other compose file, and only the server sees it |
//! | the password of a Redis | yes: it becomes a variable |
//! | other passwords and settings of databases | no |
//! | labels, Dockerfiles, contents of files, nginx configuration | no |
//! | commands, hooks, tasks, options of `docker run` | no |
//! | templates of preview URLs | only `{{domain}}`, `{{pr_id}}` and `{{random}}` |

use crate::scope::beyond::{Beyond, Check};

/// The scopes of shared variables that do not belong to the project.
const FOREIGN: [&str; 2] = ["team", "server"];

/// Refuses a text with a reference to a shared variable of the team or a server.
///
/// Coolify takes the text between `{{` and the next `}}` and trims it; the part
/// before the first dot is the scope. It may do so with any part of a text, so
/// each `{{` counts, even a nested one. A missing `}}` does not matter, because
/// another part may contain it.
pub(in crate::scope) fn check(text: &str) -> Check {
    let starts = text
        .match_indices('{')
        .filter_map(|(at, _)| text.get(at..)?.strip_prefix("{{"));
    let is_foreign = |rest: &str| {
        let name = rest.trim_start_matches(|it: char| !it.is_ascii_alphanumeric());
        let owner = name.split('.').next().unwrap_or_default();
        name.contains('.') && FOREIGN.contains(&owner.trim_end())
    };
    if starts.into_iter().any(is_foreign) {
        return Err(Beyond::new(
            "a shared variable of the team or of a server",
            "use `{{project.NAME}}` or `{{environment.NAME}}`, which belong to the project",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_variable_is_found_however_it_is_written() {
        for text in [
            "{{team.KEY}}",
            "{{ team.KEY }}",
            "a {{project.A}} b {{\tserver.KEY}}",
            "{{{team.KEY}}}",
            "{{ {{team.KEY}}",
            "{{\u{200b}team.KEY}}",
            "{{team.KEY",
            "{{team .KEY}}",
            "${A:-{{team.KEY}}}",
            "${A:-${B-{{server.KEY}}}}",
            "{{x{{team.KEY}}",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
        for text in [
            "",
            "team.KEY",
            "{team.KEY}",
            "{{project.team.KEY}}",
            "{{environment.KEY}}",
            "{{teams}}",
            "{{team}}",
            "{{team",
            "{{teams.KEY}}",
            "{{TEAM.KEY}}",
            "{{pr_id}}.{{domain}}",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }
}
