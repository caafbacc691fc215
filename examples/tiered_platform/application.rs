//! The applications of a customer.

use coolify_sdk::Uuid;
use coolify_sdk::applications::BuildPack;
use coolify_sdk::limits::{CappedLimit, ResourceLimits};
use coolify_sdk::verify::UpdateReport;

/// An application that a customer asks for.
pub struct Wish {
    pub name: &'static str,
    pub build_pack: BuildPack,
    /// The directory in the repository.
    pub directory: &'static str,
    pub port: &'static str,
    /// The tier caps these limits.
    pub limits: ResourceLimits,
}

/// What the platform stores about an application.
pub struct Record {
    pub uuid: Uuid,
    pub name: &'static str,
    /// The limits that the customer asked for: a larger tier may grant more of
    /// them.
    pub asked: ResourceLimits,
}

/// The result of a change, for the customer to read.
pub struct Answer {
    /// The limits that the tier has capped.
    pub capped: Vec<CappedLimit>,
    /// The changes that were confirmed.
    pub report: UpdateReport,
}
