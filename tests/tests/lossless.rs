//! Every recorded success is read into its type without a loss.

use coolify_sdk::testing::reread;
use coolify_sdk_tests::Recording;
use serde_json::Value;

#[test]
fn nothing_that_a_server_sent_is_lost() {
    let mut complaints = Vec::new();
    let mut read = 0;
    for recording in ["4.3.11", "4.1.2"].into_iter().flat_map(Recording::all) {
        let name = format!(
            "{}/{}.{}",
            recording.coolify, recording.operation, recording.case
        );
        let Some(sent) = recording
            .response
            .json
            .filter(|_| recording.response.status < 300)
        else {
            continue;
        };
        match reread(&recording.operation, &sent.to_string()) {
            None => {}
            Some(Err(error)) => complaints.push(format!("{name}: {error}")),
            Some(Ok(kept)) => {
                read += 1;
                lost(&sent, &kept, &name, &mut complaints);
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(read > 900, "only {read} replies were looked at");
}

fn lost(sent: &Value, kept: &Value, place: &str, complaints: &mut Vec<String>) {
    match (sent, kept) {
        // What is null and what is absent is the same to a reader.
        (Value::Null, Value::Null) => {}
        (Value::Object(sent), Value::Object(kept)) => {
            for (key, value) in sent.iter().filter(|(_, value)| !value.is_null()) {
                let kept = kept.get(key).unwrap_or(&Value::Null);
                lost(value, kept, &format!("{place}/{key}"), complaints);
            }
        }
        (Value::Array(sent), Value::Array(kept)) if sent.len() == kept.len() => {
            for (index, (sent, kept)) in sent.iter().zip(kept).enumerate() {
                lost(sent, kept, &format!("{place}/{index}"), complaints);
            }
        }
        // PHP numbers the keys of a list that it has filtered.
        (Value::Object(sent), Value::Array(kept)) if sent.len() == kept.len() => {
            for ((key, sent), kept) in sent.iter().zip(kept) {
                lost(sent, kept, &format!("{place}/{key}"), complaints);
            }
        }
        (sent, kept) if sent == kept || same_number(sent, kept) => {}
        (sent, kept) => complaints.push(format!("{place}: {} became {}", kind(sent), kind(kept))),
    }
}

/// Numbers may come as text, and whole ones as decimals.
fn same_number(sent: &Value, kept: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    kept.is_number() && number(sent) == number(kept)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a switch",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[test]
fn a_loss_is_seen() {
    use serde_json::json;

    let seen = |sent, kept| {
        let mut complaints = Vec::new();
        lost(&sent, &kept, "", &mut complaints);
        complaints.len()
    };
    assert_eq!(seen(json!({"a": 1, "b": null}), json!({"a": "1"})), 1);
    assert_eq!(seen(json!([{"a": 1}]), json!([{}])), 1);
    assert_eq!(seen(json!({"0": {"a": "2.50"}}), json!([{"a": 2.5}])), 0);
}
