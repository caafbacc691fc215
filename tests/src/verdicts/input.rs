//! The inputs of a table: values, or descriptions of long values.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, sync::LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::{Value, json};

/// Returns the JSON value of an input. A mapping with a key that begins with `$`
/// is a description:
///
/// - `{$repeat: x, times: 256}`: a text of 256 times `x`;
/// - `{$base64: text}`: the text in base64;
/// - `{$repeat: x, times: 256, then: y}`: and a `y` after it;
/// - `{$key: name}`: a private key, see [`key`].
pub(super) fn value(written: &Value) -> Value {
    let text = |field: &str| written[field].as_str().unwrap_or_default();
    if written.get("$repeat").is_some() {
        let times = written["times"].as_u64().unwrap_or_default();
        let times = usize::try_from(times).unwrap_or_default();
        return (text("$repeat").repeat(times) + text("then")).into();
    }
    if written.get("$base64").is_some() {
        return BASE64.encode(text("$base64")).into();
    }
    if written.get("$key").is_some() {
        return key(written).into();
    }
    written.clone()
}

/// Returns a private key of `keys.yaml` in its armour. `as` changes its kind,
/// `cut` keeps a part of its body, `end` is the line end, `before` and `after`
/// are put around it, and `base64` encodes the result.
fn key(written: &Value) -> String {
    let name = written["$key"].as_str().unwrap_or_default();
    let key = KEYS.get(name).unwrap_or_else(|| panic!("no key {name}"));
    let text = |field: &str| written[field].as_str().unwrap_or_default();
    let kind = written["as"].as_str().unwrap_or(&key.kind);
    let body: Vec<char> = key.body.chars().filter(|it| !it.is_whitespace()).collect();
    let cut = written["cut"]
        .as_u64()
        .and_then(|it| usize::try_from(it).ok());
    let body = &body[..cut.unwrap_or(body.len())];
    let mut lines = vec![format!("-----BEGIN {kind}-----")];
    if let Some(headers) = &key.headers {
        lines.extend(headers.lines().map(str::to_owned));
        lines.push(String::new());
    }
    lines.extend(body.chunks(64).map(|line| line.iter().collect()));
    lines.push(format!("-----END {kind}-----"));
    let end = written["end"].as_str().unwrap_or("\n");
    let after = written["after"].as_str().unwrap_or(end);
    let whole = format!("{}{}{after}", text("before"), lines.join(end));
    if written["base64"] == true {
        BASE64.encode(whole)
    } else {
        whole
    }
}

#[derive(Deserialize)]
struct Key {
    kind: String,
    headers: Option<String>,
    body: String,
}

static KEYS: LazyLock<BTreeMap<String, Key>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verdicts/keys.yaml");
    let text = fs::read_to_string(path).expect("a text");
    yaml_serde::from_str(&text).expect("keys")
});

/// Puts an input in the place of `$input` in a body, or else under `field`.
pub(super) fn put(body: &Value, field: &str, input: &Value) -> Value {
    let mut found = false;
    let mut body = replace(body, input, &mut found);
    if !found {
        if body.is_null() {
            body = json!({});
        }
        body[field] = input.clone();
    }
    body
}

fn replace(body: &Value, input: &Value, found: &mut bool) -> Value {
    match body {
        Value::String(text) if text == "$input" => {
            *found = true;
            input.clone()
        }
        Value::Array(items) => items.iter().map(|it| replace(it, input, found)).collect(),
        Value::Object(map) if map.keys().any(|key| key.starts_with('$')) => value(body),
        Value::Object(map) => map
            .iter()
            .map(|(key, it)| (key.clone(), replace(it, input, found)))
            .collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_input_is_itself_or_what_it_stands_for() {
        let cases = [
            (json!("a"), json!("a")),
            (json!(["a", 1]), json!(["a", 1])),
            (
                json!({"$repeat": "ab", "times": 2, "then": "c"}),
                json!("ababc"),
            ),
            (json!({"$base64": "a"}), json!("YQ==")),
            (
                json!({"$key": "ed25519", "as": "X", "cut": 4, "end": "\r\n", "before": " "}),
                json!(" -----BEGIN X-----\r\nb3Bl\r\n-----END X-----\r\n"),
            ),
        ];
        for (written, expected) in cases {
            assert_eq!(value(&written), expected, "{written}");
        }
    }

    #[test]
    fn an_input_goes_to_its_place_or_under_its_name() {
        let nested = json!({"urls": [{"name": "web", "url": "$input"}]});
        let put_nested = put(&nested, "url", &json!("x"));
        assert_eq!(put_nested, json!({"urls": [{"name": "web", "url": "x"}]}));
        let beside = put(&json!({"type": "file"}), "mount_path", &json!(null));
        assert_eq!(beside, json!({"type": "file", "mount_path": null}));
    }
}
