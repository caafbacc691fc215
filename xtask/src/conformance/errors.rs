//! Whether the error decoder understands an error reply.

use serde_json::Value;

use super::finding::{Class, Finding};
use super::pointer::Pointer;
use super::recording::Response;

/// What error replies carry beside the message.
const KEYS: [&str; 10] = [
    "message",
    "error",
    "errors",
    "success",
    "docs",
    "conflicts",
    "warning",
    "details",
    "valid_service_types",
    "read_only_fields",
];

/// What the decoder would lose of an error reply: its message, or a field.
pub fn judge(response: &Response) -> Vec<Finding> {
    let finding = |pointer: &Pointer, declared: &str, seen: String| Finding {
        class: Class::Error,
        pointer: pointer.clone(),
        at: "the error decoder".to_owned(),
        declared: declared.to_owned(),
        seen,
    };
    let pointer = Pointer::new("/response/json");
    let Some(json) = &response.json else {
        return Vec::new();
    };
    let Some(object) = json.as_object() else {
        return vec![finding(&pointer, "a message", json.to_string())];
    };
    let mut findings = Vec::new();
    if !["message", "error"]
        .iter()
        .any(|key| object.get(*key).is_some_and(Value::is_string))
    {
        findings.push(finding(&pointer, "a message", "none".to_owned()));
    }
    for (key, value) in object
        .iter()
        .filter(|(key, _)| !KEYS.contains(&key.as_str()))
    {
        findings.push(finding(
            &pointer.field(key),
            key,
            super::schema::kind(value).to_owned(),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn findings(json: &Value) -> Vec<String> {
        let response = serde_json::from_value(json!({
            "status": 422,
            "headers": {"content-type": "application/json"},
            "json": json,
        }));
        let findings = judge(&response.unwrap());
        findings
            .iter()
            .map(|finding| finding.pointer.exact().to_owned())
            .collect()
    }

    #[test]
    fn an_error_says_something() {
        assert!(findings(&json!({"message": "No."})).is_empty());
        assert_eq!(findings(&json!({})), ["/response/json"]);
        assert_eq!(findings(&json!(["No."])), ["/response/json"]);
    }

    #[test]
    fn nothing_that_an_error_says_is_lost() {
        assert_eq!(
            findings(&json!({"message": "No.", "why": "so"})),
            ["/response/json/why"]
        );
    }
}
