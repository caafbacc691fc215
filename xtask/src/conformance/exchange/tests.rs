use serde_json::json;

use super::*;
use crate::conformance::exceptions::tests::exceptions;

fn document() -> Value {
    let team = json!({
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    });
    let reply = |schema: &Value| json!({"content": {"application/json": {"schema": schema}}});
    json!({"paths": {
        "/teams": {
            "get": {
                "operationId": "list-teams",
                "tags": ["Teams"],
                "parameters": [{"name": "take", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": reply(&json!({"type": "array", "items": team}))},
            },
            "post": {
                "operationId": "create-team",
                "tags": ["Teams"],
                "requestBody": reply(&team),
                "responses": {"201": reply(&team)},
            },
        },
        "/teams/{id}": {
            "delete": {"operationId": "delete-team", "responses": {"200": {"description": ""}}},
        },
        "/teams/{id}/start": {
            "parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}],
            "post": {"operationId": "start-team", "responses": {"2XX": reply(&team)}},
        },
        "/version": {
            "get": {"operationId": "version", "responses": {"200": {
                "content": {"text/html": {"schema": {"type": "string"}}},
            }}},
        },
    }})
}

fn recording(operation: &str, request: Value, status: u16, json: Value) -> Recording {
    let content_type = json!("application/json; charset=utf-8");
    Recording {
        operation: operation.to_owned(),
        case: "ok".to_owned(),
        coolify: "4.3.11".to_owned(),
        request: serde_json::from_value(request).unwrap(),
        response: Response {
            status,
            headers: [("Content-Type".to_owned(), content_type)].into(),
            json: Some(json),
            text: None,
        },
    }
}

/// Returns the findings as `class pointer`, and the notes.
fn verdict(recording: &Recording) -> (Vec<String>, Vec<Note>) {
    let document = document();
    let api = Api::new(&document);
    let verdict = judge(&api, &exceptions(), recording);
    let told = |it: Finding| format!("{} {}", it.class.label(), it.pointer.exact());
    (
        verdict.findings.into_iter().map(told).collect(),
        verdict.notes,
    )
}

fn findings(recording: &Recording) -> Vec<String> {
    verdict(recording).0
}

fn create(body: Value, status: u16, reply: Value) -> Recording {
    let mut request = json!({"method": "POST", "path": "/teams"});
    request["body"] = body;
    recording("create-team", request, status, reply)
}

#[test]
fn what_the_document_says_is_no_finding() {
    assert!(findings(&create(json!({"name": "a"}), 201, json!({"id": 1}))).is_empty());
}

#[test]
fn an_accepted_request_is_judged_like_its_reply() {
    let recording = create(
        json!({"name": null, "x": 1}),
        201,
        json!({"id": "1", "y": 1}),
    );
    let expected = [
        "null /request/body/name",
        "unknown field /request/body/x",
        "type /response/json/id",
        "unknown field /response/json/y",
    ];
    assert_eq!(findings(&recording), expected);
}

#[test]
fn a_refused_request_may_hold_anything() {
    let refused = create(
        json!(["bad"]),
        422,
        json!({"message": "Validation failed."}),
    );
    assert!(findings(&refused).is_empty());
}

#[test]
fn an_ignored_field_is_listed_with_its_reason() {
    let (findings, notes) = verdict(&create(json!({"nick": "b"}), 201, json!({})));
    assert!(findings.is_empty());
    let reason = "there are no nicknames".to_owned();
    assert_eq!(
        notes,
        [Note::Ignored {
            field: "nick".to_owned(),
            reason
        }]
    );
}

#[test]
fn statuses_of_success_are_declared_and_the_body_is_judged_all_the_same() {
    let recording = create(json!({}), 200, json!({"id": "1"}));
    assert_eq!(
        findings(&recording),
        ["status /response/status", "type /response/json/id"]
    );
}

#[test]
fn a_body_needs_a_schema() {
    let request = json!({"method": "DELETE", "path": "/teams/{id}", "params": {"id": "1"}});
    let with_body = recording(
        "delete-team",
        request.clone(),
        200,
        json!({"message": "gone"}),
    );
    let undeclared = "parameter /request/params/id";
    assert_eq!(
        findings(&with_body),
        [undeclared, "no schema /response/json"]
    );
    let mut without = recording("delete-team", request, 200, json!(null));
    without.response.json = None;
    assert_eq!(findings(&without), [undeclared]);
}

#[test]
fn text_is_judged_as_a_string_and_by_its_content_type() {
    let request = json!({"method": "GET", "path": "/version"});
    let mut text = recording("version", request, 200, json!(null));
    text.response.json = None;
    text.response.text = Some("4.3.11".to_owned());
    assert_eq!(
        findings(&text),
        ["content type /response/headers/content-type"]
    );
    text.response.headers = [("content-type".to_owned(), json!("text/html"))].into();
    assert!(findings(&text).is_empty());
}

#[test]
fn parameters_are_declared_and_read_as_text() {
    let list = |query: Value| {
        let request = json!({"method": "GET", "path": "/teams", "query": query});
        findings(&recording("list-teams", request, 200, json!([])))
    };
    assert!(list(json!({"take": 3})).is_empty());
    assert!(list(json!({"take": "3"})).is_empty());
    assert_eq!(list(json!({"take": "all"})), ["type /request/query/take"]);
    assert_eq!(list(json!({"skip": 3})), ["parameter /request/query/skip"]);
}

#[test]
fn placeholders_are_filled() {
    let start = |params: Value| {
        let request = json!({"method": "POST", "path": "/teams/{team}/start", "params": params});
        findings(&recording("start-team", request, 200, json!({})))
    };
    assert!(start(json!({"team": "0"})).is_empty());
    let expected = [
        "parameter /request/params/id",
        "required /request/params/team",
    ];
    assert_eq!(start(json!({"id": "0"})), expected);
}

#[test]
fn the_same_operation_under_another_method_is_judged_and_noted() {
    let request = json!({"method": "GET", "path": "/teams/{id}/start", "params": {"id": "1"}});
    let (findings, notes) = verdict(&recording(
        "start-team",
        request.clone(),
        200,
        json!({"x": 1}),
    ));
    assert_eq!(findings, ["unknown field /response/json/x"]);
    assert!(matches!(notes[..], [Note::OtherMethod { .. }]));
    let stranger = recording("undocumented-get-start", request, 200, json!({}));
    assert_eq!(self::findings(&stranger), ["route /request/path"]);
}

#[test]
fn a_refused_unknown_route_is_listed() {
    let request = json!({"method": "GET", "path": "/no-such-route"});
    let reply = json!({"message": "Not found."});
    let (findings, notes) = verdict(&recording("undocumented-get", request, 405, reply));
    assert!(findings.is_empty());
    assert!(matches!(notes[..], [Note::Refused { status: 405, .. }]));
}

#[test]
fn a_route_may_be_left_out_for_a_reason() {
    let request = json!({"method": "POST", "path": "/teams/old"});
    let (findings, notes) = verdict(&recording("create-old", request, 201, json!({})));
    assert!(findings.is_empty());
    assert!(matches!(notes[..], [Note::LeftOut { .. }]));
}

#[test]
fn a_redirect_is_neither_success_nor_error() {
    assert_eq!(
        findings(&create(json!({}), 302, json!({}))),
        ["status /response/status"]
    );
}
