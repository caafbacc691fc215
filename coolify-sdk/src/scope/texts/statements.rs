//! Statements that the value of a variable would add to a `.env` file.
//!
//! Coolify writes the variables of a resource into a `.env` file, without escaping line
//! breaks, and without escaping `'` in a literal value. Docker Compose reads its own
//! options from that file: with `COMPOSE_FILE`, it would start another compose file
//! than Coolify's, even one from the internet, with access to the server.

use crate::scope::beyond::{Beyond, Check};

const OF_COMPOSE: &str = "COMPOSE_";

/// Refuses a value with a statement that sets an option of Docker Compose.
pub(in crate::scope) fn check(value: &str) -> Check {
    if starts(value).any(sets_option) {
        return Err(option());
    }
    Ok(())
}

/// Refuses a value that would add such a statement where it is inserted.
pub(in crate::scope) fn check_shared(value: &str) -> Check {
    let begins_option =
        |rest: &str| !rest.is_empty() && (sets_option(rest) || OF_COMPOSE.starts_with(rest));
    if std::iter::once(value)
        .chain(starts(value))
        .any(begins_option)
    {
        return Err(option());
    }
    Ok(())
}

/// Returns the rest of the text from each place where a statement may begin.
fn starts(value: &str) -> impl Iterator<Item = &str> {
    let rests = value.match_indices(['\n', '\r', '\'']);
    rests.filter_map(|(at, _)| {
        let rest = value.get(at + 1..)?.trim_start();
        let exported = rest.strip_prefix("export").map(str::trim_start);
        Some(exported.unwrap_or(rest))
    })
}

/// Returns whether a statement names an option, perhaps by a reference to a shared
/// variable that has the rest of the name.
fn sets_option(statement: &str) -> bool {
    let common = OF_COMPOSE.bytes().zip(statement.bytes());
    let common = common.take_while(|(wanted, it)| wanted == it).count();
    let after = statement.get(common..).unwrap_or_default();
    common == OF_COMPOSE.len() || (common > 0 && after.starts_with("{{"))
}

fn option() -> Beyond {
    Beyond::new(
        "a value with a line that sets an option of Docker Compose",
        "no line of a value may begin with `COMPOSE_`, because Docker Compose would read it as its option",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_sets_an_option_of_docker_compose() {
        for value in [
            "a\nCOMPOSE_FILE=oci://a.example/b",
            "a\r\n  COMPOSE_FILE=b",
            "a\n\texport \tCOMPOSE_PROFILES: b",
            "a' COMPOSE_FILE=b #",
            "a'COMPOSE_FILE=b",
            "a\nCOMP{{project.A}}",
            "a'  C{{environment.A}}",
        ] {
            assert!(check(value).is_err(), "{value:?}");
            assert!(check_shared(value).is_err(), "{value:?}");
        }
        for value in [
            "",
            "COMPOSE_FILE=a",
            "it's",
            "-----BEGIN KEY-----\nCOMPUTED\n-----END KEY-----",
            "a\nexport PATH=b\nC=d",
            "see COMPOSE_FILE",
            "psql -c '{{project.A}}'",
            "a\n{{project.A}}",
        ] {
            assert_eq!(check(value), Ok(()), "{value:?}");
        }
        for value in ["COMPOSE_FILE=a", "a\nCOMP", "C{{project.A}}", "a'COMPOSE_"] {
            assert!(check_shared(value).is_err(), "{value:?}");
        }
        for value in ["", "a", "DE", "a\nb", "it's"] {
            assert_eq!(check_shared(value), Ok(()), "{value:?}");
        }
    }
}
