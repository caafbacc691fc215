//! Which Coolify the environment chooses.

use std::env::{self, VarError};

use super::ContextProblem;
use crate::Result;

const CONTEXT: &str = "COOLIFY_CONTEXT";
const PAIR: [&str; 2] = ["COOLIFY_URL", "COOLIFY_TOKEN"];

/// What the environment chooses.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// The Coolify of `COOLIFY_URL` and `COOLIFY_TOKEN`.
    Variables,
    /// The context of this name.
    Context(String),
    /// The default context.
    Default,
}

impl Choice {
    pub(super) fn of_environment() -> Result<Self> {
        Self::of(|name| env::var(name))
    }

    fn of(look_up: impl Fn(&str) -> Result<String, VarError>) -> Result<Self> {
        let context = match look_up(CONTEXT) {
            // An empty variable is how a shell switches one off.
            Ok(name) if name.is_empty() => None,
            Ok(name) => Some(name),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => return Err(ContextProblem::NotText.into()),
        };
        let is_set = |name: &&str| !matches!(look_up(name), Err(VarError::NotPresent));
        let set: Vec<_> = PAIR.into_iter().filter(is_set).collect();
        match (set.as_slice(), context) {
            ([], Some(name)) => Ok(Self::Context(name)),
            ([], None) => Ok(Self::Default),
            ([variable, ..], Some(_)) => Err(ContextProblem::ChosenTwice { variable }.into()),
            // `from_env` names what is missing.
            ([_, ..], None) => Ok(Self::Variables),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::env::VarError;

    use super::{Choice, ContextProblem, Result};

    fn of(vars: &[(&str, &str)]) -> Result<Choice> {
        Choice::of(|name| {
            let var = vars.iter().find(|(it, _)| *it == name);
            var.map(|(_, value)| (*value).to_owned())
                .ok_or(VarError::NotPresent)
        })
    }

    #[test]
    fn variables_come_first_then_the_named_context_then_the_default() {
        let prod = ("COOLIFY_CONTEXT", "prod");
        for (vars, expected) in [
            (&[][..], Choice::Default),
            (&[("COOLIFY_CONTEXT", "")], Choice::Default),
            (&[prod], Choice::Context("prod".to_owned())),
            (&[("COOLIFY_URL", "https://c.example")], Choice::Variables),
            (&[("COOLIFY_TOKEN", "1|a")], Choice::Variables),
        ] {
            assert_eq!(of(vars).unwrap(), expected, "{vars:?}");
        }
    }

    #[test]
    fn two_choices_are_an_error() {
        let both = [("COOLIFY_CONTEXT", "prod"), ("COOLIFY_TOKEN", "1|s3cret")];
        let error = of(&both).unwrap_err();
        let expected = ContextProblem::ChosenTwice {
            variable: "COOLIFY_TOKEN",
        };
        assert_eq!(error.context_problem(), Some(&expected));
        assert!(!error.report().to_string().contains("s3cret"));
    }
}
