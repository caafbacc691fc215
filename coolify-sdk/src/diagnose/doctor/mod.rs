//! Whether this program can work with the Coolify: the way to it, the token, the version.

mod abilities;
mod address;
mod api;
mod certificate;
mod clock;
mod page;
mod rate_limit;
mod reach;
mod redirect;
#[cfg(test)]
mod said;
#[cfg(all(test, feature = "testing"))]
mod tests;
mod token;
mod version;
mod visit;

use self::visit::Visit;
use super::{
    finding::{Finding, Severity, Subject, SubjectKind},
    report::{Passed, Report, Unread},
};
use crate::{Coolify, Error, Result, Version, transport::awaitable};

/// A check of the way to the Coolify, which has not been sent yet:
/// [`Coolify::doctor`].
///
/// | check | what it looks at |
/// |---|---|
/// | `address` | the URL, its scheme, path and port |
/// | `reach` | whether anything answers at all |
/// | `redirect` | whether the server sends calls elsewhere |
/// | `certificate` | whether TLS works, and until when the certificate is valid |
/// | `proxy-page` | whether a web page or a proxy answers instead of the API |
/// | `api` | whether the API is switched on, and takes calls from here |
/// | `token` | whether the token is accepted |
/// | `abilities` | what the token may do |
/// | `version` | the version of the server, and what the SDK knows of it |
/// | `rate-limit` | how many requests are left in this minute |
/// | `clock` | the clock of the server against the local one |
///
/// It sends at most six requests, all of them GET, and none of them twice. Coolify's API
/// does not say when a token expires, so that only one that has expired is found. A client
/// that is bound to a project does not look for abilities besides `read`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before `.send()` or `.await`"]
pub struct Doctor {
    coolify: Coolify,
}

/// What a check says.
enum Outcome {
    Found(Finding),
    /// Nothing is wrong; the text says what it saw.
    Passed(String),
    /// It could not be checked, for this reason.
    Unknown(String),
    /// Another check has the problem that prevents this one.
    NotReached,
}

/// A check: its name, what it examines, and its function.
type Check = (&'static str, fn(&Visit) -> Outcome);

const CHECKS: &[Check] = &[
    ("address", address::check),
    ("reach", reach::check),
    ("redirect", redirect::check),
    ("certificate", certificate::check),
    ("proxy-page", page::check),
    ("api", api::check),
    ("token", token::check),
    ("abilities", abilities::check),
    ("version", version::check),
    ("rate-limit", rate_limit::check),
    ("clock", clock::check),
];

awaitable!(Doctor, send -> Report);

impl Doctor {
    pub(super) fn new(coolify: &Coolify) -> Self {
        Self {
            coolify: coolify.clone(),
        }
    }

    /// Runs the checks.
    ///
    /// # Errors
    ///
    /// Only [`ErrorKind::NoRuntime`](crate::ErrorKind::NoRuntime). A server that cannot
    /// be reached, a token that is not accepted and the like are findings.
    pub async fn send(self) -> Result<Report> {
        Ok(examine(&Visit::pay(&self.coolify).await?))
    }
}

fn examine(visit: &Visit) -> Report {
    let subject = Subject::new(SubjectKind::Coolify, visit.url.clone());
    let mut report = Report::default();
    for (name, check) in CHECKS {
        match check(visit) {
            Outcome::Found(finding) => report.findings.push(finding.of((*name).into(), &subject)),
            Outcome::Passed(detail) => report.passed.push(Passed {
                rule: (*name).into(),
                detail: Some(detail),
            }),
            Outcome::Unknown(reason) => report.unread.push(Unread::new(&subject, *name, reason)),
            Outcome::NotReached => {
                let reason = "a problem that was found before prevents this check";
                report.unread.push(Unread::new(&subject, *name, reason));
            }
        }
    }
    let is_explained = report.worst() == Some(Severity::Critical);
    if let Some(error) = visit.error()
        && error.missing_ability().is_none()
        && !is_explained
    {
        // No check knows the error, but it keeps others from being made.
        let finding = unexpected(error).of("proxy-page".into(), &subject);
        report.findings.push(finding);
    }
    report.ordered()
}

/// Makes a finding of an error that Coolify does not answer these requests with.
fn unexpected(error: &Error) -> Finding {
    Finding::critical(sentence(&error.to_string())).next(
        "Check that the URL leads to Coolify, and that nothing in front of it answers in its place.",
    )
}

/// Makes a finding of an error: its message, and its hint as what to do.
fn of_error(error: &Error) -> Finding {
    let next = error
        .hint()
        .unwrap_or("look at the logs of Coolify and of the proxy in front of it");
    let mut finding = Finding::critical(sentence(&error.to_string())).next(sentence(next));
    if let Some(cause) = last_cause(error) {
        finding = finding.value("cause", cause);
    }
    finding
}

fn last_cause(error: &Error) -> Option<String> {
    let mut source = std::error::Error::source(error)?;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    Some(source.to_string())
}

/// Returns a clause as a sentence.
pub(super) fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let mut text: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    text.push_str(chars.as_str());
    if !text.ends_with(['.', '`', ':']) || text.ends_with('`') {
        text.push('.');
    }
    text
}

/// Returns the first version from which a GET of a route that writes is answered with
/// 405, and so changes nothing.
const GET_IS_HARMLESS: Version = Version::new(4, 2, 0);
