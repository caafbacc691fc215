//! The errors of a tool, as the agent receives them.

use std::fmt::Display;

use coolify_sdk::operations::Ability;
use coolify_sdk::{Error, ErrorKind};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::veil::Veil;

/// The beginning of the SDK's hint about a resource of another project.
const BOUND: &str = "the client is bound";

pub type Outcome<T> = Result<T, Failure>;

/// What the agent should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Next {
    /// Stop: only the operator can solve it.
    Stop,
    /// Make another call, or change the arguments.
    Fix,
    /// Repeat the call later.
    Retry,
}

/// An error as the agent receives it.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// The SDK's [`ErrorKind`](coolify_sdk::ErrorKind) in snake case, or a kind of
    /// our own, such as `invalid_arguments` and `domain_refused`.
    kind: String,
    next: Next,
    message: String,
    /// What to do, as a sentence.
    hint: String,
    /// Present on some errors only.
    #[serde(flatten)]
    more: Box<Map<String, Value>>,
}

impl Failure {
    fn new(kind: &str, next: Next, message: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            next,
            message: message.into(),
            hint: match next {
                Next::Stop => "tell the user; other ways do not help",
                Next::Fix => "correct the arguments",
                Next::Retry => "try again later",
            }
            .to_owned(),
            more: Box::default(),
        }
    }

    /// Makes an error that the agent can fix.
    pub fn fix(kind: &str, message: impl Into<String>) -> Self {
        Self::new(kind, Next::Fix, message)
    }

    /// Makes an error that only the operator can fix.
    pub fn stop(kind: &str, message: impl Into<String>) -> Self {
        Self::new(kind, Next::Stop, message)
    }

    /// Makes an error about malformed input. serde may quote the invalid value, which
    /// can be a secret, so the message is shortened.
    pub fn malformed(kind: &str, error: &impl Display) -> Self {
        let message = error.to_string();
        let is_quoted = message.starts_with("invalid ");
        match message.split_once(", expected ") {
            Some((what, expected)) if is_quoted => {
                let what = what.split(':').next().unwrap_or_default();
                Self::fix(kind, format!("{what}, expected {expected}"))
            }
            _ if is_quoted => Self::fix(kind, "a value is invalid"),
            _ => Self::fix(kind, message),
        }
    }

    /// Names the argument that the error is about.
    pub fn at(mut self, path: &str) -> Self {
        self.message = format!("`{path}`: {}", self.message);
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    pub fn kind(&self) -> &str {
        &self.kind
    }

    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = json!(value);
        if !matches!(value, Value::Null | Value::Bool(false)) && value != json!([]) {
            self.more.insert(name.to_owned(), value);
        }
        self
    }

    /// Hides the secrets that are known.
    pub fn veiled(mut self, veil: &Veil) -> Self {
        self.message = veil.over(&self.message);
        self.hint = veil.over(&self.hint);
        for value in self.more.values_mut() {
            veil.over_all(value);
        }
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failed = error.failed_deployment();
        let mut last_lines: Vec<&str> = Vec::new();
        if let Some(failed) = failed {
            last_lines.extend(failed.last_lines.iter().map(|line| line.output.as_str()));
        } else if let Some(status) = error.last_status() {
            last_lines.extend(status.last_lines.iter().map(String::as_str));
        }
        let domains = error
            .conflicts()
            .iter()
            .map(|conflict| json!({ "domain": conflict.domain, "of": conflict.resource_name }));
        let left = error.left_behind().iter();
        let left = left.map(|left| json!({ "kind": left.kind, "uuid": left.uuid }));
        let (next, advice) = next(&error);
        let failure = Self::new(&snake_case(error.kind()), next, error.to_string())
            .with("status", error.status())
            .with("outcome_unknown", error.outcome_unknown())
            .with(
                "missing_ability",
                error.missing_ability().map(Ability::as_str),
            )
            .with(
                "retry_after_seconds",
                error.retry_after().map(|it| it.as_secs()),
            )
            .with("deployment", failed.map(|it| &it.uuid))
            .with(
                "reason",
                failed.and_then(coolify_sdk::deployments::FailedDeployment::reason),
            )
            .with("last_status", error.last_status().map(|it| &it.status))
            .with("last_lines", last_lines)
            .with("conflicts", domains.collect::<Vec<_>>())
            .with("left_behind", left.collect::<Vec<_>>());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure.hint(advice),
        }
    }
}

/// Returns what the agent should do about an error of the SDK, and a hint.
fn next(error: &Error) -> (Next, &'static str) {
    use ErrorKind::{
        Ambiguous, BackupFailed, Conflict, Connect, DeploymentFailed, Forbidden, ImportFailed,
        Interrupted, InvalidRequest, NotFound, NotHealthy, OutOfScope, QueueFull, QuotaExceeded,
        RateLimited, Server, Timeout, Unauthenticated, Validation, WaitExpired,
    };
    if error.outcome_unknown() {
        // The same call again could do it twice.
        return (
            Next::Fix,
            "it may have been done: look at the resource before you try again",
        );
    }
    match error.kind() {
        Connect | Timeout | Interrupted => {
            (Next::Retry, "Coolify could not be reached: try again later")
        }
        RateLimited | QueueFull => (Next::Retry, "Coolify is busy: try again later"),
        Server => (Next::Retry, "Coolify failed: try again once, later"),
        WaitExpired => (
            Next::Retry,
            "it goes on in Coolify: ask for its state later",
        ),
        InvalidRequest | Validation | Ambiguous => (Next::Fix, "change the arguments"),
        Conflict => (Next::Fix, "look at the current state first"),
        NotFound => (Next::Fix, "list the resources, and use a uuid of the list"),
        DeploymentFailed => (Next::Fix, "read the log, and correct the cause first"),
        NotHealthy => (Next::Fix, "read the log, or use the tool `apps_diagnose`"),
        BackupFailed | ImportFailed => (Next::Fix, "correct the cause first"),
        // A forbidden setting has its own hint, and a resource of another project does
        // not.
        OutOfScope if error.hint().is_some_and(|it| !it.starts_with(BOUND)) => {
            (Next::Fix, "leave it out")
        }
        OutOfScope => (
            Next::Stop,
            "this workspace does not reach it: do not try other ways",
        ),
        Unauthenticated | Forbidden => (
            Next::Stop,
            "the operator's token does not allow it: tell the user",
        ),
        QuotaExceeded => (Next::Stop, "tell the user that the quota is used up"),
        _ => (
            Next::Stop,
            "trying again does not help: tell the user about the error",
        ),
    }
}

/// Converts `OutOfScope` to `out_of_scope`. New kinds of the SDK need no change here.
fn snake_case(kind: impl std::fmt::Debug) -> String {
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
