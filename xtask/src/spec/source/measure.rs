//! Compares a draft with what the tables say today: how much of it was right.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// How many of the real changes were drafted, and how many drafts are no changes.
#[derive(Debug, Default, PartialEq)]
pub struct Score {
    real: usize,
    right: usize,
    /// What the draft lacks, or has otherwise.
    pub missed: Vec<String>,
    /// What the draft has alone.
    pub wrong: Vec<String>,
}

impl Score {
    pub fn new(real: &BTreeSet<String>, drafted: &BTreeSet<String>) -> Self {
        let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| -> Vec<String> {
            these.difference(those).cloned().collect()
        };
        Self {
            real: real.len(),
            right: real.intersection(drafted).count(),
            missed: only(real, drafted),
            wrong: only(drafted, real),
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.right, self.real)?;
        if !self.wrong.is_empty() {
            write!(f, ", {} more", self.wrong.len())?;
        }
        Ok(())
    }
}

fn operations(table: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let tags = table.as_object().into_iter().flatten();
    tags.flat_map(|(_, operations)| operations.as_object().into_iter().flatten())
}

fn is(value: &Value, version: &str) -> bool {
    value.as_str() == Some(version)
}

/// Returns the operations that a version has added, each with its call and its ability.
pub fn added(table: &Value, version: &str) -> BTreeSet<String> {
    let added = operations(table).filter(|(_, fact)| is(&fact["since"], version));
    added
        .map(|(id, fact)| {
            // The ability at its first version.
            let needs = match &fact["needs"] {
                Value::Object(by_version) => by_version[version].as_str(),
                other => other.as_str(),
            };
            operation(id, fact["call"].as_str().unwrap_or_default(), needs)
        })
        .collect()
}

/// Writes an operation in the form of this comparison, without the names of parameters.
pub fn operation(id: &str, call: &str, needs: Option<&str>) -> String {
    let shape = super::follow::shape(call);
    format!("{id} {shape} {}", needs.unwrap_or_default())
}

/// Returns the operations that are gone after a version.
pub fn removed(table: &Value, before: &str) -> BTreeSet<String> {
    let gone = operations(table).filter(|(_, fact)| is(&fact["until"], before));
    gone.map(|(id, _)| id.clone()).collect()
}

/// Returns the operations whose ability a version has changed, with the new ability.
pub fn abilities(table: &Value, version: &str) -> BTreeSet<String> {
    operations(table)
        .filter(|(_, fact)| !is(&fact["since"], version))
        .filter_map(|(id, fact)| Some(format!("{id} {}", fact["needs"].get(version)?.as_str()?)))
        .collect()
}

/// Returns the fields of requests that came with a version, and those that went after the
/// one before.
pub fn fields(rows: &Value, version: &str, before: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for row in rows.as_array().into_iter().flatten() {
        for operation in row["operations"].as_array().into_iter().flatten() {
            for (field, bounds) in row["fields"].as_object().into_iter().flatten() {
                let operation = operation.as_str().unwrap_or_default();
                if is(&bounds["since"], version) {
                    found.insert(format!("{operation} +{field}"));
                }
                if is(&bounds["until"], before) {
                    found.insert(format!("{operation} -{field}"));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_draft_is_compared_with_the_tables() {
        let table = json!({"Things": {
            "make": {"call": "POST /things/{uuid}", "needs": "write", "since": "4.4.0"},
            "logs": {"call": "GET /logs", "needs": {"4.0.0": "read", "4.4.0": "root"}, "since": "4.0.0"},
            "gone": {"call": "POST /gone", "since": "4.0.0", "until": "4.3.9"},
        }});
        let set = |texts: &[&str]| texts.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(added(&table, "4.4.0"), set(&["make POST /things/{} write"]));
        assert_eq!(removed(&table, "4.3.9"), set(&["gone"]));
        assert_eq!(abilities(&table, "4.4.0"), set(&["logs root"]));
        let rows = json!([{"operations": ["make"], "fields": {
            "x": {"since": "4.4.0"}, "y": {"until": "4.3.9"}, "z": {"since": "4.2.0"},
        }}]);
        let real = fields(&rows, "4.4.0", "4.3.9");
        assert_eq!(real, set(&["make +x", "make -y"]));
        let score = Score::new(&real, &set(&["make +x", "make +w"]));
        assert_eq!(score.to_string(), "1 of 2, 1 more");
        assert_eq!(
            (score.missed, score.wrong),
            (vec!["make -y".to_owned()], vec!["make +w".to_owned()])
        );
    }
}
