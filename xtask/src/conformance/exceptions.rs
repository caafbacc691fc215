//! Fields and routes that servers accept and the document excludes, with the
//! reasons.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::finding::{Class, Finding};

/// The contents of `spec/conformance.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exceptions {
    #[serde(default)]
    ignored_fields: Vec<IgnoredFields>,
    #[serde(default)]
    left_out_routes: Vec<LeftOutRoute>,
}

/// Fields that a server accepts without an error and without effect.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoredFields {
    operations: Vec<String>,
    /// Pointers into the request body, in which `*` stands for any index.
    fields: Vec<String>,
    reason: String,
}

/// A route that exists and that the document leaves out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOutRoute {
    /// Method and path.
    route: String,
    reason: String,
}

impl Exceptions {
    /// Reads the file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path);
        text.map_err(anyhow::Error::from)
            .and_then(|text| Ok(yaml_serde::from_str(&text)?))
            .with_context(|| format!("reading {}", path.display()))
    }

    /// Returns the reason why the document lacks a field that the server accepts.
    pub fn ignored(&self, operation: &str, finding: &Finding) -> Option<&str> {
        let field = finding.pointer.family().strip_prefix("/request/body")?;
        let applies = |entry: &&IgnoredFields| {
            entry.operations.iter().any(|id| id == operation)
                && entry.fields.iter().any(|pointer| pointer == field)
        };
        let entry = self.ignored_fields.iter().find(applies)?;
        (finding.class == Class::Unknown).then_some(&*entry.reason)
    }

    /// Returns the reason why the document lacks an existing route.
    pub fn left_out(&self, route: &str) -> Option<&str> {
        let entry = self
            .left_out_routes
            .iter()
            .find(|entry| entry.route == route)?;
        Some(&entry.reason)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::pointer::Pointer;
    use super::*;

    /// Returns a small example of the file.
    pub fn exceptions() -> Exceptions {
        yaml_serde::from_str(
            "
            ignored-fields:
              - operations: [create-team, update-teams]
                fields: [/nick, /data/*/nick]
                reason: there are no nicknames
            left-out-routes:
              - route: POST /teams/old
                reason: removed in 2.0.0
            ",
        )
        .unwrap()
    }

    fn unknown(pointer: &Pointer) -> Finding {
        let text = String::new;
        Finding {
            class: Class::Unknown,
            pointer: pointer.clone(),
            at: text(),
            declared: text(),
            seen: text(),
        }
    }

    #[test]
    fn a_field_is_ignored_where_the_file_says_so() {
        let exceptions = exceptions();
        let body = Pointer::new("/request/body");
        let nick = unknown(&body.field("nick"));
        assert!(exceptions.ignored("create-team", &nick).is_some());
        assert!(exceptions.ignored("delete-team", &nick).is_none());
        let in_list = unknown(&body.field("data").entry("3").field("nick"));
        assert!(exceptions.ignored("update-teams", &in_list).is_some());
        let in_reply = unknown(&Pointer::new("/response/json").field("nick"));
        assert!(exceptions.ignored("create-team", &in_reply).is_none());
    }

    #[test]
    fn a_mistyped_field_is_not_an_ignored_one() {
        let nick = Pointer::new("/request/body").field("nick");
        let mistyped = Finding {
            class: Class::Type,
            ..unknown(&nick)
        };
        assert!(exceptions().ignored("create-team", &mistyped).is_none());
    }
}
