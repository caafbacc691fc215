//! Quotas: how many applications a project may have.

use std::fmt;

use serde::Serialize;

use crate::error::{Detail, Error, ErrorKind};
use crate::projects::ProjectHandle;
use crate::{Call, Uuid};

/// The number of applications that a project may have, for platforms that give
/// each customer a project. Together with
/// [`ResourceLimits`](super::ResourceLimits) it makes up a tier.
///
/// Coolify has no such limit, so the applications are counted before another one
/// is created. Counting reserves nothing: two programs that create applications
/// in the same project at the same time do not see each other's. Create the
/// applications of one customer one after the other, and count again afterwards
/// if several programs create them.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify, place: coolify_sdk::Placement) -> coolify_sdk::Result<()> {
/// use coolify_sdk::limits::ApplicationQuota;
///
/// let project = coolify.project("gwgmpnq6u26xpsihsouontfu");
/// match ApplicationQuota::at_most(3).require_room(&project, 1).await {
///     Ok(()) => {
///         coolify.applications().create_docker_image(place, "nginx").await?;
///     }
///     Err(error) if error.is_quota_exceeded() => println!("{}", error.report()),
///     Err(error) => return Err(error),
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ApplicationQuota {
    allowed: Option<usize>,
}

/// The use of an [`ApplicationQuota`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuotaUse {
    /// How many applications there are.
    pub used: usize,
    /// How many applications are allowed; `None` for any number.
    pub allowed: Option<usize>,
}

impl ApplicationQuota {
    /// Allows this many applications.
    #[must_use]
    pub const fn at_most(applications: usize) -> Self {
        let allowed = Some(applications);
        Self { allowed }
    }

    /// Allows any number of applications.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { allowed: None }
    }

    /// Returns the use of the quota by this many applications, for a program that
    /// counts them itself, for example in its own database.
    ///
    /// ```
    /// use coolify_sdk::limits::ApplicationQuota;
    ///
    /// let usage = ApplicationQuota::at_most(3).used(2);
    /// assert!(usage.has_room(1));
    /// assert!(!usage.has_room(2));
    /// assert_eq!(usage.to_string(), "2 of 3 applications");
    /// ```
    #[must_use]
    pub const fn used(self, applications: usize) -> QuotaUse {
        QuotaUse {
            used: applications,
            allowed: self.allowed,
        }
    }

    /// Returns how many applications the project has, in all its environments. A
    /// deleted application counts until its job has run. This takes one call for
    /// each environment, and one more.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the project does not exist.
    pub fn used_in(self, project: &ProjectHandle) -> Call<QuotaUse> {
        let project = project.clone();
        Call::several(async move {
            let mut used = 0;
            for environment in project.environments().list().await? {
                let environment = project.environment(environment.uuid.as_str());
                used += environment.get().await?.applications.len();
            }
            Ok(self.used(used))
        })
    }

    /// Returns an error if `more` further applications would exceed the quota.
    /// With 0, it checks the existing applications, for example before a change
    /// to a smaller tier.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_quota_exceeded`], with the numbers in [`Error::quota_use`],
    /// and the errors of [`used_in`](Self::used_in).
    pub fn require_room(self, project: &ProjectHandle, more: usize) -> Call<()> {
        let counting = self.used_in(project);
        let project = project.uuid().clone();
        Call::several(async move {
            if self.allowed.is_none() {
                return Ok(());
            }
            let usage = counting.await?;
            if usage.has_room(more) {
                return Ok(());
            }
            Err(Error::over_quota(&project, usage))
        })
    }
}

impl QuotaUse {
    /// Returns whether there is room for `more` further applications. With 0, it
    /// returns whether the existing applications fit into the quota.
    #[must_use]
    pub const fn has_room(&self, more: usize) -> bool {
        match self.allowed {
            Some(allowed) => self.used.saturating_add(more) <= allowed,
            None => true,
        }
    }
}

impl Detail for QuotaUse {}

impl Error {
    fn over_quota(project: &Uuid, usage: QuotaUse) -> Self {
        let summary = format!("the project {project} has {usage}");
        Self::new(ErrorKind::QuotaExceeded, summary)
            .with_hint(
                "delete an application, or allow more; a deleted application counts until it is gone",
            )
            .with_detail(usage)
    }

    /// Returns whether a project has, or would have, more applications than an
    /// [`ApplicationQuota`] allows. Nothing was created.
    ///
    /// # Troubleshooting
    ///
    /// [`quota_use`](Self::quota_use) returns how many applications exist and how
    /// many are allowed.
    #[must_use]
    pub fn is_quota_exceeded(&self) -> bool {
        self.kind() == ErrorKind::QuotaExceeded
    }

    /// Returns how many applications exist and how many are allowed, if there are
    /// too many.
    #[must_use]
    pub fn quota_use(&self) -> Option<QuotaUse> {
        self.detail().copied()
    }
}

impl fmt::Display for QuotaUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.allowed {
            Some(allowed) => write!(f, "{} of {allowed} applications", self.used),
            None => write!(f, "{} applications, of any number", self.used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_elsewhere_is_compared() {
        let quota = ApplicationQuota::at_most(3);
        for (used, more, has_room) in [
            (0, 3, true),
            (2, 1, true),
            (2, 2, false),
            (3, 0, true),
            (3, 1, false),
            (4, 0, false),
            (1, usize::MAX, false),
        ] {
            assert_eq!(
                quota.used(used).has_room(more),
                has_room,
                "{used} and {more}"
            );
        }
        let any = ApplicationQuota::unlimited().used(70);
        assert!(any.has_room(usize::MAX));
        assert_eq!((any.used, any.allowed), (70, None));
    }
}
