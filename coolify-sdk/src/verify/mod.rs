//! Updates that are read back, to report which fields took effect.
//!
//! `verified()` turns an update into a [`Verified`], which returns an
//! [`UpdateReport`].

mod compare;
mod markup;
mod report;
mod run;
mod table;
#[cfg(all(test, feature = "full"))]
mod tests;
mod verified;

pub use report::{
    DropReason, IgnoredField, ReroutedField, UnseenField, UnseenReason, UpdateReport,
};
pub(crate) use run::{Subject, Verify, hides_ports};

pub(crate) use run::run;
pub(crate) use table::{Field, Form, Table, verifies};
pub use verified::Verified;
