//! Domains: those of several resources, those that lead nowhere, and none at all.

use serde_json::{Value, json};

use super::{
    super::samples::{application, beside, service},
    Said, lay,
};

#[test]
fn a_domain_of_several_resources_is_told_to_each() {
    let mut said = Said::default();
    let other = |fqdn: &str, status: &str| {
        application(&json!({"uuid": "web2", "name": "copy", "fqdn": fqdn, "status": status}))
    };
    for (case, own, fqdn, status) in [
        (
            "both run",
            "running:healthy",
            "https://web.example",
            "running:healthy",
        ),
        (
            "the other is stopped",
            "running:healthy",
            "https://web.example",
            "exited",
        ),
        (
            "this one is stopped",
            "exited",
            "https://web.example",
            "running:healthy",
        ),
        (
            "both are stopped",
            "exited",
            "https://web.example",
            "exited",
        ),
        (
            "another scheme, case, port and slash",
            "running:healthy",
            "http://WEB.example:8080/",
            "running:healthy",
        ),
        (
            "another path",
            "running:healthy",
            "https://web.example/api",
            "running:healthy",
        ),
        (
            "a longer host",
            "running:healthy",
            "https://www.web.example",
            "running:healthy",
        ),
        (
            "one of several domains",
            "running:healthy",
            "https://a.example, https://web.example",
            "running:healthy",
        ),
    ] {
        let other = other(fqdn, status);
        let mut facts = application(&json!({"status": own}));
        facts.neighbours = beside(&[&facts, &other]);
        said.resource(case, &facts);
    }
    let wiki = service(&json!({"applications": [
        {"uuid": "p1", "name": "app", "status": "running:healthy", "fqdn": "https://web.example"},
        {"uuid": "p2", "name": "api", "status": "running:healthy",
            "fqdn": "https://web.example:9000,https://b.example"}]}));
    let stopped = other("https://web.example,https://b.example", "exited");
    let mut web = application(&json!({"fqdn": "https://web.example,https://b.example"}));
    web.neighbours = beside(&[&web, &wiki, &stopped]);
    said.resource(
        "two domains, a service with one of them twice, and a stopped one",
        &web,
    );
    let mut facts = wiki.clone();
    facts.neighbours = web.neighbours.clone();
    said.resource("the service of them", &facts);
    let mut alone = application(&json!({}));
    alone.neighbours = beside(&[&alone]);
    said.resource("no other resource", &alone);
    said.resource("the others are not known", &application(&json!({})));
    said.is(include_str!("domains_conflict.txt"));
}

#[test]
fn a_domain_that_leads_nowhere_is_reported() {
    let mut said = Said::default();
    for (case, changes) in [
        ("no domain", json!({})),
        ("an empty domain", json!({"fqdn": " "})),
        ("a domain", json!({"fqdn": "https://web.example"})),
        (
            "a port of the server",
            json!({"ports_mappings": "9000:3000"}),
        ),
        ("an empty list of ports", json!({"ports_mappings": " "})),
        ("no port is exposed", json!({"ports_exposes": null})),
        (
            "an empty list of exposed ports",
            json!({"ports_exposes": " "}),
        ),
        ("it is stopped", json!({"status": "exited"})),
        ("it is unhealthy", json!({"status": "running:unhealthy"})),
        (
            "a compose file",
            json!({"build_pack": "dockercompose", "ports_exposes": null,
                "docker_compose_raw": "services:\n  web:\n    image: nginx\n"}),
        ),
        (
            "a compose file with a port of the server",
            json!({"build_pack": "dockercompose", "ports_exposes": null, "docker_compose_raw":
                "services:\n  web:\n    image: nginx\n    ports:\n      - 9000:80\n"}),
        ),
        (
            "a server without a proxy",
            json!({"destination": {"server": {"proxy": {"type": "NONE"}}}}),
        ),
        (
            "a server that only builds",
            json!({"destination": {"server": {"settings": {"is_build_server": true}}}}),
        ),
        ("a server that is not known", json!({"destination": null})),
    ] {
        let mut all = json!({"fqdn": null});
        lay(&mut all, &changes);
        said.resource(case, &application(&all));
    }
    said.is(include_str!("domains_missing.txt"));
}

