//! Converts values like PHP and its framework, where Coolify relies on them.

use serde_json::Value;

use crate::scalar::stripped;

/// Declares functions that return whether a text matches a pattern.
macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {
        $(
            $(#[$doc])*
            pub(in crate::testing) fn $name(text: &str) -> bool {
                static PATTERN: std::sync::LazyLock<Option<regex::Regex>> =
                    std::sync::LazyLock::new(|| regex::Regex::new($pattern).ok());
                PATTERN.as_ref().is_some_and(|it| it.is_match(text))
            }
        )*

        #[cfg(test)]
        mod all_patterns {
            #[test]
            fn each_pattern_is_one() {
                for pattern in [$($pattern),*] {
                    assert!(regex::Regex::new(pattern).is_ok(), "{pattern}");
                }
            }
        }
    };
}

pub(in crate::testing) use patterns;

/// Returns a body as the endpoints see it: texts are trimmed, and empty texts are
/// null.
pub(in crate::testing) fn cleaned(body: Value) -> Value {
    match body {
        Value::String(text) => match stripped(&text) {
            "" => Value::Null,
            trimmed => trimmed.into(),
        },
        Value::Array(items) => items.into_iter().map(cleaned).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, it)| (key, cleaned(it)))
            .collect(),
        other => other,
    }
}

/// Removes HTML tags, as Coolify does with names and descriptions.
pub(in crate::testing) fn without_tags(text: &str) -> String {
    let mut kept = String::new();
    let mut letters = text.chars().peekable();
    let mut depth = 0_u32;
    let mut quote = None;
    while let Some(letter) = letters.next() {
        match letter {
            '\0' => {}
            '<' if quote.is_some() => {}
            '<' if letters.peek().is_some_and(char::is_ascii_whitespace) && depth == 0 => {
                kept.push('<');
            }
            '<' if letters.peek().is_some_and(char::is_ascii_whitespace) => {}
            '<' => depth += 1,
            '>' if depth == 0 => kept.push('>'),
            '>' if quote.is_some() => {}
            '>' => depth -= 1,
            '"' | '\'' if depth > 0 => {
                quote = match quote {
                    None => Some(letter),
                    Some(open) if open == letter => None,
                    open => open,
                };
            }
            _ if depth == 0 => kept.push(letter),
            _ => {}
        }
    }
    kept
}

/// Returns a number that PHP accepts, even as text.
pub(in crate::testing) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if is_number(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Returns a whole number that PHP accepts, even as text or with a fraction of
/// zero.
pub(in crate::testing) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(true) => Some(1),
        Value::Number(_) => text(value).parse().ok(),
        Value::String(text) if is_whole(text) => text.trim().trim_start_matches('+').parse().ok(),
        _ => None,
    }
}

patterns! {
    is_number = r"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$";
    is_whole = r"^\s*([+-]?[1-9][0-9]*|[+-]?0)\s*$";
}

/// Converts a value to text like PHP.
pub(in crate::testing) fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// Returns whether PHP reads a boolean field as true.
pub(in crate::testing) fn is_on(value: &Value) -> bool {
    matches!(
        text(value).to_lowercase().as_str(),
        "1" | "true" | "on" | "yes"
    )
}

