//! What each rule says about a value that breaks it, compared as a whole.

use serde_json::{Value, json};

use crate::testing::http::Reply;
use crate::testing::state::{Settings, State};
use crate::testing::validation::rules::{Field, Rule};
use crate::testing::validation::{
    ANY_NAME, DESCRIPTION, Findings, KEY, KEY_OR_NONE, NAME, NOTE, TAGS, framework_refusal, hold,
};

const FIELDS: &[Field] = &[
    (
        "the_name",
        &[Rule::Required, Rule::Text, Rule::Min(3), Rule::Max(5)],
    ),
    ("note", &[Rule::Nullable, Rule::Text]),
    ("port", &[Rule::Whole, Rule::Min(1), Rule::Max(9)]),
    ("share", &[Rule::Number, Rule::Min(0), Rule::Max(1)]),
    ("flag", &[Rule::Switch]),
    ("kind", &[Rule::OneOf(&["a", "b", "1"])]),
    ("code", &[Rule::Is(|it| it == "7")]),
    ("endpoint", &[Rule::Address]),
    ("old", &[Rule::Before("4.2.0", &[Rule::Text])]),
    ("strict", &[Rule::Since("4.2.0", &[Rule::Text])]),
    ("new", &[Rule::NewIn("4.2.0"), Rule::Text]),
    ("newest", &[Rule::NewIn("4.3.12"), Rule::Text]),
    (
        "words",
        &[
            Rule::Required,
            Rule::List,
            Rule::Min(2),
            Rule::Max(3),
            Rule::Each(&[Rule::Text, Rule::Min(2)]),
        ],
    ),
    (
        "urls",
        &[
            Rule::List,
            Rule::Each(&[
                Rule::Only(&["name", "url"]),
                Rule::Has(&[
                    ("name", &[Rule::Required, Rule::Text]),
                    ("url", &[Rule::Nullable, Rule::Text]),
                    ("newest", &[Rule::NewIn("4.3.12"), Rule::Required]),
                ]),
            ]),
        ],
    ),
];

/// Returns what is wrong with a body; null if nothing is.
fn found(body: &Value, fields: &[Field], version: &str) -> Value {
    let settings = Settings {
        version: version.to_owned(),
        ..Settings::default()
    };
    let body = body.as_object().unwrap();
    let refusal = hold(body, fields, &State::new(settings));
    refusal.map_or_else(|it| errors(&it), |()| Value::Null)
}

fn errors(refusal: &Reply) -> Value {
    assert_eq!(refusal.status, 422);
    assert_eq!(refusal.value()["message"], "Validation failed.");
    refusal.value()["errors"].clone()
}

/// Returns a body without faults but one field.
fn with(field: &str, value: Value) -> Value {
    let mut body = json!({"the_name": "abc", "words": ["ab", "cd"]});
    body[field] = value;
    body
}

#[test]
fn numbers_and_texts_say_what_they_want() {
    let required = |it: &str| json!([format!("The {it} field is required.")]);
    let says = |it: &str| json!([it]);
    for (field, value, expected) in [
        ("the_name", Value::Null, required("the name")),
        ("the_name", json!("abc"), Value::Null),
        ("the_name", json!("äöüßé"), Value::Null),
        (
            "the_name",
            json!("ab"),
            says("The the name must be at least 3."),
        ),
        (
            "the_name",
            json!("abcdef"),
            says("The the name must be at most 5."),
        ),
        ("the_name", json!(123), says("The the name must be a text.")),
        (
            "the_name",
            json!(12),
            json!([
                "The the name must be a text.",
                "The the name must be at least 3."
            ]),
        ),
        ("note", Value::Null, Value::Null),
        ("note", json!(true), says("The note must be a text.")),
        (
            "port",
            Value::Null,
            json!([
                "The port must be a whole number.",
                "The port must be at least 1."
            ]),
        ),
        ("port", json!(1), Value::Null),
        ("port", json!("9"), Value::Null),
        ("port", json!(0), says("The port must be at least 1.")),
        ("port", json!("10"), says("The port must be at most 9.")),
        ("port", json!(1.5), says("The port must be a whole number.")),
        ("share", json!(0.5), Value::Null),
        ("share", json!("1"), Value::Null),
        ("share", json!(0), Value::Null),
        ("share", json!(1.5), says("The share must be at most 1.")),
        ("share", json!(-0.5), says("The share must be at least 0.")),
        (
            "share",
            json!("a1"),
            json!([
                "The share must be a number.",
                "The share must be at most 1."
            ]),
        ),
    ] {
        let expected = if expected.is_null() {
            Value::Null
        } else {
            json!({ field: expected })
        };
        let given = found(&with(field, value.clone()), FIELDS, "4.3.11");
        assert_eq!(given, expected, "{field}: {value}");
    }
}

