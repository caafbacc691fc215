//! Work that the server does after it has answered.

/// A job that runs some requests later, or none at all.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::testing) struct Job(Option<u32>);

impl Job {
    /// A job that waits for that many requests.
    pub(in crate::testing) fn after(requests: u32) -> Self {
        Self(Some(requests))
    }

    /// Queues the job, unless it waits already.
    pub(in crate::testing) fn queue(&mut self, requests: u32) {
        self.0.get_or_insert(requests);
    }

    /// One request has come: true when it is the job's turn, which comes once.
    pub(in crate::testing) fn is_due(&mut self) -> bool {
        match self.0.as_mut() {
            None => false,
            Some(0) => {
                self.0 = None;
                true
            }
            Some(left) => {
                *left -= 1;
                false
            }
        }
    }

    /// Whether the job has not run yet.
    pub(in crate::testing) fn waits(self) -> bool {
        self.0.is_some()
    }
}
