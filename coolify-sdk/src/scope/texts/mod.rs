//! Texts that Coolify interprets: one file for each kind.
//!
//! What Coolify interprets is read here as Coolify reads it, and not searched for
//! what looks bad. What cannot be read is refused. Where versions differ, the
//! reading that reaches farthest counts.

pub(super) mod expansions;
pub(super) mod images;
pub(super) mod keys;
pub(super) mod labels;
pub(super) mod names;
pub(super) mod paths;
pub(super) mod ports;
pub(super) mod previews;
pub(super) mod references;
pub(super) mod run_options;
pub(super) mod templates;
pub(super) mod tokens;
pub(super) mod volumes;
