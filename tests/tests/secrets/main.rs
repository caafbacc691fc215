//! Secrets in all types: what Debug shows of every reply, and that no field with
//! the name of a secret is plain text.

mod names;
mod repeated;
mod replies;
mod shapes;
