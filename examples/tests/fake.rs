//! The fake as a process of its own.

mod common;

use std::process::Stdio;

use common::example;
use coolify_sdk::Coolify;
use tokio::io::{AsyncBufReadExt as _, BufReader};

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
    let variable = |name: &str| {
        let mut words = line.split(' ').filter_map(|word| word.strip_prefix(name));
        words
            .next()
            .unwrap_or_else(|| panic!("no {name} in {line}"))
            .to_owned()
    };
    let coolify = Coolify::builder()
        .url(variable("COOLIFY_URL="))
        .token(variable("COOLIFY_TOKEN="))
        .build()
        .expect("the two make a client");
    let version = coolify.version().await.expect("it serves");
    assert_eq!(version.to_string(), "4.1.2");
    drop(fake.stdin.take());
    assert!(fake.wait().await.expect("it ends").success());
}
