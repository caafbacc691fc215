//! The platform as a process that is spoken to over HTTP, on a fake Coolify.

mod applications;
mod changes;
mod client;
mod customers;
mod quota;
mod recovery;
mod secrets;
mod service;
mod validation;
