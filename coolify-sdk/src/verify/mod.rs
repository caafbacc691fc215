//! Updates that are read back: what took effect, and what did not.
//!
//! [`Request::verified`](crate::Request::verified) turns an update into one that
//! answers with an [`UpdateReport`].

mod compare;
mod fields;
mod markup;
mod report;
mod run;
mod table;

pub use report::{
    DropReason, IgnoredField, ReroutedField, UnseenField, UnseenReason, UpdateReport,
};
pub use run::{Subject, Verify};

#[cfg(feature = "applications")]
pub(crate) use fields::APPLICATION;
pub(crate) use run::run;
pub use table::Table;
