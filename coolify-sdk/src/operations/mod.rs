//! Every operation of the API as data: its call, the versions that have it, the
//! abilities it needs, and the fields that not every version takes.

mod abilities;
mod bound;
mod fields;
mod versions;

use std::{cmp::Ordering, fmt};

pub(crate) use self::bound::{Bound, Rows};
pub use self::{
    abilities::{Ability, AlsoNeeds, When},
    fields::RequestField,
    versions::{Availability, Versions},
};

use crate::Version;

/// The newest Coolify whose operations are known here, even if only from its source.
/// A newer server is spoken to as this one is.
pub const NEWEST: Version = crate::raw::operations::NEWEST;

/// The newest Coolify whose replies were recorded. What is newer is known from
/// Coolify's source.
pub const NEWEST_RECORDED: Version = crate::raw::operations::NEWEST_RECORDED;

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
        f.pad(self.as_str())
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
    /// The versions of Coolify that have it.
    pub versions: Versions,
    /// The abilities that a token needs, by the first version that needs them; empty
    /// if it needs none. [`ability_on`](Self::ability_on) returns that of a version.
    pub abilities: &'static [(Version, Ability)],
    /// The abilities that are needed in addition, some by some requests only.
    pub also_needs: &'static [AlsoNeeds],
    /// The fields of the request that not every version takes.
    pub fields: &'static [RequestField],
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

    /// Returns the ability that a token needs on the newest Coolify; `None` if it
    /// needs none.
    ///
    /// ```
    /// use coolify_sdk::{Version, operations::{Ability, Operation}};
    ///
    /// let logs = Operation::find("get-database-logs-by-uuid").expect("databases have logs");
    /// assert_eq!(logs.ability(), Some(Ability::ReadSensitive));
    /// assert_eq!(logs.ability_on(&Version::new(4, 3, 11)), Some(Ability::Read));
    /// ```
    #[must_use]
    pub fn ability(&self) -> Option<Ability> {
        self.abilities.last().map(|(_, ability)| *ability)
    }

    /// Returns the ability that a token needs on a server of this version; `None` if
    /// it needs none.
    ///
    /// For a pre-release it is that of the release before, whose changes it is known
    /// to contain.
    #[must_use]
    pub fn ability_on(&self, server: &Version) -> Option<Ability> {
        let (_, oldest) = self.abilities.first()?;
        let in_force = self
            .abilities
            .iter()
            .rev()
            .find(|(since, _)| server >= since);
        Some(in_force.map_or(*oldest, |(_, ability)| *ability))
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
    use super::{Operation, compare_ids, operations};

    #[test]
    fn the_table_is_sorted_and_found() {
        assert!(operations().is_sorted_by(|a, b| compare_ids(a.id, b.id).is_lt()));
        for operation in operations() {
            assert_eq!(Operation::find(operation.id), Some(operation));
        }
        assert!(Operation::find("create_project").is_some());
        assert!(Operation::find("no-such-operation").is_none());
    }
}
