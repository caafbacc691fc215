//! Applies `patches/` to the imported document.
//!
//! A patch is an `OpenAPI` Overlay 1.0 document that corrects one mistake and
//! states the evidence for it. This implementation is stricter than the standard:
//! an action without effect, or with an effect that cannot be intended, is an error
//! that names the patch.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use crate::document;

/// The document that every patch extends, relative to `patches/`.
const EXTENDS: &str = "../spec/openapi.yaml";

/// A file of `patches/`.
#[derive(Debug)]
pub struct Patch {
    /// File name, such as `010-deployments.yaml`.
    pub file: String,
    /// One-line summary of the patch.
    pub title: String,
    /// The mistake in the published document; `None` for a patch that only adds
    /// descriptions.
    pub lie: Option<String>,
    /// First Coolify version for which the correction holds.
    pub since: Option<String>,
    /// Last Coolify version for which the correction holds.
    pub until: Option<String>,
    /// Evidence for the correction.
    pub evidence: Vec<Evidence>,
    actions: Vec<Action>,
}

impl Patch {
    /// Returns whether the patch corrects nothing and only adds our own
    /// descriptions.
    pub fn is_words(&self) -> bool {
        self.lie.is_none()
    }
}

impl fmt::Display for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.file, self.title)?;
        if let Some(lie) = &self.lie {
            write!(f, "\n    {lie}")?;
        }
        for (word, version) in [("since", &self.since), ("until", &self.until)] {
            if let Some(version) = version {
                write!(f, "\n    {word} {version}")?;
            }
        }
        for evidence in &self.evidence {
            write!(f, "\n    seen in {evidence}")?;
        }
        Ok(())
    }
}

/// Evidence that the document is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// An exchange with a real server.
    Recording {
        /// Coolify version of the server.
        version: String,
        /// File name of the recording, without `.json`.
        name: String,
    },
    /// The lists of fields that Coolify's controllers accept in a request.
    Allowlists,
    /// A place in Coolify's source, as `Controller@method`.
    Source(String),
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recording { version, name } => write!(f, "the recording {version}/{name}"),
            Self::Allowlists => f.write_str("the allow-lists of the controllers"),
            Self::Source(place) => write!(f, "the source at {place}"),
        }
    }
}

/// A patch file as it is written in YAML.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "overlay")]
    standard: String,
    info: Info,
    extends: String,
    #[serde(rename = "x-lie")]
    lie: Option<String>,
    #[serde(rename = "x-since")]
    since: Option<String>,
    #[serde(rename = "x-until")]
    until: Option<String>,
    #[serde(rename = "x-evidence", default)]
    evidence: Vec<Value>,
    #[serde(rename = "x-words", default)]
    words: bool,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Info {
    title: String,
    #[serde(rename = "version")]
    _version: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    target: String,
    #[serde(rename = "description")]
    _description: Option<String>,
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
}

/// Returns the imported document with all patches applied, in the order of their
/// file names.
///
/// The error lists all actions that fail.
pub fn patched(root: &Path) -> Result<Value> {
    let mut document = document::read(&root.join("spec/openapi.yaml"))?;
    let failures: Vec<String> = patches(root)?
        .iter()
        .flat_map(|patch| apply(&mut document, patch))
        .collect();
    ensure!(
        failures.is_empty(),
        "{} actions of patches failed:\n  {}",
        failures.len(),
        failures.join("\n  ")
    );
    Ok(document)
}

/// Reads all files of `patches/`, in the order of their names.
pub fn patches(root: &Path) -> Result<Vec<Patch>> {
    let folder = root.join("patches");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).context("cannot read patches/")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        match Path::new(&name).extension().and_then(|end| end.to_str()) {
            Some("yaml") => names.push(name),
            Some("md") => {}
            _ => bail!("patches/{name}: the name of a patch must end in .yaml"),
        }
    }
    names.sort();
    names
        .iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(name))?;
            parse(name, &text).with_context(|| format!("patches/{name}"))
        })
        .collect()
}