#[test]
fn a_domain_needs_a_server_that_serves_domains() {
    let mut said = Said::default();
    let on = |server: &Value, changes: &Value| {
        let mut all = json!({"destination": {"server": server}});
        lay(&mut all, changes);
        application(&all)
    };
    let as_is = json!({});
    for (case, server) in [
        ("no proxy", json!({"proxy": {"type": "NONE"}})),
        (
            "no proxy, in lower case",
            json!({"proxy": {"type": "none"}}),
        ),
        ("Caddy", json!({"proxy": {"type": "CADDY"}})),
        (
            "a proxy of an unknown type",
            json!({"proxy": {"type": null}}),
        ),
        ("an unknown proxy", json!({"proxy": null})),
        (
            "it only builds",
            json!({"settings": {"is_build_server": true}}),
        ),
        (
            "its role is to build",
            json!({"settings": {"server_role": "build"}}),
        ),
        (
            "its role is both, whatever the flag says",
            json!({"settings": {"is_build_server": true, "server_role": "both"}}),
        ),
        ("its settings are not known", json!({"settings": null})),
        (
            "a tunnel leads past the proxy",
            json!({"proxy": {"type": "NONE"}, "settings": {"is_cloudflare_tunnel": true}}),
        ),
        (
            "there is no tunnel",
            json!({"proxy": {"type": "NONE"}, "settings": {"is_cloudflare_tunnel": false}}),
        ),
        (
            "no proxy, and it only builds",
            json!({"proxy": {"type": "NONE"}, "settings": {"is_build_server": true}}),
        ),
    ] {
        said.resource(case, &on(&server, &as_is));
    }
    let none = json!({"proxy": {"type": "NONE"}});
    said.resource(
        "no proxy, and it is stopped",
        &on(&none, &json!({"status": "exited"})),
    );
    said.resource(
        "no proxy, and two domains",
        &on(
            &none,
            &json!({"fqdn": "https://a.example,https://b.example"}),
        ),
    );
    said.resource(
        "a service, and no proxy",
        &service(&json!({"server": none})),
    );
    let nested = json!({"server": null, "destination": {"uuid": "net1", "server":
        {"uuid": "s2", "name": "second", "proxy": {"type": "NONE"}}}});
    said.resource("a service on the server of its network", &service(&nested));
    said.is(include_str!("domains_without_proxy.txt"));
}

#[test]
fn coolifys_own_check_of_the_dns_is_passed_on() {
    let mut said = Said::default();
    for (case, domain, entry) in [
        (
            "it failed",
            "https://web.example",
            json!({"status": "failed", "expected_ip": "203.0.113.7",
                "checked_at": "2026-11-29 11:00:00", "message": "x"}),
        ),
        (
            "it failed, and says no more",
            "https://web.example",
            json!({"status": "failed"}),
        ),
        (
            "it failed for another domain",
            "https://old.example",
            json!({"status": "failed"}),
        ),
        (
            "it failed for a compose service",
            "web|https://web.example",
            json!({"status": "failed"}),
        ),
        (
            "it passed",
            "https://web.example",
            json!({"status": "ok", "expected_ip": "203.0.113.7"}),
        ),
        ("it is odd", "https://web.example", json!("failed")),
    ] {
        said.resource(
            case,
            &application(&json!({"domain_dns_statuses": {domain: entry}})),
        );
    }
    let both = json!({"fqdn": "https://a.example,https://b.example", "domain_dns_statuses": {
        "https://a.example": {"status": "failed", "expected_ip": "203.0.113.7"},
        "https://b.example": {"status": "failed", "expected_ip": 7},
        "https://c.example": {"status": "failed"}}});
    said.resource("two of two failed", &application(&both));
    let piped = json!({"fqdn": "https://web.example/a|b", "domain_dns_statuses": {
        "web|https://web.example/a|b": {"status": "failed"}}});
    said.resource("it failed for a path with a bar", &application(&piped));
    said.resource("a list", &application(&json!({"domain_dns_statuses": []})));
    said.is(include_str!("domains_dns.txt"));
}

#[test]
fn a_domain_of_a_compose_file_belongs_to_one_of_its_services() {
    let mut said = Said::default();
    let with = |domains: &Value, file: &Value| {
        application(
            &json!({"fqdn": null, "ports_exposes": null, "build_pack": "dockercompose",
            "docker_compose_domains": domains.to_string(), "docker_compose_raw": file}),
        )
    };
    let file = json!("services:\n  my-web:\n    image: nginx\n  api:\n    image: nginx\n");
    let of = |name: &str| json!({name: {"domain": "https://w.example"}});
    said.resource("its service", &with(&of("my-web"), &file));
    said.resource(
        "its service, as Coolify writes it",
        &with(&of("my_web"), &file),
    );
    said.resource("no service", &with(&of("web"), &file));
    let several = json!({"my_web": {"domain": "https://w.example"},
        "old": {"domain": "https://o.example"}, "older": {"domain": "https://p.example"}});
    said.resource("two of three without a service", &with(&several, &file));
    said.resource(
        "an empty domain without a service",
        &with(&json!({"web": {"domain": " "}}), &file),
    );
    said.resource(
        "neither a domain nor a service",
        &with(&json!({"web": {"domain": null}}), &file),
    );
    said.resource("no file", &with(&of("web"), &json!(null)));
    said.resource("an odd file", &with(&of("web"), &json!("services: [")));
    said.resource(
        "a file without services",
        &with(&of("web"), &json!("services: {}\n")),
    );
    let mut other = with(&of("web"), &file);
    if let crate::resources::Resource::Application(it) = &mut other.resource {
        it.build_pack = Some(crate::applications::BuildPack::Nixpacks);
    }
    said.resource("no compose application any more", &other);
    said.is(include_str!("domains_compose.txt"));
}
