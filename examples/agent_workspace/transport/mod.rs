//! The ways to the server.

pub mod http;
pub mod stdio;
mod tokens;

use std::time::Duration;

/// How long calls that were dropped may clean up in the background at the end: see
/// `run_command`.
const FAREWELL: Duration = Duration::from_secs(3);
