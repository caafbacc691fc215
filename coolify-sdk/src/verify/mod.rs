//! Updates that are read back: what took effect, and what did not.
//!
//! `verified()` of an update makes it [`Verified`]: it answers with an
//! [`UpdateReport`].

mod compare;
mod fields;
mod markup;
mod report;
mod run;
mod table;
mod verified;

pub use report::{
    DropReason, IgnoredField, ReroutedField, UnseenField, UnseenReason, UpdateReport,
};
pub(crate) use run::{Subject, Verify};

#[cfg(feature = "applications")]
pub(crate) use fields::APPLICATION;
pub(crate) use run::run;
pub(crate) use table::Table;
pub use verified::Verified;
