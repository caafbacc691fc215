//! Writes down everything that an error tells, to compare it as a whole.

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use coolify_sdk::operations::Method;
use coolify_sdk::{Coolify, Error, Pacing, RetryPolicy};

use crate::builder;
use crate::server::{Act, Received, Server, reply};

/// Returns what an error tells, without the address of the test's server.
pub fn told(error: &Error, server: &str) -> String {
    let mut text = format!("  {:?}: {error}", error.kind());
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // The system's own words differ between systems.
        let (cause_text, _) = cause_text
            .split_once(" (os error")
            .unwrap_or((&cause_text, ""));
        write!(text, "\n  because: {cause_text}").unwrap();
        source = cause.source();
    }
    if let Some(hint) = error.hint() {
        write!(text, "\n  hint: {hint}").unwrap();
    }
    for line in facts(error) {
        write!(text, "\n  {line}").unwrap();
    }
    let port = server.rsplit_once(':').map_or("", |(_, port)| port);
    text.replace(&format!("127.0.0.1:{port}"), "c.example")
}

/// Returns the facts that the texts of the error do not contain.
fn facts(error: &Error) -> Vec<String> {
    let mut facts = Vec::new();
    if error.attempts() != 1 {
        facts.push(format!("attempts: {}", error.attempts()));
    }
    if error.outcome_unknown() {
        facts.push("outcome unknown".to_owned());
    }
    if error.is_timeout() {
        facts.push("timeout".to_owned());
    }
    if let Some(wait) = error.retry_after() {
        facts.push(format!("retry after: {wait:?}"));
    }
    if let Some(ability) = error.missing_ability() {
        facts.push(format!("missing ability: {ability}"));
    }
    if let Some(it) = error.unsupported() {
        let server = it.server.as_ref().map(ToString::to_string);
        facts.push(format!(
            "unsupported: field {:?}, {}, on {server:?}, since {:?}",
            it.field,
            it.versions,
            error.unsupported_since().map(|it| it.to_string()),
        ));
    }
    for conflict in error.conflicts() {
        facts.push(format!("conflict: {conflict:?}"));
    }
    if !error.valid_service_types().is_empty() {
        facts.push(format!("types: {:?}", error.valid_service_types()));
    }
    facts
}

/// A server that gives one answer to everything but the question for its version.
pub struct Answering {
    pub server: Server,
    pub coolify: Coolify,
    answer: Arc<Mutex<String>>,
}

impl Answering {
    /// Starts a server that calls itself by this version.
    pub async fn start(version: &'static str) -> Self {
        let answer: Arc<Mutex<String>> = Arc::default();
        let said = answer.clone();
        let act = Act::Answer(Box::new(move |request: &Received| {
            if request.line() == "GET /api/v1/version" && !version.is_empty() {
                return reply(200, &[], version);
            }
            said.lock().unwrap().clone()
        }));
        let server = Server::start([act]).await;
        let coolify = builder(&server)
            .pacing(Pacing::off())
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        Self {
            server,
            coolify,
            answer,
        }
    }

    /// Sets the answer: a status and a body, whose type is seen from its beginning.
    pub fn answers(&self, status: u16, headers: &[(&str, &str)], body: &str) {
        let kind = match body.as_bytes().first() {
            Some(b'{' | b'[') => "application/json",
            Some(b'<') => "text/html",
            _ => "text/plain",
        };
        let headers = [&[("content-type", kind)], headers].concat();
        *self.answer.lock().unwrap() = reply(status, &headers, body);
    }

    /// Sends a request, and returns its error.
    pub async fn refuses(&self, method: Method, path: &str) -> Error {
        let request = self.coolify.request(method, path);
        request.await.expect_err("the server refuses everything")
    }

    /// Plays a list of cases, each of which is `METHOD path status body`, and returns
    /// what the errors tell.
    pub async fn play(&self, cases: &[&str]) -> String {
        let mut texts = Vec::new();
        for case in cases {
            let mut parts = case.splitn(4, ' ');
            let mut part = || parts.next().unwrap_or_default();
            let (method, path) = (method(part()), part());
            let status = part().parse().unwrap();
            self.answers(status, &[], part());
            let error = self.refuses(method, path).await;
            texts.push(format!("{case}\n{}", told(&error, &self.server.url())));
        }
        texts.join("\n")
    }
}

fn method(name: &str) -> Method {
    let all = [
        Method::Get,
        Method::Post,
        Method::Patch,
        Method::Put,
        Method::Delete,
    ];
    let mut all = all.into_iter();
    all.find(|it| it.as_str() == name).expect("a method")
}
