//! The mounts of a service in a compose file.
//!
//! Coolify puts the uuid of the resource in front of the name of a volume. A
//! source that starts with `.`, `~` or `/` is a path. A path that starts with
//! `./` is below the folder of the resource; any other path, and a path without a
//! target, is used as it is.

use super::{unknown, unreadable};
use crate::compose::Node;
use crate::scope::ScopePower::{Folders, HostAccess};
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;
use crate::scope::texts::volumes;

#[rustfmt::skip] // many short words
const MODES: [&str; 15] = [
    "ro", "rw", "z", "Z", "rslave", "rprivate", "rshared", "slave", "private", "shared", "cached",
    "delegated", "consistent", "nocopy", "default",
];
/// Propagation modes with which mounts of the container reach the server.
const SHARED: [&str; 4] = ["rshared", "shared", "rslave", "slave"];

const PLACE: &str = "a mount";

pub(super) fn check(policy: ScopePolicy, node: &Node) -> Check {
    match node {
        Node::List(mounts) => mounts.iter().try_for_each(|mount| match mount {
            Node::Scalar(mount) => short(policy, &mount.text),
            Node::Map(_) => long(policy, mount),
            Node::List(_) => Err(unreadable("a mount is a list")),
        }),
        node if node.is_null() => Ok(()),
        _ => Err(unreadable("`volumes` of a service is not a list")),
    }
}

/// Checks the short form, such as `data:/data:ro`.
fn short(policy: ScopePolicy, mount: &str) -> Check {
    let parts: Vec<&str> = mount.trim().split(':').collect();
    let (from, to, mode) = match parts[..] {
        [source, target] => (source, target, ""),
        [source, target, mode] if MODES.contains(&mode) => (source, target, mode),
        _ => return of_the_server(policy),
    };
    if SHARED.contains(&mode) || !is_target(to) {
        return of_the_server(policy);
    }
    source(policy, from)
}

/// Checks the long form, a map with a `type`.
fn long(policy: ScopePolicy, mount: &Node) -> Check {
    const FREE: [&str; 9] = [
        "consistency",
        "content",
        "isDirectory",
        "is_directory",
        "read_only",
        "source",
        "target",
        "tmpfs",
        "type",
    ];
    for (key, node) in mount.entries() {
        let inner: &[&str] = match &**key {
            "bind" => &["create_host_path", "recursive", "selinux"],
            "volume" => &["labels", "nocopy"],
            key if FREE.contains(&key) => continue,
            key => return unknown(policy, PLACE, key),
        };
        for (key, _) in node.entries() {
            if !inner.contains(&&**key) {
                unknown(policy, PLACE, key)?;
            }
        }
    }
    let text = |key| mount.get(key).and_then(Node::text).unwrap_or_default();
    if !is_target(text("target")) {
        return of_the_server(policy);
    }
    match text("type") {
        "tmpfs" if mount.get("source").is_none() => Ok(()),
        "volume" if volumes::is_name(text("source")) => Ok(()),
        "bind" if text("source").starts_with("./") => source(policy, text("source")),
        _ => of_the_server(policy),
    }
}

fn source(policy: ScopePolicy, source: &str) -> Check {
    // A single letter is a Windows drive.
    if volumes::is_name(source) && source.len() > 1 {
        return Ok(());
    }
    let folder = source.strip_prefix("./").unwrap_or_default();
    if is_folder(folder.strip_suffix('/').unwrap_or(folder)) {
        return policy.need(Folders, || "a folder beside the compose file".into());
    }
    of_the_server(policy)
}

/// Returns whether this is a folder directly beside the compose file, and not
/// that file or its variables. Anything deeper could be behind a symbolic link
/// that a container has made.
fn is_folder(name: &str) -> bool {
    volumes::is_name(name) && !name.starts_with("docker-compose") && !name.starts_with("compose")
}

fn is_target(path: &str) -> bool {
    let is_odd = |it: char| it.is_control() || ":$\\".contains(it);
    path.starts_with('/') && !path.contains(is_odd) && !path.split('/').any(|it| it == "..")
}

fn of_the_server(policy: ScopePolicy) -> Check {
    policy.need(HostAccess, || {
        "a mount that is neither a volume nor a folder right beside the compose file".into()
    })
}
