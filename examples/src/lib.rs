//! Code that the examples share.

mod output;
mod program;
mod server;

use std::time::Duration;

use coolify_sdk::Coolify;
use coolify_sdk::testing::FakeCoolify;

pub use self::output::{failure as output_failure, is_unread, stopped};
#[doc(hidden)]
pub use self::output::{print_line, tell_line};
pub use self::program::{Arguments, Interrupted, Misuse, Result, program};
pub use self::server::{usable_place, usable_server};

/// The Coolify that an example calls.
pub enum Target {
    /// The server of `COOLIFY_URL` and `COOLIFY_TOKEN`.
    Real(Coolify),
    /// A fake server in this process, which runs as long as this value exists.
    Embedded(Coolify, FakeCoolify),
}

impl Target {
    /// Returns the real server if `COOLIFY_URL` or `COOLIFY_TOKEN` is set, and an
    /// embedded one if neither is.
    ///
    /// # Errors
    ///
    /// Returns an error if only one of the two is set, or if one of them is
    /// invalid.
    pub async fn from_env() -> coolify_sdk::Result<Self> {
        let is_set = |name| std::env::var_os(name).is_some();
        if is_set("COOLIFY_URL") || is_set("COOLIFY_TOKEN") {
            return Coolify::from_env().map(Self::Real);
        }
        // Long enough to be seen, short enough to wait for.
        let pace = Duration::from_secs(4);
        let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
        Ok(Self::Embedded(fake.client(), fake))
    }

    /// Returns the client.
    #[must_use]
    pub fn coolify(&self) -> &Coolify {
        match self {
            Self::Real(coolify) | Self::Embedded(coolify, _) => coolify,
        }
    }

    /// Returns whether this is the embedded server.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Embedded(..))
    }
}

/// Returns the description of what an example creates, for people who find it in
/// the dashboard. Coolify accepts only letters, digits, spaces and ``- _ . , ! ?
/// ( ) ' " + = * / @ &`` in descriptions.
#[must_use]
pub fn made_by(example: &str) -> String {
    format!("Made by the example {example} of coolify-sdk. It is safe to delete.")
}
