//! The one way to the network: authentication, pacing, retry, tracing, decoding.

mod ask;
pub(crate) mod base_url;
mod belonging;
mod body;
mod call;
mod connections;
mod gate;
pub(crate) mod limit;
mod line;
#[cfg(feature = "testing")]
mod observe;
pub(crate) mod pacing;
mod reply;
pub(crate) mod retry;
pub(crate) mod runtime;
mod server_version;
mod shared;
pub(crate) mod tls;

use std::{future::Future, pin::Pin};

pub(crate) use self::{
    ask::Ask,
    connections::Connections,
    gate::{Gate, Passage},
    limit::Limit,
    line::Line,
    server_version::ServerVersion,
    shared::{Credentials, Options, Shared},
};
pub use self::{
    body::Body,
    call::{Call, Client},
};

#[cfg(feature = "testing")]
pub(crate) use self::observe::Observe;

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
