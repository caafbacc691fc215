//! The version of the server, and what the SDK knows of it.

use super::{Outcome, Visit};
use crate::{
    Version,
    diagnose::finding::Finding,
    operations::{Availability, NEWEST, NEWEST_RECORDED, operations},
};

/// The oldest version that the SDK supports.
const OLDEST: Version = Version::new(4, 0, 0);

pub(super) fn check(visit: &Visit) -> Outcome {
    match visit.version() {
        Some(version) => of(&version),
        None => Outcome::NotReached,
    }
}

fn of(version: &Version) -> Outcome {
    if version.is_unreadable() {
        return Outcome::Found(
            Finding::info("The server reports something that is not a version.")
                .value("version", version)
                .next("The SDK treats it as the newest version that it knows."),
        );
    }
    if *version < OLDEST {
        return Outcome::Found(
            Finding::warning(format!("The SDK supports Coolify {OLDEST} and newer."))
                .value("version", version)
                .next("Update Coolify."),
        );
    }
    if *version > NEWEST {
        return Outcome::Found(
            Finding::info(format!(
                "The server is newer than Coolify {NEWEST}, the newest that this SDK knows."
            ))
            .value("version", version)
            .next("Update the SDK when there is a newer one. It treats the server like the newest version that it knows."),
        );
    }
    if version.is_prerelease() {
        return Outcome::Found(
            Finding::info("The server runs a pre-release, and nobody knows what it has.")
                .value("version", version)
                .next("The SDK sends each call, and says if the server does not have it."),
        );
    }
    let known = operations().iter();
    let has = known.filter(|it| it.versions.on(version) == Availability::Available);
    let source = if *version <= NEWEST_RECORDED {
        "checked against real servers"
    } else {
        "known from Coolify's source"
    };
    Outcome::Passed(format!(
        "Coolify {version}, {source}: {} of {} operations",
        has.count(),
        operations().len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::Severity;

    #[test]
    fn a_version_is_judged_by_what_is_known_of_it() {
        let severity = |text: &str| match of(&Version::of_server(text).unwrap()) {
            Outcome::Found(finding) => Some(finding.severity),
            _ => None,
        };
        assert_eq!(severity("4.3.11"), None);
        assert_eq!(severity("4.5.0"), None);
        assert_eq!(severity("4.9.0"), Some(Severity::Info));
        assert_eq!(severity("nightly"), Some(Severity::Info));
        assert_eq!(severity("3.12.0"), Some(Severity::Warning));
    }
}
