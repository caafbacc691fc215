//! Failures, with the code and the message for the customer.

use std::fmt;
use std::time::Duration;

use coolify_sdk::limits::QuotaUse;
use coolify_sdk::{Error, ErrorKind};
use coolify_sdk_examples::eprintln;
use serde_json::{Value, json};

use crate::tiers::Tier;

/// A failure of a request.
///
/// It contains no details of Coolify, its token or the database. The operator finds
/// them in the log.
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: Code,
    pub message: String,
    /// Additional members of the JSON answer.
    pub more: Value,
    /// When to repeat the request.
    pub retry_after: Option<Duration>,
}

/// The code of a failure, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Validation,
    QuotaExceeded,
    Unauthorized,
    NotFound,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    /// Coolify did not answer, or not yet; nothing was changed.
    UpstreamUnavailable,
    /// Coolify failed, or refused the platform.
    Upstream,
    /// Whether something was changed is not known yet.
    OutcomeUnknown,
    Timeout,
    Internal,
}

/// A fault of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    pub message: String,
}

impl Code {
    pub fn name(self) -> &'static str {
        match self {
            Self::Validation => "VALIDATION_ERROR",
            Self::QuotaExceeded => "QUOTA_EXCEEDED",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict => "CONFLICT",
            Self::TooLarge => "PAYLOAD_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::UpstreamUnavailable => "UPSTREAM_UNAVAILABLE",
            Self::Upstream => "UPSTREAM_ERROR",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL_ERROR",
        }
    }

    pub fn status(self) -> u16 {
        match self {
            Self::Validation => 422,
            Self::QuotaExceeded => 403,
            Self::Unauthorized => 401,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::UpstreamUnavailable => 503,
            Self::Upstream => 502,
            Self::OutcomeUnknown | Self::Timeout => 504,
            Self::Internal => 500,
        }
    }
}

impl Failure {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            more: json!({}),
            retry_after: None,
        }
    }

    /// Logs the cause, which the customer does not see.
    pub fn internal(cause: impl fmt::Display) -> Self {
        eprintln!("internal error: {cause}");
        Self::new(
            Code::Internal,
            "the platform has failed; its operator can see why",
        )
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "you have no such application")
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(Code::Conflict, message)
    }

    pub fn quota(tier: Tier, usage: QuotaUse) -> Self {
        let message = format!(
            "the tier {tier} is used up, with {usage}; delete one, or ask for a larger tier"
        );
        let more = json!({ "tier": tier.name(), "used": usage.used, "allowed": usage.allowed });
        Self {
            more,
            ..Self::new(Code::QuotaExceeded, message)
        }
    }

    pub fn validation(faults: &[Fault]) -> Self {
        let details: Vec<_> = faults
            .iter()
            .map(|it| json!({ "field": it.field, "message": it.message }))
            .collect();
        let message = match faults {
            [fault] => format!("{}: {}", fault.field, fault.message),
            _ => format!("{} fields are invalid", faults.len()),
        };
        Self {
            more: json!({ "details": details }),
            ..Self::new(Code::Validation, message)
        }
    }

    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::validation(&[Fault::new(field, message)])
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(Duration::from_secs(seconds));
        self
    }

    /// Adds a member to the answer.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more[name] = value.into();
        self
    }

    /// Returns the body of the answer.
    pub fn to_json(&self) -> Value {
        let mut error = json!({ "code": self.code.name(), "message": self.message });
        if let (Some(error), Some(more)) = (error.as_object_mut(), self.more.as_object()) {
            error.extend(more.clone());
        }
        json!({ "error": error })
    }

    /// Translates an error of Coolify. `name` translates the names of its fields.
    pub fn of_coolify(error: &Error, name: impl Fn(&str) -> String) -> Self {
        eprintln!("Coolify: {}", one_line(&error.report()));
        if error.outcome_unknown() {
            return Self::new(
                Code::OutcomeUnknown,
                "it is not known yet whether this was carried out; look again in a minute, before you repeat it",
            );
        }
        if let Some(field) = error.unsupported().and_then(|it| it.field) {
            return Self::invalid(
                name(field),
                "this platform runs a Coolify that cannot set it yet",
            );
        }
        match error.kind() {
            ErrorKind::Validation | ErrorKind::InvalidRequest
                if !error.field_errors().is_empty() =>
            {
                let faults = error.field_errors().iter();
                let faults: Vec<_> = faults
                    .map(|it| Fault::new(name(it.field().unwrap_or_default()), it.message()))
                    .collect();
                Self::validation(&faults)
            }
            ErrorKind::Validation => {
                let message = error
                    .message()
                    .unwrap_or("Coolify refuses it without a reason");
                Self::invalid("", message)
            }
            // The SDK refused it before sending. The message contains no values.
            ErrorKind::InvalidRequest => Self::invalid("", error.to_string()),
            ErrorKind::OutOfScope => {
                let hint = error.hint().unwrap_or("this could reach other customers");
                Self::invalid("", hint)
            }
            ErrorKind::Conflict => {
                let domains = error.conflicts().iter();
                let domains: Vec<_> = domains.filter_map(|it| it.domain.clone()).collect();
                let message = if domains.is_empty() {
                    "this conflicts with the current state of the application"
                } else {
                    "a domain is in use already"
                };
                Self::conflict(message).with("domains", domains)
            }
            ErrorKind::NotFound => Self::not_found(),
            ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::Interrupted
            | ErrorKind::RateLimited
            | ErrorKind::QueueFull => {
                let wait = error.retry_after().map_or(10, |it| it.as_secs().max(1));
                let message = "Coolify does not answer at the moment; nothing was changed";
                Self::new(Code::UpstreamUnavailable, message).retry_after(wait)
            }
            _ => Self::new(
                Code::Upstream,
                "Coolify has failed; the operator of the platform can see why",
            ),
        }
    }
}

impl Fault {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

fn one_line(text: &impl fmt::Display) -> String {
    let text = text.to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)?;
        let details = self.more["details"].as_array().filter(|it| it.len() > 1);
        for detail in details.into_iter().flatten() {
            let text = |name: &str| detail[name].as_str().unwrap_or_default();
            write!(f, "\n  {}: {}", text("field"), text("message"))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format_args!("the database: {error}"))
    }
}
