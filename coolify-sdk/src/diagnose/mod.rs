//! What is wrong, why that is known, and what to do next.
//!
//! - [`Coolify::doctor`] examines the way to the Coolify: the URL, the certificate, the
//!   token and its abilities, the version, the rate limit, the clock.
//! - [`Coolify::find_issues`] looks for what is wrong with everything that a team has, in a
//!   few calls.
//! - `.diagnose()` of an application, a service, a database or a server reads everything
//!   about one of them.
//!
//! Each of them returns a [`Report`]: [`Finding`]s, the worst first, and what could not
//! be read. A resource that was stopped on purpose is not a finding. [`rules`] lists
//! the rules; `.without("name")` switches one off, and `.with(rule)` adds a [`Rule`] of
//! your own.
//!
//! Nothing is ever changed: all calls are GET.
//!
//! ```no_run
//! # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
//! println!("{}", coolify.doctor().await?);
//! println!("{}", coolify.find_issues().await?);
//! println!("{}", coolify.application("khzsv5nucvscskrm5gez3p8v").diagnose().await?);
//! # Ok(()) }
//! ```
//!
//! # Rules
//!
#![doc = include_str!("rules.md")]

mod diagnosis;
mod doctor;
mod facts;
mod find_issues;
mod finding;
mod gather;
mod neighbours;
mod places;
mod report;
mod rules;
mod schedule;
#[cfg(all(test, feature = "testing"))]
mod tests;

pub use self::{
    diagnosis::Diagnose,
    doctor::Doctor,
    facts::{Container, Crashes, Facts, Part, ResourceFacts, ServerFacts, TaskFacts, TeamFacts},
    find_issues::FindIssues,
    finding::{Evidence, Finding, Severity, Subject, SubjectKind},
    neighbours::{Claim, Neighbours, PortUse},
    report::{Passed, Report, Unread},
    rules::{Rule, RuleInfo, rules},
};

use crate::Coolify;

impl Coolify {
    /// Examines the way to the Coolify: the URL, redirects, the certificate, proxies, the
    /// token and its abilities, the version, the rate limit and the clock. See [`Doctor`].
    ///
    /// Nothing has to work for it: a server that cannot be reached is a finding.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// println!("{}", coolify.doctor().await?);
    /// # Ok(()) }
    /// ```
    ///
    /// Needs no ability. Since Coolify 4.0.0.
    pub fn doctor(&self) -> Doctor {
        Doctor::new(self)
    }

    /// Looks for what is wrong with the applications, services, databases and servers of
    /// the team, and says what to do. See [`FindIssues`].
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let report = coolify.find_issues().without("health-check-off").await?;
    /// for finding in &report.findings {
    ///     println!("{}: {}", finding.subject, finding.message);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// Needs the `read` ability; logs need `read:sensitive` since 4.4.0. Since Coolify
    /// 4.0.0.
    pub fn find_issues(&self) -> FindIssues {
        FindIssues::new(self)
    }
}
