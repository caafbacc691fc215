//! Texts that Coolify interprets, one file for each kind.
//!
//! The texts are parsed here as Coolify parses them, instead of being searched
//! for suspicious parts. A text that cannot be parsed is refused. If versions
//! differ, the one that interprets most counts.

pub(super) mod expansions;
pub(super) mod hosts;
pub(super) mod images;
pub(super) mod keys;
pub(super) mod labels;
pub(super) mod names;
pub(super) mod paths;
pub(super) mod ports;
pub(super) mod previews;
pub(super) mod references;
pub(super) mod routes;
pub(super) mod run_options;
pub(super) mod statements;
pub(super) mod templates;
pub(super) mod tokens;
pub(super) mod trim;
pub(super) mod volumes;
