//! What a flow of several calls has made when one of them fails.

use std::fmt;

use serde::Serialize;

use super::Error;
use crate::Uuid;

/// Something that a flow made before it failed, and that is still there. No flow
/// deletes anything by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftBehind {
    /// What it is: `application`, `database`, `service`, `server`, or
    /// `scheduled backup`.
    pub kind: &'static str,
    /// Its uuid.
    pub uuid: Uuid,
}

impl fmt::Display for LeftBehind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.uuid)
    }
}

impl Error {
    /// Adds what stands on the server although the flow failed.
    pub(crate) fn leaving(mut self, kind: &'static str, uuid: &Uuid) -> Self {
        let uuid = uuid.clone();
        self.0.left_behind.push(LeftBehind { kind, uuid });
        self
    }

    /// What a flow of several calls, such as
    /// provisioning a database, had made before it failed: it is still there, to
    /// be used or deleted.
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
