//! Verdicts: which inputs a Coolify accepts, changes and rejects.
//!
//! `fixtures/verdicts/inputs` contains tables of inputs. [`play`] sends each to a
//! server and returns a [`Book`] of the verdicts: accepted unchanged, changed, or
//! rejected with a status for some fields. The live suite writes the book of a
//! real server to `fixtures/verdicts/<version>`, a file for each topic, and
//! `tests/verdicts` plays the same tables against the fake of that version.

mod book;
mod input;
mod play;
mod stage;
mod table;
mod verdict;
mod wire;

pub use self::book::Book;
pub use self::play::play;
pub use self::stage::Stage;
pub use self::table::{Table, Topic, topics};
pub use self::verdict::Verdict;
pub use self::wire::Wire;
