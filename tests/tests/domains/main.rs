//! Domains, verified updates and limits, on recorded replies and on the fake.

mod domains;
mod faults;
mod limits;
mod property;
mod quota;
mod stored;
mod verified;

use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_tests::Recording;
use serde_json::{Value, json};

const WEB: &str = "khzsv5nucvscskrm5gez3p8v";

fn load(name: &str) -> Recording {
    Recording::load(name)
}

/// Returns the recording of an application with these fields.
fn application_with(uuid: &str, fields: Value) -> Recording {
    let mut recording = load("get-application-by-uuid.ok");
    recording
        .request
        .params
        .insert("uuid".to_owned(), json!(uuid));
    let json = recording.response.json.as_mut().expect("JSON");
    json["uuid"] = json!(uuid);
    let Value::Object(fields) = fields else {
        panic!("fields are an object");
    };
    for (pointer, value) in fields {
        *json.pointer_mut(&pointer).expect("a field") = value;
    }
    recording
}

/// Returns a fake with one application whose only domain is
/// `https://a.example.com`.
async fn fake() -> (FakeCoolify, ApplicationHandle) {
    let fake = FakeCoolify::start().await;
    let uuid = fake.seed_application(&fake.seed_project("shop"), "web");
    fake.set_application(&uuid, "fqdn", "https://a.example.com");
    let application = fake.client().application(uuid);
    (fake, application)
}

/// Returns the number of writes.
fn writes(fake: &FakeCoolify) -> usize {
    let requests = fake.requests();
    requests.iter().filter(|it| it.method != "GET").count()
}

/// Turns the application into a compose file with a `web` and an `api`.
fn make_compose(fake: &FakeCoolify, application: &ApplicationHandle) {
    let uuid = application.uuid().as_str();
    fake.set_application(uuid, "build_pack", "dockercompose");
    fake.set_application(uuid, "fqdn", Value::Null);
    let file = "services:\n  web:\n    image: nginx\n  api:\n    image: node\n";
    fake.set_application(uuid, "docker_compose_raw", file);
}
