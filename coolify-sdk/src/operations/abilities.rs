//! The abilities of API tokens.

use std::fmt;

use crate::Version;

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
        f.pad(self.as_str())
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

/// An ability that an operation needs in addition to its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlsoNeeds {
    /// The ability.
    pub ability: Ability,
    /// The first version that needs it.
    pub since: Version,
    /// Which requests need it.
    pub when: When,
}

/// The requests that need an additional ability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum When {
    /// All requests.
    Always,
    /// Requests in which this field is true.
    True(&'static str),
    /// Requests in which this field has this value.
    Is(&'static str, &'static str),
    /// Requests of a case that no single field tells. The text completes a sentence
    /// that begins with `if`.
    Case(&'static str),
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::True(field) => write!(f, "if `{field}` is true"),
            Self::Is(field, value) => write!(f, "if `{field}` is `{value}`"),
            Self::Case(case) => write!(f, "if {case}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Operation, operations};

    #[test]
    fn abilities_are_read_as_they_are_written() {
        assert_eq!(
            "write:sensitive".parse::<Ability>().unwrap(),
            Ability::WriteSensitive
        );
        assert!("admin".parse::<Ability>().is_err());
    }

    #[test]
    fn the_ability_is_that_of_the_servers_version() {
        let logs = Operation::find("get-application-logs-by-uuid").unwrap();
        for (server, wanted) in [
            ("4.0.0", Ability::Read),
            ("4.3.24", Ability::Read),
            ("4.4-rc.1", Ability::Read),
            ("4.4.0", Ability::ReadSensitive),
            ("4.9.0", Ability::ReadSensitive),
            ("nightly", Ability::ReadSensitive),
        ] {
            let server = Version::of_server(server).unwrap();
            assert_eq!(logs.ability_on(&server), Some(wanted), "{server}");
        }
        let health = Operation::find("healthcheck").unwrap();
        assert_eq!(health.ability_on(&Version::new(4, 3, 11)), None);
    }

    #[test]
    fn abilities_are_in_the_order_of_their_versions() {
        for operation in operations() {
            let versions = || operation.abilities.iter().map(|(since, _)| since);
            assert!(versions().is_sorted(), "{}", operation.id);
            let first = versions().next();
            assert!(first.is_none_or(|it| *it == operation.versions.since));
        }
    }

    #[test]
    fn cases_complete_a_sentence() {
        let shown = |when: When| when.to_string();
        assert_eq!(shown(When::Always), "always");
        assert_eq!(
            shown(When::True("instant_deploy")),
            "if `instant_deploy` is true"
        );
        assert_eq!(
            shown(When::Is("source", "server")),
            "if `source` is `server`"
        );
        assert_eq!(shown(When::Case("it rains")), "if it rains");
    }
}
