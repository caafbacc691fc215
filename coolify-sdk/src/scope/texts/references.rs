//! References to shared variables, such as `{{team.NAME}}`, and which texts
//! Coolify resolves them in (read in the sources of 4.0.0, 4.1.2, 4.2.0 and
//! 4.3.11, and tried on these servers):
//!
//! | text | resolved |
//! |---|---|
//! | variables of applications, databases and services | where they are used, also as build arguments |
//! | shared variables | no: their text is put in as it is, and not looked through again |
//! | a compose file: `environment`, `build.args` | yes, of the team, the project and the environment, after the file was parsed |
//! | defaults there, as in `${NAME:-default}` | yes: they become variables |
//! | a compose file: everything else | no |
//! | a compose file in a git repository | as another one, and nobody but the server sees it |
//! | the password of a Redis | yes: it becomes a variable |
//! | other passwords and settings of databases | no |
//! | labels, Dockerfiles, contents of files, nginx configuration | no |
//! | commands, hooks, tasks, options of `docker run` | no |
//! | templates of preview URLs | only `{{domain}}`, `{{pr_id}}` and `{{random}}` |

use crate::scope::beyond::{Beyond, Check};

/// Whose shared variables are not the project's.
const FOREIGN: [&str; 2] = ["team", "server"];

/// Refuses a text with a reference to a shared variable of the team or a server.
///
/// Coolify takes the text between `{{` and the next `}}`, takes blanks off it, and
/// what stands before the first dot says whose the variable is. It may do so to any
/// part of a text, so each `{{` counts, also one within another. The `}}` is not
/// waited for: another part may bring it.
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
            "`{{project.NAME}}` and `{{environment.NAME}}` are the project's",
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
            "{{teams.KEY}}",
            "{{TEAM.KEY}}",
            "{{pr_id}}.{{domain}}",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }
}
