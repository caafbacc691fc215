//! The example `fake`, as a process.

mod common;

use std::process::Stdio;

use common::example;
use coolify_sdk::Coolify;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

/// Returns the variables that a shell has after it has evaluated the line.
async fn evaluated(line: &str) -> (String, String) {
    let script = r#"eval "$1"; exec printenv COOLIFY_URL COOLIFY_TOKEN"#;
    let mut shell = Command::new("sh");
    let output = shell.args(["-c", script, "sh", line]).output().await;
    let said = common::text(&output.expect("there is a shell").stdout);
    let (url, token) = said.trim_end().split_once('\n').expect("both are exported");
    (url.to_owned(), token.to_owned())
}

#[tokio::test]
async fn the_fake_says_how_it_is_reached_and_ends_with_its_input() {
    let mut command = example("fake");
    let command = command
        .arg("4.1.2")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut fake = command
        .spawn()
        .expect("the example is built with the tests");
    let mut lines = BufReader::new(fake.stdout.take().expect("it is piped")).lines();
    let line = lines
        .next_line()
        .await
        .expect("it is text")
        .expect("it says something");
    let (url, token) = evaluated(&line).await;
    let coolify = Coolify::builder()
        .url(url)
        .token(token)
        .build()
        .expect("the two make a client");
    let version = coolify.version().await.expect("it serves");
    assert_eq!(version.to_string(), "4.1.2");
    drop(fake.stdin.take());
    assert!(fake.wait().await.expect("it ends").success());
}
