//! Audit events: who did what in the team.

use crate::{Call, Coolify};

pub use crate::raw::types::{AuditActor, AuditEvent, AuditEventPage, AuditLevel, AuditSource};

/// A handle for the audit events of the team: [`Coolify::audit_events`].
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// for event in coolify.audit_events().page(1).await?.data {
///     println!("{:?} {} {:?}", event.created_at, event.event, event.actor_name);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct AuditEvents {
    coolify: Coolify,
}

impl Coolify {
    /// Returns a handle for the audit events of the team.
    #[must_use]
    pub fn audit_events(&self) -> AuditEvents {
        AuditEvents {
            coolify: self.clone(),
        }
    }
}

impl AuditEvents {
    /// Returns a page of 25 events, by its number: page 1 has the newest ones. Coolify
    /// removes events after 90 days.
    ///
    /// Needs the `read` ability; some fields need `read:sensitive` and are absent
    /// without it. Since Coolify 4.4.0.
    ///
    /// # Errors
    ///
    /// [`Error::status`](crate::Error::status) is 403 if the token's user is not an
    /// administrator or owner of the team.
    #[inline]
    pub fn page(&self, number: i64) -> Call<AuditEventPage> {
        let raw = self.coolify.raw();
        raw.list_audit_events(None, Some(number), None, None, None)
    }
}
