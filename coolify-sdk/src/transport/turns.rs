//! Lets only one task at a time do something that has a name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use tokio::sync::{Mutex, OwnedMutexGuard};

/// The turns of all clones of a client.
#[derive(Debug, Default)]
pub(crate) struct Turns(StdMutex<HashMap<String, Arc<Mutex<()>>>>);

impl Turns {
    /// Waits until no other task has the turn of this name.
    pub(crate) async fn take(&self, name: String) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // What nobody waits for or has is forgotten.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            turns.entry(name).or_default().clone()
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    #[tokio::test]
    async fn one_at_a_time_of_a_name() {
        let (turns, inside) = (Arc::new(Turns::default()), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..10)
            .map(|_| {
                let (turns, inside) = (turns.clone(), inside.clone());
                tokio::spawn(async move {
                    let _turn = turns.take("a".to_owned()).await;
                    assert_eq!(inside.fetch_add(1, SeqCst), 0);
                    tokio::task::yield_now().await;
                    inside.fetch_sub(1, SeqCst);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let _a = turns.take("a".to_owned()).await;
        let _b = turns.take("b".to_owned()).await;
        assert_eq!(turns.0.lock().unwrap().len(), 2);
    }
}
