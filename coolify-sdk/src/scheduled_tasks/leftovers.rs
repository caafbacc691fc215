//! Removes temporary tasks that `run_command` has left behind.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{HasScheduledTasks, ScheduledTask, ScheduledTasks};
use crate::Call;

const PREFIX: &str = "run-once-";

/// The names of the temporary tasks that this program is using.
static IN_USE: Mutex<Option<HashSet<Arc<str>>>> = Mutex::new(None);

fn in_use() -> MutexGuard<'static, Option<HashSet<Arc<str>>>> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The name of a temporary task. The task is found by it if the reply to its
/// creation is lost, and if the program ended. It is in use as long as a copy
/// exists.
#[derive(Clone)]
pub(super) struct Name(Arc<Held>);

struct Held(Arc<str>);

impl Name {
    pub(super) fn new() -> Self {
        let random = RandomState::new().build_hasher().finish();
        let name: Arc<str> = format!("{PREFIX}{random:016x}").into();
        in_use().get_or_insert_default().insert(name.clone());
        Self(Arc::new(Held(name)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0.0
    }

    /// Returns the digits that distinguish it from other names.
    pub(super) fn digits(&self) -> &str {
        &self.as_str()[PREFIX.len()..]
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        in_use().get_or_insert_default().remove(&self.0);
    }
}

fn is_leftover(name: &str) -> bool {
    let digits = name.strip_prefix(PREFIX);
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits.is_some_and(|digits| digits.len() == 16 && digits.bytes().all(is_digit))
        && !in_use().as_ref().is_some_and(|names| names.contains(name))
}

impl<R: HasScheduledTasks> ScheduledTasks<R> {
    /// Removes the tasks that [`run_command`](Self::run_command) has left behind,
    /// because the program ended before the command or Coolify was unreachable,
    /// and returns them.
    ///
    /// They are recognised by their name: `run-once-` and sixteen hexadecimal
    /// digits. Tasks that this program is using are kept. If another program is
    /// running a command, its task is removed too, and its output is lost.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`](crate::Error::is_not_found) for an unknown resource.
    pub fn remove_leftovers(&self) -> Call<Vec<ScheduledTask>> {
        let this = self.clone();
        Call::several(async move {
            let mut removed = Vec::new();
            for task in this.list().await? {
                if !is_leftover(&task.name) {
                    continue;
                }
                match this.delete(&task.uuid).await {
                    Ok(_) => removed.push(task),
                    // Somebody else was faster.
                    Err(error) if error.is_not_found() => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(removed)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_made_here_is_a_leftover() {
        assert!(is_leftover("run-once-0123456789abcdef"));
        for other in [
            "run-once",
            "run-once-",
            "run-once-backup",
            "run-once-0123456789abcde",
            "run-once-0123456789abcdef0",
            "run-once-0123456789ABCDEF",
            "my-run-once-0123456789abcdef",
        ] {
            assert!(!is_leftover(other), "{other}");
        }
    }

    #[test]
    fn what_is_under_way_is_none() {
        let name = Name::new();
        let text = name.as_str().to_owned();
        assert!(!is_leftover(&text));
        drop(name);
        assert!(is_leftover(&text));
    }
}