/// Returns whether a value is true for PHP.
pub(in crate::testing) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(it) => *it,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.as_str(), "" | "0"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_lose_what_is_around_them() {
        let sent = json!({"a": "  x ", "b": ["\u{200B}x\u{A0}", " "], "c": "", "d": 1});
        let seen = json!({"a": "x", "b": ["x", null], "c": null, "d": 1});
        assert_eq!(cleaned(sent), seen);
    }

    #[test]
    fn tags_are_taken_out() {
        let cases = [
            ("<b>a</b>", "a"),
            ("a<b", "a"),
            ("a < b > c", "a < b > c"),
            ("a<b title=\">\">c", "ac"),
            ("a > b", "a > b"),
            ("a<b title='>'>c", "ac"),
            ("<a <b>c", ""),
            ("<a> <b", " "),
            ("a\0b", "ab"),
            ("<<b>>a", "a"),
            ("a<<b>c", "a"),
            ("<a href=\"'>\">x", "x"),
            ("< b>x", "< b>x"),
            ("<a\nb>x", "x"),
            ("1 <2> 3", "1  3"),
            ("\"<b>\"", "\"\""),
            ("it's <b>x</b>'s", "it's x's"),
            ("<b>a<c < d>e</b>", "ae"),
            ("<p title='a\"b'>x", "x"),
        ];
        for (text, kept) in cases {
            assert_eq!(without_tags(text), kept, "{text}");
        }
    }

    /// What `is_numeric` and `FILTER_VALIDATE_INT` of PHP 8.4 say.
    #[test]
    fn numbers_are_what_php_takes_for_numbers() {
        for (value, as_number, as_whole) in [
            (json!(1), Some(1.0), Some(1)),
            (json!(1.5), Some(1.5), None),
            (json!("1"), Some(1.0), Some(1)),
            (json!(" 1"), Some(1.0), Some(1)),
            (json!("1 "), Some(1.0), Some(1)),
            (json!(" 1.5 "), Some(1.5), None),
            (json!("1."), Some(1.0), None),
            (json!("1.5."), None, None),
            (json!("1e3"), Some(1000.0), None),
            (json!("1E+3"), Some(1000.0), None),
            (json!("1e"), None, None),
            (json!(".5"), Some(0.5), None),
            (json!("."), None, None),
            (json!("-1"), Some(-1.0), Some(-1)),
            (json!("+1"), Some(1.0), Some(1)),
            (json!("--1"), None, None),
            (json!("+-1"), None, None),
            (json!("a"), None, None),
            (json!("0x1"), None, None),
            (json!(""), None, None),
            (json!("  "), None, None),
            (json!("1 2"), None, None),
            (json!("01"), Some(1.0), None),
            (json!("00"), Some(0.0), None),
            (json!("-0"), Some(0.0), Some(0)),
            (json!("+0"), Some(0.0), Some(0)),
            (json!("-01"), Some(-1.0), None),
            (json!("1.0"), Some(1.0), None),
            (json!(1.0), Some(1.0), Some(1)),
            (
                json!("9223372036854775807"),
                Some(9_223_372_036_854_775_807.0),
                Some(i64::MAX),
            ),
            (
                json!("9223372036854775808"),
                Some(9_223_372_036_854_775_808.0),
                None,
            ),
            (json!(true), None, Some(1)),
            (json!(false), None, None),
            (json!(null), None, None),
            (json!([1]), None, None),
            (json!({}), None, None),
        ] {
            assert_eq!(
                (number(&value), whole(&value)),
                (as_number, as_whole),
                "{value}"
            );
        }
    }

    #[test]
    fn values_have_a_text_and_a_truth() {
        for (value, as_text, on, truthy) in [
            (json!(null), "", false, false),
            (json!(false), "", false, false),
            (json!(true), "1", true, true),
            (json!(0), "0", false, false),
            (json!(0.0), "0", false, false),
            (json!(1), "1", true, true),
            (json!(1.0), "1", true, true),
            (json!(1.5), "1.5", false, true),
            (json!(-3), "-3", false, true),
            (json!(""), "", false, false),
            (json!("0"), "0", false, false),
            (json!("1"), "1", true, true),
            (json!("TRUE"), "TRUE", true, true),
            (json!("on"), "on", true, true),
            (json!("Yes"), "Yes", true, true),
            (json!("no"), "no", false, true),
            (json!([]), "[]", false, false),
            (json!([0]), "[0]", false, true),
            (json!({}), "{}", false, false),
            (json!({"a": 0}), "{\"a\":0}", false, true),
        ] {
            let found = (text(&value), is_on(&value), is_truthy(&value));
            assert_eq!(found, (as_text.to_owned(), on, truthy), "{value}");
        }
    }
}
