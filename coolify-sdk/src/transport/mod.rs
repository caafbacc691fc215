//! The one way to the network: authentication, pacing, retry, tracing, decoding.

mod attempts;
pub(crate) mod base_url;
mod belonging;
mod body;
mod call;
mod connections;
pub(crate) mod form;
mod gate;
pub(crate) mod limit;
mod lookup;
#[cfg(feature = "testing")]
mod observe;
mod outgoing;
#[cfg(feature = "blocking")]
pub(crate) mod own_runtime;
pub(crate) mod pacing;
#[cfg(feature = "diagnose")]
mod probe;
mod reply;
pub(crate) mod retry;
mod retry_budget;
pub(crate) mod runtime;
mod server_version;
mod shared;
pub(crate) mod tls;
#[cfg(feature = "estate")]
mod turns;
mod untyped;

use std::{future::Future, pin::Pin};

pub use self::{
    attempts::Attempt,
    body::Body,
    call::{Call, Client},
    retry_budget::RetryBudget,
};
pub(crate) use self::{
    attempts::OnAttempt,
    call::{CallBuilder, awaitable},
    connections::Connections,
    gate::{Gate, Passage},
    limit::Limit,
    lookup::Lookup,
    outgoing::OutgoingRequest,
    retry_budget::Purse,
    server_version::ServerVersion,
    shared::{Credentials, Options, Shared},
};

#[cfg(feature = "testing")]
pub(crate) use self::observe::Observe;
#[cfg(feature = "diagnose")]
pub(crate) use self::probe::{Probe, Seen};
#[cfg(feature = "estate")]
pub(crate) use self::turns::Turns;

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
