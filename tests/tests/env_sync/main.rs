//! Synchronising environment variables, on recorded replies and on the embedded
//! server.

mod converging;
mod embedded;
mod faults;
mod recorded;

use coolify_sdk::envs::{VariableChange, VariableName};

fn changes(changes: &[VariableChange]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

fn names(names: &[VariableName]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
