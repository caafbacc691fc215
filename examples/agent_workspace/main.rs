//! The program: see the crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    coolify_sdk_agent_workspace::main()
}
