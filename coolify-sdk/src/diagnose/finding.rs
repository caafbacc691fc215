//! Findings: what is wrong, why that is known, and what to do.

use std::{borrow::Cow, fmt};

use serde::Serialize;

use crate::{Timestamp, Uuid};

/// How bad a [`Finding`] is. The worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing. It may be intended.
    Info,
    /// Something works now, but is at risk or does less than it is set up for.
    Warning,
    /// Something does not work, or data is at risk.
    Critical,
}

impl Severity {
    /// Returns the severity in lower case, such as `warning`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The kind of a [`Subject`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubjectKind {
    /// The Coolify itself, or the way to it.
    Coolify,
    /// The team of the token.
    Team,
    /// A server.
    Server,
    /// An application.
    Application,
    /// A service.
    Service,
    /// A database.
    Database,
    /// A private key.
    PrivateKey,
    /// A cloud token.
    CloudToken,
    /// An S3 storage.
    S3Storage,
    /// A resource of a kind that this SDK does not know.
    Resource,
}

impl SubjectKind {
    /// Returns the kind in words, such as `private key`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coolify => "Coolify",
            Self::Team => "team",
            Self::Server => "server",
            Self::Application => "application",
            Self::Service => "service",
            Self::Database => "database",
            Self::PrivateKey => "private key",
            Self::CloudToken => "cloud token",
            Self::S3Storage => "S3 storage",
            Self::Resource => "resource",
        }
    }
}

impl fmt::Display for SubjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a [`Finding`] is about.
///
/// `Display` writes it in a few words: ``application `web` on server `main` ``.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its uuid; `None` for the Coolify and the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    /// Its name, or the URL of the Coolify.
    pub name: String,
    /// The name of the server on which it runs, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// The names of its project and environment, such as `shop/production`, as far as
    /// they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

impl Subject {
    /// Returns a subject that has only a kind and a name.
    #[must_use]
    pub fn new(kind: SubjectKind, name: impl Into<String>) -> Self {
        Self {
            kind,
            uuid: None,
            name: name.into(),
            server: None,
            environment: None,
        }
    }

    /// Sets the uuid.
    #[must_use]
    pub fn uuid(mut self, uuid: impl Into<Uuid>) -> Self {
        self.uuid = Some(uuid.into());
        self
    }

    /// Sets the name of the server.
    #[must_use]
    pub fn server(mut self, name: impl Into<String>) -> Self {
        self.server = Some(name.into());
        self
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind, self.name)?;
        if let Some(environment) = &self.environment {
            write!(f, " in `{environment}`")?;
        }
        if let Some(server) = &self.server {
            write!(f, " on server `{server}`")?;
        }
        Ok(())
    }
}

/// A fact that shows a [`Finding`]. It never contains a secret of Coolify's; the lines
/// of a log contain whatever the program wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Evidence {
    /// A status, such as `restarting:unhealthy`.
    Status(String),
    /// A setting, a count or a field, with its value.
    Value {
        /// The name, as in Coolify's API where there is one.
        name: Cow<'static, str>,
        /// The value as text.
        value: String,
    },
    /// When something happened.
    Time {
        /// What happened.
        event: Cow<'static, str>,
        /// When it happened.
        at: Timestamp,
    },
    /// The last lines of a log.
    Log(Vec<String>),
    /// Another thing that takes part in the problem.
    Other(Subject),
}

impl Evidence {
    /// Returns a named value.
    pub fn value(name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        Self::Value {
            name: name.into(),
            value: value.to_string(),
        }
    }

    /// Returns an event with its time.
    pub fn time(event: impl Into<Cow<'static, str>>, at: &Timestamp) -> Self {
        Self::Time {
            event: event.into(),
            at: at.clone(),
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status: {}", visible(status)),
            Self::Value { name, value } => write!(f, "{name}: {}", visible(value)),
            Self::Time { event, at } => write!(f, "{event}: {at}"),
            Self::Other(subject) => write!(f, "also: {subject}"),
            Self::Log(lines) => {
                f.write_str("last log lines:")?;
                lines
                    .iter()
                    .try_for_each(|line| write!(f, "\n  | {}", visible(line)))
            }
        }
    }
}

