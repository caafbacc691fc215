//! The SDK against a real Coolify:
//! `COOLIFY_URL=… COOLIFY_TOKEN=… cargo test -p coolify-sdk-tests --test live`.
//!
//! Each test works in its own project and removes it at the end. Without a
//! server, the tests are skipped, and run once against a fake of each version.

mod agent_workspace;
mod applications;
mod bulk;
mod cassettes;
mod databases;
mod diagnose;
mod domains;
mod envs;
mod estate;
mod examples;
mod keys_and_tokens;
mod make;
mod newer;
mod projects;
mod reads;
mod refusals;
mod rehearsal;
mod running;
mod s3_storages;
mod scheduled_tasks;
mod scope;
mod servers;
mod services;
mod shared_variables;
mod sources;
mod storages;
mod tags;
mod transfers;
mod verdicts;

use std::path::Path;
use std::process::ExitCode;

use coolify_sdk_tests::live;

fn main() -> ExitCode {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("live");
    live::main(&target, || rehearsal::all(&target))
}
