//! `doctor`: whether this program can work with the Coolify.

use coolify_sdk_examples::Result;

use super::diagnose;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::Session;

pub async fn run(session: &Session) -> Result<Exit> {
    let progress = Progress::start(format!("examining {}", session.coolify.url()));
    let report = session.coolify.doctor().await?;
    drop(progress);
    diagnose::print(session, &report)
}
