//! Removes markup from texts, as Coolify does with PHP functions.

/// Returns a text without tags and comments. A `<` before a space is not a tag,
/// and a tag that is never closed removes the rest of the text.
pub(super) fn without_tags(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        kept += before;
        let is_tag = !tag.chars().nth(1).is_some_and(char::is_whitespace);
        rest = if is_tag {
            behind(tag)
        } else {
            kept.push('<');
            tag.get(1..).unwrap_or_default()
        };
    }
    kept + rest
}

/// Returns the text after a tag. A `>` in quotes or of a nested tag does not end
/// it.
fn behind(tag: &str) -> &str {
    if tag.starts_with("<!--") {
        return tag.split_once("-->").map_or("", |(_, rest)| rest);
    }
    let mut depth = 0;
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '<') => depth += 1,
            (None, '>') => depth -= 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            _ => {}
        }
        if depth == 0 {
            return tag.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

/// Returns the text without tags, with special characters of HTML as entities,
/// and without control characters. Coolify returns the names of images in this
/// form.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in without_tags(text).chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&apos;",
            '\0'..='\x1f' | '\x7f' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_and_what_only_looks_like_one_stays() {
        for (text, kept) in [
            ("plain", "plain"),
            ("na<b>me</b>", "name"),
            ("a < b > c", "a < b > c"),
            ("a<b", "a"),
            ("a <", "a "),
            ("1 <2> 3", "1  3"),
            ("<a title=\"x>y\">z</a>", "z"),
            ("<a title='>'>z", "z"),
            ("<<b>>z", "z"),
            ("a<!-- > -->b", "ab"),
            ("a<!-- b", "a"),
            ("\u{e9}<br/>\u{e9}", "\u{e9}\u{e9}"),
            ("", ""),
        ] {
            assert_eq!(without_tags(text), kept, "{text:?}");
        }
    }

    #[test]
    fn images_are_shown_as_html() {
        assert_eq!(escaped("postgres:16-alpine"), "postgres:16-alpine");
        assert_eq!(
            escaped("a<b>&\"'\u{1}\u{7f}> < "),
            "a&amp;&quot;&apos;&gt; &lt; "
        );
    }
}
