use std::path::PathBuf;

use serde_json::json;

use super::*;

fn patch(actions: &str) -> Patch {
    parse(
        "010-test.yaml",
        &file("x-lie: a\nx-evidence: [allowlists]\n", actions),
    )
    .unwrap()
}

fn words(actions: &str) -> Patch {
    parse("900-words.yaml", &file("x-words: true\n", actions)).unwrap()
}

fn file(keys: &str, actions: &str) -> String {
    format!(
        "overlay: 1.0.0\ninfo: {{title: T, version: 1.0.0}}\nextends: {EXTENDS}\n{keys}actions:\n{actions}"
    )
}

fn run(mut document: Value, patch: &Patch) -> Result<Value, String> {
    let failures = apply(&mut document, patch);
    if failures.is_empty() {
        Ok(document)
    } else {
        Err(failures.join("\n"))
    }
}

fn refusal(text: &str) -> String {
    format!("{:#}", parse("p.yaml", text).unwrap_err())
}

const ACTION: &str = "  - {target: $.a, remove: true}\n";

#[test]
fn objects_merge_arrays_append_scalars_replace() {
    let document = json!({"a": {"b": {"c": 1, "d": 2}, "list": [1], "type": "string"}});
    let patch = patch(
        "  - target: $.a\n    update: {b: {c: 3, e: 4}, list: [2], type: [string, 'null']}\n",
    );
    assert_eq!(
        run(document, &patch).unwrap(),
        json!({"a": {"b": {"c": 3, "d": 2, "e": 4}, "list": [1, 2], "type": ["string", "null"]}})
    );
}

#[test]
fn an_update_of_an_array_is_a_new_entry() {
    let patch = patch("  - {target: $.list, update: {a: 1}}\n");
    assert_eq!(
        run(json!({"list": []}), &patch).unwrap(),
        json!({"list": [{"a": 1}]})
    );
}

#[test]
fn paths_of_the_api_can_be_targets() {
    let document = json!({"paths": {"/a/{id}~": {"get": {"x": 1}, "put": {}}}});
    let patch = patch("  - target: $.paths['/a/{id}~'].get\n    remove: true\n");
    assert_eq!(
        run(document, &patch).unwrap(),
        json!({"paths": {"/a/{id}~": {"put": {}}}})
    );
}

#[test]
fn removing_keeps_the_order_of_the_rest() {
    let patch = patch("  - {target: $.a, remove: true}\n");
    let left = run(json!({"a": 1, "b": 2, "c": 3, "d": 4}), &patch).unwrap();
    let keys: Vec<_> = left.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["b", "c", "d"]);
}

#[test]
fn several_entries_of_one_array_can_go_at_once() {
    let patch = patch("  - {target: '$.list[?@ != 2]', remove: true}\n");
    assert_eq!(
        run(json!({"list": [1, 2, 3, 4]}), &patch).unwrap(),
        json!({"list": [2]})
    );
}

#[test]
fn one_action_can_have_many_targets() {
    let patch = patch("  - {target: $.*, update: {x: 1}}\n");
    assert_eq!(
        run(json!({"a": {}, "b": {"x": 1}}), &patch).unwrap(),
        json!({"a": {"x": 1}, "b": {"x": 1}})
    );
}

#[test]
fn a_target_that_matches_nothing_fails_by_name() {
    let patch = patch("  - {target: $.a, remove: true}\n  - {target: $.a, remove: true}\n");
    let error = run(json!({"a": 1}), &patch).unwrap_err();
    assert_eq!(
        error,
        "patches/010-test.yaml, action 2 ($.a): the target matches nothing"
    );
}

#[test]
fn an_update_that_changes_nothing_fails() {
    let patch = patch("  - {target: $.a, update: {b: 1}}\n");
    let error = run(json!({"a": {"b": 1}}), &patch).unwrap_err();
    assert!(error.contains("changes nothing"), "{error}");
}

#[test]
fn every_failing_action_is_told() {
    let patch = patch("  - {target: $.x, remove: true}\n  - {target: $.y, remove: true}\n");
    let mut document = json!({});
    assert_eq!(apply(&mut document, &patch).len(), 2);
}

#[test]
fn what_nobody_can_mean_is_refused() {
    for (document, action, reason) in [
        (
            json!({"a": {"required": ["x"]}}),
            "{target: $.a, update: {required: [x, y]}}",
            "the list already contains",
        ),
        (
            json!({"a": {"schema": {"type": "array"}}}),
            "{target: $.a, update: {schema: {$ref: b}}}",
            "beside `type`",
        ),
        (
            json!({"a": {"$ref": "b"}}),
            "{target: $.a, update: {type: string}}",
            "beside `type`",
        ),
        (
            json!({"a": {"b": {"c": 1}}}),
            "{target: $.a, update: {b: 1}}",
            "change its type",
        ),
        (
            json!({"a": 1}),
            "{target: $.a, update: 2}",
            "target the parent",
        ),
        (
            json!({"a": {}}),
            "{target: $.a, update: [1]}",
            "only be updated with an object",
        ),
        (
            json!({"a": {}}),
            "{target: $.a, update: {b: 1}, remove: true}",
            "cannot both",
        ),
        (json!({"a": {}}), "{target: $.a}", "neither"),
        (json!({}), "{target: $, remove: true}", "whole document"),
        (json!({}), "{target: 'a b', remove: true}", "a b"),
    ] {
        let error = run(document, &patch(&format!("  - {action}\n"))).unwrap_err();
        assert!(error.contains(reason), "{action}: {error}");
    }
}

