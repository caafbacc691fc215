//! What a person reads: a table by tag, then each finding once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::api::Operation;
use super::exchange::{Note, Verdict};
use super::finding::{Class, Finding};
use super::recording::Recording;

/// The row of exchanges whose operation the document does not have.
const NOT_IN_THE_DOCUMENT: &str = "(not in the document)";

/// How many exchanges are named beside a finding.
const NAMED: usize = 4;

/// One finding of one operation, in however many exchanges.
#[derive(Debug, Default)]
struct Line {
    /// The place in the first exchange that has it.
    pointer: String,
    exchanges: BTreeSet<String>,
}

/// What is wrong at one place of the document.
#[derive(Debug, Default)]
struct Group {
    seen: BTreeSet<String>,
    /// By operation and family of places.
    lines: BTreeMap<(String, String), Line>,
}

/// What one tag adds up to.
#[derive(Debug, Default)]
struct Row {
    operations: usize,
    recorded: BTreeSet<String>,
    succeeded: BTreeSet<String>,
    exchanges: usize,
    contradictions: usize,
    unknown: usize,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Report {
    rows: BTreeMap<String, Row>,
    groups: BTreeMap<(Class, String, String), Group>,
    notes: BTreeMap<Note, BTreeSet<String>>,
    /// Operations without a recording, and their tags.
    missing: BTreeMap<String, String>,
}

impl Report {
    /// A report about these operations, of which nothing is recorded yet.
    pub fn new<'a, 'd: 'a>(operations: impl Iterator<Item = &'a Operation<'d>>) -> Self {
        let mut report = Self::default();
        for operation in operations {
            report
                .rows
                .entry(operation.tag.to_owned())
                .or_default()
                .operations += 1;
            report
                .missing
                .insert(operation.id.to_owned(), operation.tag.to_owned());
        }
        report
    }

    /// Takes in the verdict on an exchange.
    pub fn add(&mut self, recording: &Recording, verdict: Verdict<'_, '_>) {
        let exchange = format!(
            "{}/{}.{}",
            recording.coolify, recording.operation, recording.case
        );
        let known = verdict.operation;
        let tag = known.map_or(NOT_IN_THE_DOCUMENT, |operation| operation.tag);
        let id = known.map_or(&*recording.operation, |operation| operation.id);
        let row = self.rows.entry(tag.to_owned()).or_default();
        row.exchanges += 1;
        if let Some(operation) = known {
            self.missing.remove(operation.id);
            row.recorded.insert(operation.id.to_owned());
            if recording.response.is_success() {
                row.succeeded.insert(operation.id.to_owned());
            }
        }
        for finding in verdict.findings {
            let counted = if finding.class == Class::Unknown {
                &mut row.unknown
            } else {
                &mut row.contradictions
            };
            let Finding {
                class,
                pointer,
                at,
                declared,
                seen,
            } = finding;
            let group = self.groups.entry((class, at, declared)).or_default();
            group.seen.insert(seen);
            let line = (id.to_owned(), pointer.family().to_owned());
            let line = group.lines.entry(line).or_insert_with(|| {
                *counted += 1;
                Line {
                    pointer: pointer.exact().to_owned(),
                    ..Line::default()
                }
            });
            line.exchanges.insert(exchange.clone());
        }
        for note in verdict.notes {
            self.notes.entry(note).or_default().insert(exchange.clone());
        }
    }

    /// Whether nothing contradicts the document and nothing is unknown to it.
    pub fn is_clean(&self) -> bool {
        self.groups.is_empty()
    }

    fn table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .rows
            .keys()
            .map(|tag| tag.chars().count())
            .max()
            .unwrap_or(0);
        writeln!(
            f,
            "{:width$}  operations  recorded  succeeded  exchanges  contradictions  unknown fields",
            "tag"
        )?;
        for (tag, row) in &self.rows {
            writeln!(
                f,
                "{tag:width$}  {:>10}  {:>8}  {:>9}  {:>9}  {:>14}  {:>14}",
                row.operations,
                row.recorded.len(),
                row.succeeded.len(),
                row.exchanges,
                row.contradictions,
                row.unknown
            )?;
        }
        Ok(())
    }

    fn findings(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        wanted: impl Fn(Class) -> bool,
    ) -> fmt::Result {
        let groups = self.groups.iter().filter(|((class, ..), _)| wanted(*class));
        let mut title = Some(title);
        for ((class, at, declared), group) in groups {
            if let Some(title) = title.take() {
                writeln!(f, "\n{title}")?;
            }
            let seen = join(&group.seen);
            match class {
                Class::Unknown => writeln!(f, "\n{}: {declared} ({seen})", class.label())?,
                _ => writeln!(f, "\n{}: declared {declared}, seen {seen}", class.label())?,
            }
            writeln!(f, "  {at}")?;
            for ((operation, _), line) in &group.lines {
                writeln!(
                    f,
                    "    {operation} {}  {}",
                    line.pointer,
                    named(&line.exchanges)
                )?;
            }
        }
        Ok(())
    }

    fn notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = "";
        for (note, exchanges) in &self.notes {
            let (title, text) = match note {
                Note::Ignored { field, reason } => (
                    "Accepted and ignored by the server",
                    format!("{field}: {reason}"),
                ),
                Note::OtherMethod { taken, declared } => (
                    "Answered under another method by that version",
                    format!("{taken}, judged as {declared}"),
                ),
                Note::LeftOut { route, reason } => {
                    ("Left out of the document", format!("{route}: {reason}"))
                }
                Note::Refused { route, status } => (
                    "Neither in the document nor on the server",
                    format!("{route}: {status}"),
                ),
            };
            if title != last {
                writeln!(f, "\n{title}")?;
                last = title;
            }
            writeln!(f, "  {text}  {}", named(exchanges))?;
        }
        Ok(())
    }

    fn missing(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.missing.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nOperations without a recording")?;
        self.missing
            .iter()
            .try_for_each(|(id, tag)| writeln!(f, "  {id} ({tag})"))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.table(f)?;
        self.findings(f, "CONTRADICTIONS", |class| class != Class::Unknown)?;
        self.findings(f, "UNKNOWN FIELDS", |class| class == Class::Unknown)?;
        self.notes(f)?;
        self.missing(f)?;
        let sum = |count: fn(&Row) -> usize| self.rows.values().map(count).sum::<usize>();
        writeln!(
            f,
            "\nconformance: {} exchanges, {} contradictions, {} unknown fields, {} of {} operations recorded",
            sum(|row| row.exchanges),
            sum(|row| row.contradictions),
            sum(|row| row.unknown),
            sum(|row| row.recorded.len()),
            sum(|row| row.operations),
        )
    }
}

fn join(values: &BTreeSet<String>) -> String {
    values
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

/// How many exchanges there are, and the first of them.
fn named(exchanges: &BTreeSet<String>) -> String {
    let names: Vec<_> = exchanges.iter().take(NAMED).map(String::as_str).collect();
    let more = if exchanges.len() > NAMED { ", ..." } else { "" };
    format!("[{}: {}{more}]", exchanges.len(), names.join(", "))
}
