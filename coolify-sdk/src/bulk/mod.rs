//! Performs one action on many resources: deploys, restarts, stops or starts them, sets
//! an environment variable, or moves them to another environment.
//!
//! [`Coolify::select`](crate::Coolify::select) selects resources by their project,
//! environment, server, tag or kind, or by a condition. The action returns a [`Bulk`]:
//! awaiting it does everything. [`plan`](Bulk::plan) lists beforehand what happens to
//! each resource, and which resources are left out and why.
//!
//! ```no_run
//! # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
//! let plan = coolify.select().project("shop").tag("web").restart().plan().await?;
//! println!("{plan}");
//! let outcome = plan.run().wait().await;
//! println!("{outcome}");
//! # Ok(()) }
//! ```
//!
//! A [`BulkRun`] can be watched while it runs and stopped at any time, for example when
//! the user presses Ctrl-C. No resource is lost: the outcome contains each selected
//! resource exactly once.
//!
//! ```no_run
//! # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
//! # async fn ctrl_c() {}
//! let deploy = coolify.select().project("shop").deploy().stop_after_failures(3);
//! let mut run = deploy.plan().await?.run();
//! loop {
//!     tokio::select! {
//!         event = run.next() => match event {
//!             Some(event) => println!("{event} ({})", event.progress),
//!             None => break,
//!         },
//!         () = ctrl_c() => break,
//!     }
//! }
//! let outcome = run.into_outcome();
//! for one in &outcome.unknown {
//!     println!("{}: it may have been done", one.resource);
//! }
//! # Ok(()) }
//! ```

mod action;
mod event;
mod outcome;
mod plan;
mod request;
mod run;
mod selection;

pub use action::BulkAction;
pub use event::{BulkEvent, BulkProgress, BulkStep};
pub use outcome::{BulkDone, BulkFailed, BulkOutcome, BulkResult, BulkUnknown};
pub use plan::{BulkPlan, BulkResource, BulkSkipped, SkipReason};
pub use request::Bulk;
pub use run::BulkRun;
pub use selection::Selection;
