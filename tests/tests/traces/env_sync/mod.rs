//! Synchronising variables: the plan, what is sent, and the report.

mod calls;
mod faults;
mod plans;
mod previews;

use coolify_sdk::envs::{BulkApplicationVariable, BulkVariable, EnvFile, EnvSync, SyncTarget};
use coolify_sdk::{Coolify, Secret};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok, outage, status};

const ENVS: &str = "/applications/a1/envs";

/// A variable with a value; null if the token may not see it.
fn row(uuid: &str, key: &str, value: impl Into<Value>) -> Value {
    json!({"uuid": uuid, "key": key, "value": value.into()})
}

fn with(mut row: Value, fields: Value) -> Value {
    if let (Some(row), Value::Object(fields)) = (row.as_object_mut(), fields) {
        row.extend(fields);
    }
    row
}

fn preview(row: Value) -> Value {
    with(row, json!({"is_preview": true}))
}

fn once(row: Value) -> Value {
    with(row, json!({"is_shown_once": true, "value": null}))
}

fn item(key: &str) -> BulkApplicationVariable {
    BulkApplicationVariable::new(key)
}

fn valued(key: &str, value: &str) -> BulkApplicationVariable {
    item(key).value(value)
}

async fn stage(known: &[Value]) -> Stage {
    let mut stage = Stage::set()
        .await
        .on(&format!("GET {ENVS}"), [ok(known.to_vec())])
        .on(&format!("PATCH {ENVS}/bulk"), [status(201, json!([]))]);
    for one in known {
        let uuid = one["uuid"].as_str().unwrap_or_default();
        stage = stage.on(&format!("DELETE {ENVS}/{uuid}"), [message(200, "deleted")]);
    }
    stage
}

/// Plans a sync and applies it.
async fn tell<T: SyncTarget>(stage: &Stage, sync: EnvSync<T>) {
    let plan = match sync.plan().await {
        Ok(plan) => plan,
        Err(error) => return stage.story.tell(format!("no plan: {}", failure(&error))),
    };
    stage.story.tell(format!("{plan}"));
    let empty = plan.is_empty();
    let undefined = plan.undefined().len();
    stage
        .story
        .tell(format!("empty: {empty}, undefined: {undefined}"));
    let report = plan.apply().await;
    stage.story.tell_of("report", &report);
    if let Ok(report) = report {
        let is_complete = report.is_complete();
        stage
            .story
            .tell(format!("{report}; complete: {is_complete}"));
    }
}

/// The options of a sync.
#[derive(Clone, Copy, Default)]
struct Options {
    prune: bool,
    assume_changed: bool,
}

const PLAIN: Options = Options {
    prune: false,
    assume_changed: false,
};
const PRUNE: Options = Options {
    prune: true,
    ..PLAIN
};
const ASSUME: Options = Options {
    assume_changed: true,
    ..PLAIN
};

type Case<'a> = (&'a str, Vec<Value>, Vec<BulkApplicationVariable>, Options);

async fn stories(cases: Vec<Case<'_>>) -> String {
    let mut all = String::new();
    for (name, known, desired, options) in cases {
        let stage = stage(&known).await;
        let envs = stage.client().application("a1").envs();
        let sync = envs.sync(desired).prune(options.prune);
        tell(&stage, sync.assume_changed(options.assume_changed)).await;
        all += &chapter(name, stage.story);
    }
    all
}
