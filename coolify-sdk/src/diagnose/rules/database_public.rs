//! A database that everybody can reach.

use super::Builtin;
use crate::diagnose::{facts::ResourceFacts, finding::Finding};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "database-public",
    "A running database can be reached from outside, or should be and has no port.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    if !facts.is_running() {
        return Vec::new();
    }
    if let Some(database) = facts.database() {
        let encrypted = database.enable_ssl == Some(true);
        let public = database.is_public == Some(true);
        let found = public.then(|| of(database.public_port, encrypted));
        let found = found.map(|it| it.value("enable_ssl", encrypted));
        return found.into_iter().collect();
    }
    let service = facts.service().into_iter();
    let databases = service.flat_map(|it| it.databases.iter().flatten());
    let public = databases.filter(|it| it.is_public == Some(true));
    public
        .map(|it| of(it.public_port, false).value("container", &it.name))
        .collect()
}

fn of(port: Option<i64>, encrypted: bool) -> Finding {
    match port.filter(|it| *it > 0) {
        None => Finding::warning("It is public, but has no port, so that nobody can reach it.")
            .next("Set `public_port`, or switch `is_public` off."),
        Some(port) if encrypted => Finding::info("It can be reached from outside.")
            .value("public_port", port)
            .next(
                "Switch `is_public` off if only containers of the server need it, or let a \
                 firewall admit the addresses that do.",
            ),
        Some(port) => Finding::warning("It can be reached from outside without encryption.")
            .value("public_port", port)
            .next(
                "Switch `is_public` off if only containers of the server need it; otherwise \
                 switch `enable_ssl` on, and let a firewall admit the addresses that need it.",
            ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{database, finds, service},
        RULE,
    };
    use crate::diagnose::Severity::{Info, Warning};

    #[test]
    fn public_databases_are_found() {
        let with = |changes| {
            let findings = super::check(&database(&changes));
            let severities: Vec<_> = findings.iter().map(|it| it.severity).collect();
            severities
        };
        assert_eq!(with(json!({"is_public": true, "public_port": 5432})), [Warning]);
        let encrypted = json!({"is_public": true, "public_port": 5432, "enable_ssl": true});
        assert_eq!(with(encrypted), [Info]);
        assert_eq!(with(json!({"is_public": true, "public_port": null})), [Warning]);
        assert_eq!(with(json!({"is_public": false, "public_port": 5432})), []);
        let stopped = json!({"is_public": true, "public_port": 5432, "status": "exited"});
        assert_eq!(with(stopped), []);
        let part = json!({"databases": [{"uuid": "d", "name": "store", "is_public": true,
            "public_port": 5433}]});
        finds(&RULE, &service(&part), &[Warning]);
    }
}
