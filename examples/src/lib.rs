//! What the examples share.

mod output;
mod program;
mod server;

use std::time::Duration;

use coolify_sdk::Coolify;
use coolify_sdk::testing::FakeCoolify;

pub use self::output::stopped;
#[doc(hidden)]
pub use self::output::{print_line, tell_line};
pub use self::program::{Arguments, Interrupted, Misuse, Result, program};
pub use self::server::{usable_place, usable_server};

/// The Coolify that an example talks to.
pub enum Target {
    /// The one that `COOLIFY_URL` and `COOLIFY_TOKEN` name.
    Real(Coolify),
    /// One in this process, which lives as long as this value.
    Embedded(Coolify, FakeCoolify),
}

impl Target {
    /// The real server when `COOLIFY_URL` or `COOLIFY_TOKEN` is set, the embedded
    /// one when neither is.
    ///
    /// # Errors
    ///
    /// When only one of the two is set, or the client cannot be made of them.
    pub async fn from_env() -> coolify_sdk::Result<Self> {
        let is_set = |name| std::env::var_os(name).is_some();
        if is_set("COOLIFY_URL") || is_set("COOLIFY_TOKEN") {
            return Coolify::from_env().map(Self::Real);
        }
        // Long enough to be seen, short enough to be waited for.
        let pace = Duration::from_secs(4);
        let fake = FakeCoolify::builder().deploy_pace(pace).start().await;
        Ok(Self::Embedded(fake.client(), fake))
    }

    /// The client.
    #[must_use]
    pub fn coolify(&self) -> &Coolify {
        match self {
            Self::Real(coolify) | Self::Embedded(coolify, _) => coolify,
        }
    }

    /// Whether there is no real server.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self, Self::Embedded(..))
    }
}

/// The description of what an example makes, for whoever finds it in the dashboard.
/// Coolify takes letters, digits, spaces and ``- _ . , ! ? ( ) ' " + = * / @ &`` in
/// descriptions, and nothing else.
#[must_use]
pub fn made_by(example: &str) -> String {
    format!("Made by the example {example} of coolify-sdk. It is safe to delete.")
}
