//! What is left of a text on its way into Coolify.

/// The text without what Laravel takes off both ends of each text that it
/// receives: white space, and characters that nobody sees.
///
/// Coolify stores a text of which nothing is left as null.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_stripped)
}

fn is_stripped(c: char) -> bool {
    c.is_whitespace() || c == '\0' || is_invisible(c)
}

/// Laravel's list of characters that take no ink, as of 12.0 to 13.0.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0020}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_whether_seen_or_not() {
        for blank in [
            " ", "\r\n", "\t", "\u{b}", "\0", "\u{a0}", "\u{85}", "\u{ad}", "\u{200b}", "\u{200d}",
            "\u{2028}", "\u{2060}", "\u{2064}", "\u{3000}", "\u{feff}",
        ] {
            let text = format!("{blank}a{blank}b{blank}{blank}");
            assert_eq!(trimmed(&text), format!("a{blank}b"), "{blank:?}");
            assert_eq!(trimmed(blank), "", "{blank:?}");
        }
    }

    #[test]
    fn what_is_written_stays() {
        // Directions of writing, the first visible neighbours of what goes, an accent.
        for kept in ["\u{202a}a", "\u{2010}a", "\u{1d17b}", "\u{301}", "'a'"] {
            assert_eq!(trimmed(kept), kept, "{kept:?}");
        }
    }
}
