//! Doing what was planned.

use super::change::VariableName;
use super::plan::{SyncPlan, is_same, other_changes};
use super::report::SyncReport;
use super::target::{Known, KnownValue, SyncTarget, Write};
use crate::error::{Error, ErrorKind, Result};

impl<T: SyncTarget> SyncPlan<T> {
    /// Does what is planned, in as few calls as Coolify allows: on applications,
    /// databases and services one call writes everything, a shared variable
    /// takes one each; and so does a deletion. What is not wanted is deleted
    /// after all else is there.
    ///
    /// # Errors
    ///
    /// Those of the call that failed, with a
    /// [`sync_report`](crate::Error::sync_report). Nothing is sent after a
    /// failure but one reading, for seeing what the failed call has done:
    /// Coolify's bulk call is not all or nothing. A new sync does what is left.
    pub async fn apply(self) -> Result<SyncReport> {
        let unchanged = self.unchanged().to_vec();
        let mut gone = self.delete().iter().map(|change| change.name.clone());
        let mut report = SyncReport {
            unchanged,
            ..SyncReport::default()
        };

        let mut batches = self.writes.chunks(T::AT_ONCE);
        while let Some(batch) = batches.next() {
            let Err(error) = self.target.write(batch).await else {
                for write in batch {
                    report.written(write);
                }
                continue;
            };
            let seen = seen_after(&self.target, &error).await;
            for write in batch {
                let outcome = seen.judge(&error, &write.change.name, |known| done(write, known));
                report.settle(outcome, write.change.name.clone(), |report, _| {
                    report.written(write);
                });
            }
            let left = batches.flatten().map(|write| write.change.name.clone());
            report.not_done.extend(left);
            report.not_done.extend(gone);
            return Err(error.with_sync_report(report));
        }

        for id in &self.deletions {
            let Some(name) = gone.next() else { break };
            match self.target.delete(id).await {
                Ok(()) => report.deleted.push(name),
                // Somebody else was faster.
                Err(error) if error.is_not_found() => report.deleted.push(name),
                Err(error) => {
                    let seen = seen_after(&self.target, &error).await;
                    let outcome = seen.judge(&error, &name, |known| Some(known.is_none()));
                    report.settle(outcome, name, |report, name| report.deleted.push(name));
                    report.not_done.extend(gone);
                    return Err(error.with_sync_report(report));
                }
            }
        }
        Ok(report)
    }
}

impl SyncReport {
    fn written<T: SyncTarget>(&mut self, write: &Write<T>) {
        let list = match write.id {
            None => &mut self.created,
            Some(_) => &mut self.updated,
        };
        list.push(write.change.name.clone());
    }

    fn settle(
        &mut self,
        outcome: Outcome,
        name: VariableName,
        done: impl FnOnce(&mut Self, VariableName),
    ) {
        match outcome {
            Outcome::Done => done(self, name),
            Outcome::NotDone => self.not_done.push(name),
            Outcome::Unknown => self.unknown.push(name),
        }
    }
}

#[derive(Clone, Copy)]
enum Outcome {
    Done,
    NotDone,
    Unknown,
}

/// What there is after a call failed.
enum Seen<I> {
    /// It was not looked at: the failed call has certainly done nothing.
    Before,
    After(Vec<Known<I>>),
    /// It could not be seen.
    Nothing,
}

async fn seen_after<T: SyncTarget>(target: &T, error: &Error) -> Seen<T::Id> {
    if does_nothing(error.kind()) && !error.outcome_unknown() {
        return Seen::Before;
    }
    target.known().await.map_or(Seen::Nothing, Seen::After)
}

/// Whether a call that fails so has not come to write anything.
fn does_nothing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidRequest
            | ErrorKind::Connect
            | ErrorKind::Redirect
            | ErrorKind::Unauthenticated
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::RateLimited
            | ErrorKind::Unsupported
    )
}

impl<I> Seen<I> {
    /// `is_done` tells from what a variable is now, or is not, whether it was
    /// done; `None` when that does not show.
    fn judge(
        &self,
        error: &Error,
        name: &VariableName,
        is_done: impl FnOnce(Option<&Known<I>>) -> Option<bool>,
    ) -> Outcome {
        let is_done = match self {
            Self::Before => return Outcome::NotDone,
            Self::Nothing => None,
            Self::After(known) => is_done(known.iter().find(|one| one.name == *name)),
        };
        match is_done {
            Some(true) => Outcome::Done,
            // The server may still be at it when the reply got lost.
            Some(false) if !error.outcome_unknown() => Outcome::NotDone,
            _ => Outcome::Unknown,
        }
    }
}

fn done<T: SyncTarget>(write: &Write<T>, known: Option<&Known<T::Id>>) -> Option<bool> {
    let Some(known) = known else {
        return Some(false);
    };
    let asked = T::asked(&write.item);
    if !other_changes(&asked, known).is_empty() {
        return Some(false);
    }
    match (asked.value, &known.value) {
        (None, _) => Some(true),
        (Some(value), KnownValue::Read(current)) => Some(is_same(value, current)),
        // That it exists is what was wanted of a new one.
        (Some(_), _) => write.id.is_none().then_some(true),
    }
}
