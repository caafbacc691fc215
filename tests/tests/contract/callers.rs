//! Every operation can be called through a handle.

use std::collections::BTreeSet;
use std::fs;

use crate::generated::{files, methods, source};

/// Returns the words of the library's hand-written code.
fn words() -> BTreeSet<String> {
    let source = source();
    let by_hand = |path: &&std::path::PathBuf| {
        !path.starts_with(source.join("raw")) && !path.starts_with(source.join("testing"))
    };
    let mut words = BTreeSet::new();
    for path in files(&source).iter().filter(by_hand) {
        let text = fs::read_to_string(path).expect("a file of the source");
        for line in text.lines().filter(|it| !it.trim_start().starts_with("//")) {
            let parts = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.extend(parts.map(str::to_owned));
        }
    }
    words
}

/// Forms of several parts, which generated methods cannot send.
const FORMS: [&str; 2] = ["upload-database-import", "upload-service-database-import"];

#[test]
fn every_operation_has_a_caller() {
    let words = words();
    let without: Vec<_> = methods()
        .into_iter()
        .filter(|method| !words.contains(&method.name) && !FORMS.contains(&method.operation.id))
        .map(|method| method.operation.id)
        .collect();
    assert!(without.is_empty(), "not in the overlay: {without:#?}");
}
