//! One change at a time for each application.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

#[derive(Default)]
pub struct Locks(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

/// Unused locks are dropped when there are more than this.
const MANY: usize = 1_000;

impl Locks {
    /// Waits until nobody else works on this application.
    pub async fn lock(&self, id: &str) -> OwnedMutexGuard<()> {
        let lock = self.of(id);
        lock.lock_owned().await
    }

    /// Returns `None` if somebody works on it.
    pub fn try_lock(&self, id: &str) -> Option<OwnedMutexGuard<()>> {
        self.of(id).try_lock_owned().ok()
    }

    fn of(&self, id: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if locks.len() > MANY {
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
        }
        Arc::clone(locks.entry(id.to_owned()).or_default())
    }
}
