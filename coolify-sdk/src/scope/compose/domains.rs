//! The variables of a compose file with which Coolify makes domains.
//!
//! For a variable such as `SERVICE_FQDN_WEB` or `SERVICE_URL_WEB_80`, Coolify generates
//! a host from the rest of the name, and appends a value that starts with `/` as the
//! path. It checks neither, and reads the result as a list of domains and as a rule of
//! the proxy (tested on 4.0.0 and 4.3.11). So `/x,https://other.example.com` would take
//! the domain of another project, and a quote would end the rule.

use crate::compose::Node;
use crate::scope::ScopePower::ForeignHosts;
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;
use crate::scope::texts::routes;

const MAKERS: [&str; 2] = ["SERVICE_FQDN_", "SERVICE_URL_"];

/// Checks the `environment` of a service: a map, or a list of `name=value`.
pub(super) fn check(policy: ScopePolicy, environment: &Node) -> Check {
    match environment {
        Node::Map(entries) => entries.iter().try_for_each(|(key, value)| {
            variable(policy, key, value.text().unwrap_or_default())?;
            // With a numeric key, the value is a `name=value` as well.
            check(policy, value)
        }),
        Node::List(items) => items.iter().try_for_each(|item| check(policy, item)),
        Node::Scalar(scalar) => {
            let (key, value) = scalar.text.split_once('=').unwrap_or((&scalar.text, ""));
            variable(policy, key, value)
        }
    }
}

fn variable(policy: ScopePolicy, key: &str, value: &str) -> Check {
    let (key, value) = (key.trim(), value.trim());
    if routes::is_name(key) {
        routes::check_reference(policy, value)?;
    }
    let is_of_name = |it: char| it.is_ascii_alphanumeric() || "_.-".contains(it);
    let is_of_path = |it: char| it.is_ascii_alphanumeric() || "/._~-".contains(it);
    let makes_domain = MAKERS.iter().any(|it| key.starts_with(it));
    let is_path = !value.starts_with('/') || value.chars().all(is_of_path);
    if !makes_domain || (key.chars().all(is_of_name) && is_path) {
        return Ok(());
    }
    policy.need(ForeignHosts, || {
        "a variable of a compose file that makes more than one plain domain".into()
    })
}
