//! Names of resources.
//!
//! They become part of labels, folders and readme files. Coolify accepts any name
//! for databases and services. A backup of a database called `coolify-db` is a
//! backup of Coolify's own database.

use crate::scope::beyond::{Beyond, Check};

const COOLIFYS: &str = "coolify-db";

/// Refuses a name.
pub(in crate::scope) fn check(name: &str) -> Check {
    let is_odd = |it: char| it.is_control() || "`$\\\"|;<>".contains(it);
    if name.trim().eq_ignore_ascii_case(COOLIFYS) || name.contains(is_odd) {
        return Err(Beyond::new(
            "a resource of this name",
            "use letters, digits, spaces and plain punctuation; `coolify-db` is Coolify's own",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_coolifys() {
        for name in ["web", "Größe & co (1)", "it's", "a/b:c#1", "coolify-db-2"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in [
            "coolify-db",
            " coolify-db ",
            "COOLIFY-DB",
            "a`id`",
            "$(id)",
            "a\nb",
            "a\";b",
            "a|b",
        ] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
