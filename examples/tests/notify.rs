//! The example `notify`.

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::{example, run, text};
use coolify_sdk::testing::FakeCoolify;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

#[tokio::test]
async fn without_a_server_it_brings_its_own() {
    let output = run(&mut example("notify")).await;
    let lines = text(&output.stdout);
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?} {}", text(&output.stderr));
    assert!(lines[0].starts_with("deployment_success"), "{lines:?}");
    assert!(lines[1].starts_with("status_changed"), "{lines:?}");
}

#[tokio::test]
async fn it_takes_a_webhook() {
    let fake = FakeCoolify::start().await;
    let mut notify = example("notify")
        .args(["--listen", "127.0.0.1:0", "--secret", "d3c0ys-f0r-guessers"])
        .args(["--count", "1"])
        .env("COOLIFY_URL", fake.url())
        .env("COOLIFY_TOKEN", fake.token())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts");
    let mut told = BufReader::new(notify.stderr.take().expect("stderr")).lines();
    let line = told.next_line().await.expect("a line").unwrap_or_default();
    let address = line.trim_start_matches("taking the webhook http://");
    let address = address.trim_end_matches("/SECRET");

    let body = r#"{"success": true, "event": "test", "message": "Hello"}"#;
    for (secret, status) in [("wrong", "404"), ("d3c0ys-f0r-guessers", "204")] {
        let mut connection = TcpStream::connect(address).await.expect("it listens");
        let request = format!(
            "POST /coolify/{secret} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        connection
            .write_all(request.as_bytes())
            .await
            .expect("sent");
        let mut reply = String::new();
        connection
            .read_to_string(&mut reply)
            .await
            .expect("a reply");
        assert!(reply.starts_with(&format!("HTTP/1.1 {status}")), "{reply}");
    }
    let output = tokio::time::timeout(Duration::from_secs(30), notify.wait_with_output());
    let output = output
        .await
        .expect("it ends after one event")
        .expect("output");
    assert_eq!(text(&output.stdout).trim(), "test: Hello");
    assert!(output.status.success());
}
