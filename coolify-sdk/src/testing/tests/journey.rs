//! The recorded journey, sent to the fake once more: each reply must have the
//! recorded status and form.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use super::wire::{Answer, Wire};
use crate::testing::FakeCoolify;

/// Goes through recordings, and remembers which uuid of the fake stands for which
/// recorded one.
struct Journey {
    fake: FakeCoolify,
    wire: Wire,
    uuids: BTreeMap<String, String>,
    differences: Vec<String>,
}

impl Journey {
    async fn begin() -> Self {
        let fake = FakeCoolify::builder().job_lag(4).start().await;
        fake.add_token("2|reader", ["read"]);
        fake.add_token("3|writer", ["write"]);
        fake.add_token("4|deployer", ["deploy"]);
        let recorded_server = "ndfqlt8mg8zla6bo50nyqhg8".to_owned();
        let uuids = BTreeMap::from([(recorded_server, fake.server_uuid())]);
        Self {
            wire: Wire::to(&fake),
            fake,
            uuids,
            differences: Vec::new(),
        }
    }

    /// Sends each recorded request again and compares the replies.
    async fn replay(&mut self, cases: &[&str]) {
        for case in cases {
            let differences = self.replay_one(case).await;
            let told = differences.into_iter().map(|it| format!("{case}: {it}"));
            self.differences.extend(told);
        }
    }

    async fn replay_one(&mut self, case: &str) -> Vec<String> {
        let recording = recording(case);
        let response = &recording["response"];
        let answer = self.send(case, &recording["request"]).await;
        let mut differences = Vec::new();
        let mut expect = |what: &str, recorded: &Value, given: &Value| {
            if recorded != given {
                differences.push(format!("{what}: recorded {recorded}, given {given}"));
            }
        };
        expect("status", &response["status"], &answer.status.into());
        for header in ["content-type", "allow", "retry-after"] {
            let recorded = response["headers"][header].as_str().unwrap_or_default();
            expect(header, &recorded.into(), &answer.header(header).into());
        }
        let limited = response["headers"].get("x-ratelimit-limit").is_some();
        let metered = answer.headers.contains_key("x-ratelimit-limit");
        expect("rate limit", &limited.into(), &metered.into());
        let Some(recorded) = response.get("json") else {
            expect("text", &response["text"], &answer.text.into());
            return differences;
        };
        let given = answer.json();
        if answer.status >= 400 {
            let message = recorded["message"].as_str().unwrap_or_default();
            expect(
                "message",
                &self.translate(message).into(),
                &given["message"],
            );
        }
        compare("", recorded, &given, &mut differences);
        self.learn(recorded, &given);
        differences
    }

    async fn send(&self, case: &str, request: &Value) -> Answer {
        let token = if request["authenticated"] != true {
            None
        } else if case.contains("bad-token") {
            Some("no such token")
        } else if case.contains("read-token") {
            Some("2|reader")
        } else if case.contains("write-token") {
            Some("3|writer")
        } else if case.contains("deploy-token") {
            Some("4|deployer")
        } else {
            Some(self.fake.token())
        };
        let mut path = request["path"].as_str().unwrap().to_owned();
        for (name, value) in request["params"].as_object().unwrap() {
            path = path.replace(&format!("{{{name}}}"), &self.translate(&plain(value)));
        }
        let query = request["query"].as_object().unwrap().iter();
        let query: Vec<_> = query
            .map(|(name, value)| format!("{name}={}", self.translate(&plain(value))))
            .collect();
        let path = format!("{path}?{}", query.join("&"));
        let body = match (request.get("body"), request["raw"].as_str()) {
            (_, Some("name=x")) => Some(("application/x-www-form-urlencoded", "name=x".to_owned())),
            (_, Some(raw)) => Some(("application/json", raw.to_owned())),
            (Some(Value::Null) | None, None) if request["method"] != "GET" => {
                Some(("application/json", "{}".to_owned()))
            }
            (Some(body), None) if !body.is_null() => {
                Some(("application/json", self.translate(&body.to_string())))
            }
            _ => None,
        };
        let wire = self.wire.with_token(token);
        wire.send(request["method"].as_str().unwrap(), &path, body)
            .await
    }

