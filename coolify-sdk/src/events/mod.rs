//! Events that Coolify sends to the webhook of a team.
//!
//! Coolify sends its notifications to a URL of yours if they are enabled: see
//! [`notifications`](crate::notifications), or *Notifications*, *Webhook* in the
//! dashboard. [`Event::parse`] reads one from the body of a request, and
//! [`Receiver`] is a service that takes them, for `axum`, `tower` or `hyper`.
//!
//! Coolify sends a notification once, and neither signs nor numbers it. So a receiver
//! has to be recognised by a secret in its URL, and an event can be lost while the
//! receiver is down. [`Coolify::watch`](crate::Coolify::watch) polls as well, and
//! notices lasting changes that the webhook missed.
//!
//! The payloads are known from Coolify's source, from 4.0.0 to 4.3.11.

mod event;
mod payload;
mod receiver;
mod seen;
mod watch;

pub use event::Event;
pub use payload::{
    BackupEvent, CleanupEvent, ContainerEvent, DeploymentEvent, DiskEvent, OutdatedProxy,
    PatchEvent, ProxyEvent, ResourceEvent, ServerEvent, TaskEvent, TestEvent, UnknownEvent,
};
pub use receiver::{Answer, Events, Receiver, Response};
pub use watch::{SeenBy, Watch, WatchedEvent};
