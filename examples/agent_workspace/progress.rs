//! Sends progress notifications to the client.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};
use tokio::time::{Instant, sleep};

use crate::veil::Veil;

/// The interval of notifications while a call only waits, so that the client does not
/// time out.
const BEAT: Duration = Duration::from_secs(10);

/// The progress of one call. Notifications are sent only if the client asked for them.
#[derive(Clone)]
pub struct Progress {
    to: Option<(Peer<RoleServer>, ProgressToken)>,
    /// The number of notifications sent; the protocol requires an increasing number.
    step: Arc<AtomicU32>,
    veil: Veil,
}

impl Progress {
    pub fn new(context: &RequestContext<RoleServer>, veil: &Veil) -> Self {
        let token = context.meta.get_progress_token();
        Self {
            to: token.map(|token| (context.peer.clone(), token)),
            step: Arc::default(),
            veil: veil.clone(),
        }
    }

    /// Sends one line.
    pub async fn tell(&self, message: &str) {
        let Some((peer, token)) = &self.to else {
            return;
        };
        let step = self.step.fetch_add(1, Ordering::Relaxed) + 1;
        let progress = ProgressNotificationParam::new(token.clone(), step.into())
            .with_message(self.veil.over(message));
        // A client that has disconnected does not need it.
        let _ = peer.notify_progress(progress).await;
    }

    /// Sends a notification at each interval, and never returns.
    pub async fn beat(&self) -> Infallible {
        let started = Instant::now();
        loop {
            sleep(BEAT).await;
            let seconds = started.elapsed().as_secs();
            self.tell(&format!("waiting for {seconds} seconds")).await;
        }
    }
}
