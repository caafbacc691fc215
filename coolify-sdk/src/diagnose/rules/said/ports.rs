//! Ports of a server that several resources, or a resource and the proxy, take.

use serde_json::{Value, json};

use super::{
    super::samples::{application, beside, database, service},
    Said, lay,
};
use crate::diagnose::facts::ResourceFacts;

/// An application with these ports.
fn web(ports: &str) -> ResourceFacts {
    application(&json!({"ports_mappings": ports}))
}

/// Another application with these ports.
fn other(ports: &str, status: &str) -> ResourceFacts {
    application(
        &json!({"uuid": "web2", "name": "other", "fqdn": null, "ports_exposes": null,
        "ports_mappings": ports, "status": status}),
    )
}

/// Two resources on one server: the ports of both, and the status of the other.
const PAIRS: [(&str, &str, &str, &str); 21] = [
    ("both run", "8080:80", "8080:3000", "running:healthy"),
    ("the other is stopped", "8080:80", "8080:3000", "exited"),
    ("another port", "8080:80", "8081:80", "running:healthy"),
    (
        "the same port of the container",
        "8080:80",
        "9090:80",
        "running:healthy",
    ),
    (
        "the last port of a range",
        "3000-3005:3000-3005",
        "3005:80",
        "running:healthy",
    ),
    (
        "the first port of a range",
        "3000-3005:3000-3005",
        "3000:80",
        "running:healthy",
    ),
    (
        "a port after a range",
        "3000-3005:3000-3005",
        "3006:80",
        "running:healthy",
    ),
    (
        "a port before a range",
        "3000-3005:3000-3005",
        "2999:80",
        "running:healthy",
    ),
    (
        "two ranges",
        "3000-3005:1-6",
        "3004-3009:1-6",
        "running:healthy",
    ),
    ("UDP and TCP", "53:53/udp", "53:53/tcp", "running:healthy"),
    ("UDP and UDP", "53:53/udp", "53:53/udp", "running:healthy"),
    (
        "a range of UDP",
        "53-54:53-54/udp",
        "54:53/udp",
        "running:healthy",
    ),
    (
        "an address and all",
        "127.0.0.1:53:53",
        "53:53",
        "running:healthy",
    ),
    (
        "all and an address",
        "0.0.0.0:53:53",
        "127.0.0.1:53:53",
        "running:healthy",
    ),
    (
        "two addresses",
        "127.0.0.1:53:53",
        "127.0.0.2:53:53",
        "running:healthy",
    ),
    (
        "one address",
        "127.0.0.1:53:53",
        "127.0.0.1:53:53",
        "running:healthy",
    ),
    (
        "all addresses of IPv6",
        "[::]:53:53",
        "127.0.0.1:53:53",
        "running:healthy",
    ),
    (
        "an address of IPv6",
        "[::1]:53:53",
        "[::1]:53:53",
        "running:healthy",
    ),
    ("any free port", "80", "80", "running:healthy"),
    (
        "a port from a variable",
        "${PORT}:80",
        "${PORT}:80",
        "running:healthy",
    ),
    (
        "two of three",
        "7000:1, 7001:1,7002:1",
        "7000:1,7002:1",
        "running:healthy",
    ),
];

#[test]
fn two_resources_cannot_have_one_port() {
    let mut said = Said::default();
    for (case, mine, theirs, status) in PAIRS {
        let other = other(theirs, status);
        let mut facts = web(mine);
        facts.neighbours = beside(&[&facts, &other]);
        said.resource(case, &facts);
    }
    for (case, status) in [
        ("this one is stopped", "running:healthy"),
        ("both are stopped", "exited"),
    ] {
        let other = other("8080:3000", status);
        let mut facts = application(&json!({"ports_mappings": "8080:80", "status": "exited"}));
        facts.neighbours = beside(&[&facts, &other]);
        said.resource(case, &facts);
    }
    said.is(include_str!("ports_taken_twice.txt"));
}

#[test]
fn databases_and_parts_of_services_take_ports_as_well() {
    let mut said = Said::default();
    let orders = |changes: &Value| {
        let mut all = json!({"is_public": true, "public_port": 5432, "enable_ssl": true});
        lay(&mut all, changes);
        database(&all)
    };
    let wiki = service(&json!({"applications": [{"uuid": "p1", "name": "app",
        "status": "running:healthy", "ports": "5432:80,7000:80"}], "databases": [
        {"uuid": "p2", "name": "store", "status": "running:healthy", "ports": "7001:5432",
            "is_public": true, "public_port": 7002}]}));
    let mut facts = orders(&json!({"ports_mappings": "7001:1"}));
    facts.neighbours = beside(&[&facts, &wiki, &web("5432:1")]);
    said.resource("a database beside a service and an application", &facts);
    let mut facts = wiki.clone();
    facts.neighbours = beside(&[&wiki, &orders(&json!({})), &web("7000-7002:1-3")]);
    said.resource("a service beside a database and an application", &facts);
    let mut facts = web("5432:1");
    let stopped = orders(&json!({"uuid": "db2", "name": "old", "status": "exited"}));
    facts.neighbours = beside(&[&facts, &stopped, &orders(&json!({}))]);
    said.resource("one of two databases is stopped", &facts);
    facts.neighbours = beside(&[&facts, &orders(&json!({"is_public": false}))]);
    said.resource("the database is not public", &facts);
    let elsewhere = orders(&json!({"destination": {"server": {"uuid": "server2"}}}));
    facts.neighbours = beside(&[&facts, &elsewhere]);
    said.resource("the database is on another server", &facts);
    let nowhere = |changes: Value| {
        let mut all = json!({"destination": null, "ports_mappings": "5432:1"});
        lay(&mut all, &changes);
        application(&all)
    };
    let mut facts = nowhere(json!({}));
    facts.neighbours = beside(&[&facts, &nowhere(json!({"uuid": "web2"}))]);
    said.resource("their servers are not known", &facts);
    said.is(include_str!("ports_of_all_kinds.txt"));
}

#[test]
fn the_proxy_has_two_ports() {
    let mut said = Said::default();
    let mut all = |case: &str, changes: &Value| {
        let mut facts = application(changes);
        facts.neighbours = beside(&[&facts]);
        said.resource(case, &facts);
    };
    for ports in [
        "443:1",
        "80:1",
        "79:1",
        "81:1",
        "444:1",
        "79-81:1-3",
        "440-443:1-4",
        "443:1/udp",
    ] {
        all(ports, &json!({"ports_mappings": ports}));
    }
    all(
        "443 of a stopped one",
        &json!({"ports_mappings": "443:1", "status": "exited"}),
    );
    for (case, proxy) in [
        ("there is no proxy", json!({"type": "NONE"})),
        ("there is no proxy, in lower case", json!({"type": "none"})),
        ("the proxy has no type", json!({"type": null})),
        ("the proxy is stopped", json!({"status": "exited"})),
        (
            "whether the proxy runs is not said",
            json!({"status": null}),
        ),
    ] {
        let server = json!({"server": {"proxy": proxy}});
        all(
            case,
            &json!({"ports_mappings": "443:1", "fqdn": null, "destination": server}),
        );
    }
    let mut facts = web("443:1");
    facts.neighbours = beside(&[&facts, &other("443:2", "exited")]);
    said.resource("443, which a stopped resource wants as well", &facts);
    said.is(include_str!("ports_of_the_proxy.txt"));
}
