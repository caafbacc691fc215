//! Unit tests for cases that are not tested through the API.

use serde_json::json;

use super::*;

fn suffixes() -> Suffixes {
    Suffixes::new(&["Apps.Example.com".to_owned()]).expect("a domain")
}

#[test]
fn a_host_is_made_of_any_name() {
    let id = "0123456789abcdef01234567";
    for (name, host) in [
        ("web", "web-01234567.apps.example.com"),
        ("My Shop_2", "my-shop-2-01234567.apps.example.com"),
        ("--a..b--", "a-b-01234567.apps.example.com"),
        ("...", "01234567.apps.example.com"),
    ] {
        assert_eq!(suffixes().host_of(name, id).as_deref(), Some(host));
    }
    assert_eq!(Suffixes::default().host_of("web", id), None);
    let long = suffixes().host_of(&"x".repeat(100), id).expect("a host");
    assert!(long.split('.').all(|label| label.len() <= 63));
}

#[test]
fn ports_are_deduplicated_in_order() {
    for (given, ports) in [
        (json!(3000), "3000"),
        (json!("3000"), "3000"),
        (json!(" 3000 ,8080,3000"), "3000,8080"),
        (json!([8080, "3000", 8080]), "8080,3000"),
        (json!("65535,1"), "65535,1"),
    ] {
        let body = json!({ "ports": given }).to_string();
        let change = update(body.as_bytes(), "static", &suffixes()).expect("valid");
        assert_eq!(change.fields["ports_exposes"], ports);
    }
}

#[test]
fn images_have_registries_and_tags() {
    for (given, name, tag) in [
        ("nginx", "nginx", None),
        ("nginx:1.27", "nginx", Some("1.27")),
        ("ghcr.io/acme/web:v1", "ghcr.io/acme/web", Some("v1")),
        ("localhost:5000/web", "localhost:5000/web", None),
    ] {
        let body = json!({ "name": "web", "image": given }).to_string();
        let wish = create(body.as_bytes(), &suffixes()).expect("valid");
        let Source::Image { name: got, tag: of } = wish.source else {
            panic!("{given} is an image");
        };
        assert_eq!((&got[..], of.as_deref()), (name, tag));
    }
    for wrong in [
        "NGINX",
        "nginx:",
        "a b",
        "nginx:a/b c",
        "-x",
        "a;b",
        "nginx@sha256:ab",
    ] {
        let body = json!({ "name": "web", "image": wrong }).to_string();
        assert!(create(body.as_bytes(), &suffixes()).is_err(), "{wrong}");
    }
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let asked = Asked {
        cpu: "2".parse().ok(),
        memory: "1G".parse().ok(),
    };
    let change = |body: &str| update(body.as_bytes(), "static", &suffixes()).expect("valid");
    let kept = change(r#"{"memory": "2G"}"#).asked(&asked);
    assert_eq!(
        (kept.cpu, kept.memory),
        (asked.cpu.clone(), "2G".parse().ok())
    );
    let cleared = change(r#"{"cpu": null}"#).asked(&asked);
    assert_eq!((cleared.cpu, cleared.memory), (None, asked.memory.clone()));
}
