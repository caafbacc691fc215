//! More applications than a tier allows.

use super::{Error, ErrorKind};
use crate::{Uuid, limits::QuotaUse};

impl Error {
    pub(crate) fn over_quota(project: &Uuid, usage: QuotaUse) -> Self {
        let summary = format!("the project {project} has {usage}");
        let mut error = Self::new(ErrorKind::QuotaExceeded, summary).with_hint(
            "delete an application, or allow more; one that is being deleted counts until it is gone",
        );
        error.0.quota_use = Some(usage);
        error
    }

    /// Whether a project has, or would have, more applications than an
    /// [`ApplicationQuota`](crate::limits::ApplicationQuota) allows. Nothing was
    /// created.
    ///
    /// # Troubleshooting
    ///
    /// [`quota_use`](Self::quota_use) says how many there are and may be.
    #[must_use]
    pub fn is_quota_exceeded(&self) -> bool {
        self.kind() == ErrorKind::QuotaExceeded
    }

    /// How many applications there are and may be, where there are too many.
    #[must_use]
    pub fn quota_use(&self) -> Option<QuotaUse> {
        self.0.quota_use
    }
}
