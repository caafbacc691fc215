//! The environment variables of an application.

use coolify_sdk::{ScopePolicy, Secret};
use serde_json::Value;

use super::{Purpose, Reader};

/// The number of variables that an application may have.
pub const MOST: usize = 50;
const LONGEST_KEY: usize = 255;
const LONGEST_VALUE: usize = 32_768;
const FIELD: &str = "variables";

/// Reads an object of names and values. In a change, null removes a variable.
pub(super) fn read(reader: &mut Reader, variables: &mut Vec<(String, Option<Secret>)>) {
    let given = match reader.take(FIELD) {
        None => return,
        Some(Value::Object(given)) => given,
        Some(_) => {
            reader.fault(FIELD, "has to be an object of names and values");
            return;
        }
    };
    if given.len() > MOST {
        let message = format!("has {} variables; at most {MOST} are allowed", given.len());
        reader.fault(FIELD, message);
    }
    for (key, value) in given {
        // An invalid name can be any text, so only its beginning is repeated.
        let shown: String = key.chars().take(60).collect();
        let field = format!("{FIELD}.{shown}");
        if let Some(message) = fault_of_key(&key) {
            reader.fault(&field, message);
        }
        match value {
            Value::Null if reader.purpose == Purpose::Update => variables.push((key, None)),
            Value::String(text) => match fault_of_value(&text) {
                Some(message) => reader.fault(field, message),
                None => variables.push((key, Some(text.into()))),
            },
            _ => reader.fault(field, "has to be a text"),
        }
    }
}

fn fault_of_key(key: &str) -> Option<&'static str> {
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let starts_well = key.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    if !starts_well || !key.chars().all(is_name) {
        return Some(
            "is not a valid name: it has to consist of letters, digits and `_`, and not begin with a digit",
        );
    }
    if key.len() > LONGEST_KEY {
        return Some("has a name of more than 255 characters");
    }
    // The SDK refuses such a variable as well, but only after the application was created.
    let is_reserved = ScopePolicy::check_variable(key).is_err();
    is_reserved.then_some("is reserved, because it controls the builder's shell or Docker")
}

fn fault_of_value(value: &str) -> Option<&'static str> {
    if value.chars().count() > LONGEST_VALUE {
        return Some("has more than 32,768 characters");
    }
    value.contains('\0').then_some("contains a null character")
}