#[test]
fn switches_choices_and_lists_say_what_they_want() {
    let required = |it: &str| json!([format!("The {it} field is required.")]);
    let says = |it: &str| json!([it]);
    for (field, value, expected) in [
        ("flag", json!(true), Value::Null),
        ("flag", json!(false), Value::Null),
        ("flag", json!(1), Value::Null),
        ("flag", json!("0"), Value::Null),
        ("flag", json!(2), says("The flag must be true or false.")),
        (
            "flag",
            json!("true"),
            says("The flag must be true or false."),
        ),
        ("flag", json!([]), says("The flag must be true or false.")),
        ("flag", Value::Null, says("The flag must be true or false.")),
        ("kind", json!("b"), Value::Null),
        ("kind", json!(1), Value::Null),
        ("kind", json!(true), Value::Null),
        ("kind", json!("c"), says("The kind must be one of a, b, 1.")),
        (
            "kind",
            json!(["a"]),
            says("The kind must be one of a, b, 1."),
        ),
        ("code", json!(7), Value::Null),
        ("code", json!("8"), says("The code has an invalid format.")),
        (
            "code",
            json!(["7"]),
            says("The code has an invalid format."),
        ),
        ("endpoint", json!("https://8.8.8.8"), Value::Null),
        (
            "endpoint",
            json!("https://10.0.0.1"),
            says("The endpoint is no URL that Coolify may call."),
        ),
        ("old", json!(1), Value::Null),
        ("strict", json!(1), says("The strict must be a text.")),
        ("new", json!(1), says("The new must be a text.")),
        ("newest", json!("a"), says("This field is not allowed.")),
        ("other", json!("a"), says("This field is not allowed.")),
        ("words", Value::Null, required("words")),
        (
            "words",
            json!([]),
            json!([
                "The words field is required.",
                "The words must be at least 2."
            ]),
        ),
        ("words", json!({"a": "bc", "d": "ef"}), Value::Null),
        (
            "words",
            json!({"a": "bc"}),
            says("The words must be at least 2."),
        ),
        (
            "words",
            json!(["ab", "cd", "ef", "gh"]),
            says("The words must be at most 3."),
        ),
        ("words", json!("abc"), says("The words must be a list.")),
        ("urls", json!([]), Value::Null),
        ("urls", json!({}), Value::Null),
        (
            "urls",
            json!([{"name": "a"}, {"name": "b", "url": null}]),
            Value::Null,
        ),
        ("urls", json!("a"), says("The urls must be a list.")),
    ] {
        let expected = if expected.is_null() {
            Value::Null
        } else {
            json!({ field: expected })
        };
        let given = found(&with(field, value.clone()), FIELDS, "4.3.11");
        assert_eq!(given, expected, "{field}: {value}");
    }
}

#[test]
fn entries_are_named_by_their_place() {
    let body = with("words", json!(["ab", "c", 5]));
    let short = |it: &str| format!("The {it} must be at least 2.");
    let expected = json!({
        "words.1": [short("words.1")],
        "words.2": ["The words.2 must be a text.", short("words.2")],
    });
    assert_eq!(found(&body, FIELDS, "4.3.11"), expected);
    let body = with(
        "urls",
        json!([{"name": "a", "x": 1}, {"url": 5}, "a", ["b"]]),
    );
    let only = |it: &str| json!([format!("The urls.{it} takes only name, url.")]);
    let expected = json!({
        "urls.0": only("0"),
        "urls.1.name": ["The urls.1.name field is required."],
        "urls.1.url": ["The urls.1.url must be a text."],
        "urls.2": only("2"),
        "urls.3": only("3"),
    });
    assert_eq!(found(&body, FIELDS, "4.3.11"), expected);
}

