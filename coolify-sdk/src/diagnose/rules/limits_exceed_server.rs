//! Limits that the server does not have.

use super::Builtin;
use crate::{
    diagnose::{facts::ResourceFacts, finding::Finding},
    limits::{Cpus, Memory},
    resources::Resource,
};

pub(super) const RULE: Builtin = Builtin::of_resources(
    "limits-exceed-server",
    "A limit of memory or processors is higher than what the server has.",
    check,
);

fn check(facts: &ResourceFacts) -> Vec<Finding> {
    let server = facts.server.get();
    let Some(machine) = server.and_then(|it| it.server_metadata.as_ref()) else {
        return Vec::new();
    };
    let (memory, reserved, cpus) = match &facts.resource {
        Resource::Application(it) => (
            &it.limits_memory,
            &it.limits_memory_reservation,
            &it.limits_cpus,
        ),
        Resource::Database(it) => (
            &it.limits_memory,
            &it.limits_memory_reservation,
            &it.limits_cpus,
        ),
        _ => return Vec::new(),
    };
    let mut findings = Vec::new();
    let has = machine.memory_bytes.and_then(|it| u64::try_from(it).ok());
    let names = [("limits_memory", memory), ("limits_memory_reservation", reserved)];
    for (name, limit) in names {
        let bytes = limit.as_deref().and_then(|it| it.parse::<Memory>().ok()?.bytes());
        if let (Some(limit), Some(bytes), Some(has)) = (limit, bytes, has)
            && has > 0
            && bytes > has
        {
            findings.push(
                Finding::warning("It may take more memory than the server has.")
                    .value(name, limit)
                    .value("memory of the server in bytes", has)
                    .next(
                        "Lower the limit: the server runs out of memory before the limit is \
                         reached, and Docker then ends any container.",
                    ),
            );
        }
    }
    let millis = cpus.as_deref().and_then(|it| it.parse::<Cpus>().ok()?.millis());
    let has = machine.cpus.and_then(|it| u64::try_from(it).ok());
    if let (Some(cpus), Some(millis), Some(has)) = (cpus, millis, has)
        && has > 0
        && millis > has.saturating_mul(1000)
    {
        findings.push(
            Finding::critical("Docker refuses to start it: its limit is more processors than the server has.")
                .value("limits_cpus", cpus)
                .value("processors of the server", has)
                .next("Lower `limits_cpus`, and deploy again."),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{application, database, finds},
        RULE,
    };
    use crate::diagnose::Severity::{Critical, Warning};

    #[test]
    fn limits_above_the_server_are_found() {
        let with = |memory: &str, cpus: &str| {
            json!({"limits_memory": memory, "limits_cpus": cpus, "destination": {"server":
                {"server_metadata": {"memory_bytes": 1_073_741_824, "cpus": 2}}}})
        };
        finds(&RULE, &application(&with("2g", "0")), &[Warning]);
        finds(&RULE, &database(&with("2g", "4")), &[Warning, Critical]);
        for (memory, cpus) in [("0", "0"), ("1g", "2"), ("512m", "0.5"), ("odd", "odd")] {
            finds(&RULE, &application(&with(memory, cpus)), &[]);
        }
        let unknown = json!({"limits_memory": "999g", "limits_cpus": "99"});
        finds(&RULE, &application(&unknown), &[]);
    }
}
