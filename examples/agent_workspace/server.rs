//! Reads requests from stdin and writes replies to stdout, one per line.

use std::io::{self, BufRead};

use coolify_sdk_examples::println;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::failure::{Failure, Outcome};
use crate::tools::Tools;
use crate::workspace::Workspace;

/// The longest request in bytes. A whole `.env` file or Dockerfile fits many
/// times.
const LONGEST_LINE: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Any JSON value; it is repeated in the reply.
    #[serde(default, rename = "id")]
    _id: Value,
    tool: String,
    #[serde(default)]
    arguments: Value,
}

/// Answers each line with one line, in order, until the input ends.
pub async fn serve(tools: &Tools, workspace: &Workspace) -> io::Result<()> {
    let mut lines = lines();
    while let Some(line) = lines.recv().await {
        let reply = reply(tools, workspace, line?).await;
        println!("{reply}");
    }
    Ok(())
}

async fn reply(tools: &Tools, workspace: &Workspace, line: Line) -> Value {
    let request = line.and_then(|line| {
        // serde's message about invalid JSON holds only the position, so it is safe
        // to show.
        serde_json::from_slice::<Value>(&line)
            .map_err(|error| Failure::new("bad_request", format!("the line is not JSON: {error}")))
    });
    let id = match &request {
        Ok(request) => request.get("id").cloned().unwrap_or_default(),
        Err(_) => Value::Null,
    };
    let outcome = match request.and_then(parse) {
        Ok(Request {
            tool, arguments, ..
        }) => tools.call(workspace, &tool, arguments).await,
        Err(failure) => Err(failure),
    };
    match outcome {
        Ok(value) => json!({ "id": id, "ok": value }),
        Err(failure) => json!({ "id": id, "error": failure }),
    }
}

fn parse(request: Value) -> Outcome<Request> {
    Request::deserialize(request).map_err(|error| {
        Failure::malformed("bad_request", &error)
            .hint(r#"a request is {"id": …, "tool": "…", "arguments": {…}}"#)
    })
}

type Line = Outcome<Vec<u8>>;

/// Reads lines in a thread of its own, so that nothing waits for input at the
/// end.
fn lines() -> mpsc::Receiver<io::Result<Line>> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(line) = next_line(&mut input).transpose() {
            let is_broken = line.is_err();
            if sender.blocking_send(line).is_err() || is_broken {
                break;
            }
        }
    });
    receiver
}

/// Returns the next line. A line that is too long is skipped without being kept.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let (mut is_any, mut is_too_long) = (false, false);
    loop {
        let chunk = input.fill_buf()?;
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(chunk.len());
        is_too_long |= line.len() + taken > LONGEST_LINE;
        if !is_too_long {
            line.extend_from_slice(&chunk[..taken]);
        }
        let is_over = chunk.is_empty();
        is_any |= !is_over;
        input.consume(taken + usize::from(end.is_some()));
        if end.is_some() || is_over {
            break;
        }
    }
    Ok(match (is_any, is_too_long) {
        (false, _) => None,
        (_, true) => Some(Err(Failure::new(
            "bad_request",
            format!("a line has at most {LONGEST_LINE} bytes"),
        ))),
        _ => Some(Ok(line)),
    })
}
