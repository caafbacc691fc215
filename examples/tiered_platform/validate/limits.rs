//! The requested processors and memory.

use coolify_sdk::Clearable;
use coolify_sdk::limits::{Cpus, Memory};
use serde_json::Value;

use super::{Change, Reader};

/// Docker starts no container with less.
const LEAST_MEMORY: u64 = 6 * 1024 * 1024;
const LEAST_MILLIS: u64 = 10;

/// Reads `cpu`, such as `2`, `0.5` or `"0.5"`, and `memory`, such as `"512M"`. Null asks
/// for the limit of the tier again, and 0 for no limit.
pub(super) fn read(reader: &mut Reader, change: &mut Change) {
    if let Some(value) = reader.take("cpu") {
        change.cpu = amount(reader, "cpu", &value, |cpu: &Cpus| {
            let is_enough = cpu.millis().is_none_or(|millis| millis >= LEAST_MILLIS);
            (!is_enough).then_some("has to be at least 0.01")
        });
    }
    if let Some(value) = reader.take("memory") {
        change.memory = amount(reader, "memory", &value, |memory: &Memory| {
            let is_enough = memory.bytes().is_none_or(|bytes| bytes >= LEAST_MEMORY);
            (!is_enough).then_some("has to be at least 6M; an amount without a unit is in bytes")
        });
    }
}

fn amount<Q: std::str::FromStr>(
    reader: &mut Reader,
    field: &str,
    value: &Value,
    fault: impl FnOnce(&Q) -> Option<&'static str>,
) -> Option<Clearable<Q>> {
    let text = match value {
        Value::Null => return Some(Clearable::Clear),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.chars().count() <= 30 => text.clone(),
        _ => String::new(),
    };
    let Ok(amount) = text.parse::<Q>() else {
        reader.fault(
            field,
            match field {
                "cpu" => "has to be a number of processors, such as 0.5",
                _ => "has to be an amount of memory, such as `512M` or `2G`",
            },
        );
        return None;
    };
    match fault(&amount) {
        Some(message) => {
            reader.fault(field, message);
            None
        }
        None => Some(Clearable::Set(amount)),
    }
}
