//! The errors of a search.

use std::fmt::Write as _;

use super::target::Found;
use crate::error::{Detail, Error, ErrorKind};
use crate::estate::overview::Unread;

/// The matches, as a detail of an error.
struct Matches(Vec<Found>);

impl Detail for Matches {}

pub(super) fn empty(noun: &str) -> Error {
    Error::new(
        ErrorKind::InvalidRequest,
        format!("the name of the {noun} to find is empty"),
    )
}

pub(super) fn none<'a>(
    noun: &str,
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
    unread: &[Unread],
) -> Error {
    let mut summary = format!("no {noun} has the name, address or uuid {wanted:?}");
    for unread in unread {
        // Writing to a text cannot fail.
        let _ = write!(summary, "; {unread}");
    }
    Error::new(ErrorKind::NotFound, summary).suggesting(wanted, names)
}

pub(super) fn several(wanted: &str, found: Vec<Found>) -> Error {
    let named: Vec<_> = found.iter().map(|it| format!("the {it}")).collect();
    let count = found.len();
    Error::new(
        ErrorKind::Ambiguous,
        format!("{wanted:?} matches {count} things: {}", named.join(", ")),
    )
    .with_hint("use the path `project/environment/name` or the uuid")
    .with_detail(Matches(found))
}

pub(super) fn several_of_a_kind<'a>(
    noun: &str,
    wanted: &str,
    uuids: impl Iterator<Item = &'a str>,
) -> Error {
    let uuids: Vec<_> = uuids.collect();
    Error::new(
        ErrorKind::Ambiguous,
        format!(
            "{wanted:?} is the name of {} {noun}s: {}",
            uuids.len(),
            uuids.join(", ")
        ),
    )
    .with_hint("use the uuid")
}

impl Error {
    /// Returns whether a name or a domain matches several things:
    /// [`matches`](Self::matches) returns them.
    ///
    /// # Troubleshooting
    ///
    /// Use the path `project/environment/name` or the uuid.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.kind() == ErrorKind::Ambiguous
    }

    /// Returns all matches of an ambiguous name or domain.
    #[must_use]
    pub fn matches(&self) -> &[Found] {
        self.detail::<Matches>().map_or(&[], |it| &it.0)
    }
}