    fn translate(&self, text: &str) -> String {
        self.uuids
            .iter()
            .fold(text.to_owned(), |text, (recorded, ours)| {
                text.replace(recorded, ours)
            })
    }

    fn learn(&mut self, recorded: &Value, given: &Value) {
        match (recorded, given) {
            (Value::Object(recorded), Value::Object(given)) => {
                for (key, value) in recorded {
                    let ours = given.get(key).unwrap_or(&Value::Null);
                    if let (true, Some(theirs), Some(ours)) =
                        (key.ends_with("uuid"), value.as_str(), ours.as_str())
                    {
                        self.uuids.insert(theirs.to_owned(), ours.to_owned());
                    } else if matches!(&**key, "deployments" | "details" | "executions") {
                        self.learn(value, ours);
                    }
                }
            }
            (Value::Array(recorded), Value::Array(given)) if recorded.len() == given.len() => {
                for (recorded, given) in recorded.iter().zip(given) {
                    self.learn(recorded, given);
                }
            }
            _ => {}
        }
    }
}

/// Keys and JSON types must agree; null stands for any type, and each entry of a list
/// must have the form of a recorded one.
fn compare(at: &str, recorded: &Value, given: &Value, differences: &mut Vec<String>) {
    match (recorded, given) {
        (Value::Object(recorded), Value::Object(given)) => {
            // The state of a proxy is one JSON column that grows with its history.
            let grows = at.ends_with("/proxy");
            let missing = |key: &&String| !grows && !given.contains_key(*key);
            for key in recorded.keys().filter(missing) {
                differences.push(format!("{at}/{key} is missing"));
            }
            for (key, value) in given {
                match recorded.get(key) {
                    Some(recorded) => {
                        compare(&format!("{at}/{key}"), recorded, value, differences);
                    }
                    None => differences.push(format!("{at}/{key} is not in the recording")),
                }
            }
        }
        (Value::Array(recorded), Value::Array(given)) => {
            for (position, value) in given.iter().enumerate() {
                let attempts = recorded.iter().map(|recorded| {
                    let mut found = Vec::new();
                    compare(&format!("{at}/{position}"), recorded, value, &mut found);
                    found
                });
                if let Some(closest) = attempts.min_by_key(Vec::len) {
                    differences.extend(closest);
                }
            }
        }
        (Value::Null, _)
        | (_, Value::Null)
        | (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => differences.push(format!("{at}: recorded {recorded}, given {given}")),
    }
}

fn recording(case: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/fixtures/recordings/4.3.11")
        .join(format!("{case}.json"));
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn the_recorded_journey() {
    let mut journey = Journey::begin().await;
    journey.replay(SYSTEM).await;
    journey.replay(PROJECTS).await;
    journey.replay(APPLICATIONS).await;
    journey.replay(VARIABLES).await;
    journey.replay(DEPLOYMENTS).await;
    journey.replay(TAGS).await;
    journey.replay(TASKS).await;
    journey.replay(STORAGES).await;
    journey.replay(DATABASES).await;
    journey.replay(BACKUPS).await;
    journey.replay(THE_END).await;
    let differences = journey.differences;
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

const SYSTEM: &[&str] = &[
    "version.ok",
    "version.unauthenticated",
    "version.bad-token",
    "healthcheck.ok",
    "get-token-team.ok",
    "list-teams.ok",
    "undocumented-get-no-such-route.unknown-route",
    "undocumented-put-projects.wrong-method",
    "undocumented-get-deploy.get",
    "undocumented-get-enable.get",
    "undocumented-get-applications-uuid-start.get",
    "disable-api.ok",
    "list-projects.api-disabled",
    "enable-api.ok",
    "list-servers.ok",
    "list-servers.read-token",
    "get-server-by-uuid.ok",
    "get-server-by-uuid.read-token",
    "get-server-by-uuid.not-found",
    "validate-server-by-uuid.reachable",
];

const PROJECTS: &[&str] = &[
    "create-project.ok",
    "create-project.unknown-field",
    "create-project.bad-json",
    "create-project.form-body",
    "create-project.json-string-body",
    "create-project.missing-fields",
    "create-project.deploy-token",
    "list-projects.ok",
    "list-projects.write-token",
    "list-projects.deploy-token",
    "get-project-by-uuid.ok",
    "get-project-by-uuid.not-found",
    "update-project-by-uuid.ok",
    "get-environments.ok",
    "create-environment.ok",
    "create-environment.duplicate",
    "update-environment.ok",
    "get-project-by-uuid.with-environments",
    "get-environment-by-name-or-uuid.empty",
    "get-environment-by-name-or-uuid.not-found",
    "create-project.empty-one",
    "create-environment.tmp",
    "delete-environment.ok",
    "delete-project-by-uuid.ok",
];

const APPLICATIONS: &[&str] = &[
    "create-public-application.ok",
    "create-public-application.missing-fields",
    "create-public-application.invalid",
    "create-public-application.no-environment",
    "create-public-application.fqdn-not-allowed",
    "create-public-application.update-only-field",
    "create-public-application.domain-conflict",
    "create-public-application.compose",
    "create-dockerimage-application.ok",
    "create-dockerimage-application.build-fields",
    "create-dockerfile-application.ok",
    "create-dockerfile-application.not-base64",
    "get-application-by-uuid.dockerimage",
    "get-application-by-uuid.compose",
    "list-applications.ok",
    "list-applications.read-token",
    "list-applications.by-tag",
    "get-application-by-uuid.ok",
    "get-application-by-uuid.read-token",
    "get-application-by-uuid.not-found",
    "get-environment-by-name-or-uuid.ok",
    "get-environment-by-name-or-uuid.read-token",
    "update-application-by-uuid.ok",
    "update-application-by-uuid.update-only-field",
    "update-application-by-uuid.domains",
    "update-application-by-uuid.invalid-domain",
    "update-application-by-uuid.invalid-ports",
    "update-application-by-uuid.unknown-fields",
    "update-application-by-uuid.spec-only-fields",
    "update-application-by-uuid.fqdn-not-allowed",
    "update-application-by-uuid.empty-body",
    "update-application-by-uuid.domains-on-compose",
    "update-application-by-uuid.compose-domains",
    "update-application-by-uuid.compose-raw",
    "delete-project-by-uuid.not-empty",
];

const VARIABLES: &[&str] = &[
    "list-envs-by-application-uuid.empty",
    "create-env-by-application-uuid.ok",
    "create-env-by-application-uuid.buildtime",
    "create-env-by-application-uuid.wrong-build-time-name",
    "create-env-by-application-uuid.duplicate",
    "create-env-by-application-uuid.missing-key",
    "create-env-by-application-uuid.bad-key",
    "create-env-by-application-uuid.shown-once",
    "create-env-by-application-uuid.multiline",
    "create-env-by-application-uuid.no-value",
    "update-env-by-application-uuid.ok",
    "update-env-by-application-uuid.write-token",
    "update-env-by-application-uuid.wrong-build-time-name",
    "update-env-by-application-uuid.not-found",
    "update-envs-by-application-uuid.ok",
    "update-envs-by-application-uuid.write-token",
    "update-envs-by-application-uuid.wrong-build-time-name",
    "update-envs-by-application-uuid.bare-array",
    "update-envs-by-application-uuid.empty",
    "list-envs-by-application-uuid.ok",
    "list-envs-by-application-uuid.read-token",
    "delete-env-by-application-uuid.ok",
    "delete-env-by-application-uuid.not-found",
];

const DEPLOYMENTS: &[&str] = &[
    "start-application-by-uuid.ok",
    "start-application-by-uuid.not-found",
    "restart-application-by-uuid.ok",
    "stop-application-by-uuid.ok",
    "deploy-by-tag-or-uuid.not-found",
    "deploy-by-tag-or-uuid.missing-fields",
    "deploy-by-tag-or-uuid.both",
    "deploy-by-tag-or-uuid.pr-not-found",
    "get-deployment-by-uuid.ok",
    "get-deployment-by-uuid.read-token",
    "get-deployment-by-uuid.not-found",
    "list-deployments-by-app-uuid.ok",
    "list-deployments-by-app-uuid.read-token",
    "list-deployments-by-app-uuid.paged",
    "list-deployments-by-app-uuid.take-zero",
    "list-deployments-by-app-uuid.not-found",
    "start-application-by-uuid.ok",
    "cancel-deployment-by-uuid.ok",
    "cancel-deployment-by-uuid.already-cancelled",
    "get-deployment-by-uuid.cancelled",
];

const TAGS: &[&str] = &[
    "list-tags-by-application-uuid.before",
    "create-tag-by-application-uuid.ok",
    "create-tag-by-application-uuid.many",
    "create-tag-by-application-uuid.missing-fields",
    "list-tags-by-application-uuid.ok",
    "list-tags.ok",
    "create-tag.ok",
    "create-tag.duplicate",
    "create-tag.too-short",
    "update-tag-by-uuid.ok",
    "delete-tag-by-uuid.ok",
    "deploy-by-tag-or-uuid.by-tag",
    "delete-tag-by-application-uuid.ok",
];

const TASKS: &[&str] = &[
    "list-scheduled-tasks-by-application-uuid.empty",
    "create-scheduled-task-by-application-uuid.ok",
    "create-scheduled-task-by-application-uuid.missing-fields",
    "create-scheduled-task-by-application-uuid.invalid-frequency",
    "create-scheduled-task-by-application-uuid.command-255",
    "create-scheduled-task-by-application-uuid.command-256",
    "list-scheduled-tasks-by-application-uuid.ok",
    "update-scheduled-task-by-application-uuid.ok",
    "update-scheduled-task-by-application-uuid.command-300",
    "create-scheduled-task-by-application-uuid.finished",
    "create-scheduled-task-by-application-uuid.failed",
    "execute-scheduled-task-by-application-uuid.ok",
    "list-scheduled-task-executions-by-application-uuid.before-drain",
    "execute-scheduled-task-by-application-uuid.finished",
    "execute-scheduled-task-by-application-uuid.failed",
    "list-scheduled-tasks-by-application-uuid.after-executions",
    "list-envs-by-application-uuid.ok",
    "list-envs-by-application-uuid.ok",
    "list-envs-by-application-uuid.ok",
    "list-scheduled-task-executions-by-application-uuid.ok",
    "list-scheduled-task-executions-by-application-uuid.failed",
    "delete-scheduled-task-by-application-uuid.ok",
    "delete-scheduled-task-by-application-uuid.not-found",
];

const STORAGES: &[&str] = &[
    "list-storages-by-application-uuid.empty",
    "create-storage-by-application-uuid.ok",
    "create-storage-by-application-uuid.file",
    "create-storage-by-application-uuid.directory",
    "create-storage-by-application-uuid.invalid",
    "list-storages-by-application-uuid.ok",
    "list-storages-by-application-uuid.read-token",
    "update-storage-by-application-uuid.ok",
    "update-storage-by-application-uuid.file",
    "update-storage-by-application-uuid.preview-suffix",
    "delete-storage-by-application-uuid.ok",
    "delete-storage-by-application-uuid.file",
    "delete-storage-by-application-uuid.not-found",
];

const DATABASES: &[&str] = &[
    "list-databases.empty",
    "create-database-postgresql.ok",
    "create-database-postgresql.missing-fields",
    "create-database-postgresql.foreign-field",
    "create-database-postgresql.bad-port",
    "create-database-mysql.ok",
    "create-database-mariadb.ok",
    "create-database-mongodb.ok",
    "create-database-redis.ok",
    "create-database-redis.conf-not-base64",
    "create-database-keydb.ok",
    "create-database-dragonfly.ok",
    "create-database-clickhouse.ok",
    "list-databases.ok",
    "list-databases.read-token",
    "get-database-by-uuid.ok",
    "get-database-by-uuid.read-token",
    "get-database-by-uuid.mysql",
    "get-database-by-uuid.mariadb",
    "get-database-by-uuid.mongodb",
    "get-database-by-uuid.redis",
    "get-database-by-uuid.keydb",
    "get-database-by-uuid.dragonfly",
    "get-database-by-uuid.clickhouse",
    "get-database-by-uuid.not-found",
    "get-environment-by-name-or-uuid.ok",
    "get-environment-by-name-or-uuid.read-token",
    "update-database-by-uuid.ok",
    "update-database-by-uuid.foreign-field",
    "update-database-by-uuid.unknown-field",
    "create-env-by-database-uuid.ok",
    "create-env-by-database-uuid.buildtime",
    "create-env-by-database-uuid.wrong-build-time-name",
    "create-env-by-database-uuid.duplicate",
    "create-env-by-database-uuid.missing-key",
    "create-env-by-database-uuid.bad-key",
    "create-env-by-database-uuid.shown-once",
    "create-env-by-database-uuid.multiline",
    "create-env-by-database-uuid.no-value",
    "update-env-by-database-uuid.ok",
    "update-env-by-database-uuid.write-token",
    "update-env-by-database-uuid.wrong-build-time-name",
    "update-env-by-database-uuid.not-found",
    "update-envs-by-database-uuid.ok",
    "update-envs-by-database-uuid.write-token",
    "update-envs-by-database-uuid.wrong-build-time-name",
    "update-envs-by-database-uuid.bare-array",
    "update-envs-by-database-uuid.empty",
    "list-envs-by-database-uuid.ok",
    "list-envs-by-database-uuid.read-token",
    "delete-env-by-database-uuid.ok",
    "delete-env-by-database-uuid.not-found",
    "create-storage-by-database-uuid.ok",
    "create-storage-by-database-uuid.file",
    "create-storage-by-database-uuid.directory",
    "list-storages-by-database-uuid.ok",
    "update-storage-by-database-uuid.ok",
    "delete-storage-by-database-uuid.ok",
    "list-tags-by-database-uuid.before",
    "create-tag-by-database-uuid.ok",
    "create-tag-by-database-uuid.many",
    "list-tags-by-database-uuid.ok",
    "delete-tag-by-database-uuid.ok",
    "undocumented-get-databases-uuid-start.get",
    "start-database-by-uuid.ok",
    "list-databases.ok",
    "list-databases.ok",
    "list-databases.ok",
    "list-databases.ok",
    "list-databases.ok",
    "get-database-by-uuid.running",
    "start-database-by-uuid.already-running",
    "restart-database-by-uuid.ok",
    "stop-database-by-uuid.ok",
];

const BACKUPS: &[&str] = &[
    "create-database-backup.ok",
    "create-database-backup.now",
    "create-database-backup.missing-fields",
    "update-database-backup.ok",
    "update-database-backup.backup-now",
    "update-database-backup.backup-now-will-fail",
    "list-backup-executions.empty",
    "list-envs-by-database-uuid.ok",
    "list-envs-by-database-uuid.ok",
    "get-database-backups-by-uuid.with-executions",
    "list-backup-executions.ok",
    "delete-backup-execution-by-uuid.ok",
    "delete-backup-execution-by-uuid.not-found",
    "get-database-by-uuid.with-backups",
    "delete-backup-configuration-by-uuid.ok",
    "delete-database-by-uuid.ok",
    "get-database-by-uuid.after-delete",
    "delete-database-by-uuid.twice",
    "list-envs-by-application-uuid.ok",
    "list-envs-by-application-uuid.ok",
    "get-database-by-uuid.gone",
];

const THE_END: &[&str] = &[
    "delete-application-by-uuid.not-found",
    "delete-application-by-uuid.ok-5",
    "get-application-by-uuid.after-delete",
    "delete-application-by-uuid.twice",
    "list-applications.after-delete",
    "list-deployments-by-app-uuid.after-delete",
    "get-application-by-uuid.gone",
    "delete-application-by-uuid.gone",
    "get-deployment-by-uuid.of-deleted-application",
];
