//! Running the examples as programs.
#![allow(dead_code, reason = "each test needs a part of it")]

use std::path::PathBuf;
use std::process::{Output, Stdio};

use coolify_sdk::testing::FakeCoolify;
use tokio::process::Command;

/// An example, which stands beside the folder of the tests.
pub fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("this test has a path");
    let mut folder: PathBuf = test.parent().expect("a folder").to_owned();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let mut command = Command::new(folder.join("examples").join(name));
    command
        .env_remove("COOLIFY_URL")
        .env_remove("COOLIFY_TOKEN")
        .stdin(Stdio::null());
    command
}

pub async fn run(command: &mut Command) -> Output {
    let output = command.output().await;
    output.expect("the example is built with the tests")
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
