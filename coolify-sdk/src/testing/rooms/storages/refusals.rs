//! Refuses invalid storages.

use serde_json::{Map, Value};

use crate::testing::{
    http::{Release, Reply, php::is_truthy},
    state::State,
    validation::{
        Findings, NOTE, hold, is_blank, paths,
        rules::{Field, Rule},
        text as text_rules,
    },
};

/// The first version that keeps files in the folder of their resource.
const CONFINED_SINCE: &str = "4.2.0";

const FIELDS: &[Field] = &[
    (
        "type",
        &[
            Rule::Required,
            Rule::Text,
            Rule::OneOf(&["persistent", "file"]),
        ],
    ),
    ("name", &[Rule::Text, Rule::Is(text_rules::docker_name)]),
    ("mount_path", &[Rule::Required, Rule::Text]),
    ("host_path", &[NOTE, Rule::Is(text_rules::folder)]),
    ("content", &[NOTE]),
    ("is_directory", &[Rule::Switch]),
    ("is_host_file", &[Rule::Switch]),
    ("fs_path", &[Rule::Text]),
    ("resource_uuid", &[Rule::Text]),
];

/// Checks the fields of a new storage, and returns whether it is a file.
pub(in crate::testing) fn check(state: &State, body: &Map<String, Value>) -> Result<bool, Reply> {
    hold(body, FIELDS, state)?;
    let is_file = body.get("type").is_some_and(|it| it == "file");
    let (needed, strange): (&[&str], &[&str]) = if is_file {
        let comes_from_host = is_on(body, "is_directory") || is_on(body, "is_host_file");
        (
            if comes_from_host { &["fs_path"] } else { &[] },
            &["name", "host_path"],
        )
    } else {
        (
            &["name"],
            &["content", "is_directory", "is_host_file", "fs_path"],
        )
    };
    let mut findings = Findings::default();
    findings.require(body, needed);
    for field in strange.iter().filter(|it| body.contains_key(**it)) {
        findings.add(field, "The field does not go with this type.");
    }
    if is_on(body, "is_directory") && is_on(body, "is_host_file") {
        findings.add("is_host_file", "A file is no directory.");
    }
    if is_on(body, "is_host_file") && !is_blank(body.get("content")) {
        findings.add("content", "A file of the server has its own content.");
    }
    findings.refuse()?;
    Ok(is_file)
}

/// Returns the mount path of a new file, and its path on the server.
pub(in crate::testing) fn paths_of_file(
    body: &Map<String, Value>,
    folder: &str,
    release: Release,
) -> Result<(String, String), Reply> {
    let given = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default();
    let (mount, source) = (given("mount_path"), given("fs_path"));
    let outside = || Reply::invalid_field("mount_path", "The path leads elsewhere.");
    if is_on(body, "is_directory") {
        let (source, mount) = (paths::absolute(source), paths::absolute(mount));
        // Only the paths of files are checked this strictly, with an exception.
        if !paths::is_safe(&source) || !paths::is_safe(&mount) {
            return Err(Reply::server_error());
        }
        return Ok((mount, source));
    }
    if is_on(body, "is_host_file") {
        if !source.starts_with('/') || source.ends_with('/') {
            return Err(outside());
        }
        let (mount, source) = (paths::of_file(mount), paths::of_file(source));
        return mount.zip(source).ok_or_else(outside);
    }
    if release.has(CONFINED_SINCE) {
        let mount = paths::of_file(mount).ok_or_else(outside)?;
        let path = format!("{folder}{}", mount.trim_end_matches('/'));
        return Ok((mount, path));
    }
    let mount = paths::absolute(mount);
    if !paths::is_safe(&mount) {
        return Err(Reply::server_error());
    }
    let path = format!("{folder}{mount}");
    Ok((mount, path))
}

fn is_on(body: &Map<String, Value>, field: &str) -> bool {
    body.get(field).is_some_and(is_truthy)
}
