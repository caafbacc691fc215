//! What Coolify refuses of a new storage.

use serde_json::{Map, Value, json};

use super::{release::Release, reply::Reply, validation::Findings};

/// Since this version files stay in the folder of their resource.
const CONFINED_SINCE: &str = "4.2.0";

/// Refuses a new storage that Coolify refuses. Gives it as Coolify keeps it: its
/// `mount_path`, and its `fs_path` if it has one.
pub(super) fn checked(
    body: &Map<String, Value>,
    is_file: bool,
    folder: &str,
    release: Release,
) -> Result<(String, Option<String>), Reply> {
    let text = |field: &str| body.get(field).and_then(Value::as_str).map(str::trim);
    let is_set = |field: &str| body.get(field) == Some(&Value::Bool(true));
    check_formats(body)?;
    let kind = if is_file { "file" } else { "persistent" };
    let others: &[&str] = if is_file {
        &["name", "host_path"]
    } else {
        &["content", "is_directory", "is_host_file", "fs_path"]
    };
    refuse_fields(body, others, kind)?;
    let mount = text("mount_path").unwrap_or_default().to_owned();
    if !is_file {
        return match text("name") {
            Some(name) if !name.is_empty() => Ok((mount, None)),
            _ => Err(refusal("name", "A volume has a name.")),
        };
    }
    let (is_directory, is_host_file) = (is_set("is_directory"), is_set("is_host_file"));
    if is_directory && is_host_file {
        return Err(refusal("is_host_file", "A file is no directory."));
    }
    let source = text("fs_path").filter(|path| !path.is_empty());
    if (is_directory || is_host_file) && source.is_none() {
        return Err(refusal("fs_path", "A path of the server is required."));
    }
    let source = source.unwrap_or_default();
    if is_directory {
        let (source, mount) = (rooted(source), rooted(&mount));
        // Only files are looked at with care: this throws.
        if has_shell_characters(&source) || has_shell_characters(&mount) {
            return Err(Reply::message(500, "Server Error"));
        }
        return Ok((mount, Some(source)));
    }
    if is_host_file {
        if body
            .get("content")
            .is_some_and(|it| !it.is_null() && it != "")
        {
            return Err(refusal(
                "content",
                "A file of the server has its own content.",
            ));
        }
        if !source.starts_with('/') || source.ends_with('/') {
            return Err(refusal(
                "mount_path",
                "The file of the server is an absolute path.",
            ));
        }
        return Ok((confined(&mount)?, Some(confined(source)?)));
    }
    if release.has(CONFINED_SINCE) {
        let mount = confined(&mount)?;
        let path = format!("{folder}{}", mount.trim_end_matches('/'));
        return Ok((mount, Some(path)));
    }
    let mount = rooted(&mount);
    if has_shell_characters(&mount) {
        return Err(Reply::message(500, "Server Error"));
    }
    let path = format!("{folder}{mount}");
    Ok((mount, Some(path)))
}

fn check_formats(body: &Map<String, Value>) -> Result<(), Reply> {
    let mut findings = Findings::default();
    let text = |field: &str| body.get(field).and_then(Value::as_str);
    if text("name").is_some_and(|name| !is_volume_name(name.trim())) {
        findings.add("name", "The name field format is invalid.");
    }
    if text("host_path").is_some_and(|path| !is_folder(path.trim())) {
        findings.add("host_path", "The host path field format is invalid.");
    }
    findings.refuse()
}

fn refuse_fields(body: &Map<String, Value>, fields: &[&str], kind: &str) -> Result<(), Reply> {
    let given = fields.iter().filter(|field| body.contains_key(**field));
    let errors: Map<String, Value> = given
        .map(|field| {
            let sentence = format!("Field '{field}' is not valid for type '{kind}'.");
            ((*field).to_owned(), sentence.into())
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Reply::json(
        422,
        json!({"message": "Validation failed.", "errors": errors}),
    ))
}

/// A path that goes down only, with its repeated slashes taken out.
fn confined(path: &str) -> Result<String, Reply> {
    let path = rooted(path);
    let climbs = path.split('/').any(|it| it == "." || it == "..");
    if climbs || path.contains(['\\', '\0']) || has_shell_characters(&path) {
        return Err(refusal("mount_path", "The path leads elsewhere."));
    }
    let mut clean = String::new();
    for it in path.chars() {
        if it != '/' || !clean.ends_with('/') {
            clean.push(it);
        }
    }
    Ok(clean)
}

fn rooted(path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    }
}

fn has_shell_characters(path: &str) -> bool {
    path.contains(['`', '|', '&', ';', '\n', '\r', '\t', '>', '<'])
        || path.contains("$(")
        || path.contains("${")
}

fn is_volume_name(name: &str) -> bool {
    let is_other = |it: char| !(it.is_ascii_alphanumeric() || "._-".contains(it));
    name.starts_with(|it: char| it.is_ascii_alphanumeric()) && !name.contains(is_other)
}

fn is_folder(path: &str) -> bool {
    let is_other = |it: char| !(it.is_ascii_alphanumeric() || "._-/~@+".contains(it));
    path.starts_with('/') && !path.contains(is_other)
}

fn refusal(field: &str, sentence: &str) -> Reply {
    Reply::json(
        422,
        json!({"message": "Validation failed.", "errors": {field: sentence}}),
    )
}
