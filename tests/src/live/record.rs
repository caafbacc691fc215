//! Records exchanges in the form of the fixtures.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::{env, fs, io};

use coolify_sdk::operations::Operation;
use coolify_sdk::testing::{Exchange, Scrubber};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How many replies with the same operation and status are recorded.
const MANY: usize = 3;

/// Writes exchanges into a folder, without secrets and host names.
pub struct Recorder {
    folder: PathBuf,
    state: Mutex<State>,
}

struct State {
    version: Option<String>,
    scrubber: Scrubber,
    written: BTreeMap<(String, u16), usize>,
}

impl Recorder {
    /// Returns the recorder that `cargo xtask record` configures, if any.
    pub fn from_env() -> Option<Self> {
        let folder = env::var_os("COOLIFY_LIVE_RECORD")?;
        let token = env::var("COOLIFY_TOKEN").unwrap_or_default();
        let url = env::var("COOLIFY_URL").unwrap_or_default();
        Some(Self {
            folder: folder.into(),
            state: Mutex::new(State {
                version: None,
                scrubber: Scrubber::new(&token, &url),
                written: BTreeMap::new(),
            }),
        })
    }

    /// Writes the exchange, unless there are enough similar ones.
    ///
    /// # Panics
    ///
    /// Panics if it cannot be written, because an incomplete recording is
    /// useless.
    pub fn note(&self, exchange: &Exchange<'_>) {
        let Some(operation) = Operation::find(exchange.operation) else {
            return;
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // The first request of the client is for the version.
        if operation.id == "version" && exchange.status == 200 {
            let version = String::from_utf8_lossy(exchange.reply).trim().to_owned();
            state.version.get_or_insert(version);
        }
        let Some(version) = state.version.clone() else {
            return;
        };
        let seen = state
            .written
            .entry((operation.id.to_owned(), exchange.status))
            .or_default();
        *seen += 1;
        let number = *seen;
        if number > MANY {
            return;
        }
        let case = case(exchange.status, number);
        let folder = self.folder.join(&version);
        let path = folder.join(format!("{}.{case}.json", operation.id));
        recording(operation, &case, &version, exchange, &mut state.scrubber)
            .map_err(io::Error::from)
            .and_then(|text| {
                fs::create_dir_all(folder)?;
                fs::write(&path, text)
            })
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// The headers that are recorded.
const HEADERS: [&str; 4] = [
    "content-type",
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
];

/// A recording, with its fields in a readable order.
#[derive(Serialize)]
struct Recording<'a> {
    operation: &'a str,
    case: &'a str,
    coolify: &'a str,
    request: Request<'a>,
    response: Response<'a>,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    path: &'a str,
    params: Value,
    query: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    authenticated: bool,
}

#[derive(Serialize)]
struct Response<'a> {
    status: u16,
    headers: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Value>,
}

/// Returns the name of the case, which comes from the status.
fn case(status: u16, number: usize) -> String {
    let name = match status {
        200..=299 => "ok",
        400 => "refused",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "wrong-method",
        409 => "conflict",
        422 => "invalid",
        429 => "too-many",
        _ => "failed",
    };
    match number {
        1 => name.to_owned(),
        more => format!("{name}-{more}"),
    }
}

fn recording(
    operation: &Operation,
    case: &str,
    version: &str,
    exchange: &Exchange<'_>,
    scrubber: &mut Scrubber,
) -> serde_json::Result<String> {
    let (params, query) = parameters(operation, exchange.url);
    let body = exchange
        .sent
        .and_then(|sent| serde_json::from_slice(sent).ok());
    let reply = serde_json::from_slice::<Value>(exchange.reply).ok();
    let is_json = exchange
        .header("content-type")
        .is_some_and(|it| it.contains("json"));
    // Secrets of both the request and the reply are learned before either is
    // written.
    for value in [&body, &reply].into_iter().flatten() {
        scrubber.learn(value);
    }
    let request = Request {
        method: exchange.method,
        path: operation.path,
        params: scrubber.scrub(&Value::Object(params)),
        query: scrubber.scrub(&Value::Object(query)),
        body: body.map(|body| scrubber.scrub(&body)),
        authenticated: true,
    };
    let headers = HEADERS
        .iter()
        .filter_map(|name| Some((*name, exchange.header(name)?)));
    let text = || Value::String(String::from_utf8_lossy(exchange.reply).into_owned());
    let (json, text) = match reply {
        Some(json) if is_json => (Some(scrubber.scrub(&json)), None),
        _ => (None, Some(scrubber.scrub(&text()))),
    };
    let recording = Recording {
        operation: operation.id,
        case,
        coolify: version,
        request,
        response: Response {
            status: exchange.status,
            headers: headers.collect(),
            json,
            text,
        },
    };
    serde_json::to_string_pretty(&recording).map(|text| text + "\n")
}

/// Returns the parameters of the path, and the query.
fn parameters(operation: &Operation, url: &str) -> (Map<String, Value>, Map<String, Value>) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = path.split_once("/api/v1").map_or(path, |(_, path)| path);
    let named = operation.path.split('/').zip(path.split('/'));
    let params = named.filter_map(|(name, value)| {
        let name = name.strip_prefix('{')?.strip_suffix('}')?;
        Some((name.to_owned(), json!(decoded(value))))
    });
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let query = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), json!(decoded(value)))
    });
    (params.collect(), query.collect())
}

/// Decodes a part of a URL.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let code = digit().and_then(|high| Some(high * 16 + digit()?));
                code.and_then(|code| u8::try_from(code).ok())
                    .unwrap_or(b'%')
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
