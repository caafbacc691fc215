//! The rules: one file each, pure functions over facts.

macro_rules! rules {
    ($( $module:ident ),* $(,)?) => {
        $( mod $module; )*
        /// All rules of this SDK.
        const BUILT_IN: &[Builtin] = &[$( $module::RULE ),*];
    };
}

rules! {
    backup_failed,
    backup_missing,
    backup_overdue,
    build_time_secret,
    cleanup_failed,
    cloud_token_unused,
    compose_domain_unattached,
    database_public,
    deployed_but_restarting,
    deployment_failed,
    deployment_stuck,
    disk_full,
    dns_mismatch,
    domain_conflict,
    domain_missing,
    domain_without_proxy,
    health_check_off,
    health_check_path,
    health_check_port,
    health_check_start_period,
    limits_exceed_server,
    port_conflict,
    private_key_unused,
    proxy_down,
    proxy_outdated,
    proxy_unsaved,
    queue_stands,
    restart_loop,
    s3_unusable,
    sentinel_silent,
    server_unreachable,
    server_unusable,
    service_variable_unfilled,
    storage_lost,
    storage_twice,
    task_failed,
    unhealthy,
    variable_duplicate,
    variable_required,
}

#[cfg(test)]
mod said;
#[cfg(test)]
mod samples;

use std::{fmt, sync::Arc};

use super::{
    facts::{Facts, ResourceFacts, ServerFacts, TeamFacts},
    finding::Finding,
    report::{Passed, Report},
};

/// A rule of a diagnosis: it looks at facts and returns findings.
///
/// A rule sends nothing. It knows only the [`Facts`], and says nothing about parts that
/// they lack. `.with(rule)` of a diagnosis adds one of your own:
///
/// ```
/// use coolify_sdk::diagnose::{Facts, Finding, Rule};
///
/// struct HasDescription;
///
/// impl Rule for HasDescription {
///     fn name(&self) -> &str {
///         "description-missing"
///     }
///
///     fn check(&self, facts: Facts<'_>) -> Vec<Finding> {
///         let Facts::Resource(facts) = facts else {
///             return Vec::new();
///         };
///         let application = facts.application();
///         if application.is_none_or(|it| it.description.is_some()) {
///             return Vec::new();
///         }
///         vec![
///             Finding::info("Nobody knows what this is for.")
///                 .next("Set a description."),
///         ]
///     }
/// }
///
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let report = coolify
///     .find_issues()
///     .without("health-check-off")
///     .with(HasDescription)
///     .await?;
/// # let _ = report;
/// # Ok(()) }
/// ```
pub trait Rule: Send + Sync {
    /// Returns the name, in lower case with hyphens. It must not change.
    fn name(&self) -> &str;

    /// Looks at facts, and returns what is wrong. It is called once for each resource,
    /// once for each server and once for the team.
    fn check(&self, facts: Facts<'_>) -> Vec<Finding>;
}

/// The name of a rule of this SDK, and what it finds: see [`rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleInfo {
    /// The name.
    pub name: &'static str,
    /// What it finds.
    pub finds: &'static str,
}

/// Returns the rules of this SDK, sorted by name.
///
/// ```
/// for rule in coolify_sdk::diagnose::rules() {
///     println!("{}: {}", rule.name, rule.finds);
/// }
/// ```
pub fn rules() -> impl Iterator<Item = RuleInfo> {
    BUILT_IN.iter().map(|it| it.info)
}

/// A rule of this SDK.
#[derive(Clone, Copy)]
struct Builtin {
    info: RuleInfo,
    check: Check,
}

/// A rule looks at one sort of facts.
#[derive(Clone, Copy)]
enum Check {
    Resource(fn(&ResourceFacts) -> Vec<Finding>),
    Server(fn(&ServerFacts) -> Vec<Finding>),
    Team(fn(&TeamFacts) -> Vec<Finding>),
}

impl Builtin {
    const fn of_resources(
        name: &'static str,
        finds: &'static str,
        check: fn(&ResourceFacts) -> Vec<Finding>,
    ) -> Self {
        Self {
            info: RuleInfo { name, finds },
            check: Check::Resource(check),
        }
    }

    const fn of_servers(
        name: &'static str,
        finds: &'static str,
        check: fn(&ServerFacts) -> Vec<Finding>,
    ) -> Self {
        Self {
            info: RuleInfo { name, finds },
            check: Check::Server(check),
        }
    }

    const fn of_the_team(
        name: &'static str,
        finds: &'static str,
        check: fn(&TeamFacts) -> Vec<Finding>,
    ) -> Self {
        Self {
            info: RuleInfo { name, finds },
            check: Check::Team(check),
        }
    }

    /// Returns the findings; `None` if the rule does not look at such facts.
    fn apply(&self, facts: Facts<'_>) -> Option<Vec<Finding>> {
        match (self.check, facts) {
            (Check::Resource(check), Facts::Resource(facts)) => Some(check(facts)),
            (Check::Server(check), Facts::Server(facts)) => Some(check(facts)),
            (Check::Team(check), Facts::Team(facts)) => Some(check(facts)),
            _ => None,
        }
    }
}

/// The rules of one diagnosis.
#[derive(Clone, Default)]
pub(super) struct RuleSet {
    without: Vec<String>,
    with: Vec<Arc<dyn Rule>>,
}

impl RuleSet {
    pub(super) fn without(&mut self, name: impl Into<String>) {
        self.without.push(name.into());
    }

    pub(super) fn with(&mut self, rule: impl Rule + 'static) {
        self.with.push(Arc::new(rule));
    }

    fn is_on(&self, name: &str) -> bool {
        self.without.iter().all(|it| it != name)
    }

    /// Applies the rules to facts, and notes what could not be read.
    pub(super) fn apply(&self, facts: Facts<'_>, report: &mut Report) {
        facts.note_unread(report);
        let subject = facts.subject();
        let mut note = |name: std::borrow::Cow<'static, str>, findings: Vec<Finding>| {
            if findings.is_empty() {
                report.passed.push(Passed {
                    rule: name,
                    detail: None,
                });
                return;
            }
            let findings = findings.into_iter();
            let named = findings.map(|it| it.of(name.clone(), subject));
            report.findings.extend(named);
        };
        for rule in BUILT_IN.iter().filter(|it| self.is_on(it.info.name)) {
            if let Some(findings) = rule.apply(facts) {
                note(rule.info.name.into(), findings);
            }
        }
        for rule in self.with.iter().filter(|it| self.is_on(it.name())) {
            note(rule.name().to_owned().into(), rule.check(facts));
        }
    }
}

impl fmt::Debug for RuleSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with: Vec<_> = self.with.iter().map(|it| it.name()).collect();
        f.debug_struct("RuleSet")
            .field("without", &self.without)
            .field("with", &with)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_all_of_them() {
        let rows = rules().map(|it| format!("| `{}` | {} |\n", it.name, it.finds));
        let table = format!("| rule | finds |\n|---|---|\n{}", rows.collect::<String>());
        assert_eq!(include_str!("../rules.md"), table);
    }

    #[test]
    fn the_names_are_sorted_and_told_apart() {
        let names: Vec<_> = rules().map(|it| it.name).collect();
        assert!(names.is_sorted() && names.windows(2).all(|it| it[0] != it[1]));
        for rule in rules() {
            let simple = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(rule.name.chars().all(simple), "{}", rule.name);
            assert!(rule.finds.ends_with('.'), "{}", rule.name);
        }
    }
}
