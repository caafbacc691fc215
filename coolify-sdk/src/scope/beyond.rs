//! The reasons for which a request is refused.

use std::borrow::Cow;

use super::policy::{ScopePolicy, ScopePower};
use crate::{Error, ErrorKind};

/// Something that a request uses and that does not belong to the project.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond {
    pub(super) what: Cow<'static, str>,
    pub(super) hint: Cow<'static, str>,
}

pub(super) type Check<T = ()> = Result<T, Beyond>;

impl Beyond {
    pub(super) fn new(
        what: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// Makes the error of a client that is bound to `project`.
    pub(super) fn refusal(self, project: &str) -> Error {
        let message = format!("{} may reach beyond {project}", self.what);
        Error::new(ErrorKind::OutOfScope, message).with_hint(self.hint)
    }
}

impl ScopePolicy {
    /// Refuses something that the policy's missing power would allow.
    pub(super) fn need(self, power: ScopePower, what: impl FnOnce() -> Cow<'static, str>) -> Check {
        if self.allows(power) {
            return Ok(());
        }
        let hint = format!(
            "leave it out, or ask the operator to allow `ScopePower::{power:?}` in the client's `ScopePolicy`"
        );
        Err(Beyond::new(what(), hint))
    }
}
