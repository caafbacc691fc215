//! Secrets in all exchanges: no trace, no error and no printed request contains
//! them.

#[path = "../secrets/shapes.rs"]
#[allow(dead_code, reason = "the types of replies are another test's")]
mod shapes;

use std::collections::BTreeSet;

use coolify_sdk_tests::{Traces, everything};
use serde_json::{Value, json};

use self::shapes::{MARKER, Shapes, files, parts, source};
use super::call::{Call, Stop};
use super::faults::{Exchanges, Fault, TOKEN};

#[tokio::test]
async fn no_exchange_shows_a_secret() {
    let exchanges = Exchanges::start(&super::http()).await;
    let secrets = secrets();
    let traces = Traces::start();
    let (mut sent, mut wrong) = (0, Vec::new());
    for (operation, recording) in &exchanges.all {
        let mut recording = recording.clone();
        let request = &mut recording.request;
        let bodies = request.body.iter_mut().chain(request.query.values_mut());
        bodies.for_each(|it| plant(it, &secrets));
        if let Some(phrase) = request.query.get_mut("passphrase") {
            *phrase = json!(MARKER);
        }
        recording
            .response
            .json
            .iter_mut()
            .for_each(|it| plant(it, &secrets));
        for fault in [
            Fault::None,
            Fault::CutRead,
            Fault::Page(502),
            Fault::Garbage,
        ] {
            let call = Call::new(exchanges.play(&recording, fault), &recording);
            let answer = Box::pin(super::dispatch(&call)).await;
            sent += usize::from(exchanges.received().contains(MARKER));
            let mut shown = traces.take() + &call.shown();
            assert!(
                fault != Fault::None || shown.contains("coolify"),
                "no trace"
            );
            if let Err(Stop::Failed(error)) = answer {
                shown += &everything(&error);
            }
            if shown.contains(MARKER) || shown.contains(TOKEN) {
                wrong.push(format!("{} {fault:?}", operation.id));
            }
        }
    }
    assert!(wrong.is_empty(), "a secret shows: {}", wrong.join("\n"));
    assert!(sent > 100, "only {sent} requests held a secret");
}

/// Returns the names of fields that only contain secrets.
fn secrets() -> BTreeSet<String> {
    let shapes = Shapes::read(&files(&source().join("raw/types")));
    let fields = shapes.0.into_values().flatten();
    let (secret, open): (Vec<_>, Vec<_>) = fields.partition(|field| is_secret(&field.of));
    let open: BTreeSet<_> = open.into_iter().map(|field| field.name).collect();
    let names = secret.into_iter().map(|field| field.name);
    names.filter(|it| !open.contains(it)).collect()
}

fn is_secret(of: &syn::Type) -> bool {
    let (name, inner) = parts(of);
    match inner {
        Some(inner) => is_secret(inner),
        None => name == "Secret",
    }
}

fn plant(value: &mut Value, secrets: &BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|it| plant(it, secrets)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if value.is_string() && secrets.contains(name) {
                    *value = json!(MARKER);
                } else {
                    plant(value, secrets);
                }
            }
        }
        _ => {}
    }
}
