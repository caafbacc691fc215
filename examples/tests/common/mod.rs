//! Runs the examples as programs.
#![allow(dead_code, reason = "each test needs a part of it")]

use std::process::{Output, Stdio};

use coolify_sdk::testing::FakeCoolify;
use tokio::process::Command;

/// Returns the command of an example, without a server and without a configuration.
pub fn example(name: &str) -> Command {
    let mut command = Command::new(coolify_sdk_tests::example(name));
    command
        .env_remove("COOLIFY_URL")
        .env_remove("COOLIFY_TOKEN")
        .env_remove("COOLIFY_PROJECT")
        .env_remove("COOLIFY_SERVER")
        .env_remove("COOLIFY_DESTINATION")
        .env_remove("COOLIFY_CONTEXT")
        .env_remove("HCLOUD_TOKEN")
        .env_remove("XDG_CONFIG_HOME")
        // Where no command line is configured.
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null());
    command
}

pub async fn run(command: &mut Command) -> Output {
    let output = command.output().await;
    output.expect("the example can be run")
}

pub async fn run_on(fake: &FakeCoolify, name: &str, arguments: &[&str]) -> Output {
    let mut command = example(name);
    command
        .args(arguments)
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token());
    run(&mut command).await
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
