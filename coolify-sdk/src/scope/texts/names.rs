//! Names of resources.
//!
//! They become part of labels, folders and readme files. Coolify accepts any name
//! for databases and services. A backup of a database called `coolify-db` is a
//! backup of Coolify's own database.

use crate::scope::ScopePower::SharedNetworks;
use crate::scope::beyond::{Beyond, Check};
use crate::scope::policy::ScopePolicy;

const COOLIFYS: &str = "coolify-db";
/// The name of Coolify's own container, and the beginning of the names of its others.
const OF_COOLIFY: &str = "coolify";

/// Refuses a name.
pub(in crate::scope) fn check(name: &str) -> Check {
    let is_odd = |it: char| it.is_control() || "`$\\\"|;<>".contains(it);
    if name.trim().eq_ignore_ascii_case(COOLIFYS) || name.contains(is_odd) {
        return Err(Beyond::new(
            "a resource of this name",
            "use letters, digits, spaces and plain punctuation; `coolify-db` is Coolify's own",
        ));
    }
    Ok(())
}

/// Refuses a name that one of Coolify's own containers has in a network.
///
/// The proxy joins the network of every service, and finds the dashboard by the name
/// `coolify`. A service of this name could get the requests to the dashboard, with all
/// their cookies and tokens.
pub(in crate::scope) fn check_in_network(policy: ScopePolicy, name: &str) -> Check {
    let name = name.trim().trim_matches('.').to_lowercase();
    let rest = name.strip_prefix(OF_COOLIFY);
    let is_coolifys = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    if is_coolifys || name.contains('$') {
        return policy.need(SharedNetworks, || {
            "a name in a network that may be one of Coolify's own containers".into()
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_container_is_found_instead_of_coolify() {
        let policy = ScopePolicy::default();
        for name in [
            "",
            "web",
            "coolify2",
            "my-coolify",
            "coolifyx-1",
            "coolify.example",
        ] {
            assert_eq!(check_in_network(policy, name), Ok(()), "{name}");
        }
        for name in [
            "coolify",
            "Coolify",
            " coolify. ",
            "coolify-db",
            "coolify-realtime",
            "$NAME",
            "a${B}",
        ] {
            assert!(check_in_network(policy, name).is_err(), "{name}");
            let open = policy.allow(SharedNetworks);
            assert_eq!(check_in_network(open, name), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_name_is_not_coolifys() {
        for name in ["web", "Größe & co (1)", "it's", "a/b:c#1", "coolify-db-2"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "coolify-db",
            " coolify-db ",
            "COOLIFY-DB",
            "a`id`",
            "$(id)",
            "a\nb",
            "a\";b",
            "a|b",
        ] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
