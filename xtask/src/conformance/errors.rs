//! Checks that the SDK's error decoder understands an error reply.

use super::finding::{Class, Finding};
use super::pointer::Pointer;
use super::recording::Response;
use super::schema::kind;
use coolify_sdk::ErrorReply;

/// Returns what the decoder would lose of an error reply: its message, or a field.
pub fn judge(response: &Response) -> Vec<Finding> {
    let finding = |pointer: Pointer, declared: &str, seen: &str| Finding {
        class: Class::Error,
        pointer,
        at: "coolify_sdk::ErrorReply".to_owned(),
        declared: declared.to_owned(),
        seen: seen.to_owned(),
    };
    let (pointer, body) = match (&response.json, &response.text) {
        (Some(json), _) => (Pointer::new("/response/json"), json.to_string()),
        (None, text) => (
            Pointer::new("/response/text"),
            text.clone().unwrap_or_default(),
        ),
    };
    let media_type = response.media_type();
    let reply = ErrorReply::parse(response.status, media_type.as_deref(), body.as_bytes());
    let mut findings = Vec::new();
    if reply
        .message()
        .or(reply.error())
        .or(reply.title())
        .is_none()
    {
        findings.push(finding(pointer.clone(), "a message", "none"));
    }
    for key in reply.unknown_keys() {
        let value = response.json.as_ref().and_then(|json| json.get(key));
        let declared = format!("no {key} of that type");
        findings.push(finding(
            pointer.field(key),
            &declared,
            value.map_or("nothing", kind),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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

    #[test]
    fn a_page_speaks_by_its_title() {
        let page = |text: &str| {
            let response = serde_json::from_value(json!({
                "status": 502,
                "headers": {"content-type": "text/html"},
                "text": text,
            }));
            judge(&response.unwrap()).len()
        };
        assert_eq!(page("<html><title>Bad Gateway</title></html>"), 0);
        assert_eq!(page("<html></html>"), 1);
    }
}
