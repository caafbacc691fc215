//! The verdicts of a server, in a file that can be read and compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Verdict;

/// The verdicts of a server on a topic, by table and field, in the order of the
/// inputs.
#[derive(Debug, Clone, Default)]
pub struct Book {
    topic: String,
    rows: BTreeMap<String, Vec<(Value, Verdict)>>,
}

impl Book {
    /// A book without verdicts.
    pub(super) fn new(topic: &str) -> Self {
        Self {
            topic: topic.to_owned(),
            rows: BTreeMap::new(),
        }
    }

    /// Adds a verdict. `input` has the form of the table.
    pub(super) fn note(&mut self, table: &str, field: &str, input: &Value, verdict: Verdict) {
        let rows = self.rows.entry(format!("{table} {field}")).or_default();
        rows.push((input.clone(), verdict));
    }

    /// Returns all verdicts.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdict> {
        self.rows.values().flatten().map(|(_, verdict)| verdict)
    }

    /// Returns the versions that were recorded.
    ///
    /// # Panics
    ///
    /// Panics if there is no folder of verdicts.
    #[must_use]
    pub fn versions() -> Vec<String> {
        let entries = fs::read_dir(folder()).expect("the folder of the verdicts");
        let names = entries.map(|it| it.expect("an entry").file_name());
        let names = names.map(|it| it.to_string_lossy().into_owned());
        let mut versions: Vec<_> = names
            .filter(|it| it.starts_with(|letter: char| letter.is_ascii_digit()))
            .collect();
        versions.sort();
        versions
    }

    /// Returns the verdicts of a version on a topic; none if it was not recorded.
    ///
    /// # Panics
    ///
    /// Panics if a file is invalid.
    #[must_use]
    pub fn recorded(version: &str, topic: &str) -> Self {
        let path = folder().join(version).join(format!("{topic}.json"));
        let Ok(text) = fs::read_to_string(&path) else {
            return Self::new(topic);
        };
        let written: BTreeMap<String, Vec<Value>> = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let rows = |rows: Vec<Value>| rows.iter().map(Verdict::of_row).collect();
        Self {
            topic: topic.to_owned(),
            rows: written
                .into_iter()
                .map(|(name, it)| (name, rows(it)))
                .collect(),
        }
    }

    /// Writes it into the folder of a version, a line for each input.
    ///
    /// # Errors
    ///
    /// The error of the file system.
    pub fn write(&self, version: &str, folder: &Path) -> io::Result<PathBuf> {
        let mut text = String::from("{");
        for (table, (name, rows)) in self.rows.iter().enumerate() {
            let comma = if table == 0 { "" } else { "," };
            let _ = write!(text, "{comma}\n{}: [", Value::from(name.as_str()));
            for (row, (input, verdict)) in rows.iter().enumerate() {
                let comma = if row == 0 { "" } else { "," };
                let _ = write!(text, "{comma}\n  {}", verdict.row(input));
            }
            text += "\n]";
        }
        text += "\n}\n";
        let folder = folder.join(version);
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.json", self.topic));
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Returns the verdict on an input.
    fn verdict(&self, name: &str, input: &Value) -> Option<&Verdict> {
        let mut rows = self.rows.get(name)?.iter();
        rows.find(|(it, _)| it == input).map(|(_, verdict)| verdict)
    }

    /// Returns the inputs of a field that the server accepted.
    pub fn taken<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Value> {
        let rows = self.rows.get(name).into_iter().flatten();
        rows.filter(|(_, verdict)| matches!(verdict, Verdict::Taken | Verdict::Becomes(_)))
            .map(|(input, _)| input)
    }

    /// Returns the differences from the verdicts of another server, one line
    /// each.
    #[must_use]
    pub fn differences(&self, here: &str, other: &Self, there: &str) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, rows) in &other.rows {
            for (input, theirs) in rows {
                match self.verdict(name, input) {
                    Some(ours) if ours == theirs => {}
                    Some(ours) => lines.push(format!(
                        "{name} {input}\n    {here} {ours}\n    {there} {theirs}"
                    )),
                    None => lines.push(format!("{name} {input}\n    {here} was never asked")),
                }
            }
        }
        lines
    }
}

/// Where the books are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/verdicts")
}
