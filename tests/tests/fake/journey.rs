//! Sends recorded exchanges to the fake.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use coolify_sdk::testing::{Clouds, FakeCoolify, reread};
use coolify_sdk_tests::Recording;
use regex::{Captures, Regex};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::difference::compare;
use crate::key;
use crate::values::{Values, counterpart};

/// After how many requests the fake's jobs run.
const LAG: u32 = 4;

/// Plays the recordings of one version, and remembers which data of the fake
/// correspond to the recorded ones.
pub(crate) struct Journey {
    fake: FakeCoolify,
    http: reqwest::Client,
    version: &'static str,
    names: BTreeMap<String, String>,
    ids: BTreeMap<String, String>,
    pub(crate) differences: Vec<String>,
    pub(crate) values: Values,
}

/// A line of a list.
pub(crate) struct Step<'a> {
    /// A recorded case, or a step without a recording.
    pub(crate) words: &'a str,
    pub(crate) aside: bool,
    versions: Option<Only<'a>>,
}

/// The versions whose recordings have a step at its place: `[4.2.0]`, or `[not 4.2.0]`
/// for all others.
struct Only<'a> {
    version: &'a str,
    not: bool,
}

impl Only<'_> {
    fn has(&self, version: &str) -> bool {
        (self.version == version) != self.not
    }
}

