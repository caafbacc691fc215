//! Texts that Coolify puts into commands.
//!
//! Not every version escapes or checks them: 4.0.0 runs `docker tag` with an
//! unchecked tag, and puts the branch in front of the command that starts a
//! compose file.

use crate::scope::beyond::{Beyond, Check};

/// Refuses a text that is not a single word for a shell, or that would be an
/// option.
pub(in crate::scope) fn check(field: &str, text: &str) -> Check {
    check_with("", field, text)
}

/// Refuses a text that is not a word that may also contain these characters.
pub(in crate::scope) fn check_with(more: &str, field: &str, text: &str) -> Check {
    let text = text.trim();
    let is_number = |rest: &str| rest.starts_with(|it: char| it.is_ascii_digit());
    let is_option = text.strip_prefix('-').is_some_and(|rest| !is_number(rest));
    let is_odd = is_option || text.starts_with(['~', '#']);
    let fits = |it: char| is_of_a_word(it) || more.contains(it);
    if !is_odd && text.chars().all(fits) {
        return Ok(());
    }
    Err(Beyond::new(
        format!("a `{field}` with characters that some versions of Coolify put into a command"),
        "use letters, digits and plain punctuation, without quotes or a leading `-`",
    ))
}

/// Refuses a text that is not a list of database names, such as `one,two` or, for
/// `MongoDB`, `one:a,b|two`. Coolify uses them as file names, without quotes.
pub(in crate::scope) fn check_names(field: &str, names: &str) -> Check {
    if names.contains(['/', '@', '+', '=', '%', '~', '#']) {
        return Err(Beyond::new(
            format!("a `{field}` that would become a path or a command"),
            "the name of a database may contain only letters, digits, `_`, `-` and `.`",
        ));
    }
    check_with("|*", field, names)
}

/// Returns whether the character has no special meaning in a word.
fn is_of_a_word(it: char) -> bool {
    it.is_alphanumeric() || "._-/:@,+=%~#".contains(it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_all_that_passes() {
        for text in [
            "",
            "main",
            "feature/a-b_c",
            "v1.2.3",
            "sha256:abc",
            "git@github.com:a/b.git",
            "https://user@example.com:8443/a/b%20c#e",
            "512m",
            "-1",
            "0-3",
            " main ",
            "fix/#12",
            "dGV4dA==",
            "größe",
        ] {
            assert_eq!(check("a", text), Ok(()), "{text}");
        }
        for text in [
            "a b",
            "a;b",
            "$(id)",
            "`id`",
            "a|b",
            "a&b",
            "a>b",
            "a\nb",
            "a\tb",
            "a'b",
            "a\"b",
            "a\\b",
            "--upload-pack=x",
            "-v",
            "(a)",
            "{a,b}",
            "a*",
            "a?",
            "[a]",
            "!a",
            "~root",
            "#a",
            "a\u{0}b",
            "a\u{2028}b",
        ] {
            assert!(check("a", text).is_err(), "{text}");
        }
    }

    #[test]
    fn some_fields_hold_more() {
        for text in ["*/5 0 * * 1-5", "every_minute", "a b"] {
            assert_eq!(check_with(" *", "a", text), Ok(()), "{text}");
        }
        assert_eq!(check_with("|*", "a", "db:one,two|other:*"), Ok(()));
        assert_eq!(check_names("a", "one,two"), Ok(()));
        assert_eq!(check_names("a", "one:a,b|two:*"), Ok(()));
        for text in ["a|sh -c id", "a|/bin/x", "../x", "a b", "a>b", "a;b", "-a"] {
            assert!(check_names("a", text).is_err(), "{text}");
        }
        for text in ["a;b", "a&&b", "$a", "a\nb", "a'b", "a|b"] {
            assert!(check_with(" ", "a", text).is_err(), "{text}");
        }
    }
}
