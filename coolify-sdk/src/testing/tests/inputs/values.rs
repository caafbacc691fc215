//! Values, as PHP converts them.

use serde_json::{Value, json};

use crate::testing::http::php;

/// What a value counts as: whether it is numeric, its whole number, whether it is on,
/// its text, and whether it is true.
type Row = (Value, bool, Option<i64>, bool, &'static str, bool);

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    vec![
        (Value::Null, false, None, false, "", false),
        (json!(true), false, Some(1), true, "1", true),
        (json!(false), false, None, false, "", false),
        (json!(0), true, Some(0), false, "0", false),
        (json!(1), true, Some(1), true, "1", true),
        (json!(-1), true, Some(-1), false, "-1", true),
        (json!(5), true, Some(5), false, "5", true),
        (json!(1.0), true, Some(1), true, "1", true),
        (json!(1.5), true, None, false, "1.5", true),
        (json!(0.0), true, Some(0), false, "0", false),
        (json!(1000.0), true, Some(1000), false, "1000", true),
        (json!(""), false, None, false, "", false),
        (json!("0"), true, Some(0), false, "0", false),
        (json!("1"), true, Some(1), true, "1", true),
        (json!("00"), true, None, false, "00", true),
        (json!("01"), true, None, false, "01", true),
        (json!("0.0"), true, None, false, "0.0", true),
        (json!("1.0"), true, None, false, "1.0", true),
        (json!("1.5"), true, None, false, "1.5", true),
        (json!(" 1"), true, Some(1), true, " 1", true),
        (json!("1 "), true, Some(1), true, "1 ", true),
        (json!("+1"), true, Some(1), false, "+1", true),
        (json!("-1"), true, Some(-1), false, "-1", true),
        (json!("+-1"), false, None, false, "+-1", true),
        (json!("-0"), true, Some(0), false, "-0", true),
        (json!("+0"), true, Some(0), false, "+0", true),
        (json!("1e3"), true, None, false, "1e3", true),
        (json!("1E3"), true, None, false, "1E3", true),
        (json!("1e"), false, None, false, "1e", true),
        (json!("e3"), false, None, false, "e3", true),
        (json!(".5"), true, None, false, ".5", true),
        (json!("5."), true, None, false, "5.", true),
        (json!("."), false, None, false, ".", true),
        (json!("0x1"), false, None, false, "0x1", true),
        (json!("1_0"), false, None, false, "1_0", true),
        (json!("true"), false, None, true, "true", true),
        (json!("TRUE"), false, None, true, "TRUE", true),
        (json!("false"), false, None, false, "false", true),
        (json!("on"), false, None, true, "on", true),
        (json!("ON"), false, None, true, "ON", true),
        (json!("off"), false, None, false, "off", true),
        (json!("yes"), false, None, true, "yes", true),
        (json!("Yes"), false, None, true, "Yes", true),
        (json!("no"), false, None, false, "no", true),
        (json!("a"), false, None, false, "a", true),
        (json!("1a"), false, None, false, "1a", true),
        (json!("\t1\n"), true, Some(1), true, "\t1\n", true),
        (json!("9223372036854775807"), true, Some(9_223_372_036_854_775_807), false, "9223372036854775807", true),
        (json!("9223372036854775808"), true, None, false, "9223372036854775808", true),
        (json!("١"), false, None, false, "١", true),
        (json!("null"), false, None, false, "null", true),
        (json!("inf"), false, None, false, "inf", true),
        (json!("NaN"), false, None, false, "NaN", true),
    ]
}

#[test]
fn values_are_converted_as_php_does() {
    for (value, is_numeric, whole, is_on, text, is_true) in rows() {
        let given = (
            php::number(&value).is_some(),
            php::whole(&value),
            // Texts arrive without white space around them.
            php::is_on(&value.as_str().map_or(value.clone(), |it| it.trim().into())),
            php::text(&value),
            php::is_truthy(&value),
        );
        let expected = (is_numeric, whole, is_on, text.to_owned(), is_true);
        assert_eq!(given, expected, "{value}");
    }
    for (value, is_true) in [
        (json!([]), false),
        (json!({}), false),
        (json!([0]), true),
        (json!({"a": 0}), true),
    ] {
        assert_eq!(php::is_truthy(&value), is_true, "{value}");
        assert_eq!(
            (php::number(&value), php::whole(&value)),
            (None, None),
            "{value}"
        );
    }
}

#[test]
fn numbers_have_the_value_of_their_text() {
    for (value, number) in [
        (json!(-3), -3.0),
        (json!(" 1.5 "), 1.5),
        (json!("1e3"), 1000.0),
        (json!(".5"), 0.5),
        (json!("5."), 5.0),
        (json!("+7"), 7.0),
    ] {
        assert_eq!(php::number(&value), Some(number), "{value}");
    }
}

#[test]
fn tags_are_removed_as_php_does() {
    for (text, kept) in [
        ("<b>a</b>", "a"),
        ("a<b", "a"),
        ("a < b > c", "a < b > c"),
        (r#"a<b title=">">c"#, "ac"),
        ("a > b", "a > b"),
        ("a<b title='>'>c", "ac"),
        (r#"a<b title="'>">c"#, "ac"),
        (r#"a<b 'x">y'>c"#, "ac"),
        ("a<>b", "ab"),
        ("<<b>>a", "a"),
        ("a<b<c>d>e", "ae"),
        (r#"a"b'c"#, r#"a"b'c"#),
        (r#"a<b"c"#, "a"),
        ("<", ""),
        ("<a", ""),
        ("< a>", "< a>"),
        ("<\ta", "<\ta"),
        ("a<\nb>", "a<\nb>"),
        ("a<b>c<d", "ac"),
        ("<!-- a -->b", "b"),
        ("<?php a ?>b", "b"),
        ("a<b'>c", "a"),
        ("a\0b", "ab"),
        ("<a\0>b", "b"),
        (r#"x<a b='"'>y"#, "xy"),
        ("1 <2 3", "1 "),
        ("<a < b>c", "c"),
        ("<a <b>c>d", "d"),
    ] {
        assert_eq!(php::without_tags(text), kept, "{text}");
    }
}
