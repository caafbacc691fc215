//! Plays every recorded exchange through the public API.
//!
//! Each call is made with the data of the recorded request. It must send the
//! recorded request, the reply must lose nothing, and a refusal must become the
//! right error. Requests that the typed API cannot express or that the SDK
//! refuses are counted by reason: `counts.txt` contains the numbers.

mod applications;
mod beside;
mod call;
mod clouds;
mod databases;
mod engines;
mod faults;
mod judge;
mod kinds;
mod projects;
mod queries;
mod secrets;
mod servers;
mod services;
mod stage;
mod tally;
mod team;

use coolify_sdk::Version;
use coolify_sdk::operations::{Operation, operations};
use coolify_sdk_tests::Recording;
use serde_json::{Value, json};

use self::call::{Answer, Call, Stop};
use self::stage::Stage;
use self::tally::{Outcome, Tally};

#[tokio::test]
async fn every_recorded_exchange_is_the_one_that_the_sdk_makes() {
    let (mut tally, http) = (Tally::default(), http());
    for recording in Recording::everything() {
        let outcome = exchange(recording.clone(), &http).await;
        tally.count(&recording, outcome, judge::kept(&recording));
    }
    tally.check(include_str!("counts.txt"));
}

/// Returns the HTTP client of all exchanges, because setting up TLS for a
/// thousand clients would take long.
fn http() -> reqwest::Client {
    // It fails if another test was faster, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// Makes an exchange, without fields that Coolify drops.
async fn exchange(recording: Recording, http: &reqwest::Client) -> Outcome {
    let Some(operation) = operation(&recording) else {
        return Outcome::Unsayable("a route or a method that no operation has");
    };
    if recording.request.raw.is_some() || !recording.request.headers.is_empty() {
        return Outcome::Unsayable("a body or a header that is not the API's");
    }
    let mut recording = outright(recording, operation);
    recording.operation = operation.id.to_owned();
    let mut dropped = Vec::new();
    loop {
        let outcome = attempt(&recording, http).await;
        let Outcome::NoField(field) = &outcome else {
            return if dropped.is_empty() {
                outcome
            } else {
                outcome.without(dropped)
            };
        };
        if recording.response.status >= 300 || dropped.contains(field) {
            return outcome;
        }
        let body = recording.request.body.as_mut().expect("it had the field");
        prune(body, field);
        dropped.push(field.clone());
    }
}

async fn attempt(recording: &Recording, http: &reqwest::Client) -> Outcome {
    let stage = Stage::of(recording, http).await;
    let call = Call::new(stage.client(), recording);
    let answer = Box::pin(dispatch(&call)).await;
    let unread = !call.unread().is_empty();
    let seen = stage.seen();
    match answer {
        Err(Stop::Unsayable(why)) => Outcome::Unsayable(why),
        Err(Stop::NoField(field)) => Outcome::NoField(field),
        Err(Stop::Failed(error)) if seen.times == 0 => Outcome::refused(&error, &seen.others),
        Ok(_) if seen.times == 0 => Outcome::Refused("another operation answers it"),
        _ if unread => Outcome::Unsayable(call::NO_ARGUMENT),
        answer => {
            let mut wrong = seen.differences;
            if seen.times > 1 {
                wrong.push(format!("it was sent {} times", seen.times));
            }
            let answer = answer.map_err(|stop| match stop {
                Stop::Failed(error) => error,
                _ => unreachable!("handled above"),
            });
            wrong.extend(judge::reply(recording, answer.as_ref()));
            Outcome::Sent(wrong)
        }
    }
}

async fn dispatch(call: &Call<'_>) -> Answer {
    let id = call.operation();
    macro_rules! first_of {
        ($($family:ident),*) => {
            $(
                if let Some(said) = Box::pin($family::call(id, call)).await? {
                    return Ok(said);
                }
            )*
        };
    }
    first_of!(
        team,
        projects,
        clouds,
        servers,
        services,
        databases,
        applications
    );
    panic!("{id} is in no table")
}

/// Returns the operation that the server had on this route.
fn operation(recording: &Recording) -> Option<&'static Operation> {
    let version: Version = recording.coolify.parse().expect("a version");
    let (method, path) = (&recording.request.method, &recording.request.path);
    let of = |method: &str| {
        let fits = |it: &&Operation| it.method.as_str() == method && same_route(it.path, path);
        operations().iter().find(fits)
    };
    let as_get = || of("POST").filter(|_| method == "GET" && version < POST_ONLY);
    of(method).or_else(as_get)
}

/// The first version in which no GET changes anything.
const POST_ONLY: Version = Version::new(4, 2, 0);

/// Returns whether two paths are equal except for the names of parameters.
fn same_route(one: &str, other: &str) -> bool {
    let steps = |path: &str| -> Vec<String> {
        let step = |it: &str| {
            if it.starts_with('{') {
                "{}".to_owned()
            } else {
                it.to_owned()
            }
        };
        path.split('/').map(step).collect()
    };
    steps(one) == steps(other)
}

/// Returns the request as the SDK sends it: with Coolify's defaults, and as POST
/// if an older Coolify also accepts GET.
fn outright(mut recording: Recording, operation: &Operation) -> Recording {
    if operation.get_until.is_none() {
        operation
            .method
            .as_str()
            .clone_into(&mut recording.request.method);
    }
    let said: &[(&str, Value)] = match recording.operation.as_str() {
        "delete-application-by-uuid" | "delete-database-by-uuid" | "delete-service-by-uuid" => &[
            ("delete_volumes", json!(true)),
            ("delete_configurations", json!(true)),
        ],
        "delete-backup-configuration-by-uuid" | "delete-backup-execution-by-uuid" => {
            &[("delete_s3", json!(false))]
        }
        "list-deployments-by-app-uuid" => &[("skip", json!(0)), ("take", json!(10))],
        _ => &[],
    };
    let query = &mut recording.request.query;
    for (name, value) in said {
        query
            .entry((*name).to_owned())
            .or_insert_with(|| value.clone());
    }
    query.retain(|name, value| !(name == "force" && *value == json!(false)));
    recording
}

/// Removes a field from a body, at any depth.
fn prune(body: &mut Value, field: &str) {
    match body {
        Value::Array(items) => items.iter_mut().for_each(|it| prune(it, field)),
        Value::Object(fields) => {
            fields.remove(field);
            fields.values_mut().for_each(|it| prune(it, field));
        }
        _ => {}
    }
}
