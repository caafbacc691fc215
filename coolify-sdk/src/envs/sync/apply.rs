//! Applies a plan.

use super::change::VariableName;
use super::plan::SyncPlan;
use super::planning::{is_same, other_changes};
use super::report::SyncReport;
use super::target::{Deletion, Known, KnownValue, SyncTarget, Write};
use crate::error::{Error, ErrorKind, Result};

impl<T: SyncTarget> SyncPlan<T> {
    /// Applies the plan in as few calls as Coolify allows. For applications,
    /// databases and services, one call writes all variables; each shared
    /// variable and each deletion takes one call. Duplicates are deleted first,
    /// and other deletions come last.
    ///
    /// # Errors
    ///
    /// Those of the call that failed, with a
    /// [`sync_report`](crate::Error::sync_report). After a failure, only one more
    /// request is sent, to read what the failed call has done, because Coolify's
    /// bulk call is not atomic. Another sync does the rest.
    pub async fn apply(self) -> Result<SyncReport> {
        let mut report = SyncReport {
            unchanged: self.unchanged.clone(),
            undefined: self.undefined.len(),
            ..SyncReport::default()
        };
        let mut settled = 0;
        match self.carry_out(&mut report, &mut settled).await {
            Ok(()) => Ok(report),
            Err(error) => {
                let duplicates = self.duplicates.iter().map(|one| &one.name);
                let writes = self.writes.iter().map(|write| &write.change.name);
                let deletions = self.deletions.iter().map(|one| &one.name);
                let planned = duplicates.chain(writes).chain(deletions);
                report.not_done.extend(planned.skip(settled).cloned());
                Err(error.with_detail(report))
            }
        }
    }

    /// Makes the calls in the order of the plan, and counts the finished steps in
    /// `settled`.
    async fn carry_out(&self, report: &mut SyncReport, settled: &mut usize) -> Result<()> {
        self.delete_each(&self.duplicates, report, settled).await?;
        for batch in self.writes.chunks(T::AT_ONCE) {
            *settled += batch.len();
            let Err(error) = self.target.write(batch).await else {
                for write in batch {
                    report.written(write);
                }
                continue;
            };
            let seen = seen_after(&self.target, &error).await;
            for write in batch {
                let outcome = seen.judge(&error, |known| {
                    let name = &write.change.name;
                    done(write, known.iter().find(|one| one.name == *name))
                });
                report.settle(outcome, write.change.name.clone(), |report, _| {
                    report.written(write);
                });
            }
            return Err(error);
        }
        self.delete_each(&self.deletions, report, settled).await
    }

    async fn delete_each(
        &self,
        deletions: &[Deletion<T::Id>],
        report: &mut SyncReport,
        settled: &mut usize,
    ) -> Result<()> {
        for Deletion { name, id } in deletions {
            *settled += 1;
            match self.target.delete(id).await {
                Ok(()) => report.deleted.push(name.clone()),
                // Somebody else has already deleted it.
                Err(error) if error.is_not_found() => report.deleted.push(name.clone()),
                Err(error) => {
                    let seen = seen_after(&self.target, &error).await;
                    let is_gone = |known: &[Known<T::Id>]| known.iter().all(|one| one.id != *id);
                    let outcome = seen.judge(&error, |known| Some(is_gone(known)));
                    report.settle(outcome, name.clone(), |report, name| {
                        report.deleted.push(name);
                    });
                    return Err(error);
                }
            }
        }
        Ok(())
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

/// The variables after a call failed.
enum Seen<I> {
    /// They were not read, because the failed call has certainly done nothing.
    Before,
    After(Vec<Known<I>>),
    /// They could not be read.
    Nothing,
}

async fn seen_after<T: SyncTarget>(target: &T, error: &Error) -> Seen<T::Id> {
    if does_nothing(error.kind()) && !error.outcome_unknown() {
        return Seen::Before;
    }
    target.known().await.map_or(Seen::Nothing, Seen::After)
}

/// Returns whether a call that fails with this kind has not written anything.
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
    /// Decides whether a step was done. `is_done` decides from the current
    /// variables; `None` if that is impossible.
    fn judge(&self, error: &Error, is_done: impl FnOnce(&[Known<I>]) -> Option<bool>) -> Outcome {
        let is_done = match self {
            Self::Before => return Outcome::NotDone,
            Self::Nothing => None,
            Self::After(known) => is_done(known),
        };
        match is_done {
            Some(true) => Outcome::Done,
            // The server may still be working if the reply was lost.
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
        // A new variable only has to exist.
        (Some(_), _) => write.id.is_none().then_some(true),
    }
}
