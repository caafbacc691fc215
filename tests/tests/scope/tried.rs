//! Tries a request under ever wider policies, and writes down what happens.

use std::fmt::{Debug, Write as _};
use std::future::Future;

use coolify_sdk::{Coolify, Error, Result, ScopePolicy, ScopePower};

/// The uuid of a resource that does not exist. A request for it is not found once it has
/// passed the checks.
pub(super) const NOBODY: &str = "nobody";

pub(super) struct Outcome {
    /// The powers that were needed and for what, and the end.
    pub(super) steps: String,
    /// The hint of a refusal that no power changes.
    pub(super) reason: Option<String>,
}

/// Returns the powers that a request takes, one after another, and how it ends.
pub(super) async fn tried<T: Debug, Asked: Future<Output = Result<T>>>(
    coolify: &Coolify,
    project: &str,
    ask: impl Fn(Coolify) -> Asked,
) -> Outcome {
    let mut policy = ScopePolicy::strict();
    let mut steps = Vec::new();
    let mut reason = None;
    loop {
        let Err(error) = ask(coolify.in_project_with(project, policy)).await else {
            steps.push("done".to_owned());
            break;
        };
        let operation = error.operation().unwrap_or_default();
        let said = error.to_string();
        let said = said
            .strip_prefix(&format!("{operation}: "))
            .unwrap_or(&said);
        let refused = said.strip_suffix(&format!(" may reach beyond the project {project}"));
        let Some(what) = refused else {
            steps.push(passed(&error, said));
            break;
        };
        let hint = error.hint().unwrap_or_default();
        let needed = ScopePower::ALL.into_iter().find(|power| {
            hint == format!(
                "leave it out, or ask the operator to allow `ScopePower::{power:?}` in the client's `ScopePolicy`"
            )
        });
        let Some(power) = needed else {
            steps.push(format!("never ({what})"));
            reason = Some(hint.to_owned());
            break;
        };
        assert!(!policy.allows(power), "{power:?} does not help: {said}");
        policy = policy.allow(power);
        steps.push(format!("{power:?} ({what})"));
    }
    let steps = steps.join(" > ");
    Outcome { steps, reason }
}

fn passed(error: &Error, said: &str) -> String {
    let is_elsewhere =
        said.starts_with("the project ") && said.contains(" is outside of the project ");
    if error.is_not_found() || is_elsewhere {
        return "passes".to_owned();
    }
    format!("{:?}: {said}", error.kind())
}

/// Groups inputs by what happens to them, in the order in which it first happens.
#[derive(Default)]
pub(super) struct Groups(Vec<(String, Vec<String>)>);

impl Groups {
    pub(super) fn add(&mut self, outcome: String, input: impl Into<String>) {
        let input = input.into();
        match self.0.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, inputs)) => inputs.push(input),
            None => self.0.push((outcome, vec![input])),
        }
    }

    /// One input per line, below what happens to it.
    pub(super) fn lines(&self) -> String {
        let mut text = String::new();
        for (outcome, inputs) in &self.0 {
            writeln!(text, "{outcome}").expect("text");
            for input in inputs {
                writeln!(text, "    {}", input.replace('\n', "\n    ")).expect("text");
            }
        }
        text
    }

    pub(super) fn each(&self) -> &[(String, Vec<String>)] {
        &self.0
    }

    /// Many short inputs per line.
    pub(super) fn words(&self) -> String {
        let mut text = String::new();
        for (outcome, inputs) in &self.0 {
            let outcome = outcome.replace('\n', "\n    ");
            writeln!(text, "{}\n    {outcome}", inputs.join(" ")).expect("text");
        }
        text
    }
}
