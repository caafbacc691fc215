//! Recorded replies in which every secret is replaced by a marker, to find fields
//! that repeat a secret under another name.

use std::collections::{BTreeMap, BTreeSet};

use coolify_sdk::testing::debug;
use coolify_sdk_tests::Recording;
use serde_json::Value;

use super::shapes::{MARKER, Shapes, engines, files, parts, source};

/// Shorter texts appear elsewhere by chance.
const SHORTEST: usize = 8;

#[test]
fn debug_shows_no_secret_that_a_reply_repeats() {
    let names = secret_names();
    assert!(names.len() > 50, "only {names:?}");
    let mut planted = 0;
    let mut wrong = BTreeSet::new();
    for version in Recording::versions() {
        let mut recordings = Recording::all(version);
        recordings.retain(|it| (200..300).contains(&it.response.status));
        let mut secrets = BTreeMap::new();
        for recording in &recordings {
            let json = recording.response.json.as_ref();
            for json in json.into_iter().chain(&recording.request.body) {
                collect(&names, "", json, &mut secrets);
            }
        }
        for recording in recordings {
            let Some(mut json) = recording.response.json else {
                continue;
            };
            let before = planted;
            plant(&secrets, &mut json, &mut planted);
            if before == planted {
                continue;
            }
            let Some(Ok(shown)) = debug(&recording.operation, &json.to_string()) else {
                continue;
            };
            if let Some((before, _)) = shown.split_once(MARKER) {
                let field = before.rsplit_once(": ").map_or("", |(before, _)| before);
                let field = field.rsplit(' ').next().unwrap_or_default();
                wrong.insert(format!("{}: {field}", recording.operation));
            }
        }
    }
    assert!(planted > 1_000, "only {planted}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns the names of fields that are secret in some reply.
fn secret_names() -> BTreeSet<String> {
    let shapes = Shapes::read(&files(&source().join("raw/types")));
    let fields = shapes.0.into_values().flatten();
    let of_types = fields
        .filter(|field| is_secret(&field.of))
        .map(|it| it.name);
    let of_engines = engines().into_iter().flat_map(|it| it.secrets);
    let mut names: BTreeSet<_> = of_types.chain(of_engines.map(|(name, _)| name)).collect();
    // Of a run the output and of an S3 storage the access key, but elsewhere
    // Coolify's own words and the name of a variable; the logs of a container are
    // what was asked for.
    for ambiguous in ["message", "key", "logs"] {
        names.remove(ambiguous);
    }
    names
}

fn is_secret(of: &syn::Type) -> bool {
    match parts(of) {
        (name, _) if name == "Secret" || name == "SecretJson" => true,
        (_, Some(inner)) => is_secret(inner),
        _ => false,
    }
}

fn collect(
    names: &BTreeSet<String>,
    name: &str,
    json: &Value,
    secrets: &mut BTreeMap<String, String>,
) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect(names, name, value, secrets);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(names, name, item, secrets);
            }
        }
        Value::String(text)
            if names.contains(name) && text.len() >= SHORTEST && !is_told(name, text) =>
        {
            let marker = format!("{MARKER}-{}", secrets.len());
            secrets.entry(text.clone()).or_insert(marker);
        }
        _ => {}
    }
}

/// Returns whether the value of a variable is public: the address of its service,
/// or the name or uuid of its server.
fn is_told(name: &str, text: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_address = text.starts_with("http") || text.contains(".sslip.io");
    name.ends_with("value") && (is_address || text.chars().all(is_plain))
}

fn plant(secrets: &BTreeMap<String, String>, json: &mut Value, planted: &mut usize) {
    match json {
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|value| plant(secrets, value, planted)),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| plant(secrets, item, planted)),
        Value::String(text) => {
            for (secret, marker) in secrets {
                if text.contains(secret.trim_end()) {
                    *text = text.replace(secret.trim_end(), marker);
                    *planted += 1;
                }
            }
        }
        _ => {}
    }
}
