//! Compares one recorded exchange with the document.

use serde_json::Value;

use super::api::{Api, Located, Operation, placeholders};
use super::errors;
use super::exceptions::Exceptions;
use super::finding::{Class, Finding};
use super::pointer::{Pointer, escape};
use super::recording::{Recording, Response};
use super::schema::{self, judge as judge_value};

/// The result for one exchange.
#[derive(Debug)]
pub struct Verdict<'a, 'd> {
    /// The operation of the exchange, if the document has it.
    pub operation: Option<&'a Operation<'d>>,
    pub findings: Vec<Finding>,
    /// Facts worth reporting that do not contradict the document.
    pub notes: Vec<Note>,
}

/// A fact that a reader should know although nothing is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// The server accepted a field without effect.
    Ignored { field: String, reason: String },
    /// Another version offers the same operation under another method.
    OtherMethod { taken: String, declared: String },
    /// A route that the document leaves out for a reason.
    LeftOut { route: String, reason: String },
    /// A route that neither the document nor the server has.
    Refused { route: String, status: u16 },
}

/// Compares an exchange with the document.
pub fn judge<'a, 'd>(
    api: &'a Api<'d>,
    exceptions: &Exceptions,
    recording: &Recording,
) -> Verdict<'a, 'd> {
    let mut notes = Vec::new();
    let operation = find(api, recording, &mut notes);
    let mut judge = Judge {
        api,
        recording,
        findings: Vec::new(),
    };
    match operation {
        Some(operation) if recording.response.is_success() => {
            judge.path(operation);
            judge.query(operation);
            judge.body(operation);
            judge.reply(operation);
        }
        Some(operation) if !recording.response.is_error() => {
            judge.declared_reply(operation);
        }
        None if !recording.response.is_error() => judge.unknown_route(exceptions, &mut notes),
        None => {
            let status = recording.response.status;
            notes.push(Note::Refused {
                route: route(recording),
                status,
            });
        }
        Some(_) => {}
    }
    if recording.response.is_error() {
        judge.findings.extend(errors::judge(&recording.response));
    }
    let mut findings = judge.findings;
    if let Some(operation) = operation {
        findings.retain(|finding| match exceptions.ignored(operation.id, finding) {
            Some(reason) => {
                let field = finding.declared.clone();
                notes.push(Note::Ignored {
                    field,
                    reason: reason.to_owned(),
                });
                false
            }
            None => true,
        });
    }
    Verdict {
        operation,
        findings,
        notes,
    }
}

/// Finds the operation by its route, or else by its id at the same path: Coolify
/// changed reads with side effects to writes with the same id.
fn find<'a, 'd>(
    api: &'a Api<'d>,
    recording: &Recording,
    notes: &mut Vec<Note>,
) -> Option<&'a Operation<'d>> {
    let request = &recording.request;
    if let Some(operation) = api.find(&request.method, &request.path) {
        return Some(operation);
    }
    let operation = api
        .at_path(&request.path)
        .find(|it| it.id == recording.operation)?;
    let declared = format!("{} {}", operation.method, operation.path);
    notes.push(Note::OtherMethod {
        taken: route(recording),
        declared,
    });
    Some(operation)
}

fn route(recording: &Recording) -> String {
    format!("{} {}", recording.request.method, recording.request.path)
}

struct Judge<'a, 'd> {
    api: &'a Api<'d>,
    recording: &'a Recording,
    findings: Vec<Finding>,
}

