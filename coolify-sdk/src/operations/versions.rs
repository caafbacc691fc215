//! The versions of Coolify that have an operation, or take a field.

use std::fmt;

use super::NEWEST;
use crate::{Version, raw::operations::ENDS_OF_SERIES};

/// The versions of Coolify that have an operation, or take a field of a request.
///
/// `Display` writes them as in the documentation: `since 4.4.0`, or
/// `4.3.0 to 4.3.23`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Versions {
    /// The first version that is known to have it.
    pub since: Version,
    /// The last version that is known to have it; `None` if the newest has it.
    pub until: Option<Version>,
    /// The newest version that is known not to have it yet, if that is not the one
    /// before `since`.
    pub(crate) lacked_until: Option<Version>,
    /// The first version that is known not to have it any more, if that is not the
    /// one after `until`.
    pub(crate) gone_since: Option<Version>,
}

/// Whether a server has an operation, or takes a field, as far as its version tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Availability {
    /// The server has it.
    Available,
    /// The server is older than the first version that has it.
    NotYet,
    /// The server is newer than the last version that had it.
    NoLonger,
    /// The version proves nothing. The server has to be asked, as this SDK does.
    Unknown,
}

impl Versions {
    /// Returns whether a server of this version has it.
    ///
    /// Some versions prove nothing: a pre-release, which sorts after versions whose
    /// changes it lacks; a later release of an old series, which may contain what
    /// newer series have; and a version that is newer than [`NEWEST`] after a
    /// removal.
    ///
    /// ```
    /// use coolify_sdk::{Version, operations::{Availability, Operation}};
    ///
    /// let claim = Operation::find("claim-server").expect("some versions have it");
    /// let on = |version: &str| Ok::<_, coolify_sdk::Error>(claim.versions.on(&version.parse()?));
    /// assert_eq!(on("4.1.2")?, Availability::NotYet);
    /// assert_eq!(on("4.3.11")?, Availability::Available);
    /// assert_eq!(on("4.4.2")?, Availability::NoLonger);
    /// assert_eq!(on("4.2.1")?, Availability::Unknown);
    /// # Ok::<(), coolify_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn on(&self, server: &Version) -> Availability {
        if is_backport(server) {
            return self.on_backport(server);
        }
        let is_too_old = match &self.lacked_until {
            Some(lacked) => !lacked.is_certainly_before(server),
            None => server.is_certainly_before(&self.since),
        };
        if is_too_old {
            return Availability::NotYet;
        }
        let is_over = match (&self.gone_since, &self.until) {
            (Some(gone), _) => server >= gone,
            (None, Some(until)) => server > until,
            (None, None) => false,
        };
        if is_over {
            return if server.is_prerelease() || *server > NEWEST {
                Availability::Unknown
            } else {
                Availability::NoLonger
            };
        }
        let is_after_until = self.until.as_ref().is_some_and(|until| server > until);
        if server.is_prerelease() || *server < self.since || is_after_until {
            Availability::Unknown
        } else {
            Availability::Available
        }
    }

    /// A backport has what the last regular release of its series has.
    fn on_backport(&self, server: &Version) -> Availability {
        let end = ENDS_OF_SERIES
            .iter()
            .find(|end| is_of_one_series(end, server));
        match end {
            Some(end) if self.until.is_none() && self.on(end) == Availability::Available => {
                Availability::Available
            }
            _ => Availability::Unknown,
        }
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.until {
            None => write!(f, "since {}", self.since),
            Some(until) if *until == self.since => write!(f, "{until} only"),
            Some(until) => write!(f, "{} to {until}", self.since),
        }
    }
}

/// Returns whether this is a release that came after the last regular one of its
/// series.
fn is_backport(version: &Version) -> bool {
    ENDS_OF_SERIES
        .iter()
        .any(|end| is_of_one_series(end, version) && version > end)
}

fn is_of_one_series(left: &Version, right: &Version) -> bool {
    (left.major(), left.minor()) == (right.major(), right.minor())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::of_server(text).unwrap()
    }

    fn versions(after: &str, since: &str, until: &str, gone: &str) -> Versions {
        let some = |text: &str| (!text.is_empty()).then(|| version(text));
        Versions {
            since: version(since),
            until: some(until),
            lacked_until: some(after),
            gone_since: some(gone),
        }
    }

    fn check(versions: &Versions, wanted: Availability, servers: &[&str]) {
        for server in servers {
            assert_eq!(
                versions.on(&version(server)),
                wanted,
                "{versions}: {server}"
            );
        }
    }

    #[test]
    fn what_came_with_a_release_is_not_in_older_ones() {
        use Availability::{Available, NotYet, Unknown};
        let it = versions("", "4.3.15", "", "");
        check(
            &it,
            NotYet,
            &["4.0.0", "4.1.2", "4.2.0", "4.3.14", "4.3.2-dev.0a1b2c3d4"],
        );
        check(
            &it,
            Available,
            &["4.3.15", "4.3.24", "4.4.0", "4.5.0", "4.9.9", "nightly"],
        );
        // Backports of older series, release candidates and rolling builds.
        check(
            &it,
            Unknown,
            &[
                "4.0.1",
                "4.1.3",
                "4.2.1",
                "4.4-rc.1",
                "4.4-rc.1.0a1b2c3",
                "4.3.15-rc.1",
            ],
        );
        // The last series has not ended with the newest version that is known.
        check(&it, Available, &["4.3.25", "4.4.8", "4.5.1"]);
    }

    #[test]
    fn what_a_series_had_its_later_releases_have() {
        let it = versions("", "4.1.0", "", "");
        check(&it, Availability::Available, &["4.1.3", "4.2.1"]);
        check(&it, Availability::Unknown, &["4.0.1"]);
    }

    #[test]
    fn between_two_known_versions_nothing_is_proven() {
        use Availability::{Available, NotYet, Unknown};
        let it = versions("4.3.11", "4.3.23", "", "");
        check(&it, NotYet, &["4.2.0", "4.3.11"]);
        check(&it, Unknown, &["4.3.12", "4.3.22"]);
        check(&it, Available, &["4.3.23", "4.4.0"]);
    }

    #[test]
    fn what_was_removed_is_refused_up_to_the_newest_known_version() {
        use Availability::{Available, NoLonger, Unknown};
        let it = versions("", "4.3.0", "4.3.23", "4.4.0");
        check(&it, Available, &["4.3.0", "4.3.11", "4.3.23"]);
        check(
            &it,
            Unknown,
            &["4.3.24", "4.4-rc.1", "4.2.1", "4.3.25", "4.4.8"],
        );
        check(&it, NoLonger, &["4.4.0", "4.4.7", "4.5.0"]);
        // A newer Coolify may have it again.
        check(&it, Unknown, &["4.5.1", "4.6.0", "nightly"]);
        let adjacent = versions("", "4.0.0", "4.3.21", "");
        check(&adjacent, Available, &["4.0.0", "4.3.21"]);
        check(&adjacent, NoLonger, &["4.3.22", "4.4.2"]);
        check(&adjacent, Unknown, &["4.0.1"]);
    }

    #[test]
    fn versions_are_shown_as_people_write_them() {
        assert_eq!(versions("", "4.4.0", "", "").to_string(), "since 4.4.0");
        assert_eq!(
            versions("", "4.3.0", "4.3.23", "4.4.0").to_string(),
            "4.3.0 to 4.3.23"
        );
        assert_eq!(versions("", "4.4.0", "4.4.0", "").to_string(), "4.4.0 only");
    }
}
