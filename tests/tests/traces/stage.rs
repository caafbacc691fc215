//! A server that answers according to a script, and the story of what happens.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use coolify_sdk::{Coolify, CoolifyBuilder, Error, Pacing, RetryPolicy};
use coolify_sdk_tests::keep_tracing_on;
use futures_util::{Stream, StreamExt};
use regex::Regex;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

/// What the server does with a request.
#[derive(Clone)]
pub enum Reply {
    /// Answers with this status, content type and body.
    Say(u16, &'static str, String),
    /// Closes the connection.
    Cut,
    /// Never answers.
    Silence,
    /// Answers after some seconds.
    Late(u64, Box<Reply>),
    /// Answers with what this makes of the body of the last write; null before.
    Made(Arc<dyn Fn(&Value) -> Value + Send + Sync>),
}

pub fn ok(body: impl Into<Value>) -> Reply {
    status(200, body)
}

pub fn status(status: u16, body: impl Into<Value>) -> Reply {
    Reply::Say(status, "application/json", body.into().to_string())
}

/// Answers with what this makes of the body of the last write; null before.
pub fn made(make: impl Fn(&Value) -> Value + Send + Sync + 'static) -> Reply {
    Reply::Made(Arc::new(make))
}

/// A message, as Coolify gives it with most errors.
pub fn message(number: u16, text: &str) -> Reply {
    status(number, json!({ "message": text }))
}

/// The page of a proxy whose server restarts.
pub fn outage() -> Reply {
    let page = "<html><head><title>Bad gateway</title></head></html>".to_owned();
    Reply::Say(502, "text/html", page)
}

pub fn absent() -> Reply {
    message(404, "Deployment not found.")
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say(status, ..) => write!(f, "{status}"),
            Self::Cut => f.write_str("cut off"),
            Self::Silence => f.write_str("no answer"),
            Self::Late(seconds, reply) => write!(f, "{reply} after {seconds} s"),
            Self::Made(_) => f.write_str("200"),
        }
    }
}

enum Route {
    /// One reply for each request; the last is repeated.
    Each(VecDeque<Reply>),
    /// The last reply whose second has come.
    Since(Vec<(u64, Reply)>),
}

impl Route {
    fn next(&mut self, elapsed: Duration) -> Reply {
        match self {
            Self::Each(replies) if replies.len() > 1 => replies.pop_front(),
            Self::Each(replies) => replies.front().cloned(),
            Self::Since(replies) => {
                let due = |it: &&(u64, Reply)| Duration::from_secs(it.0) <= elapsed;
                replies.iter().rfind(due).map(|(_, reply)| reply.clone())
            }
        }
        .expect("a reply for each route")
    }
}

/// One client for all tests, because making one takes longer than most tests.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
    // It fails if a client of the SDK was made before, which is fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
});

#[derive(Clone)]
pub struct Stage {
    url: String,
    routes: Arc<Mutex<HashMap<String, Route>>>,
    written: Arc<Mutex<Value>>,
    pub story: Story,
}

impl Stage {
    pub async fn set() -> Self {
        Self::of_version("4.3.11").await
    }

    pub async fn of_version(version: &str) -> Self {
        keep_tracing_on();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let stage = Self {
            url: format!("http://{address}"),
            routes: Arc::default(),
            written: Arc::default(),
            story: Story::begin(),
        };
        let version = Reply::Say(200, "text/html", version.to_owned());
        let stage = stage.on("GET /version", [version]);
        let this = stage.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let this = this.clone();
                tokio::spawn(async move { this.serve(stream).await });
            }
        });
        stage
    }

    /// Answers a method and a path with these replies, one after the other; the last is
    /// repeated.
    pub fn on(self, route: &str, replies: impl IntoIterator<Item = Reply>) -> Self {
        self.put(route, Route::Each(replies.into_iter().collect()));
        self
    }

    /// Answers a method and a path with each reply from this second on.
    pub fn since(self, route: &str, replies: impl IntoIterator<Item = (u64, Reply)>) -> Self {
        self.put(route, Route::Since(replies.into_iter().collect()));
        self
    }

    fn put(&self, route: &str, replies: Route) {
        lock(&self.routes).insert(route.to_owned(), replies);
    }

    pub fn builder(&self) -> CoolifyBuilder {
        let builder = Coolify::builder().url(&self.url).token("1|t");
        let builder = builder.http_client(HTTP.clone());
        builder.pacing(Pacing::off()).retry(RetryPolicy::none())
    }

    pub fn client(&self) -> Coolify {
        self.builder().build().expect("a loopback URL is fine")
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some((line, body)) = receive(&mut stream).await else {
            return;
        };
        let target = line.replacen("/api/v1", "", 1);
        let route = target.split('?').next().unwrap_or_default();
        if !route.starts_with("GET ")
            && let Ok(body) = serde_json::from_str(&body)
        {
            *lock(&self.written) = body;
        }
        let elapsed = self.story.begun.elapsed();
        let reply = lock(&self.routes)
            .get_mut(route)
            .map_or_else(|| message(404, "Not found."), |it| it.next(elapsed));
        let body = if body.is_empty() {
            body
        } else {
            format!(" {body}")
        };
        self.story.tell(format!("{target}{body} -> {reply}"));
        let reply = match reply {
            Reply::Made(make) => ok(make(&lock(&self.written))),
            reply => reply,
        };
        say(&mut stream, reply).await;
    }
}

