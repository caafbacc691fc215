//! The one way to the wire: authentication, pacing, retry, tracing, decoding.

mod ask;
pub(crate) mod base_url;
mod belonging;
mod call;
mod connections;
pub(crate) mod limit;
mod line;
pub(crate) mod pacing;
mod reply;
pub(crate) mod retry;
pub(crate) mod runtime;
mod server_version;
mod shared;
pub(crate) mod tls;

pub use self::call::{Call, Client};
pub(crate) use self::{
    ask::Ask,
    connections::Connections,
    limit::Limit,
    line::Line,
    server_version::ServerVersion,
    shared::{Credentials, Options, Shared},
};
