//! Which Coolify the fake plays.

use crate::{Version, operations::Operation};

/// A version, as far as it decides which routes exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::testing) struct Release([u32; 3]);

impl Release {
    /// Reads `4.1.2`; what makes a pre-release, as in `4.3.0-rc.1`, does not count.
    /// What is no version counts as newer than every other, as it does for a client.
    pub(in crate::testing) fn parse(text: &str) -> Self {
        let newest = Self([u32::MAX; 3]);
        Version::of_server(text).map_or(newest, |it| Self([it.major(), it.minor(), it.patch()]))
    }

    /// Whether this is the named version or a newer one.
    pub(in crate::testing) fn has(self, since: &str) -> bool {
        self >= Self::parse(since)
    }

    /// Whether this version has the operation already.
    pub(in crate::testing) fn knows(self, operation: &Operation) -> bool {
        let since = &operation.since;
        self >= Self([since.major(), since.minor(), since.patch()])
    }
}
