//! Labels of containers.
//!
//! Traefik, Caddy and Coolify read the labels of all containers of the server. A
//! label can give a container the routes of another container, or make it part of
//! another resource. Coolify resolves no shared variables in labels, but Docker
//! Compose expands `$` if escaping is off.

use crate::scope::ScopePower::{ForeignHosts, Labels};
use crate::scope::beyond::Check;
use crate::scope::policy::ScopePolicy;

/// The prefixes of labels that the proxy or Coolify reads.
const READ_BY_OTHERS: [&str; 6] = [
    "traefik",
    "caddy",
    "coolify",
    "com.docker",
    "com.centurylinklabs",
    "ofelia",
];

/// Refuses a label, such as `name=value`.
pub(in crate::scope) fn check(policy: ScopePolicy, label: &str) -> Check {
    let name = label.split('=').next().unwrap_or_default().trim();
    if name.is_empty() {
        return Ok(());
    }
    policy.need(Labels, || "a label".into())?;
    let name = name.trim_start_matches(['"', '\'']).to_lowercase();
    if name.contains('$') || READ_BY_OTHERS.iter().any(|it| name.starts_with(it)) {
        policy.need(ForeignHosts, || {
            "a label that the proxy or Coolify reads".into()
        })?;
    }
    Ok(())
}

/// Refuses a list with one label per line. Labels that the resource already has
/// may stay, because Coolify generates the labels of its routes, and a list
/// replaces them.
pub(in crate::scope) fn check_list(policy: ScopePolicy, labels: &str, current: &str) -> Check {
    let lines = |list: &'_ str| -> Vec<String> {
        list.split(['\r', '\n'])
            .map(|it| it.trim().to_owned())
            .collect()
    };
    let current = lines(current);
    let new = lines(labels).into_iter().filter(|it| !current.contains(it));
    for label in new {
        check(policy, &label)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_others_read_are_refused() {
        let policy = ScopePolicy::default();
        for label in ["", "a=b", "team=x", "my.traefik=1", "a=traefik.enable", "x"] {
            assert_eq!(check(policy, label), Ok(()), "{label}");
        }
        for label in [
            "traefik.enable=true",
            "Traefik.HTTP.routers.x.rule=Host(`a`)",
            " traefik.x = 1",
            "caddy=a.example.com",
            "caddy_0.reverse_proxy=x",
            "coolify.managed=true",
            "com.docker.compose.project=x",
            "$A=b",
            "${A}.http.routers.x.rule=y",
            "\"traefik.x=1\"",
        ] {
            assert!(check(policy, label).is_err(), "{label}");
        }
        assert!(check(ScopePolicy::strict(), "a=b").is_err());
        let own = "traefik.enable=true\r\ntraefik.http.routers.own.rule=Host(`own`)";
        assert_eq!(check_list(policy, &format!("a=b\n{own}\n"), own), Ok(()));
        assert!(check_list(policy, "traefik.http.routers.own.rule=Host(`other`)", own).is_err());
        assert!(check_list(policy, "a=b\rtraefik.x=1", own).is_err());
    }
}
