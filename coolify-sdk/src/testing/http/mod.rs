//! Receives requests and answers them: tokens, routes, replies, faults.

pub(super) mod auth;
pub(super) mod call;
pub(super) mod fault;
pub(super) mod multipart;
mod newer_versions;
mod older_versions;
pub(super) mod php;
pub(super) mod received;
mod release;
mod reply;
pub(super) mod routes;

pub(super) use self::{
    call::Call,
    release::Release,
    reply::{Answer, Reply},
};
