//! The fake against the recordings, and its own promises.

mod behaviour;
#[cfg(feature = "servers")]
mod faults;
mod endings;
#[cfg(all(feature = "applications", feature = "deployments"))]
mod sdk;
#[cfg(feature = "full")]
mod waiting;
mod wire;
