//! The plan of an action.

use std::fmt;

use serde::Serialize;

use super::action::{BulkAction, Deed};
use super::request::Settings;
use super::run::BulkRun;
use crate::estate::OverviewResource;
use crate::{Coolify, ResourceKind, ResourceStatus, Uuid};

/// The plan of an action on many resources: [`Bulk::plan`](super::Bulk::plan).
///
/// `Display` writes a line for each resource, and a summary. It can be serialized, and
/// does not contain the value of a variable.
#[derive(Clone, Serialize)]
#[non_exhaustive]
#[must_use = "nothing is done before `run()`"]
pub struct BulkPlan {
    /// The action.
    pub action: BulkAction,
    /// The resources that the action applies to, sorted by path.
    pub planned: Vec<BulkResource>,
    /// The resources that were selected and will be left out.
    pub skipped: Vec<BulkSkipped>,
    #[serde(skip)]
    deed: Deed,
    #[serde(skip)]
    coolify: Coolify,
    #[serde(skip)]
    settings: Settings,
}

/// A resource of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkResource {
    /// The kind. It is `None` for a kind that this version of the library does not know.
    pub kind: Option<ResourceKind>,
    /// The uuid.
    pub uuid: Uuid,
    /// The path `project/environment/name`, as far as it is known.
    pub path: String,
    /// The status when the plan was made.
    pub status: Option<ResourceStatus>,
}

/// A selected resource that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BulkSkipped {
    /// The resource.
    pub resource: BulkResource,
    /// Why it is left out.
    pub reason: SkipReason,
}

/// Why a resource is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SkipReason {
    /// It is stopped.
    Stopped,
    /// It is running.
    Running,
    /// It is in the environment already.
    AlreadyThere,
    /// Only applications are deployed.
    NotAnApplication,
    /// This version of the library does not know its kind.
    UnknownKind,
}

impl BulkPlan {
    pub(super) fn new(
        coolify: Coolify,
        deed: Deed,
        settings: Settings,
        selected: &[OverviewResource],
    ) -> Self {
        let mut plan = Self {
            action: deed.action(),
            planned: Vec::new(),
            skipped: Vec::new(),
            deed,
            coolify,
            settings,
        };
        let mut selected: Vec<_> = selected.iter().collect();
        selected.sort_by_cached_key(|it| it.path());
        for one in selected {
            let resource = BulkResource::new(one);
            match plan.deed.skips(one) {
                Some(reason) => plan.skipped.push(BulkSkipped { resource, reason }),
                None => plan.planned.push(resource),
            }
        }
        plan
    }

    /// Returns whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.planned.is_empty()
    }

    /// Returns the run of the plan. Nothing is sent before the run is awaited.
    ///
    /// The run acts on the resources in `planned`. Remove those that it should leave
    /// alone.
    pub fn run(self) -> BulkRun {
        BulkRun::new(
            self.coolify,
            self.deed,
            self.settings,
            self.planned,
            self.skipped,
        )
    }
}

impl BulkResource {
    fn new(resource: &OverviewResource) -> Self {
        Self {
            kind: resource.kind,
            uuid: resource.uuid.clone(),
            path: resource.path(),
            status: resource.status.clone(),
        }
    }
}

/// Writes the path.
impl fmt::Display for BulkResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.path)
    }
}

/// Writes the reason as a clause, such as `it is stopped`.
impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Stopped => "it is stopped",
            Self::Running => "it is running",
            Self::AlreadyThere => "it is there already",
            Self::NotAnApplication => "only applications are deployed",
            Self::UnknownKind => "its kind is unknown",
        })
    }
}

/// Writes the path and the reason.
impl fmt::Display for BulkSkipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.resource, self.reason)
    }
}

impl fmt::Display for BulkPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for resource in &self.planned {
            write!(f, "{} {resource}", self.action)?;
            if let Some(status) = &resource.status {
                write!(f, " ({status})")?;
            }
            f.write_str("\n")?;
        }
        for skipped in &self.skipped {
            writeln!(f, "skip {skipped}")?;
        }
        let (planned, skipped) = (self.planned.len(), self.skipped.len());
        write!(f, "{planned} planned, {skipped} skipped")
    }
}

impl fmt::Debug for BulkPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkPlan")
            .field("action", &self.action)
            .field("planned", &self.planned)
            .field("skipped", &self.skipped)
            .finish_non_exhaustive()
    }
}