/// Returns a text without characters that move the cursor of a terminal.
fn visible(text: &str) -> String {
    let shown = |c: char| if c.is_control() && c != '\t' { ' ' } else { c };
    text.chars().map(shown).collect()
}

/// Something that is wrong, or worth knowing.
///
/// A rule makes it with [`info`](Self::info), [`warning`](Self::warning) or
/// [`critical`](Self::critical); the rule's name and the subject are filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The name of the rule that found it.
    pub rule: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What shows it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What to do next, in one or two sentences.
    pub next: String,
}

impl Finding {
    fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule: Cow::Borrowed(""),
            severity,
            subject: Subject::new(SubjectKind::Team, ""),
            message: message.into(),
            evidence: Vec::new(),
            next: String::new(),
        }
    }

    /// Returns a finding of severity [`Info`](Severity::Info).
    #[must_use]
    pub fn info(message: impl Into<String>) -> Self {
        Self::new(Severity::Info, message)
    }

    /// Returns a finding of severity [`Warning`](Severity::Warning).
    #[must_use]
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message)
    }

    /// Returns a finding of severity [`Critical`](Severity::Critical).
    #[must_use]
    pub fn critical(message: impl Into<String>) -> Self {
        Self::new(Severity::Critical, message)
    }

    /// Adds a piece of evidence.
    #[must_use]
    pub fn evidence(mut self, evidence: impl Into<Option<Evidence>>) -> Self {
        self.evidence.extend(evidence.into());
        self
    }

    /// Adds a named value as evidence.
    #[must_use]
    pub fn value(self, name: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Self {
        self.evidence(Evidence::value(name, value))
    }

    /// Sets what to do next.
    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = next.into();
        self
    }

    /// Sets what it is about, if that is something else than the rule was given.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Fills in the rule, and the subject unless the rule has set one.
    pub(super) fn of(mut self, rule: Cow<'static, str>, subject: &Subject) -> Self {
        self.rule = rule;
        if self.subject.name.is_empty() {
            self.subject = subject.clone();
        }
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {} [{}]",
            self.severity, self.subject, self.message, self.rule
        )?;
        for evidence in &self.evidence {
            for line in evidence.to_string().lines() {
                write!(f, "\n    {line}")?;
            }
        }
        if !self.next.is_empty() {
            write!(f, "\n    → {}", self.next)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_printed_with_its_evidence_and_what_to_do() {
        let subject = Subject::new(SubjectKind::Application, "web").server("main");
        let finding = Finding::critical("It keeps restarting.")
            .evidence(Evidence::Status("restarting:unknown".into()))
            .evidence(Evidence::Log(vec!["\u{1b}[31mno such file".into()]))
            .next("Read the log.")
            .of("restart-loop".into(), &subject);
        assert_eq!(
            finding.to_string(),
            "critical: application `web` on server `main`: It keeps restarting. [restart-loop]\n    \
             status: restarting:unknown\n    last log lines:\n      |  [31mno such file\n    → Read \
             the log."
        );
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!(json["severity"], "critical");
        assert_eq!(json["subject"]["kind"], "application");
        assert_eq!(json["evidence"][0]["status"], "restarting:unknown");
    }

    #[test]
    fn a_rule_may_name_another_subject() {
        let server = Subject::new(SubjectKind::Server, "main");
        let key = Subject::new(SubjectKind::PrivateKey, "old");
        let finding = Finding::info("x")
            .about(key.clone())
            .of("r".into(), &server);
        assert_eq!(finding.subject, key);
        assert!(Severity::Critical > Severity::Warning && Severity::Warning > Severity::Info);
    }
}
