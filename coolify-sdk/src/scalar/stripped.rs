//! Strips texts as Coolify does.

/// Returns a text without the characters that Coolify strips from both ends of
/// every text that it receives: white space and invisible characters.
pub(crate) fn stripped(text: &str) -> &str {
    text.trim_matches(is_stripped)
}

/// Matches the characters besides Unicode's white space that the framework
/// strips: NUL, soft hyphens, joiners, fillers, direction marks and the byte
/// order mark.
fn is_stripped(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '\0' | '\u{ad}'
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
    use super::{is_stripped, stripped};

    /// All characters that a real Coolify strips, from 4.0.0 to 4.3.11.
    const STRIPPED: &[u32] = &[
        0x0000, 0x0009, 0x000A, 0x000B, 0x000C, 0x000D, 0x0020, 0x0085, 0x00A0, 0x00AD, 0x034F,
        0x061C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x180E, 0x2000, 0x2001, 0x2002, 0x2003,
        0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x200B, 0x200C, 0x200D, 0x200E,
        0x200F, 0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2065,
        0x206A, 0x206B, 0x206C, 0x206D, 0x206E, 0x206F, 0x2800, 0x3000, 0x3164, 0xFEFF, 0xFFA0,
        0x1D159, 0x1D173, 0x1D174, 0x1D175, 0x1D176, 0x1D177, 0x1D178, 0x1D179, 0x1D17A, 0xE0020,
    ];

    #[test]
    fn exactly_those_letters_are_stripped_that_coolify_strips() {
        for letter in '\0'..=char::MAX {
            let expected = STRIPPED.contains(&u32::from(letter));
            assert_eq!(is_stripped(letter), expected, "{letter:?}");
        }
    }

    #[test]
    fn only_the_ends_of_a_text_are_stripped() {
        assert_eq!(stripped("\u{200b} a\u{200b} b\u{2060}\n"), "a\u{200b} b");
        assert_eq!(stripped("\u{feff}\t"), "");
        assert_eq!(stripped("\u{1c}a"), "\u{1c}a");
    }
}
