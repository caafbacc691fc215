//! Names of volumes.
//!
//! Coolify puts the resource's uuid in front of the name of a new volume.
//! Renaming a volume can make it refer to any existing volume with that name.

use crate::scope::beyond::{Beyond, Check};

/// The prefixes, before the uuid, of the names that Coolify gives the data
/// volumes of new databases.
const OF_DATABASES: [&str; 9] = [
    "clickhouse-data-",
    "dragonfly-data-",
    "keydb-data-",
    "mariadb-data-",
    "mongodb-configdb-",
    "mongodb-db-",
    "mysql-data-",
    "postgres-data-",
    "redis-data-",
];

/// Refuses a text that is not the name of a volume, because it could be a path of
/// the server.
pub(in crate::scope) fn check_new(name: &str) -> Check {
    if is_name(name) {
        return Ok(());
    }
    Err(Beyond::new(
        "a volume of this name",
        "the name of a volume may contain only letters, digits, `.`, `_` and `-`",
    ))
}

/// Refuses the name of a volume that does not belong to the resource with this
/// uuid.
pub(in crate::scope) fn check_own(name: &str, uuid: &str) -> Check {
    let after_uuid = name.strip_prefix(uuid);
    let is_resources =
        after_uuid.is_some_and(|rest| rest.len() > 1 && rest.starts_with(['-', '_']));
    let is_databases = OF_DATABASES
        .iter()
        .any(|it| name.strip_prefix(it) == Some(uuid));
    if !uuid.is_empty() && is_name(name) && (is_resources || is_databases) {
        return Ok(());
    }
    Err(Beyond::new(
        "a volume of this name",
        "the name has to begin with the uuid of the resource and `-`",
    ))
}

pub(in crate::scope) fn is_name(name: &str) -> bool {
    let is_other = |it: char| !(it.is_ascii_alphanumeric() || "._-".contains(it));
    name.starts_with(|it: char| it.is_ascii_alphanumeric()) && !name.contains(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_own_by_its_whole_form() {
        let uuid = "khzsv5nucvscskrm5gez3p8v";
        for name in [
            "UUID-data",
            "UUID_data",
            "UUID-data-pr-1",
            "postgres-data-UUID",
            "redis-data-UUID",
        ] {
            assert_eq!(
                check_own(&name.replace("UUID", uuid), uuid),
                Ok(()),
                "{name}"
            );
        }
        for name in [
            "",
            "data",
            "UUID",
            "UUID-",
            "UUIDx",
            "x-UUID",
            "other-UUID-data",
            "postgres-data-UUIDx",
            "other-data-UUID",
            "other_UUID",
            "UUID-a/b",
            "UUID-a:b",
            "/UUID-a",
            "../UUID-a",
            "UUID-a b",
            " UUID-a",
            "UUID-a\n",
        ] {
            assert!(
                check_own(&name.replace("UUID", uuid), uuid).is_err(),
                "{name}"
            );
        }
        assert!(check_own("-data", "").is_err());
        for name in ["/etc", "../a", "a:b", "a b", "", "-a", "$A", "a\n"] {
            let beyond = check_new(name).unwrap_err();
            assert!(beyond.hint.contains("only letters"), "{name}");
        }
        assert_eq!(check_new("data-1.x_y"), Ok(()));
    }
}