/// Checks that the recordings named in the patches exist.
///
/// Without a folder of recordings, the check is skipped.
pub fn check_evidence(root: &Path, patches: &[Patch]) -> Result<()> {
    let recordings = root.join("tests/fixtures/recordings");
    if !recordings.exists() {
        return Ok(());
    }
    let missing: Vec<String> = patches
        .iter()
        .flat_map(|patch| patch.evidence.iter().map(move |evidence| (patch, evidence)))
        .filter_map(|(patch, evidence)| match evidence {
            Evidence::Recording { version, name } => {
                let path = recordings.join(version).join(format!("{name}.json"));
                (!path.exists()).then(|| format!("patches/{}: {version}/{name}", patch.file))
            }
            Evidence::Allowlists | Evidence::Source(_) => None,
        })
        .collect();
    ensure!(
        missing.is_empty(),
        "these recordings do not exist:\n  {}",
        missing.join("\n  ")
    );
    Ok(())
}

fn parse(name: &str, text: &str) -> Result<Patch> {
    let file: File = serde_json::from_value(document::parse(text)?)?;
    ensure!(file.standard == "1.0.0", "`overlay` must be 1.0.0");
    ensure!(file.extends == EXTENDS, "`extends` must be {EXTENDS}");
    ensure!(!file.actions.is_empty(), "`actions` is missing or empty");
    if file.words {
        ensure!(
            file.lie.is_none() && file.evidence.is_empty(),
            "`x-words` is for words only: it cannot be combined with `x-lie` or `x-evidence`"
        );
    } else {
        ensure!(file.lie.is_some(), "`x-lie` is missing");
        ensure!(!file.evidence.is_empty(), "`x-evidence` is missing");
    }
    for version in [&file.since, &file.until].into_iter().flatten() {
        ensure!(is_version(version), "{version} is not a version of Coolify");
    }
    Ok(Patch {
        file: name.to_owned(),
        title: file.info.title,
        lie: file.lie,
        since: file.since,
        until: file.until,
        evidence: file.evidence.iter().map(evidence).collect::<Result<_>>()?,
        actions: file.actions,
    })
}

fn evidence(value: &Value) -> Result<Evidence> {
    // YAML reads `- source: Controller@method` as a map, although its author means
    // a string.
    if let Some(source) = value.get("source").and_then(Value::as_str)
        && value.as_object().is_some_and(|map| map.len() == 1)
    {
        return Ok(Evidence::Source(source.to_owned()));
    }
    let text = value.as_str().unwrap_or_default();
    if text == "allowlists" {
        return Ok(Evidence::Allowlists);
    }
    if let Some(source) = text.strip_prefix("source: ") {
        return Ok(Evidence::Source(source.to_owned()));
    }
    match text.split_once('/') {
        Some((version, name)) if is_version(version) && !name.is_empty() => {
            Ok(Evidence::Recording {
                version: version.to_owned(),
                name: name.strip_suffix(".json").unwrap_or(name).to_owned(),
            })
        }
        _ => Err(anyhow!(
            "{value} is not valid evidence: use a recording as `version/name`, `allowlists`, or `source: Controller@method`"
        )),
    }
}

