//! Which Coolify the fake plays.

use crate::operations::Operation;

/// A version, as far as it decides which routes exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Release([u32; 3]);

impl Release {
    /// Reads `4.1.2`; what follows a number, as in `4.3.0-rc.1`, does not count.
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.split('.').map(|part| {
            let digits = part.find(|letter: char| !letter.is_ascii_digit());
            part[..digits.unwrap_or(part.len())].parse().unwrap_or(0)
        });
        Self(std::array::from_fn(|_| parts.next().unwrap_or(0)))
    }

    /// Whether this is the named version or a newer one.
    pub(super) fn has(self, since: &str) -> bool {
        self >= Self::parse(since)
    }

    /// Whether this version has the operation already.
    pub(super) fn knows(self, operation: &Operation) -> bool {
        let since = &operation.since;
        self >= Self([since.major(), since.minor(), since.patch()])
    }
}
