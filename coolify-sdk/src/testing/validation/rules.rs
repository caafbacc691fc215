//! The framework's validation rules for the fields of a body.

use serde_json::{Map, Value};

use super::{Findings, hosts};
use crate::testing::{
    http::{Release, php},
    state::State,
};

/// A rule for a field.
#[derive(Debug, Clone, Copy)]
pub(in crate::testing) enum Rule {
    /// The field is required and may not be empty.
    Required,
    /// The field may be null, and then no other rule is checked.
    Nullable,
    /// A text.
    Text,
    /// A whole number, even as text.
    Whole,
    /// A number, even as text.
    Number,
    /// True, false, one or zero.
    Switch,
    /// A list.
    List,
    /// An object with only these keys.
    Only(&'static [&'static str]),
    /// The smallest number, the shortest text, the shortest list.
    Min(i64),
    /// The largest number, the longest text, the longest list.
    Max(i64),
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A text with this format.
    Is(fn(&str) -> bool),
    /// A URL that Coolify may call.
    Address,
    /// The rule for each item of a list.
    Each(&'static [Rule]),
    /// The fields of an object.
    Has(&'static [Field]),
    /// Several rules.
    All(&'static [Rule]),
    /// The field exists since this version; older versions do not accept it.
    NewIn(&'static str),
    /// Rules since a version.
    Since(&'static str, &'static [Rule]),
    /// Rules until a version.
    Before(&'static str, &'static [Rule]),
}

/// A field and its rules.
pub(in crate::testing) type Field = (&'static str, &'static [Rule]);

/// Adds the errors of a field.
pub(in crate::testing) fn check(
    body: &Map<String, Value>,
    fields: &[Field],
    state: &State,
    findings: &mut Findings,
) {
    for (field, rules) in fields.iter().filter(|it| is_known(it, state.release())) {
        one(field, body.get(*field), rules, state, findings);
    }
}

/// Returns the fields that a version accepts.
pub(in crate::testing) fn known(fields: &[Field], release: Release) -> Vec<&'static str> {
    let known = fields.iter().filter(|it| is_known(it, release));
    known.map(|(name, _)| *name).collect()
}

fn is_known((_, rules): &Field, release: Release) -> bool {
    rules.iter().all(|rule| match rule {
        Rule::NewIn(version) => release.has(version),
        _ => true,
    })
}

fn one(path: &str, value: Option<&Value>, rules: &[Rule], state: &State, findings: &mut Findings) {
    let rules = in_force(rules, state.release());
    let has = |wanted: fn(&Rule) -> bool| rules.iter().any(wanted);
    let is_required = has(|it| matches!(it, Rule::Required));
    let is_number = has(|it| matches!(it, Rule::Whole | Rule::Number));
    let words = path.replace('_', " ");
    let value = match value {
        None | Some(Value::Null) if is_required => {
            findings.add(path, format!("The {words} field is required."));
            return;
        }
        None => return,
        Some(Value::Null) if has(|it| matches!(it, Rule::Nullable)) => return,
        Some(value) => value,
    };
    if is_required && matches!(value, Value::Array(items) if items.is_empty()) {
        findings.add(path, format!("The {words} field is required."));
    }
    for rule in rules {
        if let Some(wrong) = broken(&rule, value, is_number, state) {
            findings.add(path, format!("The {words} {wrong}."));
        }
        match (rule, value) {
            (Rule::Each(rules), Value::Array(items)) => {
                for (position, item) in items.iter().enumerate() {
                    let path = format!("{path}.{position}");
                    one(&path, Some(item), rules, state, findings);
                }
            }
            (Rule::Has(fields), Value::Object(map)) => {
                for (field, rules) in fields.iter().filter(|it| is_known(it, state.release())) {
                    let path = format!("{path}.{field}");
                    one(&path, map.get(*field), rules, state, findings);
                }
            }
            _ => {}
        }
    }
}

/// Returns the rules of a version.
fn in_force(rules: &[Rule], release: Release) -> Vec<Rule> {
    let of_one = |rule: &Rule| match *rule {
        Rule::All(rules) => in_force(rules, release),
        Rule::Since(version, rules) if release.has(version) => in_force(rules, release),
        Rule::Before(version, rules) if !release.has(version) => in_force(rules, release),
        Rule::Since(..) | Rule::Before(..) => Vec::new(),
        rule => vec![rule],
    };
    rules.iter().flat_map(of_one).collect()
}

/// Returns the error if a value breaks a rule.
fn broken(rule: &Rule, value: &Value, is_number: bool, state: &State) -> Option<String> {
    let size = || size(value, is_number);
    let (is_kept, wrong) = match rule {
        Rule::Text => (value.is_string(), "must be a text".to_owned()),
        Rule::Whole => (
            php::whole(value).is_some(),
            "must be a whole number".to_owned(),
        ),
        Rule::Number => (php::number(value).is_some(), "must be a number".to_owned()),
        Rule::Switch => (is_switch(value), "must be true or false".to_owned()),
        Rule::List => (is_list(value), "must be a list".to_owned()),
        Rule::Only(keys) => (
            has_only(value, keys),
            format!("takes only {}", keys.join(", ")),
        ),
        #[expect(clippy::cast_precision_loss, reason = "limits are small numbers")]
        Rule::Min(least) => (size() >= *least as f64, format!("must be at least {least}")),
        #[expect(clippy::cast_precision_loss, reason = "limits are small numbers")]
        Rule::Max(most) => (size() <= *most as f64, format!("must be at most {most}")),
        Rule::OneOf(texts) => (
            !is_list(value) && texts.contains(&php::text(value).as_str()),
            format!("must be one of {}", texts.join(", ")),
        ),
        Rule::Is(check) => (
            (value.is_string() || value.is_number()) && check(&php::text(value)),
            "has an invalid format".to_owned(),
        ),
        Rule::Address => (
            hosts::may_be_called(&php::text(value), state),
            "is no URL that Coolify may call".to_owned(),
        ),
        _ => return None,
    };
    (!is_kept).then_some(wrong)
}

fn is_switch(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Number(number) => matches!(number.as_u64(), Some(0 | 1)),
        Value::String(text) => matches!(text.as_str(), "0" | "1"),
        _ => false,
    }
}

/// PHP does not distinguish lists and objects.
fn is_list(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

fn has_only(value: &Value, keys: &[&str]) -> bool {
    match value {
        Value::Object(map) => map.keys().all(|key| keys.contains(&key.as_str())),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// Returns the size of a value: the number, the length of a text, or the length
/// of a list.
#[expect(clippy::cast_precision_loss, reason = "no body is that long")]
fn size(value: &Value, is_number: bool) -> f64 {
    match (value, php::number(value)) {
        (_, Some(number)) if is_number => number,
        (Value::Array(items), _) => items.len() as f64,
        (Value::Object(map), _) => map.len() as f64,
        (other, _) => php::text(other).chars().count() as f64,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::state::Settings;

    const FIELDS: &[Field] = &[
        (
            "name",
            &[Rule::Required, Rule::Text, Rule::Min(3), Rule::Max(5)],
        ),
        ("note", &[Rule::Nullable, Rule::Text]),
        ("port", &[Rule::Whole, Rule::Min(1), Rule::Max(9)]),
        ("flag", &[Rule::Switch]),
        ("old", &[Rule::Before("4.2.0", &[Rule::Text])]),
        (
            "urls",
            &[
                Rule::Nullable,
                Rule::List,
                Rule::Each(&[
                    Rule::Only(&["name", "url"]),
                    Rule::Has(&[("name", &[Rule::Required, Rule::Text])]),
                ]),
            ],
        ),
    ];

    fn wrong(body: &Value) -> Vec<String> {
        let mut findings = Findings::default();
        let body = body.as_object().unwrap();
        check(
            body,
            FIELDS,
            &State::new(Settings::default()),
            &mut findings,
        );
        findings.0.keys().cloned().collect()
    }

    #[test]
    fn fields_are_held_to_their_rules() {
        let fine = [
            json!({"name": "abc"}),
            json!({"name": "äöü", "note": null, "port": "9", "flag": 0, "old": 1}),
            json!({"name": "abcde", "urls": [{"name": "web"}], "port": 1.0}),
            json!({"name": "abc", "urls": null}),
        ];
        for body in fine {
            assert_eq!(wrong(&body), Vec::<String>::new(), "{body}");
        }
        let broken = [
            (json!({}), "name"),
            (json!({"name": null}), "name"),
            (json!({"name": "ab"}), "name"),
            (json!({"name": "abcdef"}), "name"),
            (json!({"name": 123}), "name"),
            (json!({"name": "abc", "note": 1}), "note"),
            (json!({"name": "abc", "port": null}), "port"),
            (json!({"name": "abc", "port": "10"}), "port"),
            (json!({"name": "abc", "port": 1.5}), "port"),
            (json!({"name": "abc", "flag": "true"}), "flag"),
            (json!({"name": "abc", "urls": "web"}), "urls"),
            (
                json!({"name": "abc", "urls": [{"name": "a", "x": 1}]}),
                "urls.0",
            ),
            (json!({"name": "abc", "urls": [{}]}), "urls.0.name"),
        ];
        for (body, field) in broken {
            assert_eq!(wrong(&body), [field], "{body}");
        }
    }

    const RULES: &[Field] = &[
        ("a_list", &[Rule::List, Rule::Min(1), Rule::Max(2)]),
        ("map", &[Rule::Only(&["a", "b"]), Rule::Min(1)]),
        ("number", &[Rule::Number, Rule::Min(0), Rule::Max(2)]),
        ("user", &[Rule::Is(crate::testing::validation::text::user)]),
        ("choice", &[Rule::OneOf(&["a", "1"])]),
        ("url", &[Rule::Address]),
        ("later", &[Rule::NewIn("4.4.0"), Rule::Required]),
        ("since", &[Rule::Since("4.2.0", &[Rule::Switch])]),
        ("before", &[Rule::Before("4.2.0", &[Rule::Whole])]),
        (
            "rows",
            &[Rule::Required, Rule::Each(&[Rule::Text, Rule::Min(2)])],
        ),
        (
            "row",
            &[Rule::Has(&[
                ("new", &[Rule::NewIn("4.4.0"), Rule::Required]),
                ("since_when", &[Rule::Required]),
            ])],
        ),
    ];

    /// Returns the sentences about this field, in a body with this value.
    fn said(version: &str, field: &str, value: &Value) -> String {
        let settings = Settings {
            version: version.to_owned(),
            ..Settings::default()
        };
        let mut body = json!({"rows": ["ab"], "later": 1});
        body[field] = value.clone();
        let mut findings = Findings::default();
        let body = body.as_object().unwrap();
        check(body, RULES, &State::new(settings), &mut findings);
        let findings = Value::Object(findings.0);
        if findings == json!({}) {
            String::new()
        } else {
            findings.to_string()
        }
    }

    #[test]
    fn a_broken_rule_has_a_sentence() {
        let list = r#"{"a_list":["The a list must be a list."]}"#;
        let only = r#"{"map":["The map takes only a, b."]}"#;
        for (field, value, sentences) in [
            ("a_list", json!([1]), ""),
            ("a_list", json!({"a": 1, "b": 2}), ""),
            (
                "a_list",
                json!([]),
                r#"{"a_list":["The a list must be at least 1."]}"#,
            ),
            (
                "a_list",
                json!([1, 2, 3]),
                r#"{"a_list":["The a list must be at most 2."]}"#,
            ),
            (
                "a_list",
                json!({"a": 1, "b": 2, "c": 3}),
                r#"{"a_list":["The a list must be at most 2."]}"#,
            ),
            ("a_list", json!("a"), list),
            ("a_list", json!(7), list),
            ("map", json!({"a": 1}), ""),
            ("map", json!({"c": 1}), only),
            ("map", json!(["a"]), only),
            (
                "map",
                json!([]),
                r#"{"map":["The map must be at least 1."]}"#,
            ),
            ("map", json!("a"), only),
            ("number", json!(0), ""),
            ("number", json!("2"), ""),
            ("number", json!(2.0), ""),
            (
                "number",
                json!(-0.5),
                r#"{"number":["The number must be at least 0."]}"#,
            ),
            (
                "number",
                json!("2.5"),
                r#"{"number":["The number must be at most 2."]}"#,
            ),
            (
                "number",
                json!("abc"),
                r#"{"number":["The number must be a number.","The number must be at most 2."]}"#,
            ),
        ] {
            assert_eq!(said("4.3.11", field, &value), sentences, "{field} {value}");
        }
    }

    #[test]
    fn texts_choices_and_rows_have_rules() {
        let choice = r#"{"choice":["The choice must be one of a, 1."]}"#;
        let format = r#"{"user":["The user has an invalid format."]}"#;
        let address = r#"{"url":["The url is no URL that Coolify may call."]}"#;
        let switch = r#"{"since":["The since must be true or false."]}"#;
        for (field, value, sentences) in [
            ("user", json!("root"), ""),
            ("user", json!(7), ""),
            ("user", json!("a b"), format),
            ("user", json!(true), format),
            ("user", json!(["root"]), format),
            ("choice", json!("a"), ""),
            ("choice", json!(1), ""),
            ("choice", json!(true), ""),
            ("choice", json!("b"), choice),
            ("choice", json!(["a"]), choice),
            ("url", json!("https://1.1.1.1"), ""),
            ("url", json!("http://localhost"), address),
            ("since", json!("1"), ""),
            ("since", json!(0), ""),
            ("since", json!(false), ""),
            ("since", json!(2), switch),
            ("since", json!("yes"), switch),
            ("since", json!(null), switch),
            ("before", json!("x"), ""),
            ("rows", json!(["ab", "cd"]), ""),
            (
                "rows",
                json!([]),
                r#"{"rows":["The rows field is required."]}"#,
            ),
            (
                "rows",
                json!(["ab", "c", 12]),
                r#"{"rows.1":["The rows.1 must be at least 2."],"rows.2":["The rows.2 must be a text."]}"#,
            ),
            (
                "row",
                json!({"new": 1}),
                r#"{"row.since_when":["The row.since when field is required."]}"#,
            ),
            ("row", json!({"since_when": 0}), ""),
        ] {
            assert_eq!(said("4.3.11", field, &value), sentences, "{field} {value}");
        }
    }

    #[test]
    fn a_version_has_its_own_rules() {
        for (version, field, value, sentences) in [
            ("4.1.2", "since", json!(2), ""),
            (
                "4.1.2",
                "before",
                json!("x"),
                r#"{"before":["The before must be a whole number."]}"#,
            ),
            (
                "4.4.0",
                "later",
                json!(null),
                r#"{"later":["The later field is required."]}"#,
            ),
            (
                "4.4.0",
                "row",
                json!({"since_when": 0}),
                r#"{"row.new":["The row.new field is required."]}"#,
            ),
        ] {
            assert_eq!(said(version, field, &value), sentences, "{field} {value}");
        }
        let names = |version| known(RULES, Release::parse(version));
        assert_eq!(names("4.4.0").len(), RULES.len());
        assert!(!names("4.3.11").contains(&"later") && names("4.3.11").len() == RULES.len() - 1);
    }
}
