//! The version that the fake imitates.

use crate::{
    Version,
    operations::{Ability, Operation, Versions},
};

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

    /// Returns whether this is the version or a newer one.
    pub(in crate::testing) fn is_at_least(self, version: &Version) -> bool {
        self >= Self([version.major(), version.minor(), version.patch()])
    }

    /// Returns whether this version has what these versions have.
    pub(in crate::testing) fn is_of(self, versions: &Versions) -> bool {
        let is_over = match (&versions.gone_since, &versions.until) {
            (Some(gone), _) => self.is_at_least(gone),
            (None, Some(until)) => self.is_at_least(until) && !self.is_exactly(until),
            (None, None) => false,
        };
        self.is_at_least(&versions.since) && !is_over
    }

    fn is_exactly(self, version: &Version) -> bool {
        self.0 == [version.major(), version.minor(), version.patch()]
    }

    /// Returns the ability that this version asks for.
    pub(in crate::testing) fn ability(self, operation: &Operation) -> Option<Ability> {
        let [major, minor, patch] = self.0;
        operation.ability_on(&Version::new(major, minor, patch))
    }
}
