//! Prints the results: a table by tag, then each finding once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use coolify_sdk::operations::{self, NEWEST_RECORDED};

use super::api::Operation;
use super::exchange::{Note, Verdict};
use super::finding::{Class, Finding};
use super::recording::Recording;

/// The row for exchanges whose operation the document lacks.
const NOT_IN_THE_DOCUMENT: &str = "(not in the document)";

/// Maximum number of exchanges or values to list for a finding.
const NAMED: usize = 4;

/// A finding of one operation, with all exchanges that have it.
#[derive(Debug, Default)]
struct Line {
    /// The place in the first of these exchanges.
    pointer: String,
    exchanges: BTreeSet<String>,
}

/// The kind of a finding and its place in the document.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    class: Class,
    at: String,
    declared: String,
}

/// The exchanges with a finding.
#[derive(Debug, Default)]
struct Group {
    seen: BTreeSet<String>,
    lines: Lines,
}

/// Findings by operation and family of places.
type Lines = BTreeMap<(String, String), Line>;

/// A group with its headings.
struct Told<'a> {
    class: Class,
    /// The common heading of related groups.
    heading: String,
    place: String,
    lines: &'a Lines,
}

impl Subject {
    /// Describes a group. Unknown fields are grouped by their schema, everything
    /// else by the kind of finding.
    fn told<'a>(&self, group: &'a Group) -> Told<'a> {
        let Self {
            class,
            at,
            declared,
        } = self;
        let label = class.label();
        let seen = some(&group.seen);
        let (heading, place) = match class {
            Class::Unknown => (format!("{label} of {at}"), format!("{declared} ({seen})")),
            _ => (
                format!("{label}: declared {declared}, seen {seen}"),
                at.clone(),
            ),
        };
        Told {
            class: *class,
            heading,
            place,
            lines: &group.lines,
        }
    }
}

/// The totals of one tag.
#[derive(Debug, Default)]
struct Row {
    operations: usize,
    recorded: BTreeSet<String>,
    succeeded: BTreeSet<String>,
    exchanges: usize,
    contradictions: usize,
    unknown: usize,
}

/// All results.
#[derive(Debug, Default)]
pub struct Report {
    rows: BTreeMap<String, Row>,
    groups: BTreeMap<Subject, Group>,
    notes: BTreeMap<Note, BTreeSet<String>>,
    /// Operations without a recording, and their tags.
    missing: BTreeMap<String, String>,
}

impl Report {
    /// Creates an empty report about these operations.
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

    /// Adds the result for an exchange.
    pub fn add(&mut self, recording: &Recording, verdict: Verdict<'_, '_>) {
        let Recording {
            operation,
            case,
            coolify,
            ..
        } = recording;
        let exchange = format!("{coolify}/{operation}.{case}");
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
            let group = self
                .groups
                .entry(Subject {
                    class,
                    at,
                    declared,
                })
                .or_default();
            group.seen.insert(seen);
            let line = (id.to_owned(), pointer.family().to_owned());
            let line = group.lines.entry(line).or_insert_with(|| {
                *counted += 1;
                Line {
                    pointer: pointer.exact().to_owned(),
                    ..Line::default()
                }
            });
            let case_alone = format!("{coolify}/{case}");
            let name = if operation == id {
                &case_alone
            } else {
                &exchange
            };
            line.exchanges.insert(name.clone());
        }
        for note in verdict.notes {
            self.notes.entry(note).or_default().insert(exchange.clone());
        }
    }

    /// Returns whether there are no contradictions and no unknown fields.
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

    /// Prints each finding once: its kind, its place in the document and the
    /// exchanges.
    fn findings(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        wanted: impl Fn(Class) -> bool,
    ) -> fmt::Result {
        let groups = self
            .groups
            .iter()
            .filter(|(subject, _)| wanted(subject.class));
        let mut groups: Vec<_> = groups.map(|(subject, group)| subject.told(group)).collect();
        groups.sort_by_key(|told| (told.class, told.heading.clone(), told.place.clone()));
        if !groups.is_empty() {
            writeln!(f, "\n{title}")?;
        }
        for alike in groups.chunk_by(|one, other| one.heading == other.heading) {
            let count: usize = alike.iter().map(|told| told.lines.len()).sum();
            writeln!(f, "\n{} ({count})", alike[0].heading)?;
            for told in alike {
                writeln!(f, "  {}", told.place)?;
                for ((operation, _), line) in told.lines {
                    writeln!(
                        f,
                        "    {operation} {}  {}",
                        line.pointer,
                        named(&line.exchanges)
                    )?;
                }
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
        let (newer, gaps): (Vec<_>, Vec<_>) = self.missing.iter().partition(|(id, _)| is_newer(id));
        for (title, operations) in [
            ("Operations without a recording", gaps),
            ("Operations known from Coolify's source only", newer),
        ] {
            if operations.is_empty() {
                continue;
            }
            writeln!(f, "\n{title}")?;
            for (id, tag) in operations {
                writeln!(f, "  {id} ({tag})")?;
            }
        }
        Ok(())
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
            "\nconformance: {} exchanges, {} contradictions, {} unknown fields, {} of {} operations \
             recorded, {} from source only",
            sum(|row| row.exchanges),
            sum(|row| row.contradictions),
            sum(|row| row.unknown),
            sum(|row| row.recorded.len()),
            sum(|row| row.operations),
            self.missing.keys().filter(|id| is_newer(id)).count(),
        )
    }
}

