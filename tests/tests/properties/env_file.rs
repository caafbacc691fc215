//! `.env` files.

use coolify_sdk::envs::EnvFile;
use coolify_sdk_tests::everything;
use proptest::prelude::*;

use super::{MARKER, config};

/// Returns a value in double quotes, as anybody may write it.
fn quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for letter in value.chars() {
        match letter {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\\' | '"' | '$' => text.extend(['\\', letter]),
            _ => text.push(letter),
        }
    }
    text + "\""
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn what_is_written_is_read(
        entries in proptest::collection::btree_map(
            "[A-Za-z_][A-Za-z0-9_]{0,8}",
            "([a-z]|[\\t\\r\\n\"'\\\\$#= ]|\\PC){0,16}",
            0..6,
        ),
        dressed: bool,
    ) {
        let mut text = String::new();
        for (key, value) in &entries {
            let line = if dressed {
                format!("# {key}\n  export {key} = {}  # {value:?}\n\n", quoted(value))
            } else {
                format!("{key}={}\n", quoted(value))
            };
            text.push_str(&line);
        }
        let file = EnvFile::parse(&text).unwrap();
        prop_assert_eq!(file.entries().len(), entries.len());
        for entry in file.entries() {
            let value = entry.value.as_ref().map(coolify_sdk::Secret::expose);
            prop_assert_eq!(value, entries.get(&entry.key).map(String::as_str));
            prop_assert_eq!(entry.is_literal, entries[&entry.key].contains('$'));
        }
    }

    #[test]
    fn no_file_is_too_odd_and_none_is_repeated(
        parts in proptest::collection::vec(
            prop_oneof!["[\\n\\r\\t'\"\\\\$#= ]{1,3}", "[A-Z]{1,3}=?", Just(MARKER.to_owned()), "\\PC"],
            0..24,
        ),
    ) {
        match EnvFile::parse(&parts.concat()) {
            Ok(file) => {
                for entry in file.entries() {
                    let shown = format!("{:?}", entry.value);
                    prop_assert!(!shown.contains(MARKER), "{}", shown);
                }
            }
            Err(error) => {
                let said = everything(&error);
                prop_assert!(error.is_invalid_request() && !said.contains(MARKER), "{}", said);
            }
        }
    }
}