#[test]
fn words_stand_beside_a_reference() {
    let patch = words("  - {target: $.a, update: {description: ours}}\n");
    assert!(run(json!({"a": {"$ref": "b"}}), &patch).is_ok());
}

#[test]
fn a_patch_of_words_says_nothing_else() {
    let document = || json!({"a": {"properties": {"description": {"type": "string"}}}});
    let good = words(
        "  - {target: $.a, update: {properties: {description: {description: What it is.}}}}\n",
    );
    assert!(run(document(), &good).is_ok());
    for action in [
        "{target: $.a, update: {properties: {typo: {description: What it is.}}}}",
        "{target: $.a, update: {properties: {description: {type: integer}}}}",
        "{target: $.a, remove: true}",
    ] {
        assert!(
            run(document(), &words(&format!("  - {action}\n"))).is_err(),
            "{action}"
        );
    }
}

#[test]
fn a_file_says_what_is_wrong_and_how_it_is_known() {
    let text = file("x-evidence: [allowlists]\n", ACTION);
    assert!(refusal(&text).contains("`x-lie` is missing"));
    let text = file("x-lie: a\n", ACTION);
    assert!(refusal(&text).contains("`x-evidence` is missing"));
    let text = file("x-lie: a\nx-words: true\n", ACTION);
    assert!(refusal(&text).contains("words only"));
    let text = file("x-lie: a\nx-evidence: [hearsay]\n", ACTION);
    assert!(refusal(&text).contains("\"hearsay\" is not valid evidence"));
    let text = file("x-lie: a\nx-evidence: [allowlists]\nx-since: v4\n", ACTION);
    assert!(refusal(&text).contains("v4 is not a version"));
}

#[test]
fn unknown_keys_are_refused_by_name() {
    let text = file(
        "x-lie: a\nx-evidence: [allowlists]\nx-sinse: 4.0.0\n",
        ACTION,
    );
    assert!(refusal(&text).contains("x-sinse"));
    let text = file(
        "x-lie: a\nx-evidence: [allowlists]\n",
        "  - {target: $.a, removed: true}\n",
    );
    assert!(refusal(&text).contains("removed"));
}

#[test]
fn evidence_has_three_forms() {
    let text = file(
        "x-lie: a\nx-evidence: [4.3.11/version.ok, allowlists, source: A@b, 'source: C@d']\n",
        ACTION,
    );
    let recording = Evidence::Recording {
        version: "4.3.11".to_owned(),
        name: "version.ok".to_owned(),
    };
    assert_eq!(
        parse("p.yaml", &text).unwrap().evidence,
        [
            recording,
            Evidence::Allowlists,
            Evidence::Source("A@b".to_owned()),
            Evidence::Source("C@d".to_owned()),
        ]
    );
}

/// A temporary workspace for one test, removed when dropped.
struct Root(PathBuf);

impl Root {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let id = std::process::id();
        let root = std::env::temp_dir().join(format!("overlay-{name}-{id}"));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(root)
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn patches_apply_in_the_order_of_their_names() {
    let patch = |update: &str| {
        file(
            "x-lie: a\nx-evidence: [allowlists]\n",
            &format!("  - {{target: $, update: {update}}}\n"),
        )
    };
    let root = Root::new(
        "order",
        &[
            ("spec/openapi.yaml", "a: 0"),
            ("patches/020-second.yaml", &patch("{a: 2}")),
            ("patches/010-first.yaml", &patch("{a: 1, b: 1}")),
            ("patches/README.md", ""),
        ],
    );
    assert_eq!(patched(&root.0).unwrap(), json!({"a": 2, "b": 1}));
}

#[test]
fn a_file_that_would_be_overlooked_is_an_error() {
    let root = Root::new("overlooked", &[("patches/010-a.yml", "")]);
    let error = patches(&root.0).unwrap_err().to_string();
    assert!(error.contains("010-a.yml"), "{error}");
}

#[test]
fn recordings_must_be_there_once_any_are() {
    let known = "tests/fixtures/recordings/4.3.11/version.ok.json";
    let patch = |evidence: &str| {
        let text = file(&format!("x-lie: a\nx-evidence: [{evidence}]\n"), ACTION);
        parse("010-a.yaml", &text).unwrap()
    };
    let patches = [
        patch("4.3.11/version.ok, allowlists"),
        patch("4.3.11/health.ok"),
    ];

    let empty = Root::new("no-recordings", &[("spec/openapi.yaml", "")]);
    check_evidence(&empty.0, &patches).unwrap();

    let root = Root::new("recordings", &[(known, "{}")]);
    check_evidence(&root.0, &patches[..1]).unwrap();
    let error = check_evidence(&root.0, &patches).unwrap_err().to_string();
    assert!(
        error.ends_with("patches/010-a.yaml: 4.3.11/health.ok"),
        "{error}"
    );
}
