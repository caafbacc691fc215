use std::fmt::Write as _;

use super::{Node, parse, parse_leniently, service_names};

fn names(file: &str) -> Vec<String> {
    service_names(file).unwrap_or_else(|why| panic!("{why}\n{file}"))
}

/// All keys and scalars, one after another.
fn texts(file: &Node) -> Vec<&str> {
    let mut texts = Vec::new();
    file.each_text(&mut |text| texts.push(text));
    texts
}

#[test]
fn services_are_found_however_they_are_written() {
    for file in [
        "services:\n  web:\n    image: nginx\n  api:\n    image: node\n",
        "services: # all\n  web : {image: nginx}\n  # db:\n  api:\n",
        "\u{feff}services:\r\n  web:\r\n    image: nginx\r\n  api:\r\n    image: node\r\n",
        "services: &a\n  web: &b\n    image: nginx\n  api: *b\n",
        "services: {web: {image: nginx}, api: {image: node}}",
        "{\"services\": {\"web\": {\"image\": \"nginx\"}, \"api\": {}}}",
        "'services':\n  'web':\n    image: nginx\n  \"\\x61pi\":\n    image: node\n",
        "---\nservices :\n    web:\n        image: nginx\n    api:\n        image: node\n...\n",
        "version: '3'\nservices:\n  web: {\n    image: nginx }\n  api:\n    command: >\n      services:\n        no: 1\n",
        "x-all: &all\n  api:\n    image: node\nservices:\n  web:\n    image: nginx\n  <<: *all\n",
        "x-a: &a\n  web:\nx-b: &b\n  api:\n  web: 1\nservices:\n  <<: [*a, *b]\n",
    ] {
        assert_eq!(names(file), ["web", "api"], "{file}");
    }
    for file in ["", "# nothing", "services:", "services: []", "a: b", "text"] {
        assert_eq!(names(file), [""; 0], "{file}");
    }
}

#[test]
fn a_merge_key_adds_what_is_missing_and_later_keys_win() {
    let file = "a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n  x: 4\n";
    let b = parse(file).unwrap().get("b").unwrap().clone();
    let entries: Vec<_> = b
        .entries()
        .iter()
        .map(|(key, value)| (&**key, value.text()))
        .collect();
    assert_eq!(entries, [("y", Some("3")), ("x", Some("4"))]);
    for file in ["a:\n  <<: text\n", "a:\n  <<: [text]\n", "a:\n  <<:\n"] {
        assert!(parse_leniently(file).is_err(), "{file}");
    }
}

#[test]
fn every_text_is_seen_as_coolify_sees_it() {
    for (file, expected) in [
        ("A: \"te\\x61m\"", "team"),
        ("A: \"te\\u0061m\"", "team"),
        ("A: \"te\\\n  am\"", "team"),
        ("A: >-\n  te\n  am", "te am"),
        ("A: |-\n  te\n  am", "te\nam"),
        ("A: 'it''s'", "it's"),
        ("A: 1.10", "1.10"),
        ("A: [[{x: team}]]", "team"),
        ("A: {\"te\\x61m\": 1}", "team"),
        ("x-a: &a {n: team}\nA: *a", "team"),
        ("x-a: &a\n  n: team\nA:\n  <<: *a", "team"),
        ("A:\n  - &a team\n  - *a", "team"),
    ] {
        let file = parse(file).unwrap_or_else(|why| panic!("{why}\n{file}"));
        assert!(texts(&file).contains(&expected), "{file:?}");
    }
    for (file, expected) in [
        ("A: te\n  am", "te am"),
        ("A: !!binary dGVhbQ==", "team"),
        ("A: !!binary |\n  dGVh\n  bQ==\n", "team"),
        ("A: !!str 1", "1"),
        ("A: [a: team]", "team"),
    ] {
        assert!(parse(file).is_err(), "{file}");
        let file = parse_leniently(file).unwrap();
        assert!(texts(&file).contains(&expected), "{file:?}");
    }
}

/// A tag of another vocabulary can have the name of a YAML tag and another meaning.
#[test]
fn only_the_tags_of_yaml_are_read() {
    for tag in ["!str", "!binary", "!<tag:example.com,2026:str>", "!e!str"] {
        let file = format!("%TAG !e! tag:example.com,2026:\n---\nA: {tag} dGVhbQ==\n");
        assert!(parse_leniently(&file).is_err(), "{file}");
        let file = format!("A: {tag} dGVhbQ==\n");
        assert!(parse_leniently(&file).is_err(), "{file}");
    }
}

