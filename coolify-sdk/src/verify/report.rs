//! What is known of an update after looking.

use std::fmt;

use serde::Serialize;

use crate::FieldError;

/// What became of an update, field by field, as it was seen by reading back.
///
/// Each field that was set is in one of the lists, under the name that it is set
/// by. `Display` says it in a line for each field that is worth a word; values
/// are never shown.
#[must_use = "the report says what of the update had no effect"]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UpdateReport {
    /// The fields that were seen to be as they were asked for.
    pub applied: Vec<String>,
    /// The fields that were seen to be otherwise than they were asked for.
    pub ignored: Vec<IgnoredField>,
    /// What Coolify refused, in its words. It takes an update as a whole, so that
    /// the other fields are then mostly `ignored`.
    pub rejected: Vec<FieldError>,
    /// The fields that were seen to have taken effect as another field, which the
    /// SDK sent in their place.
    pub rerouted: Vec<ReroutedField>,
    /// The fields of which nothing can be said.
    pub unseen: Vec<UnseenField>,
}

/// A field that is otherwise than it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IgnoredField {
    /// The field.
    pub field: String,
    /// The likely reason, where there is one to be found.
    pub reason: Option<DropReason>,
}

/// A field that took effect as another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReroutedField {
    /// The field that was set.
    pub field: String,
    /// The field that was sent.
    pub to: String,
}

/// A field that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnseenField {
    /// The field.
    pub field: String,
    /// Why not.
    pub reason: UnseenReason,
}

/// Why Coolify leaves something as it was without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DropReason {
    /// The server runs no proxy: there domains are not stored.
    NoProxy,
    /// The server is a build server: there domains are not stored.
    BuildServer,
    /// The compose file has no service of this name.
    UnknownService,
    /// The resource has no such domain.
    UnknownDomain,
    /// The labels are generated: "Readonly labels" is switched on in the
    /// application's settings.
    GeneratedLabels,
    /// The request was refused for the sake of other fields.
    RefusedTogether,
}

/// Why a field cannot be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnseenReason {
    /// Coolify shows it to tokens with `read:sensitive` only.
    NeedsReadSensitive,
    /// Coolify does not show it.
    NotShown,
    /// Coolify writes it in its own way, so that it can be the same and look
    /// different.
    Rewritten,
    /// It asks for something to be done, and leaves no trace in what is read.
    Action,
}

impl UpdateReport {
    /// Whether everything that can be seen is as it was asked for.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.ignored.is_empty() && self.rejected.is_empty()
    }

    /// Whether this field was seen to be as it was asked for.
    #[must_use]
    pub fn is_applied(&self, field: &str) -> bool {
        self.applied.iter().any(|name| name == field)
            || self.rerouted.iter().any(|rerouted| rerouted.field == field)
    }
}

impl fmt::Display for UpdateReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if !self.applied.is_empty() {
            lines.push(format!("applied: {}", self.applied.join(", ")));
        }
        for rerouted in &self.rerouted {
            lines.push(format!("applied: {} as {}", rerouted.field, rerouted.to));
        }
        for IgnoredField { field, reason } in &self.ignored {
            lines.push(match reason {
                Some(reason) => format!("ignored: {field}, {reason}"),
                None => format!("ignored: {field}"),
            });
        }
        for error in &self.rejected {
            lines.push(match error.field() {
                Some(field) => format!("rejected: {field}, {}", error.message()),
                None => format!("rejected: {}", error.message()),
            });
        }
        for UnseenField { field, reason } in &self.unseen {
            lines.push(format!("unseen: {field}, {reason}"));
        }
        f.write_str(&lines.join("\n"))
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoProxy => "the server runs no proxy",
            Self::BuildServer => "the server is a build server",
            Self::UnknownService => "the compose file has no service of this name",
            Self::UnknownDomain => "the resource has no such domain",
            Self::GeneratedLabels => "the labels are generated",
            Self::RefusedTogether => "it was refused together with other fields",
        })
    }
}

impl fmt::Display for UnseenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeedsReadSensitive => "the token would need `read:sensitive` to see it",
            Self::NotShown => "Coolify does not show it",
            Self::Rewritten => "Coolify writes it in its own way",
            Self::Action => "it leaves no trace in what is read",
        })
    }
}

impl DropReason {
    /// Why a server keeps no domains, by its proxy (`TRAEFIK`, `NONE`) and by
    /// whether it is a build server.
    pub(crate) fn of_server(proxy: Option<&str>, builds: Option<bool>) -> Option<Self> {
        if builds == Some(true) {
            return Some(Self::BuildServer);
        }
        proxy
            .is_some_and(|proxy| proxy.eq_ignore_ascii_case("none"))
            .then_some(Self::NoProxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_few_lines() {
        let report = UpdateReport {
            applied: vec!["name".to_owned(), "limits_memory".to_owned()],
            ignored: vec![IgnoredField {
                field: "domains".to_owned(),
                reason: DropReason::of_server(Some("NONE"), Some(false)),
            }],
            ..UpdateReport::default()
        };
        assert!(!report.is_complete());
        assert_eq!(
            report.to_string(),
            "applied: name, limits_memory\nignored: domains, the server runs no proxy"
        );
    }
}
