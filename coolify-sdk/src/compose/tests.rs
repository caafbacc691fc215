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

/// Writes a part of a file as JSON does, with quotes where it has some.
fn shown(node: &Node) -> String {
    match node {
        Node::Scalar(scalar) if scalar.is_plain => scalar.text.to_string(),
        Node::Scalar(scalar) => format!("{:?}", &*scalar.text),
        Node::List(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, node)| format!("{key}: {}", shown(node)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What each file is read as, first strictly and then leniently; "same" if they agree.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_file_is_read_or_refused_with_its_line() {
    const INVALID: &str = "line 1: this is not valid YAML";
    const INVISIBLE: &str = "there is an invisible character outside of quotes";
    const FOLDED: &str = "a text of several lines needs double quotes, `|` or `>`";
    const TAG: &str = "line 1: Coolify does not know the tag";
    const ANCHOR: &str = "the anchor is at a place where Coolify does not see it";
    const QUOTES: &str = "line 1: the key needs quotes";
    let cases = [
        ("", "", "same"),
        ("# nothing", "", "same"),
        ("~", "~", "same"),
        ("a", "line 1: a compose file is a map", "a"),
        ("[a]", "line 1: a compose file is a map", "[a]"),
        ("a: b", "{a: b}", "same"),
        (
            "a:\n  b: [c, 'd', \"e\"]",
            "{a: {b: [c, \"d\", \"e\"]}}",
            "same",
        ),
        ("a: &x [b]\nc: *x", "{a: [b], c: [b]}", "same"),
        (
            "a: &x b\nc: &y d\ne: [*x, *y]",
            "{a: b, c: d, e: [b, d]}",
            "same",
        ),
        (
            "a: &x\n  b: c\nd:\n  <<: *x\n  e: f",
            "{a: {b: c}, d: {b: c, e: f}}",
            "same",
        ),
        (
            "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}",
            "{a: {b: 1}, c: {b: 2, d: 3}, e: {b: 1, d: 3}}",
            "same",
        ),
        (
            "a: {b: 1}\nc:\n  b: 1\n  <<: {b: 2}\n  b: 3",
            "{a: {b: 1}, c: {b: 3}}",
            "same",
        ),
        ("a:\n  <<: b", "line 2: a merge key takes only maps", "same"),
        (
            "a:\n  <<: [{b: c}, d]",
            "line 2: a merge key takes only maps",
            "same",
        ),
        ("a: 1\na: 2", "line 2: the key occurs twice", "same"),
        ("a:\na: 2", "{a: 2}", "same"),
        (
            "a: b\n---\nc: d",
            "line 2: Coolify reads files with one document only",
            "same",
        ),
        (
            "? [a]\n: b",
            "line 1: Coolify accepts only text as a key",
            "same",
        ),
        (
            "a: &x b\n? *x\n: c",
            "line 2: Coolify does not accept an alias as a key",
            "same",
        ),
        (
            "a: &x [*x]",
            "line 1: the alias refers to something that contains it",
            "same",
        ),
        ("a: *x", INVALID, "same"),
        ("a: [", "line 2: this is not valid YAML", "same"),
        ("a: b: c", INVALID, "same"),
        ("a: !x b", TAG, "same"),
        ("a: !!set {b}", TAG, "same"),
        ("a: !!str 1", TAG, "{a: \"1\"}"),
        ("a: !!float 1", TAG, "{a: \"1\"}"),
        ("a: ! 1", TAG, "{a: \"1\"}"),
        ("a: !!binary dGVh bQ==", TAG, "{a: \"team\"}"),
        ("a: !!binary '?'", TAG, "line 1: this is not base64"),
        ("a: !!binary /w==", TAG, "line 1: this is not text"),
        ("a: !!int 1", TAG, "same"),
        (" a: b", "line 1: the file is indented", "{a: b}"),
        (
            "a: [b: c]",
            "line 1: a pair within brackets needs braces",
            "{a: [{b: c}]}",
        ),
        ("a: [&x b]", ANCHOR, "{a: [b]}"),
        ("a:\n  &x b", ANCHOR, "{a: b}"),
        ("&x a: b", ANCHOR, "{a: b}"),
        ("<<: &x {b: c}", ANCHOR, "{b: c}"),
        ("a: &x {b: c}", "{a: {b: c}}", "same"),
        ("a:\n- &x b\n- *x", "{a: [b, b]}", "same"),
        ("a: &x-1_Y b", "{a: b}", "same"),
        ("a: &x\r\n  b: c\r\n", "{a: {b: c}}", "same"),
        ("a: b\n  c", FOLDED, "{a: b c}"),
        ("a: 'b\n  c'", FOLDED, "{a: \"b c\"}"),
        ("a: \"b\n  c\"", "{a: \"b c\"}", "same"),
        ("a: |\n  b\n  c", "{a: \"b\\nc\\n\"}", "same"),
        ("a: >\n  b\n  c", "{a: \"b c\\n\"}", "same"),
        ("a b: c", QUOTES, "{a b: c}"),
        ("a@b: c", QUOTES, "{a@b: c}"),
        (": c", QUOTES, "{: c}"),
        ("'a b': c", "{a b: c}", "same"),
        ("a:\n-\n- b", "line 2: the item is empty", "{a: [, b]}"),
        ("a:\n- ''", "{a: [\"\"]}", "same"),
        ("\u{feff}a: b", INVISIBLE, "{a: b}"),
        ("a: b\n# \u{7f}", INVISIBLE, "{a: b}"),
        ("a: b\u{a0}c", INVISIBLE, "{a: b\u{a0}c}"),
        ("a: 'b\u{a0}c'", "{a: \"b\\u{a0}c\"}", "same"),
        (
            "a: b\n\"c\"\t: d",
            "line 2: there is a tab before a colon",
            "{a: b, c: d}",
        ),
        ("a: b\tc", "{a: b\tc}", "same"),
    ];
    let read = |read: Result<Node, super::Unreadable>| match read {
        Ok(node) => shown(&node),
        Err(why) => why.to_string(),
    };
    let mut wrong = Vec::new();
    for (file, strictly, leniently) in cases {
        let (strict, lenient) = (read(parse(file)), read(parse_leniently(file)));
        let fits = strict == strictly
            || strict
                .split_once(": ")
                .is_some_and(|(_, what)| what == strictly);
        let wanted = if leniently == "same" {
            &strict
        } else {
            leniently
        };
        if !fits || lenient != *wanted {
            wrong.push(format!("{file:?}\n    {strict}\n    {lenient}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The depth and the size at which a file is too much.
#[test]
fn a_file_has_its_limits() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let deep = |depth: usize| parse(&format!("a: {}", nested(depth)));
    assert!(deep(63).is_ok());
    assert_eq!(
        deep(64).unwrap_err().to_string(),
        "line 1: the file nests too deep"
    );

    // Each item counts for 64 bytes and its text; the whole may have 8 MiB.
    let items = |count: usize| parse(&format!("a: [{}]", vec!["x"; count].join(", ")));
    let most = (8 * 1024 * 1024 - 64 - 65 - 64) / 65;
    assert!(items(most).is_ok());
    assert_eq!(
        items(most + 1).unwrap_err().to_string(),
        "line 1: the file is too large"
    );
    // An alias counts like its node.
    let copies = |count: usize| {
        let text = "x".repeat(1 << 20);
        parse(&format!(
            "a: &a {text}\nb: [{}]",
            vec!["*a"; count].join(", ")
        ))
    };
    assert!(copies(5).is_ok());
    assert_eq!(
        copies(6).unwrap_err().to_string(),
        "line 2: the file is too large"
    );
}
