//! Compose files.
//!
//! Coolify parses the file, resolves the shared variables in `environment` and
//! `build.args`, replaces mounts with volumes and folders of the project, and
//! passes everything else on to Docker Compose unchanged. So only keys that are
//! known to stay inside the project are allowed. The file is sent in a [normal
//! form](normal), which can only be read in one way.

mod domains;
mod mounts;
mod normal;
mod service;
mod top;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::ScopePower::HostAccess;
use super::beyond::{Beyond, Check};
use super::policy::ScopePolicy;
use super::texts::{keys, references, routes, statements};
use crate::compose::{self, Node};

/// Refuses a file that reaches beyond the project. Returns its normal form. Both
/// are base64.
pub(super) fn check(policy: ScopePolicy, file: &str, uuid: &str) -> Check<String> {
    let decoded = BASE64.decode(file).ok();
    let read = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let read = read.ok_or_else(|| unreadable("it is not text in base64"))?;
    let file = compose::parse(&read).map_err(|why| unreadable(&why.to_string()))?;
    let mut outcome = Ok(());
    file.each_text(&mut |it| {
        if outcome.is_ok() {
            outcome = text(policy, it);
        }
    });
    outcome?;
    top::check(policy, &file, uuid)?;
    Ok(BASE64.encode(normal::write(&file)))
}

/// Checks a scalar or a key. Coolify makes a variable of the service from each default,
/// such as `${NAME:-default}`. 4.0.0 replaces blanks in the name with `_`.
fn text(policy: ScopePolicy, text: &str) -> Check {
    references::check(text)?;
    keys::check_text(text)?;
    let mut names = text.split(['{', '$']).map(str::trim_start);
    names.try_for_each(|name| keys::check_text(&name.replacen(' ', "_", 1)))?;
    statements::check(text)?;
    routes::check_text(policy, text)
}

/// Refuses a key that is not known to stay inside the project.
fn unknown(policy: ScopePolicy, place: &str, key: &str) -> Check {
    let key: String = key.chars().filter(|it| !it.is_control()).take(40).collect();
    policy.need(HostAccess, || {
        format!("`{key}` in {place} of a compose file").into()
    })
}

/// Refuses a value that is not one of these.
fn one_of(policy: ScopePolicy, place: &str, key: &str, node: &Node, values: &[&str]) -> Check {
    let text = node.text().unwrap_or_default();
    if node.is_null() || (node.text().is_some() && values.contains(&text)) {
        return Ok(());
    }
    unknown(policy, place, key)
}

/// Returns whether a relative path names something directly beside the compose file.
/// Anything deeper could be behind a symbolic link that a container has made, and the
/// server would follow it.
fn is_beside(path: &str) -> bool {
    let path = path.trim().strip_prefix("./").unwrap_or(path.trim());
    let fits = |it: char| it.is_alphanumeric() || "._- @+".contains(it);
    !path.is_empty() && path != "." && path != ".." && path.chars().all(fits)
}

fn unreadable(why: &str) -> Beyond {
    Beyond::new(
        "a compose file that cannot be read",
        format!("it cannot be checked how Coolify would read it: {why}"),
    )
}

#[cfg(test)]
mod tests;
