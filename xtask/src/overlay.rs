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
mod tests;
