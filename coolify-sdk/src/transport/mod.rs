//! The one way to the wire: authentication, pacing, retry, tracing, decoding.

mod ask;
pub(crate) mod base_url;
mod call;
mod line;
pub(crate) mod pacing;
mod reply;
pub(crate) mod retry;
mod shared;
pub(crate) mod tls;

pub use self::call::{Call, Client};
pub(crate) use self::{
    ask::Ask,
    line::Line,
    shared::{Credentials, Options, Shared},
};
