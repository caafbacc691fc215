//! Coolify's surprises: each test proves on a recorded reply how the SDK handles
//! one of them. `tests/ui` proves what does not compile, and `tests/contract` the
//! fields of each body and the notes on versions and abilities.

mod authentication_and_errors;
mod requests;
mod routes;
mod server_behaviour;
mod shapes;

use coolify_sdk::{EnvironmentRef, Error, Placement, RetryPolicy};
use coolify_sdk_tests::{Recording, Replay};
use serde::Serialize;
use serde_json::Value;

const WEB: &str = "khzsv5nucvscskrm5gez3p8v";
const DATABASE: &str = "anr20uftvinwcdu7cxugbatx";
const SERVICE: &str = "z5nlnxsn1n3caj9setkwj40p";
const PROJECT: &str = "gwgmpnq6u26xpsihsouontfu";
const SERVER: &str = "ndfqlt8mg8zla6bo50nyqhg8";
const SECOND_SERVER: &str = "0nxksnw8vwsisukhazrmdob3";

/// Returns a recording of the newest server.
fn load(name: &str) -> Recording {
    Recording::load(name)
}

async fn replay<const N: usize>(names: [&str; N]) -> Replay {
    Replay::recordings(names.map(load).into()).await
}

/// Returns a text among the parameters of a path.
fn param(recording: &Recording, name: &str) -> String {
    let value = recording.request.params.get(name).and_then(Value::as_str);
    value.expect("a text parameter").to_owned()
}

fn place() -> Placement {
    Placement::new(PROJECT, EnvironmentRef::name("production"), SERVER)
}

/// Returns the request of one recording with the reply of another.
fn answered(request: &str, reply: &str) -> Recording {
    let reply = Recording::load(reply);
    let mut recording = load(request);
    recording.coolify = reply.coolify;
    recording.response = reply.response;
    recording
}

/// Returns the error of a call with a recorded refusal.
async fn refusal(name: &str) -> Error {
    let reads = load(name).request.method == "GET";
    let request = if reads {
        "list-projects.ok"
    } else {
        "create-project.empty-one"
    };
    let replay = Replay::recordings(vec![answered(request, name)]).await;
    let projects = replay.client().with_retry(RetryPolicy::none()).projects();
    let error = if reads {
        projects.list().await.err()
    } else {
        projects.create("empty").await.err()
    };
    replay.check();
    error.expect("a refusal")
}

/// Returns a body as it is sent.
fn wire(body: &impl Serialize) -> Value {
    serde_json::to_value(coolify_sdk::Exposed(body)).expect("bodies are JSON")
}
