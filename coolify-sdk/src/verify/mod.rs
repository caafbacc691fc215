//! Updates that are read back: what took effect, and what did not.
//!
//! [`Request::verified`](crate::Request::verified) turns an update into one that
//! answers with an [`UpdateReport`].

mod compare;
mod report;
mod run;
mod table;

pub use report::{
    DropReason, IgnoredField, ReroutedField, UnseenField, UnseenReason, UpdateReport,
};
pub use run::{Subject, Verify};

pub(crate) use run::run;
#[cfg(feature = "applications")]
pub(crate) use table::APPLICATION;
pub use table::Table;
