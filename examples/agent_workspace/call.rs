//! One call of a tool.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::RequestId;
use rmcp::service::RequestContext;
use tokio::time::sleep;

use crate::progress::Progress;
use crate::workspace::Workspace;

/// How long to wait for the notification that explains a cancelled token.
const NOTICE: Duration = Duration::from_millis(250);

/// A call, with its workspace and the connection to its client.
pub struct Call {
    workspace: Workspace,
    pub progress: Progress,
    context: RequestContext<RoleServer>,
    entry: Entry,
}

/// Why a call ends early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client has cancelled it.
    Cancelled,
    /// The client or the server has gone.
    Gone,
}

impl Call {
    pub fn new(workspace: &Workspace, context: RequestContext<RoleServer>, calls: &Calls) -> Self {
        Self {
            workspace: workspace.clone(),
            progress: Progress::new(&context, &workspace.veil),
            entry: calls.enter(&context.id),
            context,
        }
    }

    /// Waits until the client cancels the call or disconnects.
    pub fn ended(&self) -> impl Future<Output = Ending> + Send + use<> {
        let (token, is_cancelled) = (self.context.ct.clone(), self.entry.is_cancelled.clone());
        async move {
            token.cancelled().await;
            // The library cancels the token before it tells why, and does so at the end of
            // a connection as well.
            sleep(NOTICE).await;
            if is_cancelled.load(Ordering::Relaxed) {
                Ending::Cancelled
            } else {
                Ending::Gone
            }
        }
    }
}

impl Deref for Call {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

/// The calls of a session that are running.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<HashMap<RequestId, Arc<AtomicBool>>>>);

/// The entry of a call in [`Calls`]; dropping it removes the entry.
struct Entry {
    calls: Calls,
    id: RequestId,
    is_cancelled: Arc<AtomicBool>,
}

impl Calls {
    fn enter(&self, id: &RequestId) -> Entry {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        self.with(|calls| calls.insert(id.clone(), is_cancelled.clone()));
        Entry {
            calls: self.clone(),
            id: id.clone(),
            is_cancelled,
        }
    }

    /// Records that the client has cancelled a call.
    pub fn cancel(&self, id: &RequestId) {
        self.with(|calls| {
            if let Some(it) = calls.get(id) {
                it.store(true, Ordering::Relaxed);
            }
        });
    }

    pub fn is_empty(&self) -> bool {
        self.with(|calls| calls.is_empty())
    }

    fn with<T>(&self, then: impl FnOnce(&mut HashMap<RequestId, Arc<AtomicBool>>) -> T) -> T {
        then(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.calls.with(|calls| calls.remove(&self.id));
    }
}
