//! An update that reports which fields took effect.

use std::fmt;

use super::{Subject, UpdateReport, Verify, run};
use crate::error::Result;
use crate::request::{BoxFuture, Request, awaitable};

/// An update that is read back after it was sent, and returns an
/// [`UpdateReport`]: `verified()` of an update.
///
/// Coolify can answer an update with success and ignore a field. The report says
/// for each field whether it took effect. This takes one more request, and
/// another one before the update if a field may have to be
/// [rerouted](UpdateReport::rerouted).
///
/// A refusal that names fields becomes part of the report
/// ([`rejected`](UpdateReport::rejected)). A broken connection is not an error if
/// reading back shows the requested value of every field. Needs the `read` ability
/// in addition to what the update needs; fields that only `read:sensitive` shows are
/// [`unseen`](UpdateReport::unseen) without it.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let report = coolify
///     .application("khzsv5nucvscskrm5gez3p8v")
///     .update()
///     .domains(["https://web.example.com"])
///     .limits_memory("512M")
///     .verified()
///     .await?;
/// if !report.is_complete() {
///     println!("{report}");
/// }
/// # Ok(()) }
/// ```
#[must_use = "a request is not sent before `.send()` or `.await`"]
pub struct Verified(BoxFuture<Result<UpdateReport>>);

impl<B: Verify, R: 'static> Request<B, R> {
    /// Returns the update as one that is read back.
    pub(crate) fn verified_by(self, subject: Subject) -> Verified {
        let (coolify, body, send) = self.into_parts();
        let raw = coolify.raw();
        Verified(Box::pin(async move {
            body.check()?;
            run(&coolify, &subject, body, |body| send(raw, body)).await
        }))
    }
}

impl Verified {
    /// Checks the update, sends it, and reads it back.
    ///
    /// # Errors
    ///
    /// The errors of the update, except for a refusal of single fields, and those
    /// of reading the resource.
    pub async fn send(self) -> Result<UpdateReport> {
        self.0.await
    }
}

awaitable!(Verified, send -> UpdateReport);

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").finish_non_exhaustive()
    }
}
