//! A fake Coolify as a process, for whatever wants to talk to one: tests in
//! another language, a command line, an agent.
//!
//! ```sh
//! cargo run --example fake -- 4.1.2
//! ```
//!
//! Prints how to reach it, and serves until its standard input ends: until
//! Ctrl-D in a terminal, or until the program that started it is gone.

use std::io;

use coolify_sdk::testing::FakeCoolify;

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut fake = FakeCoolify::builder();
    if let Some(version) = arguments.next() {
        fake = fake.version(version);
    }
    let fake = fake.start().await;
    println!("COOLIFY_URL={} COOLIFY_TOKEN={}", fake.url(), fake.token());
    let wait = || io::copy(&mut io::stdin().lock(), &mut io::sink());
    tokio::task::spawn_blocking(wait).await??;
    Ok(())
}
