use serde::Deserialize;
use serde_json::json;

use super::*;
use crate::{DeploymentStatus, Uuid};

#[derive(coolify_sdk_macros::Deserialize, Debug, PartialEq)]
struct Row {
    uuid: Uuid,
    name: String,
    #[wire(number)]
    port: Option<i64>,
    on: Option<bool>,
    status: Option<DeploymentStatus>,
    tags: Option<Vec<String>>,
    parts: Option<Vec<Part>>,
    server: Option<Box<Part>>,
}

#[derive(coolify_sdk_macros::Deserialize, Debug, PartialEq)]
struct Part {
    id: i64,
    label: Option<String>,
}

fn part(id: i64) -> Part {
    Part { id, label: None }
}

fn row(uuid: &str) -> Row {
    Row {
        uuid: uuid.into(),
        name: "web".to_owned(),
        port: None,
        on: None,
        status: None,
        tags: None,
        parts: None,
        server: None,
    }
}

/// Returns a row with these fields in addition to the required ones.
fn sent(uuid: &str, fields: Value) -> Value {
    let mut row = json!({"uuid": uuid, "name": "web"});
    let Value::Object(fields) = fields else {
        panic!("fields")
    };
    row.as_object_mut().unwrap().extend(fields);
    row
}

fn read_value<T: DeserializeOwned>(value: &Value) -> Result<T> {
    read(value.to_string().as_bytes())
}

