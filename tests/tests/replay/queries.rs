//! Query parameters and values that no recording contains are sent, too.

use std::fs;
use std::path::Path;

use coolify_sdk::operations::Operation;
use coolify_sdk_tests::{Recording, has_newest, is_newer_field};
use serde_json::{Value, json};

use super::tally::Outcome;

/// Parameters that the SDK does not use.
const UNSAID: [&str; 2] = [
    // The name before `cloud_provider_token_uuid`.
    "cloud_provider_token_id",
    // Another name of `pr`.
    "pull_request_id",
];

#[tokio::test]
async fn every_query_parameter_can_be_said() {
    let http = super::http();
    let recordings: Vec<_> = Recording::everything().collect();
    let of = |id: &str| {
        let is_it = |it: &&Recording| super::operation(it).is_some_and(|it| it.id == id);
        recordings.iter().filter(is_it).collect::<Vec<_>>()
    };
    let (mut asked, mut wrong) = (0, Vec::new());
    for (id, name, value) in parameters() {
        let recorded = of(id);
        let mut known = recorded.iter().map(|it| it.request.query.get(&name));
        if known.any(|it| it.is_some_and(|it| *it == value || it.is_string())) {
            continue;
        }
        asked += 1;
        let mut outcome = None;
        for recording in recorded {
            let mut recording = recording.clone();
            recording.request.query.insert(name.clone(), value.clone());
            if let Outcome::Sent(wrong) = super::exchange(recording, &http).await {
                outcome = Some(wrong);
                break;
            }
        }
        match outcome {
            None => wrong.push(format!("{id}: no method has {name}")),
            Some(it) => wrong.extend(it),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 15, "only {asked} were looked at");
}

/// Returns the optional arguments of the generated calls, which all become query
/// parameters.
fn parameters() -> Vec<(&'static str, String, Value)> {
    let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("../coolify-sdk/src/raw");
    let mut found = Vec::new();
    for entry in fs::read_dir(raw).expect("the generated code") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(path).unwrap_or_default();
        for call in text.split("pub fn ").skip(1) {
            let (name, rest) = call.split_once('(').expect("a function has arguments");
            let (arguments, _) = rest.split_once(") ->").expect("generated calls return");
            let optional = arguments
                .split(',')
                .filter_map(|it| it.trim().split_once(": Option<"));
            for (argument, of) in optional.filter(|(it, _)| !UNSAID.contains(it)) {
                let operation = Operation::find(name).expect("an operation");
                if !has_newest(operation) || is_newer_field(operation, argument) {
                    continue;
                }
                let value = match of {
                    "bool>" => json!(true),
                    "i64>" => json!(7),
                    _ => json!("x"),
                };
                found.push((operation.id, argument.to_owned(), value));
            }
        }
    }
    found
}
