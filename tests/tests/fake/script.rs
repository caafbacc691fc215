//! Requests to a fake, and its replies as a text with names instead of uuids.

use coolify_sdk::testing::{FakeCoolify, FakeCoolifyBuilder};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::journey::client;
use crate::values::masked_text;

/// The most of a reply that is told.
const TOLD: usize = 700;

pub(crate) struct Script {
    pub(crate) fake: FakeCoolify,
    http: reqwest::Client,
    /// The uuids and ids, by their names.
    names: Vec<(String, String)>,
    told: String,
}

impl Script {
    pub(crate) async fn on(fake: FakeCoolifyBuilder) -> Self {
        let fake = fake.start().await;
        fake.add_token("2|read", ["read"]);
        fake.add_token("3|write", ["read", "write"]);
        fake.add_token("4|deploy", ["read", "deploy"]);
        let mut script = Self {
            http: client(),
            names: Vec::new(),
            told: String::new(),
            fake,
        };
        script.name("server", &script.fake.server_uuid());
        let project = script.fake.seed_project("shop");
        script.name("project", &project);
        script
    }

    pub(crate) fn name(&mut self, name: &str, uuid: &str) {
        self.names.push((name.to_owned(), uuid.to_owned()));
    }

    /// Seeds an application of the project.
    pub(crate) fn application(&mut self, name: &str) {
        let uuid = self.fake.seed_application(&self.uuid("project"), name);
        self.name(name, &uuid);
    }

    pub(crate) fn database(&mut self, name: &str, engine: &str) {
        let uuid = self.fake.seed_database(&self.uuid("project"), engine, name);
        self.name(name, &uuid);
    }

    pub(crate) fn service(&mut self, name: &str, file: &str) {
        let uuid = self.fake.seed_service(&self.uuid("project"), name, file);
        self.name(name, &uuid);
    }

    pub(crate) fn uuid(&self, name: &str) -> String {
        let named = self.names.iter().find(|(it, _)| it == name);
        let (_, uuid) = named.unwrap_or_else(|| panic!("nothing is called {name}"));
        uuid.clone()
    }

    /// Plays a list of requests, one on each line:
    ///
    /// - `POST /projects {"name": "shop"} > name` sends a body, and names the uuid of the
    ///   reply.
    /// - `GET /projects as read` has another token.
    /// - `GET /projects/{shop} : name uuid` tells these fields of the reply.
    /// - `# words` is a heading.
    /// - `= GET /projects 3` sends a request some times without telling it.
    pub(crate) async fn play(&mut self, lines: &str) {
        for line in lines.lines().map(str::trim).filter(|it| !it.is_empty()) {
            if let Some(words) = line.strip_prefix("# ") {
                self.tell(&format!("--- {words}"));
            } else if let Some(words) = line.strip_prefix("= ") {
                let (request, times) = words.rsplit_once(' ').expect("a number");
                for _ in 0..times.parse().expect("a number") {
                    self.send(request, "root").await;
                }
            } else {
                self.step(line).await;
            }
        }
    }

    async fn step(&mut self, line: &str) {
        let (rest, name) = split(line, " > ");
        let (rest, fields) = split(rest, " : ");
        let (request, token) = split(rest, " as ");
        let (status, headers, body) = self.send(request, token.unwrap_or("root")).await;
        if let Some(name) = name {
            let uuid = [
                "uuid",
                "deployment_uuid",
                "id",
                "0/uuid",
                "deployments/0/deployment_uuid",
            ]
            .iter()
            .find_map(|it| body.pointer(&format!("/{it}")));
            let uuid = uuid.map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
            self.name(
                name,
                &uuid.unwrap_or_else(|| panic!("{line}: {status} {body}")),
            );
        }
        let shown = match fields {
            Some(fields) => picked(&body, &fields.split(' ').collect::<Vec<_>>()),
            None => body,
        };
        let mut told = self.named(&shown.to_string());
        if told.chars().count() > TOLD {
            told = told.chars().take(TOLD).chain(['…']).collect();
        }
        let extra: String = ["location", "retry-after"]
            .iter()
            .filter_map(|it| Some(format!(" [{it}: {}]", headers.get(*it)?.to_str().ok()?)))
            .collect();
        self.tell(&format!("{rest}\n    {status}{extra} {told}"));
    }

    /// Returns a whole reply without telling it.
    pub(crate) async fn reply(&self, request: &str) -> Value {
        self.send(request, "root").await.2
    }

