//! Counts the outcomes of the exchanges.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use coolify_sdk::operations::operations;
use coolify_sdk::{Error, ErrorKind};
use coolify_sdk_tests::{Recording, has_newest};

use super::call::OTHER_TYPE;

/// The outcome of one exchange.
pub enum Outcome {
    /// It was made, with these errors.
    Sent(Vec<String>),
    /// It was made without these fields, which Coolify drops.
    SentWithout(Vec<String>, Vec<String>),
    /// The SDK does not send it.
    Refused(&'static str),
    /// The endpoint has no such field.
    NoField(String),
    /// The typed API cannot say it.
    Unsayable(&'static str),
    /// It failed unexpectedly.
    Odd(String),
}

impl Outcome {
    /// Returns the outcome of a call that sent nothing, or another request than
    /// recorded.
    pub fn refused(error: &Error, others: &[String]) -> Self {
        let reason = error.to_string();
        if error.kind() != ErrorKind::InvalidRequest {
            return Self::Odd(format!("not sent, but {others:?}: {error}"));
        }
        if reason.contains("unknown field") {
            let field = reason
                .rsplit("unknown field `")
                .next()
                .and_then(|it| it.split('`').next());
            return Self::NoField(field.unwrap_or_default().to_owned());
        }
        if reason.contains(": found ") {
            return Self::Unsayable(OTHER_TYPE);
        }
        let kinds = [
            ("null is not allowed", "a null where nothing can be cleared"),
            ("characters; Coolify accepts", "a text that is too long"),
            ("nothing was set", "an update that changes nothing"),
            ("were given", "an empty list"),
        ];
        match kinds.iter().find(|(text, _)| reason.contains(text)) {
            Some((_, kind)) => Self::Refused(kind),
            None => Self::Odd(format!("refused: {reason}")),
        }
    }

    pub fn without(self, dropped: Vec<String>) -> Self {
        match self {
            Self::Sent(wrong) => Self::SentWithout(dropped, wrong),
            other => other,
        }
    }
}

/// All of them.
#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<String, usize>,
    wrong: Vec<String>,
    recorded: BTreeSet<&'static str>,
    sent: BTreeSet<&'static str>,
}

impl Tally {
    pub fn count(&mut self, recording: &Recording, outcome: Outcome, lost: Vec<String>) {
        let name = format!(
            "{}/{}.{}",
            recording.coolify, recording.operation, recording.case
        );
        let operation = super::operation(recording).map(|it| it.id);
        self.recorded.extend(operation);
        let (mut line, mut wrong) = match outcome {
            Outcome::Sent(wrong) => ("sent".to_owned(), wrong),
            Outcome::SentWithout(fields, wrong) => {
                let fields = fields.join(", ");
                (format!("sent without what Coolify drops: {fields}"), wrong)
            }
            Outcome::Refused(why) => (format!("refused: {why}"), Vec::new()),
            Outcome::NoField(field) => {
                let errors = recording
                    .response
                    .json
                    .as_ref()
                    .map(|it| &it["errors"][&field]);
                let named = errors.is_some_and(|it| !it.is_null());
                let wrong = (!named).then(|| format!("Coolify has nothing against `{field}`"));
                let line = "refused: a field that the endpoint does not take";
                (line.to_owned(), wrong.into_iter().collect())
            }
            Outcome::Unsayable(why) => (format!("unsayable: {why}"), Vec::new()),
            Outcome::Odd(what) => ("odd".to_owned(), vec![what]),
        };
        if line.starts_with("sent") {
            self.sent.extend(operation);
        } else if recording.response.status < 300 {
            line.push_str(" (Coolify took it)");
        }
        wrong.extend(lost);
        *self.counts.entry(line).or_default() += 1;
        self.wrong
            .extend(wrong.into_iter().map(|it| format!("{name}: {it}")));
    }

    /// Compares the counts with the committed ones.
    pub fn check(mut self, expected: &str) {
        for id in self.recorded.difference(&self.sent) {
            self.wrong
                .push(format!("{id} has recordings, and none of them was sent"));
        }
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        let mut counts = String::new();
        for (line, count) in &self.counts {
            let _ = writeln!(counts, "{count:>5}  {line}");
        }
        let all = operations().iter().filter(|it| has_newest(it)).count();
        let _ = writeln!(
            counts,
            "{:>5}  of {all} operations were called",
            self.sent.len()
        );
        print!("{counts}");
        assert!(counts == expected, "counts.txt says otherwise:\n{expected}");
    }
}
