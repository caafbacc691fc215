//! Collects and prints the changes.

use std::collections::BTreeMap;
use std::fmt;

/// The kind of a change, in the order of the printed counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A field of a request, reply or schema was added.
    FieldAdded,
    /// A field was removed.
    FieldRemoved,
    /// A parameter was added.
    ParameterAdded,
    /// A parameter was removed.
    ParameterRemoved,
    /// A status or content type was added.
    ReplyAdded,
    /// A status or content type was removed.
    ReplyRemoved,
    /// A type changed.
    Type,
    /// An enum has a new value.
    ValueAdded,
    /// An enum no longer has a value.
    ValueRemoved,
    /// A field became required, or is no longer required.
    Required,
    /// Any other change, such as a default or a limit.
    Other,
}

impl Kind {
    /// Returns the singular and plural of the kind's name.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::FieldAdded => ("field added", "fields added"),
            Self::FieldRemoved => ("field removed", "fields removed"),
            Self::ParameterAdded => ("parameter added", "parameters added"),
            Self::ParameterRemoved => ("parameter removed", "parameters removed"),
            Self::ReplyAdded => ("reply added", "replies added"),
            Self::ReplyRemoved => ("reply removed", "replies removed"),
            Self::Type => ("type changed", "types changed"),
            Self::ValueAdded => ("value added", "values added"),
            Self::ValueRemoved => ("value removed", "values removed"),
            Self::Required => ("requirement changed", "requirements changed"),
            Self::Other => ("other change", "other changes"),
        }
    }
}

/// The changes of one operation or one component.
#[derive(Default)]
pub struct Changes(Vec<(Kind, String)>);

impl Changes {
    /// Adds a change with its description.
    pub fn push(&mut self, kind: Kind, words: String) {
        self.0.push((kind, words));
    }

    /// Returns the descriptions of the changes.
    #[cfg(test)]
    pub fn words(self) -> Vec<String> {
        self.0.into_iter().map(|(_, words)| words).collect()
    }

    /// Returns whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The changes of all objects of one sort.
#[derive(Default)]
pub struct Group {
    /// Names of the added objects.
    pub added: Vec<String>,
    /// Names of the removed objects.
    pub removed: Vec<String>,
    /// Objects that are in both documents and differ.
    pub changed: Vec<(String, Changes)>,
}

/// All changes between two documents.
pub struct Report {
    /// Operations by path and method.
    pub operations: Group,
    /// Shared schemas by name.
    pub schemas: Group,
    /// Shared responses by name.
    pub responses: Group,
    /// Changes outside operations, schemas and responses.
    pub elsewhere: Vec<String>,
}

impl Report {
    fn groups(&self) -> [(&'static str, &Group); 3] {
        [
            ("Operations", &self.operations),
            ("Schemas", &self.schemas),
            ("Shared responses", &self.responses),
        ]
    }

    fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for (_, group) in self.groups() {
            for (_, changes) in &group.changed {
                for (kind, _) in &changes.0 {
                    *counts.entry(*kind).or_default() += 1;
                }
            }
        }
        counts
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_empty = |(_, group): &(_, &Group)| {
            group.added.is_empty() && group.removed.is_empty() && group.changed.is_empty()
        };
        if self.groups().iter().all(is_empty) && self.elsewhere.is_empty() {
            return writeln!(f, "Nothing changed.");
        }
        for (title, group) in self.groups() {
            for (what, names) in [("added", &group.added), ("removed", &group.removed)] {
                section(f, &format!("{title} {what}"), names)?;
            }
            if !group.changed.is_empty() {
                writeln!(f, "{title} changed")?;
                for (name, changes) in &group.changed {
                    writeln!(f, "  {name}")?;
                    for (_, words) in &changes.0 {
                        writeln!(f, "    {words}")?;
                    }
                }
                writeln!(f)?;
            }
        }
        section(f, "Elsewhere", &self.elsewhere)?;
        for (title, group) in self.groups() {
            writeln!(
                f,
                "{title}: {} added, {} removed, {} changed.",
                group.added.len(),
                group.removed.len(),
                group.changed.len()
            )?;
        }
        let counts: Vec<_> = self
            .counts()
            .into_iter()
            .map(|(kind, count)| {
                let (one, many) = kind.words();
                format!("{count} {}", if count == 1 { one } else { many })
            })
            .collect();
        if !counts.is_empty() {
            writeln!(f, "In those that changed: {}.", counts.join(", "))?;
        }
        Ok(())
    }
}

fn section(f: &mut fmt::Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title}")?;
    for line in lines {
        writeln!(f, "  {line}")?;
    }
    writeln!(f)
}
