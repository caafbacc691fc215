//! Every operation can be called through a handle.

use std::collections::BTreeSet;
use std::fs;

use crate::generated::{files, methods, source};

/// Returns the words of the library's hand-written code: names, and ids of operations.
fn words() -> BTreeSet<String> {
    let source = source();
    let by_hand = |path: &&std::path::PathBuf| {
        !path.starts_with(source.join("raw")) && !path.starts_with(source.join("testing"))
    };
    let mut words = BTreeSet::new();
    for path in files(&source).iter().filter(by_hand) {
        let text = fs::read_to_string(path).expect("a file of the source");
        for line in text.lines().filter(|it| !it.trim_start().starts_with("//")) {
            let parts = line.split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
            words.extend(parts.map(str::to_owned));
        }
    }
    words
}

#[test]
fn every_operation_has_a_caller() {
    let words = words();
    let without: Vec<_> = methods()
        .into_iter()
        // A form of several parts is sent by the id of its operation.
        .filter(|method| !words.contains(&method.name) && !words.contains(method.operation.id))
        .map(|method| method.operation.id)
        .collect();
    assert!(without.is_empty(), "not in the overlay: {without:#?}");
}
