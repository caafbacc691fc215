//! The tables of inputs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use coolify_sdk::Version;
use serde::Deserialize;
use serde_json::Value;

/// Inputs that are sent in the same way.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The resource and the operation, such as `projects create`.
    pub name: String,
    /// The first Coolify on which it is played.
    since: Option<String>,
    /// Method and path. `{name}` is a resource of the stage, `{made}` the created
    /// resource, and `{input}` the input.
    pub(super) send: String,
    /// The body without the input; see [`input::put`](super::input::put).
    #[serde(default)]
    pub(super) body: Value,
    /// Whether the body contains project, environment and server.
    #[serde(default)]
    pub(super) placed: bool,
    /// Further required resources that the paths and the body do not name.
    #[serde(default)]
    pub(super) needs: Vec<String>,
    /// The field of the reply with the uuid of the created resource.
    #[serde(default = "uuid")]
    pub(super) made: String,
    /// The path of the request that reads the field back.
    pub(super) read: Option<String>,
    /// The JSON pointer to the list in the reply that holds the created entry.
    pub(super) list: Option<String>,
    /// The field by which that entry is found.
    #[serde(default = "uuid")]
    pub(super) by: String,
    /// How to remove it: method and path.
    pub(super) remove: Option<String>,
    /// The fields and their inputs.
    pub(super) fields: BTreeMap<String, Field>,
}

/// A field and its inputs.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Field {
    /// Read back by the name under which it is sent.
    Plain(Vec<Value>),
    /// Read back in another way.
    Shown {
        /// The fields to look at.
        shows: Vec<String>,
        inputs: Vec<Value>,
    },
}

impl Field {
    pub(super) fn inputs(&self) -> &[Value] {
        match self {
            Self::Plain(inputs) | Self::Shown { inputs, .. } => inputs,
        }
    }

    /// Returns the fields to read back.
    pub(super) fn shows<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        match self {
            Self::Plain(_) => vec![name],
            Self::Shown { shows, .. } => shows.iter().map(String::as_str).collect(),
        }
    }
}

impl Table {
    /// Returns the number of inputs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.values().map(|field| field.inputs().len()).sum()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn uuid() -> String {
    "uuid".to_owned()
}

/// The tables of one file, on a topic such as names, ports or images.
#[derive(Debug, Clone)]
pub struct Topic {
    /// The name of the file.
    pub name: String,
    /// Its tables.
    pub tables: Vec<Table>,
}

impl Topic {
    /// Returns the tables that are played on this version.
    ///
    /// # Panics
    ///
    /// Panics if a table names something that is not a version.
    #[must_use]
    pub fn on(mut self, version: &Version) -> Self {
        let is_on = |since: &str| since.parse::<Version>().expect("a version") <= *version;
        let tables = &mut self.tables;
        tables.retain(|table| table.since.as_deref().is_none_or(is_on));
        self
    }
}

/// Returns all tables, by the names of their files.
///
/// # Panics
///
/// Panics if a file is invalid.
#[must_use]
pub fn topics() -> Vec<Topic> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verdicts/inputs");
    let files = fs::read_dir(&folder).expect("the folder of the tables");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let topic = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a text");
        let tables = yaml_serde::from_str(&text);
        Topic {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into(),
            tables: tables.unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        }
    };
    paths.iter().map(topic).collect()
}
