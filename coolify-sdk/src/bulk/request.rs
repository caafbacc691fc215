//! An action on a selection, before it is planned.

use std::fmt;

use super::action::Deed;
use super::outcome::BulkOutcome;
use super::plan::BulkPlan;
use super::selection::Selection;
use crate::error::Result;
use crate::request::awaitable;
use crate::wait::{Patience, waits};

/// How many resources are worked on at the same time.
const AT_ONCE: usize = 4;

/// The settings of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) at_once: usize,
    pub(super) most_failures: Option<usize>,
    pub(super) follows: bool,
    pub(super) patience: Patience,
}

/// An action on the resources of a [`Selection`], which has not been planned yet.
///
/// [`plan`](Self::plan) reads the selection and returns the plan. `.await` plans and
/// runs, and returns the outcome: a failure of a resource is in the outcome, and does
/// not end the others.
///
/// Deployments are followed to their ends, all by [one
/// list](crate::deployments::Rollout). An action without a deployment, such as stopping
/// a resource or starting a database, counts as done when Coolify has accepted it.
///
/// If the deployment queue of a server is full, the run waits and tries again; nothing
/// else is sent twice.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let outcome = coolify
///     .select()
///     .project("shop")
///     .environment("staging")
///     .set_variable("LOG_LEVEL", "debug")
///     .at_once(8)
///     .await?;
/// for one in &outcome.failed {
///     eprintln!("{}: {}", one.resource, one.error);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is read or done before `.plan()` or `.await`"]
pub struct Bulk {
    selection: Selection,
    deed: Deed,
    at_once: usize,
    most_failures: Option<usize>,
    follows: bool,
    patience: Patience,
}

waits!(Bulk, "an hour for each deployment");

impl Bulk {
    pub(super) fn new(selection: Selection, deed: Deed) -> Self {
        Self {
            selection,
            deed,
            at_once: AT_ONCE,
            most_failures: None,
            follows: true,
            patience: Patience::default(),
        }
    }

    /// Sets how many resources are worked on at the same time. A resource counts until
    /// its deployment has ended. The default is 4, and the minimum 1.
    pub fn at_once(mut self, resources: usize) -> Self {
        self.at_once = resources.max(1);
        self
    }

    /// Stops after this number of failures: nothing more is begun, and what has begun is
    /// followed to its end. An unknown outcome counts as a failure. The minimum is 1. By
    /// default, all resources are tried.
    pub fn stop_after_failures(mut self, failures: usize) -> Self {
        self.most_failures = Some(failures.max(1));
        self
    }

    /// Does not follow the deployments: a deployment that has been queued is done.
    pub fn without_following(mut self) -> Self {
        self.follows = false;
        self
    }

    /// Builds without the cache, even if nothing has changed. It concerns only
    /// [`deploy`](Selection::deploy).
    pub fn force(mut self) -> Self {
        if let Deed::Deploy { force } = &mut self.deed {
            *force = true;
        }
        self
    }

    /// Reads the selection, and returns the plan. Nothing is changed.
    ///
    /// # Errors
    ///
    /// As [`Selection::resources`]; and [`Error::is_invalid_request`](crate::Error) for an
    /// invalid key of a variable, [`Error::is_not_found`](crate::Error) for an unknown
    /// environment to move to.
    pub async fn plan(mut self) -> Result<BulkPlan> {
        self.deed.check()?;
        let coolify = self.selection.coolify.clone();
        let (overview, selected) = self.selection.take().await?;
        self.deed.resolve(&overview)?;
        let settings = Settings {
            at_once: self.at_once,
            most_failures: self.most_failures,
            follows: self.follows,
            patience: self.patience,
        };
        Ok(BulkPlan::new(coolify, self.deed, settings, &selected))
    }

    /// Plans and runs, and returns the outcome.
    ///
    /// # Errors
    ///
    /// The errors of [`plan`](Self::plan). Later failures are in the outcome.
    pub async fn send(self) -> Result<BulkOutcome> {
        let run = self.plan().await?.run();
        Ok(run.wait().await)
    }
}

awaitable!(Bulk, send -> BulkOutcome);

impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("action", &self.deed.action())
            .field("selection", &self.selection)
            .field("at_once", &self.at_once)
            .finish_non_exhaustive()
    }
}
