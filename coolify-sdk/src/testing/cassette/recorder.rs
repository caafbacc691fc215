//! Records requests and replies, and writes them without secrets.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use reqwest::{
    Url,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde_json::{Map, Value, json};

use super::tape::{Exchange, Reply, Request};
use crate::operations::Operation;
use crate::testing::{
    Scrubber,
    http::{call::decode_segment, multipart},
    lock,
};
use crate::transport::{Observe, OutgoingRequest};

/// Headers of replies with a number.
const NUMBERS: [&str; 4] = [
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];

/// The media types that are recorded.
const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/problem+json",
    "text/html",
    "text/plain",
];

/// The answer of a healthy server.
const HEALTHY: &str = "OK";

/// The exchanges of a client.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    exchanges: Vec<Raw>,
    /// Writes without a reply.
    lost: Vec<String>,
}

/// Bodies contain secrets.
impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let exchanges = &self.exchanges.len();
        f.debug_struct("Heard")
            .field("exchanges", exchanges)
            .finish_non_exhaustive()
    }
}

/// A request as it was sent, and its reply as it arrived.
struct Raw {
    operation: &'static Operation,
    request: Sent,
    status: u16,
    headers: BTreeMap<String, String>,
    reply: Vec<u8>,
}

/// A request, with its path and query decoded.
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) json: Option<Value>,
    pub(super) form: Option<Value>,
}

impl Sent {
    pub(super) fn new(method: &str, url: &Url, body: &[u8], content_type: Option<&str>) -> Self {
        let path = url.path();
        let below = path.split_once("/api/v1").map_or(path, |(_, below)| below);
        let segments = below.split('/').filter(|it| !it.is_empty());
        let form = content_type
            .map(|it| multipart::parts(it, body))
            .unwrap_or_default();
        Self {
            method: method.to_owned(),
            path: segments.map(decode_segment).collect(),
            query: url
                .query_pairs()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            json: serde_json::from_slice(body).ok(),
            form: (!form.is_empty()).then(|| described(form)),
        }
    }

    /// Returns the path in one piece.
    pub(super) fn whole_path(&self) -> String {
        format!("/{}", self.path.join("/"))
    }
}

/// Returns the media type that a reply has unless another is recorded.
pub(super) fn media_type(is_json: bool) -> &'static str {
    if is_json {
        "application/json"
    } else {
        "text/html"
    }
}

/// Returns the fields of a form, and the names and sizes of its files.
fn described(form: Vec<multipart::Part>) -> Value {
    let mut fields = Map::new();
    let mut files = Vec::new();
    for part in form {
        if let Some(name) = part.file {
            files.push(json!({"name": name, "bytes": part.content.len()}));
        } else {
            let value = String::from_utf8_lossy(&part.content).into_owned();
            fields.insert(part.name, value.into());
        }
    }
    json!({"fields": fields, "files": files})
}

impl Observe for Recorder {
    fn answered(&self, outgoing: &OutgoingRequest, status: u16, headers: &HeaderMap, reply: &[u8]) {
        // The version stands in the head of the cassette.
        if outgoing.operation.id == "version" && status == 200 {
            return;
        }
        let text = |name: &str| {
            Some((
                name.to_owned(),
                headers.get(name)?.to_str().ok()?.to_owned(),
            ))
        };
        let names = NUMBERS
            .into_iter()
            .chain(["location", CONTENT_TYPE.as_str()]);
        let raw = Raw {
            operation: outgoing.operation,
            request: sent(outgoing),
            status,
            headers: names.filter_map(text).collect(),
            reply: reply.to_vec(),
        };
        self.heard().exchanges.push(raw);
    }

    fn broken(&self, outgoing: &OutgoingRequest, unsent: bool) {
        let is_write = outgoing.operation.method != crate::operations::Method::Get;
        if is_write && !unsent {
            let lost = format!("{} {}", outgoing.method, sent(outgoing).whole_path());
            self.heard().lost.push(lost);
        }
    }
}

fn sent(outgoing: &OutgoingRequest) -> Sent {
    let (content_type, body) = match outgoing.form() {
        Some((content_type, body)) => (Some(content_type), body),
        None => (None, outgoing.body.as_deref().unwrap_or_default()),
    };
    Sent::new(outgoing.method.as_str(), &outgoing.url, body, content_type)
}

