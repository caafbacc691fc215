//! Synchronises variables.

mod apply;
mod change;
mod desired;
mod plan;
mod planning;
mod report;
#[cfg(feature = "_resources")]
mod resource;
mod target;

use std::fmt;

pub use self::change::{FieldChange, VariableChange, VariableName};
pub(crate) use self::desired::check_key;
pub use self::plan::SyncPlan;
pub use self::report::SyncReport;
pub use self::target::SyncTarget;
pub(crate) use self::target::is_multiline;
#[cfg(any(feature = "_resources", feature = "shared-environment-variables"))]
pub(crate) use self::target::{Asked, Flags, comment};
#[cfg(feature = "shared-environment-variables")]
pub(crate) use self::{
    desired::desired,
    target::{Known, KnownValue, Write},
};
#[cfg(feature = "applications")]
use super::{BulkApplicationVariable, Envs, HasEnvs};
use crate::error::Result;
use crate::request::awaitable;

/// Synchronises variables with the desired ones: `sync(..)` of the variables of
/// applications, databases and services, and of shared variables.
///
/// The desired variables are pairs of key and value, the entries of an
/// [`EnvFile`](super::EnvFile), or the bodies of Coolify's API, which can also
/// set flags. [`plan`](Self::plan) is the dry run: it reads the variables and
/// returns the changes, without making them. `.await` plans and applies.
/// Afterwards a new plan is empty, whatever variables existed before.
///
/// - A flag or a comment that is not set does not change. An update always
///   contains the value: the desired one, or else the current one.
/// - A file defines for each value whether it is literal and whether it has
///   several lines, so it always has the same meaning. For other desired
///   variables, a value of several lines makes the variable a multi-line one.
/// - White space and invisible characters around a value do not count, because
///   Coolify strips them. An empty value equals no value.
/// - A desired variable without a value is not created: see
///   [`SyncPlan::undefined`].
/// - Values that Coolify shows only once are not compared and not changed: see
///   [`SyncPlan::not_compared`]. With a token without `read:sensitive`, no value
///   can be compared, which is an error. In both cases,
///   [`assume_changed`](Self::assume_changed) writes the values.
/// - Nothing is deleted without [`prune`](Self::prune), except that only one of
///   several variables with the same desired key is kept.
///
/// An application has production variables and, with the same keys, preview
/// variables for pull requests. A desired variable without `is_preview(true)` is
/// a production variable and does not affect preview variables, with these
/// exceptions:
///
/// - For each new production variable, Coolify creates a preview variable with
///   the same value, unless there is one.
/// - Coolify would show the value of that preview variable even if the production
///   variable is shown once. So the sync creates the preview variable first, as
///   shown once. An existing preview variable becomes shown once and keeps its
///   value.
/// - Pruning a production variable also deletes its preview variable.
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
///
/// Variables that were read become desired variables by `try_from`, which refuses a
/// variable whose value is hidden. This copies those of another application:
///
/// ```no_run
/// # #[cfg(feature = "applications")]
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::envs::BulkApplicationVariable;
///
/// let staging = coolify.application("y4ahzvo3zrdwhhjscv16sqbc").envs().list().await?;
/// let desired = staging
///     .iter()
///     .map(BulkApplicationVariable::try_from)
///     .collect::<Result<Vec<_>, _>>()?;
/// let production = coolify.application("khzsv5nucvscskrm5gez3p8v");
/// production.envs().sync(desired).await?;
/// # Ok(()) }
/// ```
#[doc(alias("dotenv", "bulk edit", "copy", "Developer view"))]
#[must_use = "nothing is read or written before `.plan()` or `.await`"]
pub struct EnvSync<T: SyncTarget> {
    target: T,
    desired: Vec<T::Item>,
    options: Options,
}

/// The options of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    prune: bool,
    assume_changed: bool,
}

impl<T: SyncTarget> EnvSync<T> {
    pub(crate) fn new<D: Into<T::Item>>(target: T, desired: impl IntoIterator<Item = D>) -> Self {
        Self {
            target,
            desired: desired.into_iter().map(Into::into).collect(),
            options: Options::default(),
        }
    }

    /// Sets whether variables that are not desired are deleted. The default is
    /// `false`.
    ///
    /// Production variables are pruned only if there is a desired production
    /// variable, and preview variables only if there is a desired preview
    /// variable; so an empty list deletes nothing. With a production variable,
    /// its preview variable is deleted if it has the same value; otherwise it is
    /// kept: see [`SyncPlan::kept_previews`]. Variables that Coolify needs are
    /// kept: see [`SyncPlan::spared`]. The preview variable of a desired
    /// production variable is kept as well.
    pub fn prune(mut self, prune: bool) -> Self {
        self.options.prune = prune;
        self
    }

    /// Sets whether values that cannot be compared count as changed and are
    /// written. The default is `false`.
    pub fn assume_changed(mut self, assume_changed: bool) -> Self {
        self.options.assume_changed = assume_changed;
        self
    }

    /// Plans the changes and applies them: [`plan`](Self::plan) and
    /// [`SyncPlan::apply`] in one.
    ///
    /// # Errors
    ///
    /// The errors of [`plan`](Self::plan) and [`SyncPlan::apply`].
    pub async fn send(self) -> Result<SyncReport> {
        self.plan().await?.apply().await
    }

    /// Reads the variables and returns the changes to make. It writes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_request`](crate::Error::is_invalid_request), before
    /// anything is read, for an invalid or a duplicate key; and after reading,
    /// for flags that cannot be changed without wiping an unknown value.
    /// [`Error::is_forbidden`](crate::Error::is_forbidden) with
    /// [`missing_ability`](crate::Error::missing_ability) `read:sensitive` if the
    /// token may not read the values to compare.
    pub async fn plan(self) -> Result<SyncPlan<T>> {
        desired::check::<T>(&self.desired)?;
        let known = self.target.known().await?;
        planning::plan(self.target, self.desired, known, self.options)
    }
}

#[cfg(feature = "applications")]
impl<R: HasEnvs<Bulk = BulkApplicationVariable>> EnvSync<Envs<R>> {
    /// Makes all desired variables preview variables, unless they set
    /// `is_preview` themselves.
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

awaitable!(EnvSync<T> where T: SyncTarget, send -> SyncReport);

impl<T: SyncTarget> fmt::Debug for EnvSync<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvSync")
            .field("desired", &self.desired.len())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
