//! Every room except applications, databases, services and deployments, on
//! recorded replies: the SDK sends the recorded requests, and loses nothing of
//! the replies.

mod clouds;
mod destinations;
mod git_apps;
mod instance;
mod keys_and_tokens;
mod newer;
mod notifications;
mod projects;
mod s3_storages;
mod servers;
mod shared_variables;
mod teams;

use coolify_sdk_tests::Recording;
use serde::Serialize;
use serde_json::Value;

const SERVER: &str = "ndfqlt8mg8zla6bo50nyqhg8";
const SECOND_SERVER: &str = "0nxksnw8vwsisukhazrmdob3";
const PROJECT: &str = "gwgmpnq6u26xpsihsouontfu";
const KEY: &str = "x9nk5yx5iufpdte9pkd1pvjq";

/// Returns the recorded request body of `name`.
fn sent(name: &str) -> Value {
    let recording = Recording::load(name);
    recording.request.body.unwrap_or_default()
}

/// Returns a text of the recorded request body of `name`.
fn sent_text(name: &str, field: &str) -> String {
    sent(name)[field].as_str().expect("a text").to_owned()
}

/// Fails unless the SDK's value contains the whole recorded reply of `name`.
fn kept(model: &impl Serialize, name: &str) {
    let recording = Recording::load(name);
    kept_of(model, recording.json(), name);
}

/// Does so for a part of a reply.
fn kept_of(model: &impl Serialize, recorded: &Value, name: &str) {
    let model = serde_json::to_value(coolify_sdk::Exposed(model)).expect("models serialise");
    compare(&model, recorded, name);
}

fn compare(model: &Value, recorded: &Value, place: &str) {
    match recorded {
        Value::Object(fields) => {
            for (field, value) in fields {
                compare(&model[field], value, &format!("{place}.{field}"));
            }
        }
        Value::Array(items) => {
            let count = model.as_array().map_or(0, Vec::len);
            assert_eq!(count, items.len(), "{place}");
            for (index, item) in items.iter().enumerate() {
                compare(&model[index], item, &format!("{place}[{index}]"));
            }
        }
        Value::Number(_) | Value::String(_) => {
            let (model, recorded) = (plain(model), plain(recorded));
            let same_number = |a: f64| recorded.parse() == Ok(a);
            let same = model == recorded || model.parse().is_ok_and(same_number);
            assert!(same, "{place}: {model}, recorded {recorded}");
        }
        _ => assert_eq!(model, recorded, "{place}"),
    }
}

/// Numbers are also sent as text.
fn plain(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string())
}
