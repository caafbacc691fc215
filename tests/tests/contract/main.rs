//! The generated layer and the overlay hold against the facts: what each write
//! takes, since when each operation exists and what it needs, and that every
//! one of them has its place in the overlay.

mod allowlists;
mod callers;
mod generated;
mod notes;
