//! Secrets in all types: `Debug` of no reply shows them, and no field with the
//! name of a secret is plain text.

mod names;
mod repeated;
mod replies;
mod repositories;
mod scrubbed;
mod shapes;
mod tape;
mod tapes;
