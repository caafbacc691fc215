//! The result of a diagnosis.

use std::{borrow::Cow, fmt};

use serde::Serialize;

use super::finding::{Finding, Severity, Subject};

/// The result of a diagnosis: findings, the worst first, and what could not be read.
///
/// `Display` prints it for people: of many infos that say the same, it prints the first
/// three and the number of the others. It serialises for programs. Neither contains a
/// secret of Coolify's.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::diagnose::Severity;
///
/// let report = coolify.find_issues().await?;
/// println!("{report}");
/// std::process::exit(i32::from(report.worst() >= Some(Severity::Warning)));
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
    /// What could not be read, so that problems in it are not known.
    pub unread: Vec<Unread>,
    /// The rules and checks that were applied and found nothing.
    pub passed: Vec<Passed>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unread {
    /// The resource or server that it belongs to.
    pub subject: Subject,
    /// The part that could not be read, such as `environment variables`.
    pub part: Cow<'static, str>,
    /// Why it could not be read, and what would help.
    pub reason: String,
}

/// A rule or check that found nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Passed {
    /// The name of the rule.
    pub rule: Cow<'static, str>,
    /// What it saw instead, such as the version of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How many infos that say the same are printed.
const ALIKE: usize = 3;

impl Report {
    /// Returns the severity of the worst finding, or `None` if there are no findings.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|it| it.severity).max()
    }

    /// Returns whether there is no finding that is worse than
    /// [`Info`](Severity::Info). It says nothing about what is in `unread`.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.worst().is_none_or(|it| it == Severity::Info)
    }

    /// Returns the findings of one rule.
    pub fn of_rule(&self, rule: &str) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |it| it.rule == rule)
    }

    /// Returns the findings that are printed, each with the number of those that are left
    /// out after it: of many infos that say the same, the first few are enough.
    fn shown(&self) -> Vec<(&Finding, usize)> {
        let mut shown: Vec<(&Finding, usize)> = Vec::new();
        for finding in &self.findings {
            let is_alike = |it: &Finding| {
                it.severity == Severity::Info
                    && finding.severity == Severity::Info
                    && it.rule == finding.rule
                    && it.message == finding.message
            };
            let alike = shown.iter().filter(|(it, _)| is_alike(it)).count();
            let last = shown.iter_mut().rev().find(|(it, _)| is_alike(it));
            match last {
                Some((_, more)) if alike >= ALIKE => *more += 1,
                _ => shown.push((finding, 0)),
            }
        }
        shown
    }

    /// Orders the findings, and removes rules from `passed` that found something
    /// elsewhere.
    pub(super) fn ordered(mut self) -> Self {
        self.findings.sort_by(|a, b| {
            let key = |it: &Finding| (it.subject.kind, it.subject.name.clone());
            b.severity
                .cmp(&a.severity)
                .then_with(|| key(a).cmp(&key(b)))
                .then_with(|| a.rule.cmp(&b.rule))
        });
        self.findings.dedup();
        self.passed.sort_by(|a, b| a.rule.cmp(&b.rule));
        self.passed.dedup_by(|a, b| a.rule == b.rule);
        let findings = &self.findings;
        self.passed
            .retain(|it| findings.iter().all(|found| found.rule != it.rule));
        self
    }
}

impl Unread {
    pub(super) fn new(
        subject: &Subject,
        part: impl Into<Cow<'static, str>>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            subject: subject.clone(),
            part: part.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (finding, more) in self.shown() {
            writeln!(f, "{finding}")?;
            if more > 0 {
                let rule = &finding.rule;
                writeln!(
                    f,
                    "{}: and {more} more like this [{rule}]",
                    finding.severity
                )?;
            }
        }
        for passed in &self.passed {
            if let Some(detail) = &passed.detail {
                writeln!(f, "ok: {detail} [{}]", passed.rule)?;
            }
        }
        for unread in &self.unread {
            let Unread {
                subject,
                part,
                reason,
            } = unread;
            writeln!(f, "not read: {part} of {subject}: {reason}")?;
        }
        let count = |severity| {
            let of = self.findings.iter().filter(|it| it.severity == severity);
            of.count()
        };
        let several = |count| if count == 1 { "" } else { "s" };
        let (warnings, infos) = (count(Severity::Warning), count(Severity::Info));
        write!(
            f,
            "{} critical, {warnings} warning{}, {infos} info{}, {} not read",
            count(Severity::Critical),
            several(warnings),
            several(infos),
            self.unread.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::finding::SubjectKind;

    fn passed(rule: &'static str) -> Passed {
        Passed {
            rule: rule.into(),
            detail: None,
        }
    }

    #[test]
    fn of_many_infos_that_say_the_same_a_few_are_printed() {
        let of = |name: &str, finding: Finding| {
            let subject = Subject::new(SubjectKind::Application, name);
            finding.of("off".into(), &subject)
        };
        let infos = (0..9).map(|it| of(&format!("web{it}"), Finding::info("Same.")));
        let mut findings: Vec<_> = infos.collect();
        findings.push(of("other", Finding::info("Different.")));
        findings.extend((0..5).map(|it| of(&format!("db{it}"), Finding::warning("Same."))));
        let report = Report {
            findings,
            ..Report::default()
        };
        let expected = "\
            info: application `web0`: Same. [off]\n\
            info: application `web1`: Same. [off]\n\
            info: application `web2`: Same. [off]\n\
            info: and 6 more like this [off]\n\
            info: application `other`: Different. [off]\n\
            warning: application `db0`: Same. [off]\n\
            warning: application `db1`: Same. [off]\n\
            warning: application `db2`: Same. [off]\n\
            warning: application `db3`: Same. [off]\n\
            warning: application `db4`: Same. [off]\n\
            0 critical, 5 warnings, 10 infos, 0 not read";
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn the_worst_comes_first_and_a_rule_that_found_something_has_not_passed() {
        let subject = Subject::new(SubjectKind::Server, "main");
        let report = Report {
            findings: vec![
                Finding::info("a").of("disk".into(), &subject),
                Finding::critical("b").of("reach".into(), &subject),
                Finding::info("a").of("disk".into(), &subject),
            ],
            unread: vec![Unread::new(&subject, "log", "why")],
            passed: vec![passed("reach"), passed("proxy"), passed("proxy")],
        };
        let report = report.ordered();
        assert_eq!(report.worst(), Some(Severity::Critical));
        assert!(!report.is_clean());
        let messages: Vec<_> = report.findings.iter().map(|it| &*it.message).collect();
        assert_eq!(messages, ["b", "a"], "each once");
        assert_eq!(report.passed, [passed("proxy")]);
        assert_eq!(report.of_rule("disk").count(), 1);
        let text = report.to_string();
        assert!(text.contains("not read: log of server `main`: why"));
        assert!(text.ends_with("1 critical, 0 warnings, 1 info, 1 not read"));
    }
}
