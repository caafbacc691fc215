//! One service of a compose file.

use super::{domains, is_beside, mounts, one_of, unknown, unreadable};
use crate::compose::Node;
use crate::scope::ScopePower::{HostAccess, SharedNetworks};
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;
use crate::scope::texts::{images, labels, names, ports};

/// Keys that affect only the container itself.
#[rustfmt::skip] // many short words
const FREE: [&str; 46] = [
    "attach", "cap_drop", "command", "container_name", "cpu_count", "cpu_percent", "cpu_period",
    "cpu_quota", "cpu_shares", "cpus", "cpuset", "depends_on", "dns", "dns_opt", "dns_search",
    "domainname", "entrypoint", "exclude_from_hc", "expose", "extra_hosts",
    "group_add", "healthcheck", "init", "links", "mac_address", "mem_limit",
    "mem_reservation", "mem_swappiness", "memswap_limit", "pids_limit", "platform", "profiles",
    "pull_policy", "read_only", "restart", "scale", "shm_size", "stdin_open",
    "stop_grace_period", "stop_signal", "sysctls", "tmpfs", "tty", "ulimits", "user",
    "working_dir",
];
/// The capabilities that Docker gives to every container.
#[rustfmt::skip]
const CAPABILITIES: [&str; 14] = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
];
const SECURITY: [&str; 3] = [
    "no-new-privileges",
    "no-new-privileges:true",
    "no-new-privileges=true",
];
const LOGGING: [&str; 3] = ["json-file", "local", "none"];

const PLACE: &str = "a service";

pub(super) fn check(policy: ScopePolicy, name: &str, service: &Node, uuid: &str) -> Check {
    let is_other = |it: char| !(it.is_ascii_alphanumeric() || "._-".contains(it));
    let starts = name.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_');
    if !starts || name.contains(is_other) {
        return Err(unreadable(
            "a service has a name that is not made of letters and digits",
        ));
    }
    names::check(name)?;
    names::check_in_network(policy, name)?;
    let Node::Map(entries) = service else {
        return Err(unreadable("a service is not a map"));
    };
    let setting = |key: &str, node: &Node| setting(policy, key, node, uuid);
    entries
        .iter()
        .try_for_each(|(key, node)| setting(key, node))
}

fn setting(policy: ScopePolicy, key: &str, node: &Node, uuid: &str) -> Check {
    let one_of = |values: &[&str]| one_of(policy, PLACE, key, node, values);
    let unknown = || unknown(policy, PLACE, key);
    match key {
        key if FREE.contains(&key) || key.starts_with("x-") => Ok(()),
        "environment" => domains::check(policy, node),
        "hostname" => names::check_in_network(policy, node.text().unwrap_or_default()),
        "image" => image(policy, node.text().unwrap_or_default(), uuid),
        "labels" => each_pair(node, |label| labels::check(policy, label)),
        "ports" => each_port(policy, node),
        "volumes" => mounts::check(policy, node),
        "networks" => networks(policy, node),
        "network_mode" | "pid" | "ipc" if is_of_service(node) => Ok(()),
        "network_mode" => one_of(&["none", "bridge"]),
        "ipc" => one_of(&["none", "private", "shareable"]),
        "cgroup" => one_of(&["private"]),
        "privileged" => one_of(&["false"]),
        "cap_add" => each_of(node, &CAPABILITIES, unknown),
        "security_opt" => each_of(node, &SECURITY, unknown),
        "volumes_from" => all(node.items(), is_name, unknown),
        "env_file" => env_files(node, unknown),
        "extends" if node.text().is_some_and(|it| !it.contains('$')) => Ok(()),
        "extends" => all(node.entries(), |(key, _)| &**key == "service", unknown),
        "configs" | "secrets" => all(node.items(), is_content, unknown),
        "logging" => logging(node, unknown),
        "deploy" => deploy(policy, node, unknown),
        _ => unknown(),
    }
}

/// Checks an image, whose tag and registry may be variables. A variable as its name could
/// be the name of an image of another resource.
fn image(policy: ScopePolicy, image: &str, uuid: &str) -> Check {
    images::check(image, uuid)?;
    if images::is_named_by_variable(image) {
        policy.need(HostAccess, || "an image that a variable names".into())?;
    }
    Ok(())
}

fn all<T>(items: &[T], fits: impl Fn(&T) -> bool, otherwise: impl Fn() -> Check) -> Check {
    if !items.is_empty() && items.iter().all(fits) {
        return Ok(());
    }
    otherwise()
}

fn each_of(list: &Node, values: &[&str], otherwise: impl Fn() -> Check) -> Check {
    let fits = |item: &Node| item.text().is_some_and(|it| values.contains(&it));
    match list {
        Node::List(items) if items.is_empty() => Ok(()),
        Node::List(items) => all(items, fits, otherwise),
        node if node.is_null() => Ok(()),
        _ => otherwise(),
    }
}