/// Returns the steps of a list, without its comments.
pub(crate) fn steps(list: &str) -> impl Iterator<Item = Step<'_>> {
    let lines = list.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let (versions, rest) = match line.strip_prefix('[').and_then(|it| it.split_once("] ")) {
            Some((only, rest)) => (Some(only), rest),
            None => (None, line),
        };
        let versions = versions.map(|only| match only.strip_prefix("not ") {
            Some(version) => Only { version, not: true },
            None => Only {
                version: only,
                not: false,
            },
        });
        let aside = rest.strip_prefix("! ");
        Step {
            words: aside.unwrap_or(rest),
            aside: aside.is_some(),
            versions,
        }
    })
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Journey {
    pub(crate) async fn begin(version: &'static str) -> Self {
        let fake = FakeCoolify::builder()
            .version(version)
            .job_lag(LAG)
            .internal_hosts(["127.0.0.1"])
            .start()
            .await;
        Self::with(fake, version)
    }

    /// Starts with a fake that has another configuration.
    pub(crate) fn with(fake: FakeCoolify, version: &'static str) -> Self {
        for (token, ability) in [
            ("2|read", "read"),
            ("3|write", "write"),
            ("4|deploy", "deploy"),
        ] {
            fake.add_token(token, [ability]);
        }
        fake.add_member_token("5|member", ["read"]);
        fake.add_member_token("6|member-sensitive", ["read", "read:sensitive"]);
        fake.add_member_token("7|member-write", ["read", "write"]);
        fake.add_member_token("8|member-root", ["root"]);
        let recorded = Recording::load(&format!("{version}/list-servers.ok"));
        let servers = recorded.json().as_array().expect("a list").iter();
        let localhost = servers.clone().find(|it| it["name"] == "localhost");
        let localhost = localhost
            .and_then(|it| it["uuid"].as_str())
            .expect("a uuid");
        Self {
            names: BTreeMap::from([(localhost.to_owned(), fake.server_uuid())]),
            http: client(),
            ids: BTreeMap::new(),
            differences: Vec::new(),
            values: Values::default(),
            version,
            fake,
        }
    }

    /// Plays a list of cases; lines with `!` are steps without a recording.
    pub(crate) async fn walk(&mut self, list: &str) {
        for step in steps(list) {
            self.step(&step).await;
        }
    }

    /// Plays a line of a list, if it is one of this version.
    pub(crate) async fn step(&mut self, step: &Step<'_>) {
        let only = step.versions.as_ref();
        if only.is_some_and(|only| !only.has(self.version)) {
            return;
        }
        if step.aside {
            self.aside(step.words).await;
        } else {
            self.replay(step.words).await;
        }
    }

    /// Removes faults that were not used.
    pub(crate) fn forget_faults(&self) {
        self.fake.clear_faults();
    }

    /// Returns the recorded request of a case.
    pub(crate) fn recorded(&self, case: &str) -> Option<Value> {
        let name = format!("{}/{case}.json", self.version);
        let text = std::fs::read_to_string(Recording::folder().join(name)).ok()?;
        let mut whole: Value = serde_json::from_str(&text).expect("recordings are JSON");
        Some(whole["request"].take())
    }

    /// Sends a request in the form of a recorded one, and returns the reply.
    pub(crate) async fn sent(&self, case: &str, request: &Value) -> (u16, Value) {
        let answer = self.ask(case, request).await;
        let reply = serde_json::from_str(&answer.text).unwrap_or_default();
        (answer.status, reply)
    }

    async fn aside(&mut self, words: &str) {
        match words {
            // Jobs run.
            "wait" => {
                for _ in 0..=LAG {
                    self.send("GET", "/health", None, None, None).await;
                }
            }
            "look" => {
                let token = Some(self.fake.token());
                self.send("GET", "/deployments", token, None, None).await;
            }
            // Every deployment comes to its end.
            "finish" => {
                let token = Some(self.fake.token());
                for _ in 0..20 {
                    self.send("GET", "/deployments", token, None, None).await;
                }
            }
            "the next deployment fails" => self.fake.fail_next_deployment(["exit code 1"]),
            "preview" => {
                let name = format!("{}/get-application-by-uuid.ok", self.version);
                let uuid = plain(&Recording::load(&name).request.params["uuid"]);
                self.fake.seed_preview(&self.translate(&uuid), 7);
            }
            // If creating it was rejected, the recorder wrote it into the database.
            "the github app of the recorder" => self.seed_github_app(),
            "close" => self.fake.allow_address(false),
            "open" => self.fake.allow_address(true),
            "the clouds reject tokens" => self.fake.set_clouds(Clouds::RejectTokens),
            "the clouds limit the rate" => self.fake.set_clouds(Clouds::LimitRate),
            "the clouds work" => self.fake.set_clouds(Clouds::Work),
            _ => panic!("nobody knows how to `{words}`"),
        }
    }

    fn seed_github_app(&mut self) {
        let recorded = |case: &str| Recording::load(&format!("{}/{case}", self.version));
        if recorded("create-github-app.emulated").response.status == 201 {
            return;
        }
        let uuid = self.fake.seed_github_app("gh-emulated");
        let apps = self.fake.state()["github_apps"].take();
        let ours = apps.as_array().expect("a list").last().expect("an app")["id"].clone();
        let body = recorded("create-private-github-app-application.ok")
            .request
            .body;
        let theirs = plain(&recorded("deleteGithubApp.in-use").request.params["github_app_id"]);
        let named = plain(&body.expect("a body")["github_app_uuid"]);
        self.names.insert(named, uuid);
        self.ids.insert(theirs, ours.to_string());
    }

    /// Sends a recorded request and compares the replies. Not every version has every case.
    pub(crate) async fn replay(&mut self, case: &str) {
        let name = format!("{}/{case}", self.version);
        let path = Recording::folder().join(format!("{name}.json"));
        let Ok(text) = std::fs::read_to_string(&path) else {
            return;
        };
        let whole: Value = serde_json::from_str(&text).expect("recordings are JSON");
        let told = self.replay_one(case, &whole).await;
        let told = told.into_iter().map(|it| format!("{name}: {it}"));
        self.differences.extend(told);
    }

    async fn replay_one(&mut self, case: &str, recording: &Value) -> Vec<String> {
        let response = &recording["response"];
        let answer = self.ask(case, &recording["request"]).await;
        let mut differences = Vec::new();
        let mut expect = |what: &str, recorded: &Value, given: &Value| {
            if recorded != given {
                differences.push(format!("{what}: recorded {recorded}, given {given}"));
            }
        };
        expect("status", &response["status"], &answer.status.into());
        for header in ["content-type", "allow", "retry-after"] {
            let recorded = response["headers"][header].as_str().unwrap_or_default();
            let given = answer.header(header);
            // How long the wait is depends on when somebody asks.
            if header != "retry-after" || recorded.is_empty() != given.is_empty() {
                expect(header, &recorded.into(), &given.into());
            }
        }
        let limited = response["headers"].get("x-ratelimit-limit").is_some();
        let metered = answer.headers.contains_key("x-ratelimit-limit");
        expect("rate limit", &limited.into(), &metered.into());
        let Some(recorded) = response.get("json") else {
            expect("text", &response["text"], &answer.text.into());
            return differences;
        };
        let given: Value = serde_json::from_str(&answer.text).unwrap_or_default();
        if answer.status >= 400 {
            let message = recorded["message"].as_str().unwrap_or_default();
            expect(
                "message",
                &self.translate(message).into(),
                &given["message"],
            );
        } else if let Some(Err(error)) = reread(
            recording["operation"].as_str().unwrap_or_default(),
            &answer.text,
        ) {
            expect("reading it", &Value::Null, &error.to_string().into());
        }
        compare("", recorded, &given, &mut differences);
        let translated = self.translated(&recorded.to_string());
        let translated = serde_json::from_str(&translated).expect("uuids became others");
        let operation = recording["operation"].as_str().unwrap_or_default();
        self.values.compare(operation, &translated, &given);
        self.learn(recorded, &given, true);
        if differences.len() > 6 {
            let more = differences.split_off(6).len();
            differences.push(format!("… and {more} more"));
        }
        differences
    }

    async fn ask(&self, case: &str, request: &Value) -> Answer {
        let token = (request["authenticated"] == true).then(|| self.token(case));
        let mut path = request["path"].as_str().expect("a path").to_owned();
        for (name, value) in request["params"].as_object().expect("parameters") {
            let value = plain(value);
            let ours = match self.ids.get(&value) {
                Some(ours) if name.ends_with("_id") && name != "pull_request_id" => ours.clone(),
                _ => self.translate(&value),
            };
            path = path.replace(&format!("{{{name}}}"), &ours);
        }
        let query = request["query"].as_object().expect("a query").iter();
        let query: Vec<_> = query
            .map(|(name, value)| format!("{name}={}", self.translate(&plain(value))))
            .collect();
        let path = format!("{path}?{}", query.join("&"));
        let method = request["method"].as_str().expect("a method");
        let body = match (request.get("body"), request["raw"].as_str()) {
            (_, Some("name=x")) => Some(("application/x-www-form-urlencoded", "name=x".to_owned())),
            (_, Some(raw)) => Some(("application/json", raw.to_owned())),
            (Some(Value::Null) | None, None) if method != "GET" => {
                Some(("application/json", "{}".to_owned()))
            }
            (Some(body), None) if !body.is_null() => {
                let body = key::unscrub(&body.to_string(), case);
                Some(("application/json", self.translate(&body)))
            }
            _ => None,
        };
        let accept = request["headers"]["Accept"].as_str();
        self.send(method, &path, token, body, accept).await
    }

    /// Returns the token that a case was recorded with, by its name.
    fn token(&self, case: &str) -> &str {
        const TOKENS: &[(&str, &str)] = &[
            ("bad-token", "no such token"),
            ("expired-token", "no such token"),
            ("other-team", "8|member-root"),
            ("member-root-token", "8|member-root"),
            ("member-write-token", "7|member-write"),
            ("member-sensitive-token", "6|member-sensitive"),
            ("member-token", "5|member"),
            ("read-token", "2|read"),
            ("missing-ability", "2|read"),
            ("write-token", "3|write"),
            ("deploy-token", "4|deploy"),
        ];
        let mut known = TOKENS.iter().filter(|(part, _)| case.contains(part));
        // Some cases have a member that is not the caller.
        let named = known.find(|_| !case.contains("with-member"));
        match named {
            Some((_, token)) => token,
            None if case.contains("read-token") => "2|read",
            None => self.fake.token(),
        }
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<(&str, String)>,
        accept: Option<&str>,
    ) -> Answer {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}/api/v1{path}", self.fake.url());
        let mut request = self.http.request(method, url);
        request = request.header("accept", accept.unwrap_or("application/json"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some((mime, body)) = body {
            request = request.header("content-type", mime).body(body);
        }
        let response = request.send().await.expect("the fake answers");
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.expect("the fake sends text"),
        }
    }

    fn translate(&self, text: &str) -> String {
        self.names
            .iter()
            .fold(text.to_owned(), |text, (recorded, ours)| {
                text.replace(recorded, ours)
            })
    }

    /// Like `translate`, for a whole reply: it looks up each uuid.
    fn translated(&self, text: &str) -> String {
        static UUID: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[a-z0-9]{24}";
            Regex::new(pattern).expect("a pattern")
        });
        let ours = |found: &Captures<'_>| {
            let ours = self.names.get(&found[0]).map(String::as_str);
            ours.unwrap_or(&found[0]).to_owned()
        };
        UUID.replace_all(text, ours).into_owned()
    }

    fn learn(&mut self, recorded: &Value, given: &Value, at_the_top: bool) {
        match (recorded, given) {
            (Value::Object(recorded), Value::Object(given)) => {
                for (key, value) in recorded {
                    let ours = given.get(key).unwrap_or(&Value::Null);
                    match (value, ours) {
                        (Value::String(theirs), Value::String(ours)) if key.ends_with("uuid") => {
                            if at_the_top || !self.names.contains_key(theirs) {
                                self.names.insert(theirs.clone(), ours.clone());
                            }
                        }
                        (Value::Number(theirs), Value::Number(ours))
                            if key == "id" && at_the_top =>
                        {
                            self.ids.insert(theirs.to_string(), ours.to_string());
                        }
                        _ => self.learn(value, ours, false),
                    }
                }
            }
            (Value::Array(recorded), Value::Array(given)) => {
                for (position, value) in recorded.iter().enumerate() {
                    if let Some(ours) = counterpart(recorded, position, given) {
                        self.learn(value, ours, false);
                    }
                }
            }
            _ => {}
        }
    }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap_or_default())
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(crate) fn client() -> reqwest::Client {
    // Installing it twice is harmless, because the tests share a process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
