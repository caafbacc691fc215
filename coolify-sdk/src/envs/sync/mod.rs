//! Keeping variables in step with what is wanted.

mod apply;
mod change;
mod desired;
mod plan;
mod planning;
mod report;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
mod resource;
#[cfg(feature = "shared-environment-variables")]
mod shared;
mod target;

use std::fmt;
use std::future::IntoFuture;

pub use self::change::{FieldChange, VariableChange, VariableName};
pub(super) use self::desired::check_key;
pub use self::plan::SyncPlan;
pub use self::report::SyncReport;
#[cfg(feature = "shared-environment-variables")]
pub use self::shared::DesiredSharedVariable;
pub use self::target::SyncTarget;
pub(super) use self::target::is_multiline;
#[cfg(any(feature = "applications", feature = "databases", feature = "services"))]
pub(super) use self::target::{Asked, Flags, comment};
use crate::error::Result;
use crate::request::BoxFuture;

/// Makes variables what is wanted: `sync(..)` of the variables of applications,
/// databases and services, and of shared variables.
///
/// What is wanted are pairs of key and value, the entries of an
/// [`EnvFile`](super::EnvFile), or the bodies that Coolify takes, which can name
/// flags too. [`plan`](Self::plan) reads the variables and says what is to be
/// done, without doing it: the dry run. `.await` plans and applies. After that a
/// new plan is empty, whatever variables there were before.
///
/// - A flag or a comment that is not asked for stays as it is. An update always
///   carries the value: the wanted one, or else the one that the variable has.
/// - A file says of each value whether it is literal and whether it has several
///   lines, so the same file always means the same. Of other wanted variables, a
///   value of several lines makes the variable a multi-line one.
/// - White space and invisible characters around a value do not count, since
///   Coolify strips them, and an empty value is the same as none.
/// - A variable that is wanted without a value is not created, see
///   [`SyncPlan::undefined`].
/// - Values that Coolify shows only once are not compared and left alone, see
///   [`SyncPlan::not_compared`]. A token without `read:sensitive` compares
///   nothing, which is an error. [`assume_changed`](Self::assume_changed) writes
///   both.
/// - Nothing is deleted without [`prune`](Self::prune), except where several
///   variables have the key of a wanted one: then one of them stays.
///
/// An application has production variables and, with the same keys, variables for
/// previews of pull requests. What does not say `is_preview(true)` is about
/// production and leaves the previews alone, with these exceptions:
///
/// - Coolify makes a twin for previews, with the same value, of each new
///   production variable that has none.
/// - Coolify would show the twin of a variable that is shown once. So such a twin
///   is created first, and is shown once too; one that exists becomes shown once
///   with the value that it has.
/// - Pruning a production variable also deletes its twin.
///
/// Needs the abilities `read` and `write`, and `read:sensitive` to compare.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::envs::EnvFile;
///
/// let envs = coolify.application("khzsv5nucvscskrm5gez3p8v").envs();
/// let plan = envs.sync(EnvFile::read(".env")?).prune(true).plan().await?;
/// println!("{plan}");
/// let report = plan.apply().await?;
/// println!("{} new, {} changed", report.created.len(), report.updated.len());
/// # Ok(()) }
/// ```
#[must_use = "nothing is read or written before `.plan()` or `.await`"]
pub struct EnvSync<T: SyncTarget> {
    target: T,
    desired: Vec<T::Item>,
    options: Options,
}

/// How a plan is made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    prune: bool,
    assume_changed: bool,
}

impl<T: SyncTarget> EnvSync<T> {
    pub(super) fn new<D: Into<T::Item>>(target: T, desired: impl IntoIterator<Item = D>) -> Self {
        Self {
            target,
            desired: desired.into_iter().map(Into::into).collect(),
            options: Options::default(),
        }
    }

    /// Sets whether variables that are not wanted are deleted. Default `false`.
    ///
    /// Only on the side, production or previews, of which something is wanted:
    /// so nothing wanted deletes nothing. With a production variable goes the
    /// preview of its key if it has the same value; one that has another value
    /// stays, see [`SyncPlan::kept_previews`]. What Coolify keeps for itself
    /// stays, see [`SyncPlan::spared`], and so does the preview of a wanted
    /// production variable.
    pub fn prune(mut self, prune: bool) -> Self {
        self.options.prune = prune;
        self
    }

    /// Sets whether a value that cannot be compared is taken for another one and
    /// written. Default `false`.
    pub fn assume_changed(mut self, assume_changed: bool) -> Self {
        self.options.assume_changed = assume_changed;
        self
    }

    /// Reads what there is and says what is to be done. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_request`](crate::Error::is_invalid_request), before
    /// anything is read, for a key that Coolify does not take or that is there
    /// twice, and afterwards for flags that cannot be changed without wiping a
    /// value that nobody knows.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden) with
    /// [`missing_ability`](crate::Error::missing_ability) `read:sensitive` when
    /// the token may not read the values that have to be compared.
    pub async fn plan(self) -> Result<SyncPlan<T>> {
        desired::check::<T>(&self.desired)?;
        let known = self.target.known().await?;
        planning::plan(self.target, self.desired, known, self.options)
    }
}

#[cfg(feature = "applications")]
impl EnvSync<super::Envs<crate::applications::ApplicationHandle>> {
    /// Takes everything that does not say otherwise for previews of pull
    /// requests.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let envs = coolify.application("khzsv5nucvscskrm5gez3p8v").envs();
    /// envs.sync([("DATABASE_URL", "postgres://preview-db/app")]).for_previews().await?;
    /// # Ok(()) }
    /// ```
    pub fn for_previews(mut self) -> Self {
        for item in &mut self.desired {
            item.is_preview.get_or_insert(true);
        }
        self
    }
}

impl<T: SyncTarget> IntoFuture for EnvSync<T> {
    type Output = Result<SyncReport>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.plan().await?.apply().await })
    }
}

impl<T: SyncTarget> fmt::Debug for EnvSync<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvSync")
            .field("desired", &self.desired.len())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
