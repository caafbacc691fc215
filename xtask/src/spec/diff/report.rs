//! What changed, collected and printed.

use std::collections::BTreeMap;
use std::fmt;

/// What a change is about; the order is that of the counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A field of a request, a response or a schema appeared.
    FieldAdded,
    /// A field disappeared.
    FieldRemoved,
    /// A parameter appeared.
    ParameterAdded,
    /// A parameter disappeared.
    ParameterRemoved,
    /// A status or a content type appeared.
    ReplyAdded,
    /// A status or a content type disappeared.
    ReplyRemoved,
    /// Something has another type.
    Type,
    /// An enum has a value more.
    ValueAdded,
    /// An enum has a value less.
    ValueRemoved,
    /// Something became required, or no longer is.
    Required,
    /// Anything else, such as a default or a limit.
    Other,
}

impl Kind {
    /// One of it, and several.
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
    /// Adds one change, told in words.
    pub fn push(&mut self, kind: Kind, words: String) {
        self.0.push((kind, words));
    }

    /// The changes alone.
    #[cfg(test)]
    pub fn words(self) -> Vec<String> {
        self.0.into_iter().map(|(_, words)| words).collect()
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What became of the things of one sort.
#[derive(Default)]
pub struct Group {
    /// Names of the new ones.
    pub added: Vec<String>,
    /// Names of those that are gone.
    pub removed: Vec<String>,
    /// Those that are in both documents and differ.
    pub changed: Vec<(String, Changes)>,
}

/// All changes between two documents.
pub struct Report {
    /// By path and method.
    pub operations: Group,
    /// Schemas that operations share, by name.
    pub schemas: Group,
    /// Responses that operations share, by name.
    pub responses: Group,
    /// What is no part of the others.
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
