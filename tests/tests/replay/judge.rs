//! Judges the result of an exchange.

use coolify_sdk::testing::reread;
use coolify_sdk::{Error, ErrorKind};
use coolify_sdk_tests::{Recording, lost};
use serde_json::Value;

use super::call::Said;

/// Returns what is wrong with the result of a call.
pub fn reply(recording: &Recording, said: Result<&Said, &Error>) -> Vec<String> {
    let status = recording.response.status;
    match said {
        Ok(said) if status < 300 => success(recording, said),
        Ok(_) if ANSWERED.iter().any(|known| known.fits(recording)) => Vec::new(),
        Ok(_) => vec![format!("{status} was no error")],
        Err(error) => failure(recording, error),
    }
}

fn success(recording: &Recording, said: &Said) -> Vec<String> {
    let Some(sent) = &recording.response.json else {
        let text = recording.response.text.as_deref().unwrap_or_default();
        return match said {
            Said::Part(Value::String(said)) if said == text => Vec::new(),
            _ => vec![format!("{text:?} was given otherwise")],
        };
    };
    match said {
        Said::Whole(said) => lost(sent, said),
        Said::Part(said) if holds(sent, said) => Vec::new(),
        Said::Part(said) => vec![format!("{said} is no part of the reply")],
        Said::Made => Vec::new(),
    }
}

/// Returns what a successful reply loses in the type of the method, which may
/// return only a part.
pub fn kept(recording: &Recording) -> Vec<String> {
    let sent = recording.response.json.as_ref();
    let Some(sent) = sent.filter(|_| recording.response.status < 300) else {
        return Vec::new();
    };
    let operation = super::operation(recording).map_or("", |it| it.id);
    match reread(operation, &sent.to_string()) {
        Some(Ok(kept)) => lost(sent, &kept),
        Some(Err(error)) => vec![error.to_string()],
        None => vec!["nothing reads this reply".to_owned()],
    }
}

/// Returns whether the reply contains a part completely.
fn holds(reply: &Value, part: &Value) -> bool {
    let inside = match reply {
        Value::Array(items) => items.iter().any(|it| holds(it, part)),
        Value::Object(fields) => fields.values().any(|it| holds(it, part)),
        _ => false,
    };
    let kind = std::mem::discriminant(reply) == std::mem::discriminant(part);
    inside || (kind && lost(reply, part).is_empty() && lost(part, reply).is_empty())
}

fn failure(recording: &Recording, error: &Error) -> Vec<String> {
    let (status, kind) = (recording.response.status, error.kind());
    let mut wrong = Vec::new();
    if !kinds(recording).contains(&kind) {
        wrong.push(format!("{status} became {kind:?}: {error}"));
    }
    if status >= 300 && error.status() != Some(status) {
        wrong.push(format!("the error says {:?}, not {status}", error.status()));
    }
    let Some(json) = recording.response.json.as_ref().filter(|_| status >= 300) else {
        return wrong;
    };
    let message = json["message"].as_str();
    if message.is_some_and(|it| !it.is_empty()) && error.message() != message {
        wrong.push(format!(
            "its message is {:?}, not {message:?}",
            error.message()
        ));
    }
    for field in json["errors"]
        .as_object()
        .into_iter()
        .flat_map(|it| it.keys())
    {
        if !error
            .field_errors()
            .iter()
            .any(|it| it.field() == Some(field))
        {
            wrong.push(format!("what is wrong with `{field}` is lost"));
        }
    }
    wrong
}

/// Returns the possible kinds of a failure, judged only by the recording.
fn kinds(recording: &Recording) -> &'static [ErrorKind] {
    let json = recording.response.json.as_ref().unwrap_or(&Value::Null);
    let message = json["message"].as_str();
    if message.is_some_and(|it| it.contains("queue is full")) {
        return &[ErrorKind::QueueFull];
    }
    match recording.response.status {
        // Coolify answers with success and deploys nothing.
        200 if is_empty(&json["deployments"]) => &[ErrorKind::NotFound, ErrorKind::Conflict],
        400 => &[ErrorKind::Validation, ErrorKind::Conflict],
        401 => &[ErrorKind::Unauthenticated],
        403 => &[ErrorKind::Forbidden],
        404 if message == Some("") || json["docs"].is_string() => &[ErrorKind::Unsupported],
        404 if !json["valid_service_types"].is_null() => &[ErrorKind::Validation],
        404 => &[ErrorKind::NotFound],
        409 => &[ErrorKind::Conflict],
        422 => &[ErrorKind::Validation],
        429 => &[ErrorKind::RateLimited],
        500 => &[ErrorKind::Server],
        _ => &[],
    }
}

struct Known {
    operation: &'static str,
    status: u16,
    message: &'static str,
}

impl Known {
    fn fits(&self, recording: &Recording) -> bool {
        let json = recording.response.json.as_ref().unwrap_or(&Value::Null);
        recording.operation.contains(self.operation)
            && recording.response.status == self.status
            && json.to_string().contains(self.message)
    }
}

/// Failures that the SDK recognises as successes.
const ANSWERED: &[Known] = &[
    // It was carried out nevertheless, as reading the deployment shows.
    Known {
        operation: "cancel-deployment-by-uuid",
        status: 500,
        message: "Undefined variable",
    },
    // There are no logs then.
    Known {
        operation: "-logs-",
        status: 400,
        message: "not running",
    },
];

/// Returns whether no deployment was made.
fn is_empty(deployments: &Value) -> bool {
    let made = |it: &Value| it["deployment_uuid"].is_string();
    deployments
        .as_array()
        .is_some_and(|all| !all.iter().any(made))
}
