//! Jobs that the server runs after it has answered.

/// A job that runs some requests later, if it is queued.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::testing) struct Job(Option<u32>);

impl Job {
    /// Makes a job that runs after this many requests.
    pub(in crate::testing) fn after(requests: u32) -> Self {
        Self(Some(requests))
    }

    /// Queues the job, unless it is already queued.
    pub(in crate::testing) fn queue(&mut self, requests: u32) {
        self.0.get_or_insert(requests);
    }

    /// Advances by one request. Returns whether the job runs now, which happens
    /// once.
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

    /// Returns whether the job has not run yet.
    pub(in crate::testing) fn waits(self) -> bool {
        self.0.is_some()
    }
}