/// Checks each pair of a list of `name=value`, or of a map.
fn each_pair(node: &Node, mut check: impl FnMut(&str) -> Check) -> Check {
    match node {
        Node::Map(entries) => entries.iter().try_for_each(|(key, value)| {
            check(key)?;
            // Coolify makes a list of a map with the keys 0, 1, 2 …
            let is_item = key.bytes().all(|it| it.is_ascii_digit());
            if is_item {
                check(value.text().unwrap_or_default())
            } else {
                Ok(())
            }
        }),
        Node::List(items) => items.iter().try_for_each(|item| match item.text() {
            Some(text) => check(text),
            None => Err(unreadable("a label is not text")),
        }),
        node if node.is_null() => Ok(()),
        Node::Scalar(_) => Err(unreadable("`labels` is neither a list nor a map")),
    }
}

fn each_port(policy: ScopePolicy, node: &Node) -> Check {
    let Node::List(items) = node else {
        return if node.is_null() {
            Ok(())
        } else {
            Err(unreadable("`ports` is not a list"))
        };
    };
    items.iter().try_for_each(|item| match item {
        Node::Scalar(mapping) => ports::check_mappings(policy, &mapping.text),
        Node::Map(_) => match item.get("published").map(Node::text) {
            Some(Some(port)) => ports::check(policy, port),
            Some(None) => Err(unreadable("a port is not a number")),
            None => Ok(()),
        },
        Node::List(_) => Err(unreadable("a port is a list")),
    })
}

fn networks(policy: ScopePolicy, node: &Node) -> Check {
    const FREE: [&str; 6] = [
        "gw_priority",
        "interface_name",
        "ipv4_address",
        "ipv6_address",
        "mac_address",
        "priority",
    ];
    for (_, network) in node.entries() {
        for (key, node) in network.entries() {
            match &**key {
                "aliases" => node.items().iter().try_for_each(|name| {
                    names::check_in_network(policy, name.text().unwrap_or_default())
                })?,
                key if FREE.contains(&key) => {}
                key => unknown(policy, "a network of a service", key)?,
            }
        }
    }
    let names = node.entries().iter().map(|(name, _)| &**name);
    let names = names.chain(node.items().iter().filter_map(Node::text));
    if names.into_iter().any(|name| name.contains('$')) {
        policy.need(SharedNetworks, || "a network that a variable names".into())?;
    }
    Ok(())
}

/// Returns whether it names another container of the same file, such as
/// `service:web`.
fn is_of_service(node: &Node) -> bool {
    let service = node.text().and_then(|text| text.strip_prefix("service:"));
    service.is_some_and(|name| !name.is_empty() && !name.contains('$'))
}

/// Returns whether it is a name, such as `web:ro` but not `container:other`.
fn is_name(node: &Node) -> bool {
    let text = node.text().unwrap_or_default();
    let mut parts = text.split(':');
    let service = parts.next().unwrap_or_default();
    let mode = parts.next().unwrap_or("ro");
    let is_short = parts.next().is_none();
    !service.is_empty() && !text.contains('$') && matches!(mode, "ro" | "rw") && is_short
}

fn env_files(node: &Node, otherwise: impl Fn() -> Check) -> Check {
    let is_own = |file: &Node| {
        let path = match file {
            Node::Map(_) => file.get("path").and_then(Node::text),
            file => file.text(),
        };
        path.is_some_and(is_beside)
    };
    match node {
        Node::List(files) => all(files, is_own, otherwise),
        file if is_own(file) => Ok(()),
        _ => otherwise(),
    }
}

/// Returns whether it uses a configuration or a secret of the same file.
fn is_content(node: &Node) -> bool {
    const KEYS: [&str; 5] = ["source", "target", "uid", "gid", "mode"];
    match node {
        Node::Scalar(name) => !name.text.contains('$'),
        Node::Map(entries) => entries.iter().all(|(key, _)| KEYS.contains(&&**key)),
        Node::List(_) => false,
    }
}

fn logging(node: &Node, otherwise: impl Fn() -> Check) -> Check {
    let fits = |(key, node): &(_, Node)| match AsRef::<str>::as_ref(key) {
        "options" => true,
        "driver" => node.text().is_some_and(|it| LOGGING.contains(&it)),
        _ => false,
    };
    let driver = node.get("driver");
    let entries: &[(std::sync::Arc<str>, Node)] = node.entries();
    // Without a driver, it is a device of the server.
    if driver.is_none() && !entries.is_empty() {
        return otherwise();
    }
    all(entries, fits, otherwise)
}

fn deploy(policy: ScopePolicy, node: &Node, otherwise: impl Fn() -> Check) -> Check {
    const FREE: [&str; 7] = [
        "endpoint_mode",
        "mode",
        "placement",
        "replicas",
        "restart_policy",
        "rollback_config",
        "update_config",
    ];
    for (key, node) in node.entries() {
        match &**key {
            "labels" => each_pair(node, |label| labels::check(policy, label))?,
            "resources" => resources(policy, node)?,
            key if FREE.contains(&key) || key.starts_with("x-") => {}
            _ => otherwise()?,
        }
    }
    Ok(())
}

fn resources(policy: ScopePolicy, node: &Node) -> Check {
    const FREE: [&str; 3] = ["cpus", "memory", "pids"];
    let parts = node.entries().iter().flat_map(|(_, part)| part.entries());
    for (key, _) in parts {
        if !FREE.contains(&&**key) {
            policy.need(HostAccess, || "a device of the server".into())?;
        }
    }
    Ok(())
}
