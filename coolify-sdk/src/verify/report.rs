//! The report of an update that was read back.

use std::fmt;

use serde::Serialize;

use crate::FieldError;

/// Reports for each field of an update whether it took effect, according to
/// reading it back.
///
/// Each field that was set is in one of the lists, by its name in the request.
/// `Display` writes one line for each field that did not take effect as
/// requested; it never shows values.
#[must_use = "the report lists the fields that had no effect"]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UpdateReport {
    /// The fields that have the requested value.
    pub applied: Vec<String>,
    /// The fields that have another value than requested.
    pub ignored: Vec<IgnoredField>,
    /// The fields that Coolify rejected, with its messages. It rejects an update
    /// as a whole, so the other fields are then mostly `ignored`.
    pub rejected: Vec<FieldError>,
    /// The fields that took effect as another field, which the SDK sent instead.
    pub rerouted: Vec<ReroutedField>,
    /// The fields whose values could not be seen.
    pub unseen: Vec<UnseenField>,
}

/// A field that has another value than requested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IgnoredField {
    /// The field.
    pub field: String,
    /// The likely reason, if one was found.
    pub reason: Option<DropReason>,
}

/// A field that took effect as another field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ReroutedField {
    /// The field that was set.
    pub field: String,
    /// The field that was sent.
    pub to: String,
}

/// A field whose value could not be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnseenField {
    /// The field.
    pub field: String,
    /// The reason.
    pub reason: UnseenReason,
}

/// Why Coolify ignores a field without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DropReason {
    /// The server runs no proxy, so Coolify stores no domains.
    NoProxy,
    /// The server is a build server, so Coolify stores no domains.
    BuildServer,
    /// The compose file has no service of this name.
    UnknownService,
    /// The resource has no such domain.
    UnknownDomain,
    /// The labels are generated, because "Readonly labels" is on in the settings
    /// of the application.
    GeneratedLabels,
    /// The request was rejected because of other fields.
    RefusedTogether,
}

/// Why the value of a field cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnseenReason {
    /// Coolify shows it only to tokens with `read:sensitive`.
    NeedsReadSensitive,
    /// Coolify does not show it.
    NotShown,
    /// Coolify stores it in a form of its own, so that equal values can look
    /// different.
    Rewritten,
    /// It requests an action, which leaves no trace in the resource.
    Action,
}

impl UpdateReport {
    /// Returns whether every field that can be seen has the requested value.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.ignored.is_empty() && self.rejected.is_empty()
    }

    /// Returns whether this field has the requested value.
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
            Self::RefusedTogether => "it was rejected together with other fields",
        })
    }
}

impl fmt::Display for UnseenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeedsReadSensitive => "the token would need `read:sensitive` to see it",
            Self::NotShown => "Coolify does not show it",
            Self::Rewritten => "Coolify stores it in a form of its own",
            Self::Action => "it leaves no trace in the resource",
        })
    }
}

impl DropReason {
    /// Returns why a server stores no domains, from its proxy (`TRAEFIK`, `NONE`)
    /// and from whether it is a build server.
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

    #[test]
    fn a_report_has_no_empty_lines() {
        let mut report = UpdateReport::default();
        assert_eq!(report.to_string(), "");
        report.unseen.push(UnseenField {
            field: "password".to_owned(),
            reason: UnseenReason::NotShown,
        });
        assert_eq!(
            report.to_string(),
            "unseen: password, Coolify does not show it"
        );
    }
}
