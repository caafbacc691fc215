//! What a workflow of several calls has created when one of them fails.

use std::fmt;

use serde::Serialize;

use super::Error;
use crate::Uuid;

/// Something that a workflow created before it failed, and that still exists. No
/// workflow deletes anything by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftBehind {
    /// The kind: `application`, `database`, `service`, `server`,
    /// `scheduled backup`, or `backup execution`.
    pub kind: &'static str,
    /// The uuid.
    pub uuid: Uuid,
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.uuid)
    }
}

impl Error {
    /// Adds something that still exists on the server although the workflow
    /// failed.
    pub(crate) fn leaving(mut self, kind: &'static str, uuid: &Uuid) -> Self {
        let uuid = uuid.clone();
        self.0.left_behind.push(LeftBehind { kind, uuid });
        self
    }

    /// Returns what a workflow of several calls, such as provisioning a database,
    /// had created before it failed. It still exists, and can be used or deleted.
    #[must_use]
    pub fn left_behind(&self) -> &[LeftBehind] {
        &self.0.left_behind
    }

    pub(super) fn fmt_left_behind(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, left) in self.left_behind().iter().enumerate() {
            f.write_str(if index == 0 { "; left behind: " } else { ", " })?;
            write!(f, "{left}")?;
        }
        Ok(())
    }
}
