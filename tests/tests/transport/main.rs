//! The transport, with and without failures.
//!
//! The servers run in the runtime of the test, so that its clock can be paused
//! and waiting takes no time.

mod abilities_and_versions;
mod advice;
mod answers;
mod attempts;
mod blocking;
mod connections;
mod faults;
mod limits;
mod many_calls;
mod newer;
mod odd_replies;
mod redirects;
mod refusals;
mod runtimes;
mod secrets;
mod server;
mod texts;
mod told;
mod unasked;
mod untyped;
mod version_names;
mod versions;
mod waiting;
mod wire;

use std::time::Duration;

use coolify_sdk::{Coolify, CoolifyBuilder, Error, raw::types};

use crate::server::Server;

const TOKEN: &str = "7|planted-s3cret-t0ken";

fn builder(server: &Server) -> CoolifyBuilder {
    Coolify::builder().url(server.url()).token(TOKEN)
}

fn client(server: &Server) -> Coolify {
    builder(server).build().unwrap()
}

async fn read(coolify: &Coolify) -> Result<Vec<types::Project>, Error> {
    let raw = coolify.raw();
    raw.list_projects().await
}

async fn write(coolify: &Coolify) -> Result<types::Created, Error> {
    let raw = coolify.raw();
    let body = types::CreateProjectBody::new("shop");
    raw.create_project(&body).await
}

/// The maximum wait of a test for something that should take no time.
const PATIENCE: Duration = Duration::from_secs(3_600);
