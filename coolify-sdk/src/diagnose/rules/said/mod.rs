//! What all rules together say about facts: for each case everything that they find, word
//! for word, compared with a text file beside the test.
//!
//! A case that is healthy but for one thing shows both what its rule says and that no other
//! rule sees anything.

mod backups;
mod deployments;
mod domains;
mod health;
mod ports;
mod servers;
mod settings;
mod team;
mod unread;

use std::fmt::Write as _;

use serde_json::Value;

use super::RuleSet;
use crate::diagnose::{
    facts::{Facts, ResourceFacts, ServerFacts, TeamFacts},
    report::Report,
};

/// Lays fields over an object.
fn lay(object: &mut Value, fields: &Value) {
    for (name, value) in fields.as_object().unwrap() {
        object[name] = value.clone();
    }
}

/// The cases, each with what the rules say about it.
#[derive(Default)]
struct Said(String);

impl Said {
    fn resource(&mut self, case: &str, facts: &ResourceFacts) {
        self.add(case, Facts::Resource(facts));
    }

    fn server(&mut self, case: &str, facts: &ServerFacts) {
        self.add(case, Facts::Server(facts));
    }

    fn team(&mut self, case: &str, facts: &TeamFacts) {
        self.add(case, Facts::Team(facts));
    }

    fn add(&mut self, case: &str, facts: Facts<'_>) {
        let mut report = Report::default();
        RuleSet::default().apply(facts, &mut report);
        writeln!(self.0, "# {case}").unwrap();
        let findings = report.ordered().findings;
        for finding in &findings {
            writeln!(self.0, "{finding}").unwrap();
        }
        if findings.is_empty() {
            self.0.push_str("nothing\n");
        }
        self.0.push('\n');
    }

    /// Compares all of it. A difference is reported with the text that the file would have
    /// to contain.
    #[track_caller]
    fn is(&self, expected: &str) {
        let expected = expected.replace("\r\n", "\n");
        assert!(self.0 == expected, "the rules say:\n{}", self.0);
    }
}
