//! Removes what Coolify removes from both ends of every text.
//!
//! Laravel does it before anything else reads a request, and takes more characters for
//! blank than Rust. A check that sees them would miss a `..` or a name between them.

/// Characters that Laravel takes for blank, besides white space.
const INVISIBLE: [char; 39] = [
    '\0',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{115f}',
    '\u{1160}',
    '\u{17b4}',
    '\u{17b5}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2060}',
    '\u{2061}',
    '\u{2062}',
    '\u{2063}',
    '\u{2064}',
    '\u{2065}',
    '\u{206a}',
    '\u{206b}',
    '\u{206c}',
    '\u{206d}',
    '\u{206e}',
    '\u{206f}',
    '\u{2800}',
    '\u{3164}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{1d159}',
    '\u{1d173}',
    '\u{1d174}',
    '\u{1d175}',
    '\u{1d176}',
    '\u{1d177}',
    '\u{1d178}',
    '\u{1d179}',
    '\u{1d17a}',
];
/// The end of a tag sequence, which Laravel takes for blank as well.
const TAG_SPACE: char = '\u{e0020}';

/// Returns the text that Coolify reads.
pub(in crate::scope) fn trimmed(text: &str) -> &str {
    text.trim_matches(|it: char| it.is_whitespace() || it == TAG_SPACE || INVISIBLE.contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_coolify_takes_for_blank_is_removed_from_both_ends() {
        for blank in [
            " ",
            "\t\r\n",
            "\0",
            "\u{a0}",
            "\u{85}",
            "\u{200b}\u{feff} \u{3164}",
            "\u{e0020}",
        ] {
            assert_eq!(
                trimmed(&format!("{blank}a{blank}b{blank}")),
                format!("a{blank}b")
            );
        }
        assert_eq!(trimmed("\u{2060} \u{1d17a}"), "");
        assert_eq!(trimmed("\u{e0021}größe\u{301}"), "\u{e0021}größe\u{301}");
    }
}
