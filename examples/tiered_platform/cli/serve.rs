//! Serves the API.

use std::sync::Arc;
use std::time::Duration;

use coolify_sdk::{Coolify, Pacing};
use coolify_sdk_examples::{Misuse, Result, eprintln, println};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::arguments::{Operate, Scheme, Serve};
use crate::api::Api;
use crate::platform::{Platform, Settings, SettleScope};
use crate::store::Store;
use crate::validate::Suffixes;

/// How long one call of Coolify may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a call may wait for the rate limit of Coolify.
const LONGEST_WAIT: Duration = Duration::from_secs(90);
/// How long running work may take after the program was asked to end.
const LAST_WORK: Duration = Duration::from_secs(120);
/// All customers are settled once in this many rounds.
const THOROUGH: u32 = 20;

pub async fn run(options: Serve) -> Result<()> {
    let coolify = coolify()?;
    let suffixes = Suffixes::new(&options.domain_suffix).map_err(Misuse::new)?;
    let serving = Store::serve(&options.operate.database);
    let _serving =
        serving.map_err(|_| "another process serves this database, or it cannot be written")?;
    let store = Store::open(&options.operate.database)?;
    let settings = Settings {
        suffixes,
        scheme: match options.domain_scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        },
        ..settings(&options.operate)
    };
    let platform = Arc::new(Platform::new(store, coolify, settings));
    let listener = TcpListener::bind(options.listen).await?;
    println!("http://{}", listener.local_addr()?);
    let interval = Duration::from_secs(options.settle_every.max(1));
    serve(listener, platform, interval, end_of_service()).await
}

/// Serves until `end`, and finishes the running work.
pub async fn serve(
    listener: TcpListener,
    platform: Arc<Platform>,
    interval: Duration,
    end: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let settling = tokio::spawn(keep_settled(Arc::clone(&platform), interval));
    let (api, idle) = Api::new(platform);
    let served = axum::serve(listener, api.router()).with_graceful_shutdown(end);
    served.await?;
    settling.abort();
    wait_for_work(idle).await;
    Ok(())
}

/// Settles everything at the start, and then uncertain records only.
async fn keep_settled(platform: Arc<Platform>, interval: Duration) {
    for turn in 0_u32.. {
        let scope = match turn % THOROUGH {
            0 => SettleScope::Everything,
            _ => SettleScope::Unsettled,
        };
        match platform.settle_all(scope, true).await {
            Ok(settled) if settled.is_empty() => {}
            Ok(settled) => eprintln!("settled: {settled}"),
            Err(failure) => eprintln!("not settled: {failure}"),
        }
        tokio::time::sleep(interval).await;
    }
}

async fn wait_for_work(mut idle: mpsc::Receiver<()>) {
    if tokio::time::timeout(LAST_WORK, idle.recv()).await.is_err() {
        eprintln!("some work takes too long; it is settled at the next start");
    }
}

/// Returns a client of the server of the environment.
pub fn coolify() -> Result<Coolify> {
    let variable = |name: &str| {
        let missing = || Misuse::new(format!("{name} is not set: it names the Coolify to sell"));
        std::env::var(name).map_err(|_| missing())
    };
    let coolify = Coolify::builder()
        .url(variable("COOLIFY_URL")?)
        .token(variable("COOLIFY_TOKEN")?)
        .timeout(TIMEOUT)
        .pacing(Pacing::default().max_wait(LONGEST_WAIT))
        .poll_every(Duration::from_secs(1));
    Ok(coolify.build()?)
}

pub fn settings(operate: &Operate) -> Settings {
    Settings {
        suffixes: Suffixes::default(),
        scheme: "https",
        project_prefix: operate.project_prefix.clone(),
        grace: Duration::from_secs(operate.grace),
    }
}

#[cfg(unix)]
async fn end_of_service() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn end_of_service() {
    let _ = tokio::signal::ctrl_c().await;
}
