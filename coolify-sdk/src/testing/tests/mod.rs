//! The fake against the recordings, and its own promises.

mod behaviour;
mod journey;
mod table;
mod wire;
