//! The table of routes against the facts in `spec/operations.yaml`.

use std::{collections::BTreeMap, fs, path::Path};

use crate::testing::routes;

/// What the file says of a call: `(needs, since)`.
fn facts() -> BTreeMap<String, (String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/operations.yaml");
    let text = fs::read_to_string(path).unwrap();
    let field = |line: &str, name: &str| {
        let (_, rest) = line.split_once(&format!("{name}: "))?;
        Some(rest.split([',', ' ', '}']).next().unwrap().to_owned())
    };
    text.lines()
        .filter_map(|line| {
            let call = line.split('\'').nth(1)?;
            let needs = field(line, "needs").unwrap_or_default();
            Some((nameless(call), (needs, field(line, "since")?)))
        })
        .collect()
}

/// The names of the parameters are nobody's business but the table's.
fn nameless(call: &str) -> String {
    let mut result = String::new();
    let mut inside = false;
    for letter in call.chars() {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        result.push(letter);
    }
    result
}

#[test]
fn abilities_and_versions_are_those_of_the_operations() {
    let facts = facts();
    for (call, needs, since) in routes::facts() {
        let known = facts.get(&nameless(&call));
        let known = known.unwrap_or_else(|| panic!("{call} is no operation"));
        // The switches are open to any token that may write.
        if !matches!(call.as_str(), "POST /enable" | "POST /disable") {
            assert_eq!(
                (needs, since),
                (known.0.as_str(), known.1.as_str()),
                "{call}"
            );
        }
    }
}