    /// Sends a body that is too long to be told, and tells the reply.
    pub(crate) async fn asked(&mut self, request: &str, body: &str) {
        let (status, _, reply) = self.send(&format!("{request} {body}"), "root").await;
        self.tell(&format!("{request}\n    {status} {reply}"));
    }

    pub(crate) fn tell(&mut self, text: &str) {
        let named = self.named(text);
        self.told.push_str(&named);
        self.told.push('\n');
    }

    /// Replaces uuids by their names, and what differs between runs.
    fn named(&self, text: &str) -> String {
        let named = self
            .names
            .iter()
            .fold(text.to_owned(), |text, (name, uuid)| {
                // Numbers appear in other words as well.
                if uuid.len() < 9 {
                    return text;
                }
                text.replace(uuid, &format!("{{{name}}}"))
            });
        masked_text(&named)
    }

    async fn send(&self, request: &str, token: &str) -> (u16, HeaderMap, Value) {
        let request = self
            .names
            .iter()
            .fold(request.to_owned(), |text, (name, uuid)| {
                text.replace(&format!("{{{name}}}"), uuid)
            });
        let (method, rest) = request.split_once(' ').expect("a method");
        let (path, body) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut body = body.to_owned();
        if body.is_empty() && method != "GET" {
            body.push_str("{}");
        }
        let mut call = self.start(method, path, token);
        if !body.is_empty() {
            call = call.header("content-type", "application/json").body(body);
        }
        answer(call).await
    }

    fn start(&self, method: &str, path: &str, token: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}/api/v1{path}", self.fake.url());
        let call = self.http.request(method, url);
        let call = call.header("accept", "application/json");
        match token {
            "none" => call,
            "root" => call.bearer_auth(self.fake.token()),
            "read" => call.bearer_auth("2|read"),
            "write" => call.bearer_auth("3|write"),
            "deploy" => call.bearer_auth("4|deploy"),
            token => call.bearer_auth(token),
        }
    }

    /// Sends a file in a form, as browsers do.
    pub(crate) async fn upload(&mut self, path: &str, fields: &str, name: &str, content: &[u8]) {
        let mut form = Vec::new();
        for field in fields.split_whitespace() {
            let (field, value) = field.split_once('=').expect("a value");
            let part = format!(
                "--X\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            form.extend(part.into_bytes());
        }
        if !name.is_empty() {
            let head = format!(
                "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
            );
            form.extend(head.into_bytes());
            form.extend(content);
            form.extend(b"\r\n");
        }
        form.extend(b"--X--\r\n");
        let path = self
            .names
            .iter()
            .fold(path.to_owned(), |text, (name, uuid)| {
                text.replace(&format!("{{{name}}}"), uuid)
            });
        let call = self.start("POST", &path, "root");
        let call = call.header("content-type", "multipart/form-data; boundary=X");
        let (status, _, body) = answer(call.body(form)).await;
        let mut fields = fields.to_owned();
        if !name.is_empty() {
            fields = format!("{fields} {name} ({} bytes)", content.len());
        }
        self.tell(&format!("{fields}\n    {status} {body}"));
    }

    pub(crate) fn told(self) -> String {
        self.told
    }
}

async fn answer(call: reqwest::RequestBuilder) -> (u16, HeaderMap, Value) {
    let reply = call.send().await.expect("the fake answers");
    let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
    let text = reply.text().await.expect("a text");
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (status, headers, body)
}

fn split<'a>(text: &'a str, at: &str) -> (&'a str, Option<&'a str>) {
    match text.rsplit_once(at) {
        Some((text, rest)) => (text, Some(rest)),
        None => (text, None),
    }
}

/// Returns these fields of an object, or of each object of a list.
fn picked(body: &Value, fields: &[&str]) -> Value {
    match body {
        Value::Array(items) => items.iter().map(|it| picked(it, fields)).collect(),
        Value::Object(map)
            if fields
                .iter()
                .any(|it| body.pointer(&format!("/{it}")).is_some()) =>
        {
            let of = |it: &&str| body.pointer(&format!("/{it}")).cloned();
            let picked = fields
                .iter()
                .filter_map(|it| Some(((*it).to_owned(), of(it)?)));
            Value::Object(picked.collect())
        }
        Value::Object(map) if map.values().any(Value::is_object) => {
            let of = map
                .iter()
                .map(|(key, it)| (key.clone(), picked(it, fields)));
            Value::Object(of.collect())
        }
        other => other.clone(),
    }
}
