//! The harness of the live suite in `tests/live`: it runs async functions as
//! tests against a real Coolify, cleans up after them and writes a report.
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
#[cfg(test)]
mod scrub;
mod target;

use std::future::Future;
use std::pin::Pin;

pub use coolify_sdk_tests_macros::live_test;
pub use inventory;

pub use self::context::Live;
pub use self::harness::main;
pub use self::key::new_private_key;
pub use self::leftover::{Found, Leftover};
pub use self::outcome::{Outcome, Stop};
pub use self::report::{Called, Ran, Report, Result as TestResult, UNREACHED};

/// The prefix of all names that live tests use.
pub const PREFIX: &str = "sdk-live-";

/// The prefix of the keys of variables, which are usually upper case.
pub const KEY_PREFIX: &str = "SDK_LIVE_";

/// A test, as `#[live_test]` lists it.
pub struct LiveTest {
    /// The module and the name.
    pub name: &'static str,
    /// The requirements.
    pub needs: Needs,
    /// The test itself.
    pub run: fn(Live) -> Pin<Box<dyn Future<Output = Outcome> + Send>>,
}

inventory::collect!(LiveTest);

/// The requirements of a test.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// The abilities of the token besides `read`.
    pub abilities: &'static [&'static str],
    /// The first Coolify that supports it.
    pub since: Option<&'static str>,
    /// Whether the test runs something on a server.
    pub server: bool,
}
