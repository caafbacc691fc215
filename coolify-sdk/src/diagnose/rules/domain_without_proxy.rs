//! A domain on a server that serves none.

use super::Builtin;
use crate::{
    diagnose::{facts::ResourceFacts, finding::Finding},
    servers::{Server, ServerRole},
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "domain-without-proxy",
    "A resource has a domain, but its server has no proxy or only builds.",
    check,
);

/// Whether a server serves domains.
pub(super) enum Serving {
    Yes,
    /// It does not, for this reason.
    No(&'static str),
}

impl Serving {
    pub(super) fn of(server: &Server) -> Self {
        let settings = server.settings.as_ref();
        let role = settings.and_then(|it| it.server_role.as_ref());
        let builds = match role {
            Some(role) => *role == ServerRole::Build,
            None => settings.is_some_and(|it| it.is_build_server == Some(true)),
        };
        let kind = server.proxy.as_ref().and_then(|it| it.type_.as_deref());
        if builds {
            Self::No("it only builds images")
        } else if kind.is_some_and(|it| it.eq_ignore_ascii_case("none")) {
            Self::No("its proxy is `NONE`")
        } else {
            Self::Yes
        }
    }
}

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let (Some(server), true) = (facts.server.get(), facts.is_running()) else {
        return Vec::new();
    };
    // A tunnel may lead past the proxy.
    let settings = server.settings.as_ref();
    let is_tunnel = settings.is_some_and(|it| it.is_cloudflare_tunnel == Some(true));
    let domains = facts.resource.domains();
    let Serving::No(why) = Serving::of(server) else {
        return Vec::new();
    };
    if domains.is_empty() || is_tunnel {
        return Vec::new();
    }
    vec![
        Finding::warning("It has a domain, but its server does not serve domains.")
            .value("domains", domains.join(", "))
            .value("server", why)
            .next(
                "Switch on the proxy of the server, or move the resource to a server that has one, \
                 and deploy again. If something else serves the domain, ignore this.",
            ),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, finds, service},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn a_domain_that_leads_nowhere_is_found() {
        let none = json!({"proxy": {"type": "NONE"}});
        finds(&RULE, &application(&json!({"destination": {"server": none}})), &[Warning]);
        finds(&RULE, &service(&json!({"server": none})), &[Warning]);
        let builds = json!({"settings": {"is_build_server": true}});
        finds(&RULE, &application(&json!({"destination": {"server": builds}})), &[Warning]);
    }

    #[test]
    fn other_servers_and_resources_are_not() {
        finds(&RULE, &application(&json!({})), &[]);
        let none = json!({"proxy": {"type": "NONE"}});
        let bare = json!({"fqdn": null, "destination": {"server": none}});
        finds(&RULE, &application(&bare), &[]);
        let tunnel = json!({"proxy": {"type": "NONE"}, "settings": {"is_cloudflare_tunnel": true}});
        finds(&RULE, &application(&json!({"destination": {"server": tunnel}})), &[]);
        let both = json!({"settings": {"is_build_server": true, "server_role": "both"}});
        finds(&RULE, &application(&json!({"destination": {"server": both}})), &[]);
    }
}
