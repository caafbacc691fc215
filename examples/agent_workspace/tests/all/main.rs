//! The agent's workspace, driven by clients.

mod bounds;
mod cancel;
mod common;
mod http;
mod scenarios;
mod secrets;
