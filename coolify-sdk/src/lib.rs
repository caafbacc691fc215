//! A truthful Rust SDK for Coolify.

mod client;
mod config;
mod error;
pub mod operations;
pub mod raw;
mod transport;
mod version;

pub use self::{
    client::Coolify,
    config::CoolifyBuilder,
    error::{Conflict, Error, ErrorKind, ErrorReply, FieldError, Result},
    transport::{pacing::Pacing, retry::RetryPolicy},
    version::Version,
};
