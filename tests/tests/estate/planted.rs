//! A Coolify of planted replies: each read is answered from a table, and what was asked is
//! kept. It shows parts that the fake does not have, and times before now.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use coolify_sdk::{Coolify, Pacing, RetryPolicy};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// The replies by their paths below `/api/v1`.
#[derive(Clone, Debug)]
pub struct Planted {
    replies: BTreeMap<String, (u16, Value)>,
    pub version: &'static str,
}

/// A started server, and the names of the times that were planted.
pub struct Standing {
    server: MockServer,
    times: Vec<(String, String)>,
}

impl Planted {
    /// A server of this version that knows nothing else.
    pub fn new(version: &'static str) -> Self {
        Self {
            replies: BTreeMap::new(),
            version,
        }
    }

    /// Plants a reply. A text such as `{20 minutes ago}` in it is replaced by a time.
    pub fn on(mut self, path: impl Into<String>, reply: Value) -> Self {
        self.replies.insert(path.into(), (200, reply));
        self
    }

    /// Plants the answer of a server that does not have the route.
    pub fn unknown(mut self, path: impl Into<String>) -> Self {
        let reply = json!({"message": "Not found.", "docs": "https://coolify.io/docs"});
        self.replies.insert(path.into(), (404, reply));
        self
    }

    /// Plants a refusal.
    pub fn fails(mut self, path: impl Into<String>, status: u16, message: &str) -> Self {
        let reply = (status, json!({"message": message}));
        self.replies.insert(path.into(), reply);
        self
    }

    pub async fn start(mut self) -> Standing {
        let mut times = Vec::new();
        for (_, reply) in self.replies.values_mut() {
            date(reply, &mut times);
        }
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(self).mount(&server).await;
        Standing { server, times }
    }
}

impl Respond for Planted {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let path = request.url.path().trim_start_matches("/api/v1");
        if path == "/version" {
            return ResponseTemplate::new(200).set_body_string(self.version);
        }
        match self.replies.get(path) {
            Some((status, reply)) => ResponseTemplate::new(*status).set_body_json(reply),
            None => ResponseTemplate::new(404).set_body_json(json!({"message": "Not planted."})),
        }
    }
}

impl Standing {
    /// A client that sends each request once.
    pub fn client(&self) -> Coolify {
        let builder = Coolify::builder().url(self.server.uri()).token("1|planted");
        let builder = builder.poll_every(Duration::from_millis(100));
        let builder = builder.pacing(Pacing::off()).retry(RetryPolicy::none());
        builder.build().expect("a client")
    }

    /// Returns what was asked, sorted: calls that are sent together arrive in any order.
    pub async fn asked(&self) -> String {
        let requests = self.server.received_requests().await.expect("requests");
        let mut lines = BTreeMap::new();
        for it in &requests {
            let query = it.url.query().map(|it| format!("?{it}"));
            let path = it.url.path().trim_start_matches("/api/v1");
            let line = format!("{} {path}{}", it.method, query.unwrap_or_default());
            *lines.entry(line).or_insert(0) += 1;
        }
        let mut text = String::new();
        for (line, count) in lines {
            let times = match count {
                1 => String::new(),
                count => format!(" ({count} times)"),
            };
            writeln!(text, "{line}{times}").expect("a text");
        }
        text
    }

    /// Returns the requests that change something, with their bodies, in order.
    pub async fn writes(&self) -> String {
        let requests = self.server.received_requests().await.expect("requests");
        let mut text = String::new();
        for it in requests.iter().filter(|it| it.method != "GET") {
            let path = it.url.path().trim_start_matches("/api/v1");
            let body = String::from_utf8_lossy(&it.body);
            writeln!(text, "{} {path} {body}", it.method).expect("a text");
        }
        text
    }

    /// Returns a text with names instead of the address of the server and of times.
    pub fn named(&self, text: &str) -> String {
        let mut text = text.replace(&self.server.uri(), "https://coolify.example");
        for (time, name) in &self.times {
            text = text.replace(time, name);
        }
        text
    }
}

/// Replaces names of times in JSON by times.
fn date(json: &mut Value, times: &mut Vec<(String, String)>) {
    match json {
        Value::String(text) if text.starts_with('{') && text.ends_with(" ago}") => {
            let known = times.iter().find(|(_, name)| name == text);
            let time = known.map_or_else(|| ago(text), |(time, _)| time.clone());
            if known.is_none() {
                times.push((time.clone(), text.clone()));
            }
            *text = time;
        }
        Value::Array(items) => items.iter_mut().for_each(|it| date(it, times)),
        Value::Object(fields) => fields.values_mut().for_each(|it| date(it, times)),
        _ => {}
    }
}

/// Returns the time of a name such as `{20 minutes ago}`.
fn ago(name: &str) -> String {
    let words: Vec<_> = name.trim_matches(['{', '}']).split(' ').collect();
    let count: u64 = words[0].parse().expect("a number");
    let unit = match words[1].trim_end_matches('s') {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        other => panic!("{other} is no unit"),
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time");
    let seconds = now.as_secs() - count * unit;
    let (year, month, day) = day_of(seconds / 86_400);
    let of_day = seconds % 86_400;
    format!(
        "{year}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000000Z",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// Returns the year, the month and the day of a day since 1970.
fn day_of(mut days: u64) -> (u64, u64, u64) {
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}