#[test]
fn a_value_of_another_type_is_read_as_what_it_means() {
    let cases = [
        (
            json!({"name": 5}),
            Row {
                name: "5".to_owned(),
                ..row("a")
            },
        ),
        (
            json!({"name": true}),
            Row {
                name: "true".to_owned(),
                ..row("a")
            },
        ),
        (
            json!({"on": 1}),
            Row {
                on: Some(true),
                ..row("a")
            },
        ),
        (
            json!({"on": "0"}),
            Row {
                on: Some(false),
                ..row("a")
            },
        ),
        (
            json!({"on": "True"}),
            Row {
                on: Some(true),
                ..row("a")
            },
        ),
        (
            json!({"status": 7}),
            Row {
                status: Some("7".into()),
                ..row("a")
            },
        ),
        (
            json!({"tags": {"0": "x", "3": 9}}),
            Row {
                tags: Some(vec!["x".into(), "9".into()]),
                ..row("a")
            },
        ),
        (
            json!({"tags": {}}),
            Row {
                tags: Some(vec![]),
                ..row("a")
            },
        ),
        (
            json!({"tags": r#"["x"]"#}),
            Row {
                tags: Some(vec!["x".into()]),
                ..row("a")
            },
        ),
        (
            json!({"server": r#"{"id": 3}"#}),
            Row {
                server: Some(Box::new(part(3))),
                ..row("a")
            },
        ),
        (
            json!({"parts": {"2": {"id": 1}}}),
            Row {
                parts: Some(vec![part(1)]),
                ..row("a")
            },
        ),
    ];
    for (fields, expected) in cases {
        let sent = sent("a", fields);
        assert_eq!(read_value::<Row>(&sent).unwrap(), expected, "{sent}");
        // Once at the end of its object and its list, and once not.
        let rows = json!([{"uuid": "b", "name": "web"}, sent, {"uuid": "c", "name": "web"}]);
        let read: Vec<Row> = read_value(&rows).unwrap();
        assert_eq!(read, [row("b"), expected, row("c")]);
    }
}

#[test]
fn what_cannot_be_read_is_left_out_alone() {
    let cases = [
        json!({"port": "many", "on": "perhaps", "status": [1]}),
        json!({"on": {"a": 1}}),
        json!({"port": 2.5}),
        json!({"tags": 7, "server": "none"}),
        json!({"server": {"label": "no id"}}),
        json!({"server": []}),
        json!({"parts": [{"label": "no id"}]}),
        json!({"parts": [null, 3]}),
    ];
    for fields in cases {
        let sent = sent("a", fields);
        assert_eq!(read_value::<Row>(&sent).unwrap(), row("a"), "{sent}");
    }
    let two = json!({"parts": [{"id": 1}, {"id": "x"}, 5, {"id": 2, "label": []}]});
    let read: Row = read_value(&sent("a", two)).unwrap();
    assert_eq!(read.parts, Some(vec![part(1), part(2)]));
}

#[test]
fn a_row_that_cannot_be_read_takes_no_other_along() {
    let good = |uuid| sent(uuid, json!({}));
    for odd in [
        json!(null),
        json!("text"),
        json!([]),
        json!({"name": "web"}),
        json!({"uuid": null, "name": "a"}),
        json!({"uuid": {"x": 1}}),
    ] {
        for at in 0..3 {
            let mut rows = vec![good("a"), good("b")];
            rows.insert(at, odd.clone());
            let read: Vec<Row> = read_value(&rows.into()).unwrap();
            assert_eq!(read, [row("a"), row("b")], "{odd} at {at}");
        }
        let numbered = json!({"0": good("a"), "2": odd, "17": good("b")});
        let mut read = read_value::<crate::List<Row>>(&numbered).unwrap().0;
        read.sort_by(|a, b| a.uuid.as_str().cmp(b.uuid.as_str()));
        assert_eq!(read, [row("a"), row("b")], "{odd}");
    }
}

#[test]
fn what_is_beyond_repair_is_an_error_with_the_first_place() {
    let beyond = [
        json!({"message": "no"}),
        json!([{"message": "no"}]),
        json!([{"uuid": "a"}, {"uuid": "b"}]),
        json!([1, 2]),
        json!("text"),
        json!("[]"),
        json!(null),
    ];
    for sent in beyond {
        assert!(read_value::<Vec<Row>>(&sent).is_err(), "{sent}");
    }
    assert!(read_value::<Row>(&json!({"uuid": "a"})).is_err());
    assert!(read::<Vec<Row>>(b"[{").is_err());
    assert!(read::<Vec<Row>>(b"<html>").is_err());
    assert_eq!(read_value::<Vec<Row>>(&json!([])).unwrap(), []);
}

#[test]
fn long_lists_are_mended_row_by_row() {
    let rows: Vec<_> = (0..2_000)
        .map(|n| {
            sent(
                &format!("u{n}"),
                json!({"port": "none", "on": "yes", "tags": [[n]]}),
            )
        })
        .collect();
    let read: Vec<Row> = read_value(&rows.into()).unwrap();
    assert_eq!(read.len(), 2_000);
    assert_eq!(read[1_999], row("u1999"));
}

/// A row that is decoded from a value, like resources and databases.
#[derive(Debug, PartialEq)]
struct Indirect(Row);

impl<'de> Deserialize<'de> for Indirect {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Row::deserialize(value)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

#[test]
fn a_field_is_found_also_where_the_error_names_its_object() {
    let rows = json!([
        sent("a", json!({})),
        sent("b", json!({"port": "many", "on": "perhaps"})),
        {"uuid": "c"},
    ]);
    let read: Vec<Indirect> = read_value(&rows).unwrap();
    assert_eq!(read, [Indirect(row("a")), Indirect(row("b"))]);
    // The first row, the last row, and the only row.
    for at in 0..3 {
        let mut rows = vec![sent("a", json!({})), sent("a", json!({}))];
        rows.insert(at, sent("a", json!({"on": [1], "parts": 7, "server": []})));
        let read: Vec<Indirect> = read_value(&rows.into()).unwrap();
        assert!(read.iter().all(|it| *it == Indirect(row("a"))) && read.len() == 3);
    }
    let alone = read_value::<Indirect>(&sent("a", json!({"on": [1]})));
    assert_eq!(alone.unwrap(), Indirect(row("a")));
}

#[test]
fn what_was_done_is_noted_without_values() {
    let rows =
        json!([sent("a", json!({})), {"uuid": "x"}, sent("b", json!({"on": "s3cret", "name": 4}))]);
    let mut attempt = |body: &[u8]| serde_json::from_slice::<Vec<Row>>(body).err();
    let notes = Mender(&mut attempt)
        .mend(rows.to_string().as_bytes())
        .unwrap();
    let notes: Vec<_> = notes
        .iter()
        .map(|note| (render(&note.steps), note.what))
        .collect();
    let read = "read as the type that is meant";
    let expected = [
        ("$[1]", "left out"),
        ("$[2].name", read),
        ("$[2].on", "left out"),
    ];
    assert_eq!(notes, expected.map(|(path, what)| (path.to_owned(), what)));
}

/// A failure names the type that the server sent, not a type that was tried for repair.
#[test]
fn a_failure_names_the_value_that_was_sent() {
    for (fields, said) in [
        (json!({"uuid": "a", "name": null}), "null"),
        (json!({"uuid": "a", "name": [1]}), "sequence"),
        (json!({"uuid": "a", "name": {"x": 1}}), "map"),
    ] {
        let error = read_value::<Row>(&fields).unwrap_err();
        let whole = format!("{error:?} {error}");
        assert!(whole.contains(&format!("invalid type: {said}")), "{whole}");
    }
}

/// Reads a row with this field, and says what became of the field.
fn mended(field: &str, value: &Value) -> String {
    let body = sent("a", json!({ field: value })).to_string();
    let mut read = None;
    let mut attempt = |body: &[u8]| {
        let attempt = serde_json::from_slice::<Row>(body);
        attempt.map(|row| read = Some(row)).err()
    };
    let Some(notes) = Mender(&mut attempt).mend(body.as_bytes()) else {
        return "unreadable".to_owned();
    };
    let mut said: Vec<_> = notes
        .iter()
        .map(|note| format!("{} {}", render(&note.steps), note.what))
        .collect();
    let row = read.expect("it is read");
    said.push(match field {
        "name" => format!("{:?}", row.name),
        "port" => format!("{:?}", row.port),
        "on" => format!("{:?}", row.on),
        "status" => format!("{:?}", row.status),
        "tags" => format!("{:?}", row.tags),
        "parts" => format!("{:?}", row.parts),
        _ => format!("{:?}", row.server),
    });
    said.join(", ")
}

/// What becomes of each kind of value in each kind of field.
#[test]
fn each_odd_value_is_converted_or_left_out() {
    let values = [
        json!(null),
        json!(true),
        json!(5),
        json!(2.5),
        json!("x"),
        json!(" TRUE "),
        json!("0"),
        json!(""),
        json!("[]"),
        json!(r#"["x"]"#),
        json!(r#"[{"id": 1}]"#),
        json!(r#"{"id": 1}"#),
        json!("7"),
        json!([]),
        json!(["x", 5, null]),
        json!([{"id": 1}]),
        json!({}),
        json!({"id": 1}),
        json!({"0": "x", "3": "y"}),
        json!({"0": {"id": 1}, "a": {"id": 2}}),
        json!({"0": {"id": 1}, "7": {"id": 2}}),
    ];
    let mut table = Vec::new();
    for field in ["name", "port", "on", "status", "tags", "parts", "server"] {
        for value in &values {
            table.push(format!("{field} {value}: {}", mended(field, value)));
        }
    }
    let wanted: Vec<_> = include_str!("tests/odd_values.txt").lines().collect();
    assert_eq!(table, wanted);
}

/// PHP writes an object without fields as an empty list.
#[test]
fn a_map_is_read_from_an_empty_list_and_from_text() {
    #[derive(Deserialize)]
    struct Mapped {
        map: Option<std::collections::BTreeMap<String, i64>>,
    }
    for (sent, wanted) in [
        (json!({"a": 1}), Some(vec![("a", 1)])),
        (json!([]), Some(vec![])),
        (json!(r#"{"a": 1}"#), Some(vec![("a", 1)])),
        (json!([1]), None),
        (json!("[]"), None),
        (json!(7), None),
    ] {
        let read: Mapped = read_value(&json!({ "map": sent })).unwrap();
        let read = read.map.as_ref();
        let read = read.map(|map| map.iter().map(|(key, value)| (&**key, *value)).collect());
        assert_eq!(read, wanted, "{sent}");
    }
}

#[test]
fn a_key_with_a_letter_is_not_an_index() {
    for key in ["1a", "a1", "-1"] {
        let read: Row = read_value(&sent("a", json!({"tags": {key: "x"}}))).unwrap();
        assert_eq!(read, row("a"), "{key}");
    }
}

#[test]
fn a_list_within_a_list_is_left_out_if_nothing_of_it_can_be_read() {
    let rows = json!([[{"label": "no id"}], [{"id": 1}, {"id": "x"}]]);
    let read: Vec<Vec<Part>> = read_value(&rows).unwrap();
    assert_eq!(read, [[part(1)]]);
}

#[test]
fn only_the_place_at_the_end_of_a_message_is_cut_off() {
    let error = serde_json::from_str::<u64>(r#""a at line 7""#).unwrap_err();
    let says = r#"invalid type: string "a at line 7", expected u64"#;
    assert_eq!(repair::without_place(&error), says);
}
