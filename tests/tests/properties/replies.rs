//! Replies that a newer Coolify could send, and invalid replies.

use std::sync::LazyLock;

use coolify_sdk::operations::{Operation, operations};
use coolify_sdk::testing::debug;
use coolify_sdk_tests::Recording;
use coolify_sdk_tests::everything;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::mutation::{Mutation, renew};
use super::{MARKER, config};

/// The recorded replies with their operations.
static REPLIES: LazyLock<Vec<(&'static str, Value)>> = LazyLock::new(|| {
    let mut replies: Vec<_> = Recording::everything()
        .filter(|it| it.response.status < 300)
        .filter_map(|it| Some((operation(&it)?.id, it.response.json?)))
        .map(|(id, mut json)| {
            shorten(&mut json);
            (id, json)
        })
        .filter(|(id, json)| matches!(debug(id, &json.to_string()), Some(Ok(_))))
        .collect();
    replies.sort_by_key(|(id, _)| *id);
    replies.dedup();
    replies
});

fn operation(recording: &Recording) -> Option<&'static Operation> {
    operations().iter().find(|it| it.id == recording.operation)
}

/// Shortens lists to two entries, which takes a tenth of the time.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.truncate(2);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

#[test]
fn replies_of_nearly_all_operations_are_tried() {
    let mut ids: Vec<_> = REPLIES.iter().map(|(id, _)| id).collect();
    ids.dedup();
    assert!(ids.len() > 220, "only {}", ids.len());
}

#[test]
fn what_a_newer_coolify_adds_is_read() {
    for (id, json) in REPLIES.iter() {
        let mut json = json.clone();
        renew(&mut json);
        if let Some(Err(error)) = debug(id, &json.to_string()) {
            panic!("{id}: {} in {json}", error.report());
        }
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_reply_of_another_form_is_an_error_with_its_place_and_no_value(
        reply in any::<Index>(),
        place in any::<Index>(),
        mutation in Mutation::any(),
    ) {
        let (id, json) = reply.get(&REPLIES);
        let mut json = json.clone();
        mark(&mut json);
        let struck = mutation.strike(&mut json, place);
        let text = json.to_string();
        if let Some(Err(error)) = debug(id, &text) {
            prop_assert!(error.is_decode());
            let said = everything(&error);
            prop_assert!(!said.contains(MARKER), "{}: {}", id, said);
            // Too deep for any JSON to be read is no question of a type.
            if serde_json::from_str::<Value>(&text).is_ok() {
                let path = error.json_path().unwrap_or("nowhere");
                // The inserted value may have parts of its own.
                let found = struck.starts_with(path) || path.starts_with(&struck);
                prop_assert!(found, "{}: {}, not {}", id, path, struck);
            }
        }
    }

    #[test]
    fn so_is_one_with_many_faults_or_that_breaks_off(
        reply in any::<Index>(),
        faults in proptest::collection::vec((any::<Index>(), Mutation::any()), 2..8),
        end in any::<Index>(),
        breaks in any::<bool>(),
    ) {
        let (id, json) = reply.get(&REPLIES);
        let mut json = json.clone();
        mark(&mut json);
        for (place, mutation) in &faults {
            mutation.strike(&mut json, *place);
        }
        let mut text = json.to_string();
        if breaks {
            let end = end.index(text.len());
            text.truncate((0..=end).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0));
        }
        if let Some(Err(error)) = debug(id, &text) {
            prop_assert!(error.is_decode());
            let said = everything(&error);
            prop_assert!(!said.contains(MARKER), "{}: {}", id, said);
        }
    }
}

/// Marks all texts, but for those in which numbers are read.
fn mark(value: &mut Value) {
    match value {
        Value::String(text) if text.parse::<f64>().is_err() => text.push_str(MARKER),
        Value::Array(items) => items.iter_mut().for_each(mark),
        Value::Object(fields) => fields.values_mut().for_each(mark),
        _ => {}
    }
}
