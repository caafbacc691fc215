//! What is wrong, why that is known, and what to do next.
//!
//! - [`Coolify::doctor`] examines the way to the Coolify: the URL, the certificate, the
//!   token and its abilities, the version, the rate limit, the clock.
//!
//! ```no_run
//! # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
//! println!("{}", coolify.doctor().await?);
//! # Ok(()) }
//! ```

mod doctor;
mod finding;
mod report;

pub use self::{
    doctor::Doctor,
    finding::{Evidence, Finding, Severity, Subject, SubjectKind},
    report::{Passed, Report, Unread},
};

use crate::Coolify;

impl Coolify {
    /// Examines the way to the Coolify: the URL, redirects, the certificate, proxies, the
    /// token and its abilities, the version, the rate limit and the clock. See [`Doctor`].
    ///
    /// Nothing has to work for it: a server that cannot be reached is a finding.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// println!("{}", coolify.doctor().await?);
    /// # Ok(()) }
    /// ```
    ///
    /// Needs no ability. Since Coolify 4.0.0.
    pub fn doctor(&self) -> Doctor {
        Doctor::new(self)
    }
}
