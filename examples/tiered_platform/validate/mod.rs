//! Reads the body of a request, and finds all of its faults at once.

mod domains;
mod fields;
mod limits;
mod ports;
mod source;
mod variables;

use coolify_sdk::limits::{Cpus, Memory};
use coolify_sdk::{Clearable, Secret};
use serde_json::{Map, Value};

use crate::failure::{Failure, Fault};
use crate::tiers::Asked;

pub use domains::Suffixes;
pub use fields::platform_name;
pub use source::Source;

/// The number of variables that an application may have.
pub use variables::MOST as MOST_VARIABLES;

/// An application that a customer asks for.
pub struct Create {
    pub name: String,
    pub source: Source,
    pub change: Change,
    /// Whether to deploy it at once.
    pub deploy: bool,
}

/// The requested changes, or the settings of a new application.
#[derive(Default)]
pub struct Change {
    /// The fields of Coolify, without limits and domains.
    pub fields: Map<String, Value>,
    /// The requested limits. A cleared limit becomes the limit of the tier.
    pub cpu: Option<Clearable<Cpus>>,
    pub memory: Option<Clearable<Memory>>,
    /// Each variable with its value, or `None` to remove it.
    pub variables: Vec<(String, Option<Secret>)>,
    /// The host to serve it at.
    pub host: Option<String>,
}

impl Change {
    /// Returns the requested limits after this change.
    pub fn asked(&self, before: &Asked) -> Asked {
        Asked {
            cpu: after(self.cpu.as_ref(), before.cpu.as_ref()),
            memory: after(self.memory.as_ref(), before.memory.as_ref()),
        }
    }

    /// Returns whether it changes limits.
    pub fn has_limits(&self) -> bool {
        self.cpu.is_some() || self.memory.is_some()
    }
}

fn after<Q: Clone>(change: Option<&Clearable<Q>>, before: Option<&Q>) -> Option<Q> {
    match change {
        None => before.cloned(),
        Some(Clearable::Clear) => None,
        Some(Clearable::Set(amount)) => Some(amount.clone()),
    }
}

/// Reads the body of `POST /applications`.
pub fn create(body: &[u8], suffixes: &Suffixes) -> Result<Create, Failure> {
    let mut reader = Reader::new(body, Purpose::Create)?;
    let name = reader.name();
    let source = source::read(&mut reader);
    let deploy = reader
        .take("deploy")
        .map_or(Some(false), |it| reader.bool("deploy", &it));
    let change = change(&mut reader, suffixes);
    reader.end()?;
    match (name, source, deploy) {
        (Some(name), Some(source), Some(deploy)) => Ok(Create {
            name,
            source,
            change,
            deploy,
        }),
        _ => Err(Failure::internal("a fault was not reported")),
    }
}

/// Reads the body of `PATCH /applications/{uuid}`, for an application of this build pack.
pub fn update(body: &[u8], build_pack: &str, suffixes: &Suffixes) -> Result<Change, Failure> {
    let mut reader = Reader::new(body, Purpose::Update)?;
    if reader.fields.is_empty() {
        return Err(Failure::invalid("", "there is nothing to change"));
    }
    let name = reader.has("name").then(|| reader.name()).flatten();
    let source = source::read_change(&mut reader, build_pack);
    let mut change = change(&mut reader, suffixes);
    reader.end()?;
    change.fields.extend(source);
    if let Some(name) = name {
        change.fields.insert("name".to_owned(), name.into());
    }
    Ok(change)
}

fn change(reader: &mut Reader, suffixes: &Suffixes) -> Change {
    let mut change = Change::default();
    fields::read(reader, &mut change.fields);
    ports::read(reader, &mut change.fields);
    limits::read(reader, &mut change);
    variables::read(reader, &mut change.variables);
    change.host = domains::read(reader, suffixes);
    change
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Create,
    Update,
}

/// The fields of a body that have not been read yet, and the faults found so far.
struct Reader {
    fields: Map<String, Value>,
    faults: Vec<Fault>,
    purpose: Purpose,
}

impl Reader {
    fn new(body: &[u8], purpose: Purpose) -> Result<Self, Failure> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self {
                fields,
                faults: Vec::new(),
                purpose,
            }),
            Ok(_) => Err(Failure::invalid("", "the body has to be a JSON object")),
            // The message of serde can quote the body.
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let message = format!("the body is not JSON at line {line}, column {column}");
                Err(Failure::invalid("", message))
            }
        }
    }

    fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    fn take(&mut self, field: &str) -> Option<Value> {
        self.fields.remove(field)
    }

    fn fault(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.faults.push(Fault::new(field, message));
    }

    /// Reports the fields that were not read, and fails if anything has a fault.
    fn end(mut self) -> Result<(), Failure> {
        let unknown: Vec<_> = self.fields.keys().cloned().collect();
        for field in unknown {
            let message = match (self.purpose, &field[..]) {
                (Purpose::Update, "deploy") => "deploy it by its own request, after the change",
                _ => "there is no such field",
            };
            self.fault(field, message);
        }
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Failure::validation(&self.faults))
    }

    fn name(&mut self) -> Option<String> {
        const FIELD: &str = "name";
        let Some(value) = self.take(FIELD) else {
            self.fault(FIELD, "is required");
            return None;
        };
        let name = self.text(FIELD, &value, 100)?;
        let fits = |it: char| it.is_ascii_alphanumeric() || " ._-".contains(it);
        let is_framed = name.starts_with(' ') || name.ends_with(' ');
        if name.len() < 3 || is_framed || !name.chars().all(fits) {
            let message = "has to have 3 to 100 letters, digits, spaces and `.` `_` `-`";
            self.fault(FIELD, message);
            return None;
        }
        Some(name)
    }

    /// Reads a text of one line that is not empty.
    fn text(&mut self, field: &str, value: &Value, longest: usize) -> Option<String> {
        let Some(text) = value.as_str() else {
            self.fault(field, "has to be a text");
            return None;
        };
        let length = text.chars().count();
        if length > longest {
            let message = format!("has {length} characters; at most {longest} are allowed");
            self.fault(field, message);
        } else if text.trim().is_empty() {
            self.fault(field, "is empty");
        } else if text.chars().any(char::is_control) {
            self.fault(field, "contains line breaks or control characters");
        } else {
            return Some(text.to_owned());
        }
        None
    }

    fn bool(&mut self, field: &str, value: &Value) -> Option<bool> {
        if value.as_bool().is_none() {
            self.fault(field, "has to be true or false");
        }
        value.as_bool()
    }
}

#[cfg(test)]
mod tests;
