//! The fake against the recordings, and its own promises.

mod behaviour;
mod journey;
#[cfg(all(feature = "applications", feature = "deployments"))]
mod sdk;
mod table;
#[cfg(feature = "full")]
mod waiting;
mod wire;
