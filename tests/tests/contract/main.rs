//! The generated layer and the overlay match the facts: the fields that each
//! write accepts, the version and the ability of each operation, and a method for
//! every operation.

mod allowlists;
mod callers;
mod generated;
mod notes;
