//! Exchanges that were recorded on real servers, as files.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A request and the server's reply.
#[derive(Debug, Deserialize)]
pub struct Recording {
    /// The id of the operation in the document of that version, or
    /// `undocumented-...`.
    pub operation: String,
    /// The name of the case.
    #[serde(default)]
    pub case: String,
    /// The Coolify version of the server.
    #[serde(default)]
    pub coolify: String,
    pub request: Request,
    pub response: Response,
}

/// The request.
#[derive(Debug, Deserialize)]
pub struct Request {
    pub method: String,
    /// The path template, with its placeholders.
    pub path: String,
    /// The values of the placeholders.
    #[serde(default)]
    pub params: BTreeMap<String, Value>,
    #[serde(default)]
    pub query: BTreeMap<String, Value>,
    /// The JSON body. Bodies in other formats are recorded elsewhere; servers never
    /// accept them.
    #[serde(default)]
    pub body: Option<Value>,
}

/// The reply.
#[derive(Debug, Deserialize)]
pub struct Response {
    pub status: u16,
    #[serde(default)]
    pub headers: BTreeMap<String, Value>,
    /// The body of a JSON reply; `null` is a body, too.
    #[serde(default, deserialize_with = "present")]
    pub json: Option<Value>,
    /// The body of any other reply.
    #[serde(default)]
    pub text: Option<String>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Response {
    /// Returns whether the request succeeded.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether the server rejected the request or failed.
    pub fn is_error(&self) -> bool {
        self.status >= 400
    }

    /// Returns the media type without its parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let header = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?
            .1
            .as_str()?;
        let essence = header.split(';').next().unwrap_or_default().trim();
        Some(essence.to_ascii_lowercase())
    }

    /// Returns whether the reply has a body.
    pub fn has_body(&self) -> bool {
        self.status != 204
            && (self.json.is_some() || self.text.as_deref().is_some_and(|text| !text.is_empty()))
    }
}

/// Loads every recording below a directory, in the order of their paths. Other JSON
/// files, such as an index, are skipped.
pub fn load(directory: &Path) -> Result<Vec<Recording>> {
    let mut recordings = Vec::new();
    collect(directory, &mut recordings)?;
    Ok(recordings)
}

fn collect(directory: &Path, recordings: &mut Vec<Recording>) -> Result<()> {
    let read = || format!("reading {}", directory.display());
    let mut entries = directory
        .read_dir()
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(read)?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, recordings)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            recordings.extend(read_one(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(())
}

fn read_one(path: &Path) -> Result<Option<Recording>> {
    let content: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    if content.get("request").is_none() || content.get("response").is_none() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_value(content)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn response(value: Value) -> Response {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn null_is_a_body_and_nothing_is_none() {
        assert!(response(json!({"status": 200, "json": null})).has_body());
        assert!(!response(json!({"status": 200, "text": ""})).has_body());
        assert!(!response(json!({"status": 200})).has_body());
        assert!(!response(json!({"status": 204, "json": null})).has_body());
    }

    #[test]
    fn parameters_of_the_content_type_do_not_matter() {
        let response = response(json!({
            "status": 200,
            "headers": {"Content-Type": "Text/HTML; charset=utf-8"},
        }));
        assert_eq!(response.media_type().as_deref(), Some("text/html"));
    }
}
