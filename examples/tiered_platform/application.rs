//! What a customer runs, and what the platform makes of the wish for it.

use coolify_sdk::Uuid;
use coolify_sdk::applications::BuildPack;
use coolify_sdk::limits::{CappedLimit, ResourceLimits};
use coolify_sdk::verify::UpdateReport;

/// An application as a customer asks for it.
pub struct Wish {
    pub name: &'static str,
    pub build_pack: BuildPack,
    /// Where it is in the repository.
    pub directory: &'static str,
    pub port: &'static str,
    /// Whatever it is, the tier's are the highest.
    pub limits: ResourceLimits,
}

/// What the platform keeps of an application.
pub struct Record {
    pub uuid: Uuid,
    pub name: &'static str,
    /// What the customer has asked for: a larger tier may grant more of it.
    pub asked: ResourceLimits,
}

/// What came of a change, for the customer to read.
pub struct Answer {
    /// Where the tier allows less than was asked for.
    pub capped: Vec<CappedLimit>,
    /// What was seen to have changed.
    pub report: UpdateReport,
}
