//! The top level of a compose file, without its services.

use super::{is_beside, one_of, service, unknown, unreadable};
use crate::compose::Node;
use crate::scope::ScopePower::SharedNetworks;
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;
use crate::scope::texts::volumes;

pub(super) fn check(policy: ScopePolicy, file: &Node, uuid: &str) -> Check {
    if !matches!(file.get("services"), Some(Node::Map(_))) {
        return Err(unreadable("it has no `services`"));
    }
    for (key, node) in file.entries() {
        match &**key {
            "services" => each(node, |name, node| service::check(policy, name, node, uuid))?,
            "volumes" => each(node, |name, node| volume(policy, name, node))?,
            "networks" => each(node, |_, node| network(policy, node))?,
            "configs" | "secrets" => each(node, |_, node| content(policy, node))?,
            // Coolify ignores them.
            "version" | "name" => {}
            key if key.starts_with("x-") => {}
            key => unknown(policy, "the top", key)?,
        }
    }
    Ok(())
}

fn each<'n>(map: &'n Node, mut check: impl FnMut(&'n str, &'n Node) -> Check) -> Check {
    match map {
        Node::Map(entries) => entries.iter().try_for_each(|(key, node)| check(key, node)),
        node if node.is_null() => Ok(()),
        _ => Err(unreadable("a section of it is not a map")),
    }
}

fn volume(policy: ScopePolicy, name: &str, node: &Node) -> Check {
    volumes::check_new(name)?;
    each(node, |key, node| match key {
        "labels" => Ok(()),
        "driver" => one_of(policy, "a volume", key, node, &["local"]),
        "external" => one_of(policy, "a volume", key, node, &["false"]),
        key if key.starts_with("x-") => Ok(()),
        key => unknown(policy, "a volume", key),
    })
}

fn network(policy: ScopePolicy, node: &Node) -> Check {
    let shared = || {
        policy.need(SharedNetworks, || {
            "a network outside the compose file".into()
        })
    };
    each(node, |key, node| match key {
        "attachable" | "enable_ipv4" | "enable_ipv6" | "internal" | "labels" => Ok(()),
        // The server would send its traffic to these addresses into the network.
        "ipam" => each(node, |key, node| match key {
            "driver" => one_of(policy, "a network", key, node, &["default"]),
            _ => policy.need(SharedNetworks, || "fixed addresses of a network".into()),
        }),
        "driver" => one_of(policy, "a network", key, node, &["bridge", "default"]),
        "external" if node.text() == Some("false") => Ok(()),
        "external" | "name" => shared(),
        key if key.starts_with("x-") => Ok(()),
        key => unknown(policy, "a network", key),
    })
}

/// Checks a configuration or a secret.
fn content(policy: ScopePolicy, node: &Node) -> Check {
    each(node, |key, node| match key {
        "content" | "environment" | "labels" => Ok(()),
        "file" if node.text().is_some_and(is_beside) => Ok(()),
        "external" => one_of(policy, "a secret", key, node, &["false"]),
        key if key.starts_with("x-") => Ok(()),
        key => unknown(policy, "a configuration or secret", key),
    })
}