/// Symfony's parser 7.4 read each of these differently.
#[test]
fn what_coolify_reads_in_a_way_of_its_own_is_refused() {
    for file in [
        "A:\n  x {{te\\\n  am.X}}",
        "A:\n- \u{a0}\"te\\x61m\"",
        "A:\n- \u{c}\"te\\x61m\"",
        "A:\u{2028}x",
        "\u{feff}A: 1",
        "# c\n\u{feff}A: 1",
        "A: 'te\\\n  am'",
        "A: [a\nb]",
        "A: {privileged a: true}",
        "A: {a \": b}",
        "A: [a: b, c: ]",
        "A: &a{b: c}",
        "A: [&a {b: c}]",
        "A:\n  &a b",
        "<<: &a {b: c}",
        "&a A: b",
        "A: ! b",
        "A: !!str   b",
        ": b",
        "A:\n-\n   # c\n- b",
        "\"A\" \t: b",
        " A: b",
        "team",
        "- team",
    ] {
        assert!(parse(file).is_err(), "{file:?}");
    }
}

#[test]
fn what_people_write_is_not_refused() {
    let file = "\
# Übersicht:\u{a0}alles
version: \"3.8\"
x-env: &env
  TZ: Europe/Berlin
  GREETING: \"größer\u{a0}als, 100\u{2009}%\"
services:
  web: &web
    image: ghcr.io/acme/web:${TAG:-latest}
    command: [\"node\", 'server.js', --port=80]
    environment:
      <<: *env
      URL: 'http://{{project.HOST}}'
    labels:
      - traefik.http.routers.web.rule=Host(`a.example`) && PathPrefix(`/x`)
      - \"a=b\"
    healthcheck: {test: [\"CMD\", \"curl\"], interval: 5s}
    volumes:
      - ./data:/data:ro
      - type: bind
        source: /etc/localtime
  worker:
    <<: *web
    entrypoint: |
      sh -c \"
        echo # not a comment
      \"
    depends_on: { web: { condition: service_healthy } }
volumes:
  data:
";
    let file = parse(file).unwrap_or_else(|why| panic!("{why}"));
    let worker = file
        .get("services")
        .and_then(|it| it.get("worker"))
        .unwrap();
    let image = worker.get("image").and_then(Node::text);
    assert_eq!(image, Some("ghcr.io/acme/web:${TAG:-latest}"));
}

#[test]
fn what_coolify_cannot_read_is_an_error() {
    for file in [
        "a: b: c",
        "a: [",
        "a: \"\\y\"",
        "a: *b",
        "a: &a [*a]",
        "a: 1\na: 2",
        "{a: 1, a: 2}",
        "a: 1\n---\nb: 2",
        "? [a]\n: b",
        "a: !custom b",
        "a: !reset null",
        "a: !!set {b}",
        "a: !!binary '?'",
        "a: &x y\n*x : z",
        "a: @b",
    ] {
        assert!(parse_leniently(file).is_err(), "{file}");
        assert!(parse(file).is_err(), "{file}");
    }
}

#[test]
fn an_error_names_the_line_and_repeats_nothing() {
    let why = parse("a: 1\nb: 2\ns3cret: [\n").unwrap_err().to_string();
    assert!(
        why.starts_with("line 4: ") && !why.contains("s3cret"),
        "{why}"
    );
    let why = parse("a: 1\ns3cret: 1\ns3cret: 2").unwrap_err().to_string();
    assert_eq!(why, "line 3: the key occurs twice");
}

#[test]
fn a_file_that_would_take_all_memory_is_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..30 {
        let alias = format!("*a{}", n - 1);
        let ten = [alias.as_str(); 10].join(", ");
        writeln!(laughs, "a{n}: &a{n} [{ten}]").unwrap();
    }
    assert!(parse(&laughs).is_err());
    assert!(parse(&"[".repeat(100_000)).is_err());
    assert!(parse(&"- ".repeat(100_000)).is_err());
    let deep: String = (0..5_000).map(|n| " ".repeat(n) + "a:\n").collect();
    assert!(parse(&deep).is_err());
}

#[test]
fn a_large_file_is_read() {
    let mut file = String::new();
    for n in 0..20_000 {
        writeln!(file, "k{n}: v").unwrap();
    }
    assert_eq!(parse(&file).unwrap().entries().len(), 20_000);
}

#[test]
fn null_is_what_has_no_quotes() {
    let file = parse("a:\nb: ~\nc: NULL\nd: 'null'\ne: ''\nf: 0").unwrap();
    let nulls = file.entries().iter().map(|(_, value)| value.is_null());
    assert_eq!(
        nulls.collect::<Vec<_>>(),
        [true, true, true, false, false, false]
    );
    assert_eq!(file.get("z"), None);
    assert_eq!(file.get("f").and_then(Node::text), Some("0"));
}

#[test]
fn a_key_without_a_value_may_come_again() {
    let file = parse("a:\na: x\n").unwrap();
    assert_eq!(file.get("a").and_then(Node::text), Some("x"));
    assert!(parse("a: x\na: y\n").is_err());
}

#[test]
fn a_byte_order_mark_hides_no_service() {
    assert_eq!(names("\u{feff}services:\n  web: {}\n"), ["web"]);
    assert!(parse("\u{feff}services: {}\n").is_err());
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_file() {
    let names = service_names("\u{feff}services:\n  web: {image: nginx}\n");
    assert_eq!(names.unwrap(), ["web"]);
}
