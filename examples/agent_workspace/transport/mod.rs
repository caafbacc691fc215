//! The transports of the server.

pub mod http;
pub mod stdio;
mod tokens;

use std::time::Duration;

/// How long dropped calls may clean up in the background when the program ends; see the
/// example `run_command`.
const FAREWELL: Duration = Duration::from_secs(3);
