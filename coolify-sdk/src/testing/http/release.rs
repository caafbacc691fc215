//! The version that the fake imitates.

use crate::{Version, operations::Operation};

/// The parts of a version that decide which routes exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::testing) struct Release([u32; 3]);

impl Release {
    /// Parses `4.1.2`; a pre-release, such as `4.3.0-rc.1`, counts as its
    /// release. An invalid version counts as newer than every other, as it does
    /// for a client.
    pub(in crate::testing) fn parse(text: &str) -> Self {
        let newest = Self([u32::MAX; 3]);
        Version::of_server(text).map_or(newest, |it| Self([it.major(), it.minor(), it.patch()]))
    }

    /// Returns whether this is the named version or a newer one.
    pub(in crate::testing) fn has(self, since: &str) -> bool {
        self >= Self::parse(since)
    }

    /// Returns whether this version has the operation.
    pub(in crate::testing) fn knows(self, operation: &Operation) -> bool {
        let since = &operation.since;
        self >= Self([since.major(), since.minor(), since.patch()])
    }
}
