//! The ports of an application.

use serde_json::{Map, Value};

use super::Reader;

const FIELD: &str = "ports";
const MOST: usize = 20;

/// Reads `3000`, `"3000,8080"` or `[3000, 8080]`. The first port receives the traffic.
pub(super) fn read(reader: &mut Reader, fields: &mut Map<String, Value>) {
    let Some(given) = reader.take(FIELD) else {
        return;
    };
    let texts: Vec<String> = match &given {
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => text.split(',').map(|it| it.trim().to_owned()).collect(),
        Value::Array(items) => items
            .iter()
            .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned))
            .collect(),
        _ => {
            reader.fault(
                FIELD,
                "has to be a port, such as 3000, or several: `3000,8080`",
            );
            return;
        }
    };
    let mut ports: Vec<u16> = Vec::new();
    let mut is_valid = true;
    for text in &texts {
        match port(text) {
            Some(port) if ports.contains(&port) => {}
            Some(port) => ports.push(port),
            None => {
                is_valid = false;
                let shown: String = text.chars().take(20).collect();
                reader.fault(FIELD, format!("{shown:?} is not a port from 1 to 65535"));
            }
        }
    }
    if texts.is_empty() {
        reader.fault(FIELD, "names no port");
    } else if ports.len() > MOST {
        reader.fault(FIELD, format!("names more than {MOST} ports"));
    } else if is_valid {
        let ports: Vec<_> = ports.iter().map(u16::to_string).collect();
        fields.insert("ports_exposes".to_owned(), ports.join(",").into());
    }
}

fn port(text: &str) -> Option<u16> {
    // Rust's parser accepts a sign.
    let is_number = !text.is_empty() && text.chars().all(|it| it.is_ascii_digit());
    let port = is_number.then(|| text.parse().ok()).flatten();
    port.filter(|port| *port > 0)
}
