//! What the live suite in `tests/live` stands on: its tests are ordinary async
//! functions, this runs them against a real Coolify, cleans up after them and
//! reports.
//!
//! ```no_run
//! use coolify_sdk_tests::live::{Live, Outcome, live_test};
//!
//! #[live_test(ability = "write")]
//! async fn projects_can_be_renamed(live: Live) -> Outcome {
//!     let project = live.project().await?;
//!     project.update().name(live.name("renamed")).await?;
//!     Ok(())
//! }
//! ```

mod context;
mod exchanges;
mod harness;
mod key;
mod leftover;
mod never;
mod outcome;
mod record;
mod report;
mod scrub;
mod target;

use std::future::Future;
use std::pin::Pin;

pub use coolify_sdk_macros::live_test;
pub use inventory;

pub use self::context::Live;
pub use self::harness::main;
pub use self::key::new_private_key;
pub use self::leftover::{Found, Leftover};
pub use self::outcome::{Outcome, Stop};
pub use self::report::{Called, Ran, Report, Result as TestResult, UNREACHED};

/// What the names of everything begin with that a live test makes.
pub const PREFIX: &str = "sdk-live-";

/// The same for the keys of variables, which know no lower case by custom.
pub const KEY_PREFIX: &str = "SDK_LIVE_";

/// A test, as `#[live_test]` lists it.
pub struct LiveTest {
    /// Where it is and how it is called.
    pub name: &'static str,
    /// Without what it is skipped.
    pub needs: Needs,
    /// The test itself.
    pub run: fn(Live) -> Pin<Box<dyn Future<Output = Outcome> + Send>>,
}

inventory::collect!(LiveTest);

/// What a test needs of the server and the token.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// What the token may do, beside `read`.
    pub abilities: &'static [&'static str],
    /// The first Coolify that can do it.
    pub since: Option<&'static str>,
    /// Whether something is run on a server.
    pub server: bool,
}
