//! Replies that cannot be decoded: where and why, without their content.

use std::fmt;

use serde_json::error::Category;

use super::{Error, ErrorKind};

impl Error {
    /// Makes the error for a reply of a successful call that cannot be read.
    pub(crate) fn decode(body: &[u8], cause: &serde_json::Error) -> Self {
        let mut error = Self::new(
            ErrorKind::Decode,
            "the reply does not have the expected form",
        );
        if body.trim_ascii_start().starts_with(b"<") {
            return error.with_hint(
                "the reply is a web page: check that the URL leads to Coolify and not to a login \
                 page in front of it",
            );
        }
        error = error.with_hint(
            "if the operation is a write, it was carried out; please report this message and the \
             version of your Coolify",
        );
        if cause.is_data() {
            error.0.json_path = steps_at(body, cause).map(|steps| render(&steps));
        }
        error.with_source(Misfit::new(cause))
    }
}

/// The cause without the values that it quotes, because they come from the reply.
#[derive(Debug)]
struct Misfit(String);

impl Misfit {
    fn new(cause: &serde_json::Error) -> Self {
        Self(match cause.classify() {
            Category::Data => without_values(&cause.to_string()),
            Category::Eof => "the JSON ends too early".to_owned(),
            Category::Syntax | Category::Io => format!(
                "not JSON, at line {} column {}",
                cause.line(),
                cause.column()
            ),
        })
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

/// Keeps the parts of serde's messages that come from our types, and drops the
/// rest.
pub(crate) fn without_values(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("missing field ") {
        let name = rest.split(" at line ").next().unwrap_or_default();
        return format!("missing field {name}");
    }
    let found = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split(['`', '"', ',']).next())
        .map(str::trim_end);
    let expected = message
        .rsplit_once(", expected ")
        .and_then(|(_, rest)| rest.rsplit(" at line ").last());
    match (found, expected) {
        (Some(found), Some(expected)) => format!("found {found}, expected {expected}"),
        _ => "a value that does not fit its field".to_owned(),
    }
}

/// Returns how many bytes were read before the error.
fn read_before(body: &[u8], cause: &serde_json::Error) -> usize {
    let line_start: usize = body
        .split_inclusive(|byte| *byte == b'\n')
        .take(cause.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    line_start + cause.column()
}

/// A step on the path to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A field, with its name once it has been read.
    Key(Option<String>),
    Index(usize),
}

/// Returns the path to the innermost value that contains the place of an error.
///
/// `serde_path_to_error` would find it by decoding again, which would compile
/// every type of the API twice.
pub(crate) fn steps_at(body: &[u8], cause: &serde_json::Error) -> Option<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    let Some(offset) = read_before(body, cause).checked_sub(1) else {
        return Some(steps);
    };
    let mut at = 0;
    while at < offset {
        match body.get(at)? {
            b'{' => steps.push(Step::Key(None)),
            b'[' => steps.push(Step::Index(0)),
            b'}' | b']' => {
                steps.pop();
            }
            b',' => match steps.last_mut() {
                Some(Step::Key(key)) => *key = None,
                Some(Step::Index(index)) => *index += 1,
                None => {}
            },
            b'"' => {
                let end = string_end(body, at)?;
                if let Some(Step::Key(key @ None)) = steps.last_mut() {
                    *key = serde_json::from_slice(body.get(at..=end)?).ok();
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    match (body.get(offset).filter(|_| at == offset), steps.last_mut()) {
        // A closing bracket belongs to its container, not to the last value in it.
        (Some(b'}' | b']'), _) => {
            steps.pop();
        }
        // The value that does not fit begins after the bracket or the comma, and
        // serde has not read any of it.
        (Some(b'['), _) => steps.push(Step::Index(0)),
        (Some(b','), Some(Step::Index(index))) => *index += 1,
        _ => {}
    }
    Some(steps)
}

fn string_end(body: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match body.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

pub(crate) fn render(steps: &[Step]) -> String {
    let text = |step: &Step| match step {
        Step::Index(index) => format!("[{index}]"),
        Step::Key(Some(key)) if is_plain(key) => format!(".{key}"),
        Step::Key(Some(key)) => format!("[{key:?}]"),
        Step::Key(None) => String::new(),
    };
    std::iter::once("$".to_owned())
        .chain(steps.iter().map(text))
        .collect()
}

fn is_plain(key: &str) -> bool {
    key.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, error::Error as _};

    use serde::{Deserialize, de::DeserializeOwned};

    use crate::Error;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Item {
        uuid: String,
        port: Option<u16>,
        tags: Option<BTreeMap<String, Vec<bool>>>,
    }

    fn fail<T: DeserializeOwned>(body: &str) -> (String, String) {
        let cause = serde_json::from_str::<T>(body).err().unwrap();
        let error = Error::decode(body.as_bytes(), &cause);
        let source = error.source().unwrap().to_string();
        (error.json_path().unwrap_or_default().to_owned(), source)
    }

    #[test]
    fn names_the_place() {
        let cases = [
            (r#"[{"uuid": "a"}, {"uuid": 5}]"#, "$[1].uuid"),
            ("[\n{\"uuid\": \"a\",\n\"port\": \"x\"}]", "$[0].port"),
            (r#"[{"uuid": "a", "port": 70000}]"#, "$[0].port"),
            (r#"[{"port": 1, "tags": {}}]"#, "$[0]"),
            (
                r#"[{"uuid": "a\"]", "tags": {"x y": [true, 1]}}]"#,
                r#"$[0].tags["x y"][1]"#,
            ),
            (r#"[{"uuid": "a", "tags": [1]}]"#, "$[0].tags"),
            (
                r#"[{"uuid": "a", "tags": {"x": [true,[]]}}]"#,
                "$[0].tags.x[1]",
            ),
            (r#"{"uuid": 1}"#, "$"),
            (r#"[[], {"uuid": "a"}]"#, "$[0]"),
            (
                r#"[{"uuid": "a", "tags": {"x": [[], true]}}]"#,
                "$[0].tags.x[0]",
            ),
        ];
        for (body, path) in cases {
            assert_eq!(fail::<Vec<Item>>(body).0, path, "{body}");
        }
    }

    #[test]
    fn the_cause_quotes_nothing_of_the_reply() {
        let cases = [
            (
                r#"{"uuid": "a", "port": "s3cret, expected ruin"}"#,
                "found string, expected u16",
            ),
            (r#"{"port": 7}"#, "missing field `uuid`"),
            (
                r#"{"uuid": "a", "port": 99999}"#,
                "a value that does not fit its field",
            ),
            (r#"{"uuid": "a""#, "the JSON ends too early"),
            ("s3cret", "not JSON, at line 1 column 1"),
        ];
        for (body, cause) in cases {
            assert_eq!(fail::<Item>(body).1, cause, "{body}");
        }
    }
}