impl Recorder {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        lock(&self.heard)
    }

    /// Returns the writes that got no reply.
    pub(super) fn lost(&self) -> Vec<String> {
        self.heard().lost.clone()
    }

    /// Returns the scrubbed exchanges.
    pub(super) fn exchanges(&self, scrubber: &mut Scrubber) -> Vec<Exchange> {
        let heard = self.heard();
        // A secret may appear before the field that shows that it is one.
        for raw in &heard.exchanges {
            let query = raw.request.query.iter();
            let query: Map<_, _> = query
                .map(|(name, value)| (name.clone(), json!(value)))
                .collect();
            scrubber.learn(&Value::Object(query));
            // The id of an upload is random, so the next run has another one.
            let upload = raw
                .request
                .form
                .as_ref()
                .and_then(|form| form["fields"]["upload_id"].as_str());
            if let Some(id) = upload.filter(|id| !id.is_empty()) {
                scrubber.hide(id);
            }
            let bodies = [raw.request.json.clone(), raw.request.form.clone()];
            for body in bodies.into_iter().flatten().chain(json_of(raw)) {
                scrubber.learn(&body);
            }
        }
        for raw in &heard.exchanges {
            scrubber.learn_sent(raw.request.json.as_ref().unwrap_or(&Value::Null));
        }
        heard
            .exchanges
            .iter()
            .map(|raw| exchange(raw, scrubber))
            .collect()
    }
}

fn json_of(raw: &Raw) -> Option<Value> {
    serde_json::from_slice(&raw.reply)
        .ok()
        .filter(|json: &Value| json.is_array() || json.is_object())
}

fn exchange(raw: &Raw, scrubber: &mut Scrubber) -> Exchange {
    let sent = &raw.request;
    let query = sent.query.iter();
    let query = query.map(|(name, value)| (name.clone(), scrubber.scrub_parameter(name, value)));
    let query = query.collect();
    let request = Request {
        method: sent.method.clone(),
        path: path(raw, scrubber),
        query,
        json: sent.json.as_ref().map(|json| scrubber.scrub_sent(json)),
        form: sent.form.as_ref().map(|form| scrubber.scrub_sent(form)),
    };
    let json = json_of(raw);
    let text = String::from_utf8_lossy(&raw.reply);
    let text = match raw.status {
        _ if json.is_some() || text.is_empty() => None,
        _ if text == HEALTHY => Some(text.into_owned()),
        400.. => Some(said(scrubber, &text)),
        _ => Some(scrubber.scrub_text(&text)),
    };
    let json = json.map(|json| scrubber.scrub(&json));
    Exchange {
        operation: raw.operation.id.to_owned(),
        request,
        reply: Reply {
            status: raw.status,
            headers: headers(raw, scrubber),
            json,
            text,
        },
    }
}

/// Returns an error page or a message without everything but plain words.
fn said(scrubber: &mut Scrubber, text: &str) -> String {
    let left = scrubber.scrub(&Value::String(text.to_owned()));
    left.as_str().unwrap_or_default().to_owned()
}

/// Returns the path with placeholders for parameters that are not ids.
fn path(raw: &Raw, scrubber: &mut Scrubber) -> String {
    let mut template = raw.operation.path.split('/').skip(1);
    let mut path = String::new();
    for part in &raw.request.path {
        path.push('/');
        match template.next() {
            Some(name) if name.starts_with('{') => {
                let name = name.trim_matches(['{', '}']);
                path += &scrubber.scrub_parameter(name, part);
            }
            Some(_) => path += part,
            // A path that the SDK does not know: its words, and ids.
            None if part.bytes().all(|it| it.is_ascii_lowercase() || it == b'-') => path += part,
            None => path += &scrubber.scrub_parameter("uuid", part),
        }
    }
    path
}

fn headers(raw: &Raw, scrubber: &mut Scrubber) -> BTreeMap<String, String> {
    let usual = media_type(json_of(raw).is_some());
    let safe = raw.headers.iter().filter_map(|(name, value)| {
        let safe = match &**name {
            "location" => scrubber.scrub_parameter(name, value),
            // They differ in each recording, and only matter for a refusal.
            name if NUMBERS.contains(&name) => {
                let is_number = value.bytes().all(|it| it.is_ascii_digit());
                (is_number && raw.status >= 400).then(|| value.clone())?
            }
            _ => {
                let media_type = value.split(';').next().unwrap_or_default().trim();
                let mut known = MEDIA_TYPES.iter().filter(|known| **known != usual);
                (*known.find(|known| **known == media_type)?).to_owned()
            }
        };
        Some((name.clone(), safe))
    });
    safe.collect()
}
