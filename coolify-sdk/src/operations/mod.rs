//! Every operation of the API as data: its call, its ability and the first
//! version that has it.

mod bound;

use std::{cmp::Ordering, fmt};

pub(crate) use self::bound::{Bound, ResourceKind, Rows};

use crate::Version;

/// The newest Coolify whose operations are known here. A newer server is spoken to as
/// this one is.
pub const NEWEST: Version = crate::raw::operations::NEWEST;

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or starts something.
    Post,
    /// Changes some fields.
    Patch,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// Returns the method as it is written in a request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An ability of an API token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ability {
    /// `read`: read everything but secrets.
    Read,
    /// `read:sensitive`: read secrets too.
    ReadSensitive,
    /// `write`: create, change and delete.
    Write,
    /// `write:sensitive`: change settings of the instance that hold secrets.
    WriteSensitive,
    /// `deploy`: deploy, start, stop and restart.
    Deploy,
    /// `root`: everything.
    Root,
}

impl Ability {
    /// Returns the ability, as Coolify writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadSensitive => "read:sensitive",
            Self::Write => "write",
            Self::WriteSensitive => "write:sensitive",
            Self::Deploy => "deploy",
            Self::Root => "root",
        }
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Ability {
    /// Returns the ability with this name.
    pub(crate) fn of_name(text: &str) -> Option<Self> {
        [
            Self::Read,
            Self::ReadSensitive,
            Self::Write,
            Self::WriteSensitive,
            Self::Deploy,
            Self::Root,
        ]
        .into_iter()
        .find(|ability| ability.as_str() == text)
    }
}

/// One operation of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The operation id, as in `create-project`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below `/api/v1`, with its parameters in braces.
    pub path: &'static str,
    /// The part of the API it belongs to.
    pub tag: &'static str,
    /// The first Coolify that has it.
    pub since: Version,
    /// The ability that a token needs; `None` if it needs none.
    pub ability: Option<Ability>,
    /// Whether Coolify's own document mentions it.
    pub documented: bool,
    /// Before this version, the operation only accepts GET.
    pub get_until: Option<Version>,
    /// What a client that is bound to a project may do with it.
    pub(crate) bound: Bound,
    /// Whether it builds an application.
    pub(crate) builds: bool,
    /// Whether it ends with a clean-up of the whole server, unless the request
    /// declines it.
    pub(crate) cleans_server: bool,
}

impl Operation {
    /// Returns the operation with this id. Hyphens and underscores count as
    /// equal.
    ///
    /// ```
    /// use coolify_sdk::operations::Operation;
    ///
    /// let operation = Operation::find("create-project").expect("Coolify has projects");
    /// assert_eq!(operation.path, "/projects");
    /// ```
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        let operations = operations();
        operations
            .binary_search_by(|operation| compare_ids(operation.id, id))
            .ok()
            .and_then(|index| operations.get(index))
    }
}

/// Returns every operation that this SDK knows, sorted by id.
#[must_use]
pub fn operations() -> &'static [Operation] {
    crate::raw::operations::OPERATIONS
}

/// Generated method names write an underscore where the ids have a hyphen.
fn compare_ids(left: &str, right: &str) -> Ordering {
    let hyphenated = |byte| if byte == b'_' { b'-' } else { byte };
    left.bytes()
        .map(hyphenated)
        .cmp(right.bytes().map(hyphenated))
}

#[cfg(test)]
mod tests {
    use super::{Ability, Operation, compare_ids, operations};

    #[test]
    fn the_table_is_sorted_and_found() {
        assert!(operations().is_sorted_by(|a, b| compare_ids(a.id, b.id).is_lt()));
        for operation in operations() {
            assert_eq!(Operation::find(operation.id), Some(operation));
        }
        assert!(Operation::find("create_project").is_some());
        assert!(Operation::find("no-such-operation").is_none());
    }

    #[test]
    fn abilities_are_read_as_they_are_written() {
        assert_eq!(
            "write:sensitive".parse::<Ability>().unwrap(),
            Ability::WriteSensitive
        );
        assert!("admin".parse::<Ability>().is_err());
    }
}