impl<'d> Judge<'_, 'd> {
    fn report(
        &mut self,
        class: Class,
        pointer: impl Into<String>,
        at: impl Into<String>,
        declared: impl Into<String>,
        seen: impl Into<String>,
    ) {
        self.findings.push(Finding {
            class,
            pointer: Pointer::new(pointer),
            at: at.into(),
            declared: declared.into(),
            seen: seen.into(),
        });
    }

    fn unknown_route(&mut self, exceptions: &Exceptions, notes: &mut Vec<Note>) {
        let route = route(self.recording);
        if let Some(reason) = exceptions.left_out(&route) {
            notes.push(Note::LeftOut {
                route,
                reason: reason.to_owned(),
            });
            return;
        }
        let seen = format!("status {}", self.recording.response.status);
        self.report(
            Class::Route,
            "/request/path",
            "#/paths",
            format!("no {route}"),
            seen,
        );
    }

    /// Checks that the recording fills the placeholders of its path, and that the
    /// document declares them.
    fn path(&mut self, operation: &Operation<'d>) {
        let request = &self.recording.request;
        for name in request.params.keys() {
            if !placeholders(&request.path).any(|placeholder| placeholder == name) {
                let pointer = format!("/request/params/{}", escape(name));
                self.report(
                    Class::Parameter,
                    pointer,
                    operation.at(),
                    "the path has no such placeholder",
                    name,
                );
            }
        }
        for (taken, declared) in placeholders(&request.path).zip(placeholders(operation.path)) {
            let pointer = format!("/request/params/{}", escape(taken));
            match request.params.get(taken) {
                Some(value) => self.parameter(operation, ("path", declared), value, &pointer),
                None => self.report(Class::Required, pointer, operation.at(), taken, "absent"),
            }
        }
    }

    fn query(&mut self, operation: &Operation<'d>) {
        let query = &self.recording.request.query;
        for (name, value) in query {
            let pointer = format!("/request/query/{}", escape(name));
            self.parameter(operation, ("query", name), value, &pointer);
        }
        for parameter in operation.required("query") {
            let name = parameter.text("name").unwrap_or_default();
            if !query.contains_key(name) {
                let pointer = format!("/request/query/{}", escape(name));
                self.report(Class::Required, pointer, &parameter.at, name, "absent");
            }
        }
    }

    /// Checks a parameter. It is a string on the wire, so every type that the
    /// string can be read as may match.
    fn parameter(
        &mut self,
        operation: &Operation<'d>,
        (place, name): (&str, &str),
        value: &Value,
        pointer: &str,
    ) {
        let Some(parameter) = operation.parameter(place, name) else {
            let declared = format!("no {place} parameter {name}");
            self.report(
                Class::Parameter,
                pointer,
                operation.at(),
                declared,
                "present",
            );
            return;
        };
        let Some(schema) = parameter.get("schema") else {
            return;
        };
        let pointer = Pointer::new(pointer);
        let other = match value {
            Value::String(text) => serde_json::from_str(text).ok(),
            value => Some(Value::String(value.to_string())),
        };
        let findings = |value: &Value| judge_value(self.api, &schema, value, &pointer);
        if !other.is_some_and(|other| findings(&other).is_empty()) {
            let findings = findings(value);
            self.findings.extend(findings);
        }
    }

    fn body(&mut self, operation: &Operation<'d>) {
        let Some(body) = &self.recording.request.body else {
            return;
        };
        let pointer = "/request/body";
        if let Some(schema) = operation.request_schema(self.api) {
            let findings = judge_value(self.api, &schema, body, &Pointer::new(pointer));
            self.findings.extend(findings);
        } else if !is_empty(body) {
            self.report(
                Class::NoSchema,
                pointer,
                operation.at(),
                "nothing",
                schema::kind(body),
            );
        }
    }

    fn reply(&mut self, operation: &Operation<'d>) {
        let declared = self.declared_reply(operation);
        let response = &self.recording.response;
        // The body of an undeclared status is checked as well, so that one patch
        // can correct both.
        let declared = declared.or_else(|| operation.only_success(self.api));
        let Some(declared) = declared.filter(|_| response.has_body()) else {
            return;
        };
        let (pointer, body) = body_of(response);
        let content = declared.get("content");
        let media_types = content
            .iter()
            .filter_map(|content| content.value.as_object());
        let media_types: Vec<_> = media_types
            .flat_map(|it| it.keys().map(String::as_str))
            .collect();
        let media_type = response.media_type().unwrap_or_else(|| "none".to_owned());
        let sent = media_types
            .iter()
            .find(|it| it.eq_ignore_ascii_case(&media_type));
        let schema = sent.and_then(|name| content.as_ref()?.get(name)?.get("schema"));
        if let Some(schema) = schema {
            let findings = judge_value(self.api, &schema, &body, &Pointer::new(pointer));
            self.findings.extend(findings);
        } else if sent.is_some() || media_types.is_empty() {
            self.report(
                Class::NoSchema,
                pointer,
                declared.at,
                "nothing",
                schema::kind(&body),
            );
        } else {
            let pointer = "/response/headers/content-type";
            let media_types = media_types.join(" or ");
            self.report(
                Class::ContentType,
                pointer,
                declared.at,
                media_types,
                media_type,
            );
        }
    }

    fn declared_reply(&mut self, operation: &Operation<'d>) -> Option<Located<'d>> {
        let status = self.recording.response.status;
        let declared = operation.response(self.api, status);
        if declared.is_none() {
            let at = format!("{}/responses", operation.at());
            let successes = operation.successes().join(" or ");
            self.report(
                Class::Status,
                "/response/status",
                at,
                successes,
                status.to_string(),
            );
        }
        declared
    }
}

fn body_of(response: &Response) -> (&'static str, Value) {
    match (&response.json, &response.text) {
        (Some(json), _) => ("/response/json", json.clone()),
        (None, text) => (
            "/response/text",
            Value::String(text.clone().unwrap_or_default()),
        ),
    }
}

/// Returns whether a body is empty, in both spellings.
fn is_empty(body: &Value) -> bool {
    match body {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
