//! Shell expansions in the value of a variable.
//!
//! Coolify writes the variables of a build into a file that bash reads in the
//! builder, which has the server's Docker socket. Coolify escapes backquotes and
//! `$(`, but not `${`: `${NAME@P}`, an index and an offset run commands in the
//! value of another variable.

use crate::scope::beyond::{Beyond, Check};

/// What may follow the name in `${NAME…}`: the end, a default, a test, or a part
/// to cut off. All of these only result in text.
const HARMLESS: [&str; 14] = [
    "}", ":-", ":+", ":?", ":=", "-", "+", "?", "=", "%", "#", "/", "^", ",",
];

/// Refuses expansions of bash that do more than result in text.
pub(in crate::scope) fn check(value: &str) -> Check {
    let is_harmless = |rest: &str| {
        let name = rest.trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '_');
        name.len() < rest.len() && HARMLESS.iter().any(|it| name.starts_with(it))
    };
    let mut expansions = value.split("${").skip(1);
    if expansions.all(is_harmless) {
        return Ok(());
    }
    Err(Beyond::new(
        "an expansion that the builder's shell would run",
        "a value may contain `$NAME`, `${NAME}` and `${NAME:-default}`",
    ))
}

/// Refuses a value that would become such an expansion where it is inserted.
pub(in crate::scope) fn check_shared(value: &str) -> Check {
    check(value)?;
    if value.trim_end().ends_with('$') {
        return Err(Beyond::new(
            "a shared variable whose value ends in `$`",
            "the text after it would be expanded with it: do not end the value in `$`",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_expanded_and_commands_are_not() {
        for value in [
            "",
            "a$",
            "$NAME",
            "$1",
            "${NAME}",
            "a${A}b${B_1:-c}d",
            "${A:-${B}}",
            "${A-b}",
            "${A:?no}",
            "${A%.*}",
            "${A##*/}",
            "${A/a/b}",
            "${A^^}",
            "$(id)",
            "`id`",
            "{{project.A}}",
        ] {
            assert_eq!(check(value), Ok(()), "{value}");
        }
        for value in [
            "${A@P}",
            "x${A[B]}",
            "${A:B}",
            "${A:1:2}",
            "${!A}",
            "${A:-${B@P}}",
            "${",
            "${A",
            "${@P}",
            "${*}",
            "${{project.A}}",
            "$${A@P}",
            "\\${A@P}",
        ] {
            assert!(check(value).is_err(), "{value}");
        }
        assert!(check_shared("a$").is_err() && check_shared("a$ ").is_err());
        assert_eq!(check_shared("a$b"), Ok(()));
    }
}
