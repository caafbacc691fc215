//! The fake against the recordings, and its own promises.

mod behaviour;
#[cfg(feature = "full")]
mod bulk;
#[cfg(feature = "full")]
mod cassette;
#[cfg(all(feature = "applications", feature = "deployments"))]
mod endings;
#[cfg(feature = "servers")]
mod faults;
#[cfg(feature = "full")]
mod helpers;
mod inputs;
#[cfg(feature = "full")]
mod leftovers;
#[cfg(feature = "full")]
mod newer;
#[cfg(feature = "full")]
mod newer_operations;
mod progress;
#[cfg(all(feature = "applications", feature = "deployments"))]
mod queueing;
#[cfg(all(feature = "applications", feature = "deployments"))]
mod sdk;
#[cfg(feature = "full")]
mod transfers;
#[cfg(feature = "full")]
mod waiting;
mod wire;