#[test]
fn rules_and_fields_depend_on_the_version() {
    let body = json!({"the_name": "abc", "words": ["ab", "cd"], "old": 1, "strict": 1, "new": 1, "newest": 1, "urls": [{"name": "a"}]});
    let text = |it: &str| json!([format!("The {it} must be a text.")]);
    let unknown = json!(["This field is not allowed."]);
    let before = json!({"old": text("old"), "new": unknown, "newest": unknown});
    assert_eq!(found(&body, FIELDS, "4.1.2"), before);
    let since = json!({"strict": text("strict"), "new": text("new"), "newest": unknown});
    assert_eq!(found(&body, FIELDS, "4.2.0"), since);
    let newest = json!({
        "strict": text("strict"),
        "new": text("new"),
        "newest": text("newest"),
        "urls.0.newest": ["The urls.0.newest field is required."],
    });
    assert_eq!(found(&body, FIELDS, "4.3.12"), newest);
}

#[test]
fn usual_fields_have_their_bounds() {
    let all: &[Field] = &[
        ("name", &[NAME]),
        ("any_name", &[ANY_NAME]),
        ("description", &[DESCRIPTION]),
        ("note", &[NOTE]),
        ("key", &[KEY]),
        ("other_key", &[KEY_OR_NONE]),
        TAGS,
    ];
    let long = "a".repeat(255);
    let fine = json!({
        "name": "abc", "any_name": "", "description": long, "note": long.repeat(2),
        "key": long, "other_key": null, "tags": ["ab"],
    });
    assert_eq!(found(&fine, all, "4.2.0"), Value::Null);
    let none = json!({"description": null, "note": null, "key": "a b", "other_key": "1"});
    assert_eq!(found(&none, all, "4.1.2"), Value::Null);
    let longer = "a".repeat(256);
    let wrong = json!({
        "name": "a$", "any_name": longer, "description": "$", "note": 1,
        "other_key": "a b", "tags": ["a"],
    });
    let expected = json!({
        "name": ["The name must be at least 3.", "The name has an invalid format."],
        "any_name": ["The any name must be at most 255."],
        "description": ["The description has an invalid format."],
        "note": ["The note must be a text."],
        "key": ["The key field is required."],
        "other_key": ["The other key has an invalid format."],
        "tags.0": ["The tags.0 must be at least 2."],
    });
    assert_eq!(found(&wrong, all, "4.2.0"), expected);
    let wrong = json!({"name": longer, "description": longer, "key": longer, "other_key": longer, "tags": []});
    let most = |it: &str| json!([format!("The {it} must be at most 255.")]);
    let expected = json!({
        "name": most("name"), "description": most("description"),
        "key": most("key"), "other_key": most("other key"),
    });
    assert_eq!(found(&wrong, all, "4.2.0"), expected);
    let before = json!({
        "name": most("name"), "description": most("description"),
        "tags": ["This field is not allowed."],
    });
    assert_eq!(found(&wrong, all, "4.1.2"), before);
}

#[test]
fn findings_are_collected_in_one_refusal() {
    assert!(Findings::default().refuse().is_ok());
    let mut findings = Findings::default();
    findings.add("a", "One.");
    findings.add("a", "Two.");
    let body = json!({"b": null, "c": "", "d": false, "x": 1});
    let body = body.as_object().unwrap();
    findings.require(body, &["b", "c", "d", "e"]);
    findings.allow_only(body, &["b", "c", "d"]);
    assert!(findings.has("x") && !findings.has("d"));
    let expected = json!({
        "a": ["One.", "Two."],
        "b": ["This field is required."],
        "c": ["This field is required."],
        "e": ["This field is required."],
        "x": ["This field is not allowed."],
    });
    assert_eq!(errors(&findings.refuse().unwrap_err()), expected);
    let refusal = framework_refusal("take", "Too few.");
    assert_eq!(refusal.status, 422);
    let expected = json!({"message": "Too few.", "errors": {"take": ["Too few."]}});
    assert_eq!(*refusal.value(), expected);
}
