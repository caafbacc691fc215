//! Prints what happens on a Coolify: what it sends to a webhook, and what polling shows.
//!
//! ```text
//! cargo run --example notify                       # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example notify -- --listen 0.0.0.0:8788 --secret SECRET
//! ```

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use coolify_sdk::events::{Receiver, SeenBy, WatchedEvent};
use coolify_sdk_examples::{
    Arguments, Misuse, Result, Target, eprintln, println, program, stopped,
};
use futures_util::StreamExt;
use tokio::net::TcpListener;

const USAGE: &str = "\
Prints what happens on a Coolify, a line for each event.

usage: notify [--listen ADDRESS] [--secret SECRET] [--poll SECONDS] [--count NUMBER] [--json]

  --listen ADDRESS  where the webhook is taken [127.0.0.1:8788]
  --secret SECRET   the last part of the webhook's path, of at least 16 characters;
                    without it, events are only polled
  --poll SECONDS    how often Coolify is polled [30; 1 for the embedded server]
  --count NUMBER    ends after this many events [never; 2 for the embedded server]
  --json            prints JSON

Enter http://ADDRESS/SECRET in Coolify's dashboard, under Notifications, Webhook. If
COOLIFY_URL and COOLIFY_TOKEN are set, it watches that server. If neither is set, it
starts an embedded server, where an application is deployed and then stops.";

struct Options {
    listen: SocketAddr,
    secret: Option<String>,
    poll: Option<u64>,
    count: Option<usize>,
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, options, async |options| {
        watch(&options).await?;
        Ok(ExitCode::SUCCESS)
    })
    .await
}

fn options(mut arguments: Arguments) -> Result<Options, Misuse> {
    let mut options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 8788)),
        secret: None,
        poll: None,
        count: None,
        json: false,
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--listen" => options.listen = arguments.value(&argument)?,
            "--secret" => options.secret = Some(arguments.value(&argument)?),
            "--poll" => options.poll = Some(arguments.value(&argument)?),
            "--count" => options.count = Some(arguments.value(&argument)?),
            "--json" => options.json = true,
            other => return Err(Misuse::unknown(other)),
        }
    }
    Ok(options)
}

async fn watch(options: &Options) -> Result<()> {
    let target = Target::from_env().await?;
    let embedded = target.is_embedded();
    let poll = options.poll.unwrap_or(if embedded { 1 } else { 30 });
    let mut watch = target
        .coolify()
        .watch()
        .poll_every(Duration::from_secs(poll));
    if let Some(secret) = &options.secret {
        let (receiver, events) = Receiver::new(secret.as_str())?;
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        // Every path leads to the receiver, which compares the last part with the secret.
        let router = Router::new().fallback_service(receiver);
        tokio::spawn(async move { axum::serve(listener, router).await });
        eprintln!("taking the webhook http://{address}/SECRET");
        watch = watch.webhook(events);
    }
    let count = options
        .count
        .or(embedded.then_some(2))
        .unwrap_or(usize::MAX);
    let mut events = watch.events().take(count);
    let printed = async {
        while let Some(event) = events.next().await {
            print(&event?, options.json)?;
        }
        Ok(())
    };
    tokio::select! {
        printed = printed => printed,
        never = demonstrate(&target) => never.map(|_| ()),
        () = stopped() => Ok(()),
    }
}

/// Lets something happen on an embedded server.
async fn demonstrate(target: &Target) -> Result<Infallible> {
    if let Target::Embedded(coolify, fake) = target {
        eprintln!("COOLIFY_URL and COOLIFY_TOKEN are not set: this runs on an embedded server,");
        eprintln!("where an application is deployed and then stops.");
        let web = fake.seed_application(&fake.seed_project("examples"), "web");
        fake.set_application(&web, "status", "running:healthy");
        coolify.application(web.as_str()).deploy().await?.await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        fake.set_application(&web, "status", "exited:unhealthy");
    }
    pending().await
}

fn print(watched: &WatchedEvent, json: bool) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(watched)?);
        return Ok(());
    }
    let subject = watched.event.subject().map_or("", |uuid| uuid.as_str());
    let by = match watched.seen_by {
        SeenBy::Polling => " (polled)",
        _ => "",
    };
    println!("{} {subject}{by}", watched.event);
    Ok(())
}
