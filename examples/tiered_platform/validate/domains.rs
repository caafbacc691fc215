//! The host that an application is served at.

use serde_json::Value;

use super::Reader;

/// The domains of the operator, below which customers choose names.
#[derive(Clone, Debug, Default)]
pub struct Suffixes(Vec<String>);

const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 253;
const FIELD: &str = "subdomain";
const SUFFIX: &str = "domain_suffix";

impl Suffixes {
    /// Checks the domains.
    pub fn new(suffixes: &[String]) -> Result<Self, String> {
        let mut known = Vec::new();
        for suffix in suffixes {
            let suffix = suffix.trim_start_matches('.').to_ascii_lowercase();
            let has_dot = suffix.contains('.');
            let fault = suffix.split('.').find_map(fault_of_label);
            if let Some(message) = fault.or((!has_dot).then_some("it has no dot")) {
                return Err(format!("{suffix:?} is not a domain: {message}"));
            }
            known.push(suffix);
        }
        Ok(Self(known))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns a host that nobody has yet, for an application without a subdomain.
    pub fn host_of(&self, name: &str, id: &str) -> Option<String> {
        let suffix = self.0.first()?;
        let letters = name
            .chars()
            .map(|it| if it.is_ascii_alphanumeric() { it } else { '-' });
        let mut label = String::new();
        for letter in letters.take(40) {
            // A label with `--` in its middle may mean something to a registrar.
            if letter != '-' || !(label.is_empty() || label.ends_with('-')) {
                label.push(letter.to_ascii_lowercase());
            }
        }
        let label = label.trim_end_matches('-');
        let id = id.get(..8).unwrap_or(id);
        Some(match label {
            "" => format!("{id}.{suffix}"),
            label => format!("{label}-{id}.{suffix}"),
        })
    }
}

/// Reads `subdomain` and `domain_suffix`.
pub(super) fn read(reader: &mut Reader, suffixes: &Suffixes) -> Option<String> {
    let suffix = match reader.take(SUFFIX) {
        None => suffixes.0.first().cloned(),
        Some(value) => {
            let given = value.as_str().unwrap_or_default();
            let given = given.trim_start_matches('.').to_ascii_lowercase();
            let known = suffixes.0.iter().find(|it| **it == given).cloned();
            if known.is_none() {
                let message = match &suffixes.0[..] {
                    [] => "this platform offers no domains".to_owned(),
                    all => format!("has to be one of {}", all.join(", ")),
                };
                reader.fault(SUFFIX, message);
            } else if !reader.has(FIELD) {
                reader.fault(FIELD, "is required with a domain_suffix");
            }
            known
        }
    };
    let value = reader.take(FIELD)?;
    let label = label(reader, &value)?;
    if suffixes.is_empty() {
        reader.fault(FIELD, "this platform offers no domains");
    }
    let host = format!("{label}.{}", suffix?);
    if host.len() > LONGEST_NAME {
        reader.fault(FIELD, "is too long for a domain");
        return None;
    }
    Some(host)
}

fn label(reader: &mut Reader, value: &Value) -> Option<String> {
    let Some(label) = value.as_str().map(str::to_ascii_lowercase) else {
        reader.fault(FIELD, "has to be a text");
        return None;
    };
    match fault_of_label(&label) {
        Some(message) => {
            reader.fault(FIELD, message);
            None
        }
        None => Some(label),
    }
}

/// Checks one part of a domain.
fn fault_of_label(label: &str) -> Option<&'static str> {
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if label.is_empty() {
        Some("is empty")
    } else if label.len() > LONGEST_LABEL {
        Some("has more than 63 characters")
    } else if !label.chars().all(fits) {
        Some("has to consist of letters, digits and `-`")
    } else if label.starts_with('-') || label.ends_with('-') {
        Some("may not begin or end with `-`")
    } else {
        None
    }
}
