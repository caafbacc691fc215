//! A port of a server that two resources take.

use super::Builtin;
use crate::diagnose::{
    facts::ResourceFacts,
    finding::{Evidence, Finding},
};

/// The ports of the proxy.
const PROXY_PORTS: [u16; 2] = [80, 443];

pub(super) const RULE: Builtin = Builtin::of_resources(
    "port-conflict",
    "Several resources of a server, or a resource and the proxy, take the same port.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let Some(neighbours) = facts.neighbours.get() else {
        return Vec::new();
    };
    let own = Some(facts.resource.uuid());
    let mine = neighbours.ports().filter(|it| it.subject.uuid.as_ref() == own);
    let mut findings = Vec::new();
    for port in mine {
        let others = neighbours.ports().filter(|it| it.subject.uuid.as_ref() != own);
        let others: Vec<_> = others.filter(|it| it.collides_with(port)).collect();
        let with_proxy = PROXY_PORTS
            .into_iter()
            .any(|it| !port.udp && port.first <= it && it <= port.last);
        let with_proxy = with_proxy && proxy_runs(facts);
        if others.is_empty() && !with_proxy {
            continue;
        }
        // Only one of those that run can have the port.
        let is_taken = !port.is_stopped && others.iter().any(|it| !it.is_stopped);
        let message = "Something else on the server takes the same port.";
        let mut finding = if is_taken || (with_proxy && !port.is_stopped) {
            Finding::critical(message)
        } else {
            Finding::warning(message)
        };
        finding = finding.value(port.setting, port.port());
        if with_proxy {
            finding = finding.value("also", "the proxy of the server");
        }
        for other in others {
            finding = finding
                .evidence(Evidence::Other(other.subject.clone()))
                .value(format!("its {}", other.setting), other.port());
        }
        findings.push(finding.next(
            "Give each of them another port, and deploy or restart them. Web applications need no \
             port of the server: the proxy serves their domains.",
        ));
    }
    findings
}

fn proxy_runs(facts: &ResourceFacts) -> bool {
    let server = facts.server.get();
    let proxy = server.and_then(|it| it.proxy.as_ref());
    proxy.is_some_and(|it| {
        let kind = it.type_.as_deref().unwrap_or("none");
        it.status.as_deref() == Some("running") && !kind.eq_ignore_ascii_case("none")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, beside, database, finds},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn a_port_that_is_taken_twice_is_found() {
        let mut web = application(&json!({"ports_mappings": "127.0.0.1:8080:80,5432:5432"}));
        let mut orders = database(&json!({"is_public": true, "public_port": 5432}));
        web.neighbours = beside(&[&web, &orders]);
        orders.neighbours = web.neighbours.clone();
        finds(&RULE, &web, &[Critical]);
        finds(&RULE, &orders, &[Critical]);
        let mut stopped = database(
            &json!({"is_public": true, "public_port": 5432, "status": "exited"}));
        stopped.neighbours = beside(&[&web, &stopped]);
        finds(&RULE, &stopped, &[Warning]);
    }

    #[test]
    fn the_ports_of_the_proxy_are_taken() {
        let mut web = application(&json!({"ports_mappings": "443:8443"}));
        web.neighbours = beside(&[&web]);
        finds(&RULE, &web, &[Critical]);
        let off = json!({"ports_mappings": "443:8443",
            "destination": {"server": {"proxy": {"type": "NONE"}}}});
        let mut bare = application(&off);
        bare.neighbours = beside(&[&bare]);
        finds(&RULE, &bare, &[]);
    }

    #[test]
    fn other_servers_addresses_and_protocols_are_not() {
        let mut web = application(&json!({"ports_mappings": "127.0.0.1:53:53,9000:9000"}));
        let others = [
            application(&json!({"uuid": "a", "ports_mappings": "127.0.0.2:53:53"})),
            application(&json!({"uuid": "b", "ports_mappings": "53:53/udp"})),
            application(&json!({"uuid": "c", "ports_mappings": "9000:9000",
                "destination": {"server": {"uuid": "server2"}}})),
            database(&json!({"is_public": false, "public_port": 9000})),
        ];
        let mut all: Vec<_> = others.iter().collect();
        all.push(&web);
        web.neighbours = beside(&all);
        finds(&RULE, &web, &[]);
    }
}