/// Returns whether an operation is newer than the newest server that was recorded.
fn is_newer(id: &str) -> bool {
    operations::Operation::find(id).is_some_and(|it| it.versions.since > NEWEST_RECORDED)
}

/// Returns the number of exchanges and the first of them.
fn named(exchanges: &BTreeSet<String>) -> String {
    format!("[{}: {}]", exchanges.len(), some(exchanges))
}

/// Returns the first of several names.
fn some(names: &BTreeSet<String>) -> String {
    let first: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = if names.len() > NAMED { ", ..." } else { "" };
    format!("{}{more}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::api::Api;
    use super::super::exceptions::Exceptions;
    use super::super::exchange::judge;
    use super::*;

    fn list_teams(case: &str, reply: &serde_json::Value) -> Recording {
        serde_json::from_value(json!({
            "operation": "list-teams", "case": case, "coolify": "4.3.11",
            "request": {"method": "GET", "path": "/teams"},
            "response": {
                "status": 200,
                "headers": {"content-type": "application/json"},
                "json": reply,
            },
        }))
        .unwrap()
    }

    fn report(replies: &[(&str, serde_json::Value)]) -> Report {
        let team = json!({"type": "object", "properties": {"id": {"type": "integer"}}});
        let document = json!({"paths": {
            "/teams": {"get": {"operationId": "list-teams", "tags": ["Teams"], "responses": {
                "200": {"content": {"application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Team"}},
                }}},
            }}},
            "/hosts": {"get": {"operationId": "list-hosts", "tags": ["Hosts"]}},
        }, "components": {"schemas": {"Team": team}}});
        let api = Api::new(&document);
        let mut report = Report::new(api.operations().iter());
        for (case, reply) in replies {
            let recording = list_teams(case, reply);
            report.add(&recording, judge(&api, &Exceptions::default(), &recording));
        }
        report
    }

    #[test]
    fn the_same_finding_is_told_once() {
        let report = report(&[
            ("ok", json!([{"id": 1}, {"id": "2", "name": "b"}])),
            (
                "other",
                json!([{"id": null}, {"id": "1"}, {"id": "2", "name": null}]),
            ),
        ]);
        assert!(!report.is_clean());
        let text = report.to_string();
        let told = "
type: declared integer, seen string (1)
  #/components/schemas/Team/properties/id
    list-teams /response/json/1/id  [2: 4.3.11/ok, 4.3.11/other]
";
        assert!(text.contains(told), "{text}");
        let told = "
unknown field of #/components/schemas/Team (1)
  name (null, string)
    list-teams /response/json/1/name  [2: 4.3.11/ok, 4.3.11/other]
";
        assert!(text.contains(told), "{text}");
        let last = "conformance: 2 exchanges, 2 contradictions, 1 unknown fields, 1 of 2 operations recorded, 0 from source only";
        assert_eq!(text.lines().last(), Some(last));
    }

    #[test]
    fn a_clean_report_names_what_is_not_recorded() {
        let report = report(&[("ok", json!([]))]);
        assert!(report.is_clean());
        let text = report.to_string();
        assert!(
            text.contains("\nOperations without a recording\n  list-hosts (Hosts)\n"),
            "{text}"
        );
        assert!(!text.contains("CONTRADICTIONS"), "{text}");
    }
}
