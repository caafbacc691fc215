//! Updates that are read back, to report which fields took effect.
//!
//! `verified()` turns an update into a [`Verified`], which returns an
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