fn is_version(text: &str) -> bool {
    text.split('.').count() == 3
        && text
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Applies one patch and returns a message for each action that fails.
fn apply(document: &mut Value, patch: &Patch) -> Vec<String> {
    patch
        .actions
        .iter()
        .zip(1..)
        .filter_map(|(action, number): (_, usize)| {
            let error = act(document, action, patch.is_words()).err()?;
            Some(format!(
                "patches/{}, action {number} ({}): {error:#}",
                patch.file, action.target
            ))
        })
        .collect()
}

fn act(document: &mut Value, action: &Action, words: bool) -> Result<()> {
    let path = JsonPath::parse(&action.target)?;
    let pointers: Vec<String> = path
        .query_located(document)
        .locations()
        .map(serde_json_path::NormalizedPath::to_json_pointer)
        .collect();
    ensure!(!pointers.is_empty(), "the target matches nothing");
    match (&action.update, action.remove) {
        (Some(_), true) => bail!("an action cannot both update and remove"),
        (None, false) => bail!("neither `update` nor `remove: true`"),
        (None, true) => {
            ensure!(!words, "a patch of words cannot remove anything");
            // Removes backwards, so that the remaining pointers stay valid.
            for pointer in pointers.iter().rev() {
                remove(document, pointer)?;
            }
        }
        (Some(update), false) => {
            let mut changed = false;
            for pointer in &pointers {
                let target = document
                    .pointer_mut(pointer)
                    .context("the target no longer exists")?;
                if words {
                    check_words(target, update)?;
                }
                changed |= update_target(target, update)?;
            }
            ensure!(changed, "the action changes nothing");
        }
    }
    Ok(())
}

fn remove(document: &mut Value, pointer: &str) -> Result<()> {
    let (parent, last) = pointer
        .rsplit_once('/')
        .context("the whole document cannot be removed")?;
    match document
        .pointer_mut(parent)
        .context("the target no longer exists")?
    {
        Value::Object(map) => {
            let key = last.replace("~1", "/").replace("~0", "~");
            map.shift_remove(&key);
        }
        Value::Array(items) => {
            items.remove(last.parse()?);
        }
        _ => bail!("only members of objects and arrays can be removed"),
    }
    Ok(())
}

/// Updates the target and returns whether anything changed.
fn update_target(target: &mut Value, update: &Value) -> Result<bool> {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => merge(target, update),
        (Value::Object(_), _) => bail!("an object can only be updated with an object"),
        (Value::Array(items), entry) => append(items, std::slice::from_ref(entry)),
        _ => bail!("only objects and arrays can be updated: target the parent instead"),
    }
}

fn merge(target: &mut Map<String, Value>, update: &Map<String, Value>) -> Result<bool> {
    let mut changed = false;
    for (key, new) in update {
        let Some(old) = target.get_mut(key) else {
            target.insert(key.clone(), new.clone());
            changed = true;
            continue;
        };
        changed |= match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                merge(old, new).with_context(|| format!("`{key}`"))?
            }
            (Value::Array(old), Value::Array(new)) => {
                append(old, new).with_context(|| format!("`{key}`"))?
            }
            (Value::Object(_) | Value::Array(_), _) => {
                bail!("`{key}` would change its type: remove it first")
            }
            (old, new) if old == new => false,
            (old, new) => {
                *old = new.clone();
                true
            }
        };
    }
    if changed {
        check_reference(target)?;
    }
    Ok(changed)
}

fn append(items: &mut Vec<Value>, new: &[Value]) -> Result<bool> {
    for item in new {
        ensure!(
            !items.contains(item),
            "the list already contains {item}: remove the list first to replace it"
        );
        items.push(item.clone());
    }
    Ok(!new.is_empty())
}

/// A reference that is merged into a schema leaves the old schema beside it, and
/// both would apply, which cannot be intended.
fn check_reference(map: &Map<String, Value>) -> Result<()> {
    if !map.get("$ref").is_some_and(Value::is_string) {
        return Ok(());
    }
    let beside = map.keys().find(|key| {
        !matches!(key.as_str(), "$ref" | "summary" | "description") && !key.starts_with("x-")
    });
    match beside {
        Some(key) => bail!("`$ref` cannot stand beside `{key}`: remove the old schema first"),
        None => Ok(()),
    }
}

/// A patch of words needs no evidence, so it may only change descriptions, and only
/// those of existing things.
fn check_words(target: &Value, update: &Value) -> Result<()> {
    let update = update
        .as_object()
        .context("words must be an object with `summary` and `description`")?;
    for (key, new) in update {
        let is_word = matches!(key.as_str(), "summary" | "description") && new.is_string();
        if is_word {
            continue;
        }
        let old = target
            .get(key)
            .with_context(|| format!("the document has no `{key}` to describe"))?;
        check_words(old, new).with_context(|| format!("`{key}`"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
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
}
