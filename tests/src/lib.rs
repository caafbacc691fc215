//! Servers for tests that answer with recorded exchanges.
//!
//! A [`Replay`] answers with the replies of a real Coolify, and compares every
//! request of the SDK with the recorded one.

mod example;
pub mod live;
mod lost;
mod newer;
mod recording;
mod replay;
mod shown;
pub mod verdicts;

pub use example::example;
pub use lost::lost;
pub use newer::{has_newest, is_newer_field};
pub use recording::Recording;
pub use replay::Replay;
pub use shown::{Traces, everything, keep_tracing_on};

/// The READMEs' code, compiled as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../../coolify-sdk/README.md")]
pub struct Readme;
