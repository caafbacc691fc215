//! `OpenAPI` documents as JSON values, read from and written as YAML.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Number, Value};
use yaml_serde::Value as Yaml;

/// Reads a YAML or JSON file and keeps the order of its keys.
pub fn read(path: &Path) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not valid YAML for this tool", path.display()))
}

/// Parses YAML. Timestamps stay strings, keys become strings, and a duplicate key
/// is an error.
pub fn parse(text: &str) -> Result<Value> {
    let yaml: Yaml = yaml_serde::from_str(text)?;
    json(yaml)
}

/// Converts a value to YAML. The same value always results in the same bytes.
pub fn to_yaml(value: &Value) -> Result<String> {
    Ok(yaml_serde::to_string(value)?)
}

/// Converts YAML's own value type, because deserializing straight to JSON would not
/// detect duplicate keys.
fn json(yaml: Yaml) -> Result<Value> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(bool) => Value::Bool(bool),
        Yaml::Number(number) => Value::Number(json_number(&number)?),
        Yaml::String(text) => Value::String(text),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(json).collect::<Result<_>>()?),
        Yaml::Mapping(entries) => Value::Object(
            entries
                .into_iter()
                .map(|(name, value)| Ok((key(name)?, json(value)?)))
                .collect::<Result<Map<_, _>>>()?,
        ),
        Yaml::Tagged(tagged) => bail!("the YAML tag {} is not supported", tagged.tag),
    })
}

/// Converts a key to a string: status codes are often written without quotes, which
/// makes them numbers.
fn key(yaml: Yaml) -> Result<String> {
    match yaml {
        Yaml::String(text) => Ok(text),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(bool) => Ok(bool.to_string()),
        other => bail!("{other:?} cannot be a key"),
    }
}

fn json_number(number: &yaml_serde::Number) -> Result<Number> {
    number
        .as_u64()
        .map(Number::from)
        .or_else(|| number.as_i64().map(Number::from))
        .or_else(|| number.as_f64().and_then(Number::from_f64))
        .ok_or_else(|| anyhow!("{number} is not a valid JSON number"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_the_order_of_keys() {
        let value = parse("b: 1\na: 2\nc: 3\n").unwrap();
        let keys: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["b", "a", "c"]);
    }

    #[test]
    fn time_stamps_stay_text() {
        let value = parse("a: 2024-01-01T00:00:00Z\nb: 2024-01-01\n").unwrap();
        assert_eq!(
            value,
            json!({"a": "2024-01-01T00:00:00Z", "b": "2024-01-01"})
        );
    }

    #[test]
    fn keys_are_text() {
        assert_eq!(parse("200: yes\n").unwrap(), json!({"200": "yes"}));
    }

    #[test]
    fn numbers_keep_their_kind() {
        assert_eq!(
            parse("[1, -1, 0.5, 18446744073709551615]").unwrap(),
            json!([1, -1, 0.5, u64::MAX])
        );
    }

    #[test]
    fn a_key_written_twice_is_an_error() {
        let error = parse("a: 1\na: 2\n").unwrap_err().to_string();
        assert!(error.contains("duplicate"), "{error}");
    }

    #[test]
    fn a_tag_is_an_error() {
        assert!(parse("a: !thing 1\n").is_err());
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let value = json!({
            "openapi": "3.1.0",
            "paths": {"/a": {"get": {"responses": {"200": {"description": ""}}}}},
            "words": ["on", "no", "null", "1", "0x1f", "1e3", "2024-01-01", "a: b", "# c", "", " x"],
            "numbers": [1, -2, 0.25],
            "nothing": null,
            "empty": {"list": [], "map": {}},
            "lines": "one\ntwo\n",
        });
        let text = to_yaml(&value).unwrap();
        assert_eq!(parse(&text).unwrap(), value);
        assert_eq!(to_yaml(&parse(&text).unwrap()).unwrap(), text);
    }
}