async fn say(stream: &mut TcpStream, mut reply: Reply) {
    loop {
        match reply {
            Reply::Cut | Reply::Made(_) => return,
            Reply::Silence => return sleep(Duration::from_secs(1_000_000)).await,
            Reply::Late(seconds, later) => {
                sleep(Duration::from_secs(seconds)).await;
                reply = *later;
            }
            Reply::Say(status, kind, body) => {
                let length = body.len();
                let reply = format!(
                    "HTTP/1.1 {status} Some\r\nconnection: close\r\ncontent-type: {kind}\r\n\
                     content-length: {length}\r\n\r\n{body}"
                );
                // The client may have given up.
                let _ = stream.write_all(reply.as_bytes()).await;
                return;
            }
        }
    }
}

/// Reads a request: its line without the protocol, and its body.
async fn receive(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines();
            let line = lines.next().unwrap_or_default();
            let length = lines.find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then_some(value)
            });
            if body.len() >= length.unwrap_or("0").parse().expect("a length") {
                let line = line.trim_end_matches(" HTTP/1.1");
                return Some((line.to_owned(), body.to_owned()));
            }
        }
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&part[..count]),
        }
    }
}

/// What has happened, with the time since the beginning.
#[derive(Clone)]
pub struct Story {
    begun: Instant,
    lines: Arc<Mutex<Vec<(Duration, String)>>>,
}

impl Story {
    fn begin() -> Self {
        Self {
            begun: Instant::now(),
            lines: Arc::default(),
        }
    }

    pub fn tell(&self, what: impl Into<String>) {
        lock(&self.lines).push((self.begun.elapsed(), what.into()));
    }

    /// Tells an event or a result, as JSON.
    pub fn tell_of<T: Serialize>(&self, what: &str, told: &Result<T, Error>) {
        self.tell(match told {
            Ok(value) => {
                let value = serde_json::to_string(value).expect("it can be printed");
                format!("{what}: {value}")
            }
            Err(error) => format!("{what}: {}", failure(error)),
        });
    }

    /// Tells all events of a stream.
    pub async fn tell_all<T: Serialize>(
        &self,
        mut events: impl Stream<Item = Result<T, Error>> + Unpin,
    ) {
        while let Some(event) = events.next().await {
            self.tell_of("event", &event);
        }
        self.tell("the stream ends");
    }
}

/// Everything that an error says, without the words of the HTTP library.
pub fn failure(error: &Error) -> String {
    let report = error.report().to_string();
    let lines = report.lines().filter(|it| !it.starts_with("  because: "));
    let report = lines.collect::<Vec<_>>().join("\n");
    let unknown = if error.outcome_unknown() {
        ", outcome unknown"
    } else {
        ""
    };
    format!("[{}{unknown}] {report}", error.kind())
}

/// Returns a story under its name.
pub fn chapter(name: &str, story: impl fmt::Display) -> String {
    format!("--- {name}\n{story}")
}

/// Consecutive lines with the same text are one line.
impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = Regex::new("once-[0-9a-f]{16}").expect("a pattern");
        let port = Regex::new(r"127\.0\.0\.1:\d+").expect("a pattern");
        let lines = lock(&self.lines);
        for same in lines.chunk_by(|(_, one), (_, other)| one == other) {
            let (first, last) = (same[0].0.as_secs_f64(), same[same.len() - 1].0);
            write!(f, "{first:>6.1}  ")?;
            if same.len() > 1 {
                write!(f, "({} times, to {:.1}) ", same.len(), last.as_secs_f64())?;
            }
            let text = digits.replace_all(&same[0].1, "once-DIGITS");
            let text = port.replace_all(&text, "c.example");
            writeln!(f, "{}", text.replace('\n', "\n        "))?;
        }
        Ok(())
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
