//! Sends an update and reads it back.

use std::future::Future;

use serde::Serialize;
use serde_json::{Map, Value};

use super::compare::Verdict;
use super::report::{DropReason, IgnoredField, ReroutedField, UnseenField, UpdateReport};
use super::table::Table;
use crate::error::{Error, ErrorKind, FieldError, Result};
use crate::request::Body;
use crate::{Coolify, Exposed, Uuid, Version};

/// The resource of an update, and how it is read back.
#[derive(Clone, Debug)]
pub struct Subject {
    operation: &'static str,
    uuids: Vec<Uuid>,
}

impl Subject {
    /// Reads back the resource with this uuid by this operation.
    pub(crate) fn new(operation: &'static str, uuid: &Uuid) -> Self {
        Self {
            operation,
            uuids: vec![uuid.clone()],
        }
    }

    /// Reads back a part of a resource, such as one container of a service.
    #[cfg(feature = "services")]
    pub(crate) fn part(mut self, uuid: &Uuid) -> Self {
        self.uuids.push(uuid.clone());
        self
    }

    async fn read(&self, coolify: &Coolify) -> Result<Value> {
        coolify.raw().read_json(self.operation, &self.uuids).await
    }
}

/// The body of an update that can be [verified](super::Verified).
pub trait Verify: Body + Serialize + Send + 'static {
    #[doc(hidden)]
    fn table() -> &'static Table;

    /// Returns whether a field may have to be sent as another field.
    #[doc(hidden)]
    fn may_reroute(&self) -> bool {
        false
    }

    /// Moves a value to the field that the resource accepts. Returns the field
    /// that was set and the field that is sent.
    #[doc(hidden)]
    fn reroute(&mut self, _current: &Value) -> Option<(&'static str, &'static str)> {
        None
    }
}

/// The first Coolify that takes the port out of a domain and keeps it where the API
/// does not show it. It stays in force if the domain is written without a port later.
/// The evidence is Coolify's source.
const HIDES_PORTS: Version = Version::new(4, 3, 15);

/// Returns whether the server shows domains without their ports.
pub(crate) async fn hides_ports(coolify: &Coolify) -> bool {
    let version = coolify.version().await;
    version.is_ok_and(|it| !it.is_certainly_before(&HIDES_PORTS))
}

/// Sends `body` by `send`, reads back, and compares.
pub(crate) async fn run<B, R, F>(
    coolify: &Coolify,
    subject: &Subject,
    mut body: B,
    send: impl FnOnce(B) -> F,
) -> Result<UpdateReport>
where
    B: Verify,
    F: Future<Output = Result<R>>,
{
    let rerouted = if body.may_reroute() {
        let current = subject.read(coolify).await?;
        body.reroute(&current)
    } else {
        None
    };
    let mut wanted = wire(&body)?;
    if let Some(shown) = B::table().without_ports(&wanted)
        && hides_ports(coolify).await
    {
        wanted = shown;
    }
    let failure = send(body).await.err();
    if let Some(error) = failure {
        return after(error, coolify, subject, B::table(), &wanted, rerouted).await;
    }
    let seen = subject.read(coolify).await.map_err(|error| {
        error.and_hint(
            "Coolify accepted the update, but the resource could not be read back; read it to \
             see what took effect",
        )
    })?;
    Ok(report(B::table(), &wanted, &seen, rerouted))
}

/// Makes the report after a failed update. Only a refusal that names fields, and
/// a broken connection after the update was carried out, become a report.
async fn after(
    error: Error,
    coolify: &Coolify,
    subject: &Subject,
    table: &Table,
    wanted: &Map<String, Value>,
    rerouted: Option<(&str, &str)>,
) -> Result<UpdateReport> {
    let is_refusal = error.is_validation() && !error.field_errors().is_empty();
    if !is_refusal && !error.outcome_unknown() {
        return Err(error);
    }
    let Ok(seen) = subject.read(coolify).await else {
        return Err(error);
    };
    let mut report = report(table, wanted, &seen, rerouted);
    if is_refusal {
        report.refuse(error.field_errors(), rerouted);
    } else if !report.is_complete() || !report.unseen.is_empty() {
        // A field that cannot be seen may not have been written.
        return Err(error);
    }
    Ok(report)
}

fn wire(body: &impl Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(Exposed(body)) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Error::new(
            ErrorKind::InvalidRequest,
            "the body of an update is not a JSON object",
        )),
    }
}

fn report(
    table: &Table,
    wanted: &Map<String, Value>,
    seen: &Value,
    rerouted: Option<(&str, &str)>,
) -> UpdateReport {
    let mut report = UpdateReport::default();
    for (sent, value) in wanted {
        let set_by = rerouted.filter(|(_, to)| to == sent);
        let field = set_by.map_or(sent.as_str(), |(from, _)| from).to_owned();
        match table.compare(sent, value, seen) {
            Verdict::Same => match set_by {
                Some((_, to)) => report.rerouted.push(ReroutedField {
                    field,
                    to: to.to_owned(),
                }),
                None => report.applied.push(field),
            },
            Verdict::Different(reason) => report.ignored.push(IgnoredField { field, reason }),
            Verdict::Unseen(reason) => report.unseen.push(UnseenField { field, reason }),
            Verdict::Option => {}
        }
    }
    report
}

impl UpdateReport {
    /// Adds the rejected fields. Other fields that do not have the requested
    /// value were rejected together with them.
    fn refuse(&mut self, errors: &[FieldError], rerouted: Option<(&str, &str)>) {
        let is_named = |field: &str| {
            // A rerouted field is rejected by the name of the field that was sent.
            let sent = rerouted.filter(|(from, _)| *from == field);
            let sent = sent.map_or(field, |(_, to)| to);
            errors
                .iter()
                .filter_map(FieldError::field)
                // `urls.0.name` is about `urls`.
                .any(|name| name.split('.').next() == Some(sent))
        };
        self.applied.retain(|field| !is_named(field));
        self.rerouted.retain(|it| !is_named(&it.field));
        self.unseen.retain(|it| !is_named(&it.field));
        self.ignored.retain(|it| !is_named(&it.field));
        for ignored in &mut self.ignored {
            ignored.reason = Some(DropReason::RefusedTogether);
        }
        self.rejected = errors.to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::UnseenReason;

    fn names(fields: &[&str]) -> Vec<String> {
        fields.iter().map(|&field| field.to_owned()).collect()
    }

    fn ignored(field: &str) -> IgnoredField {
        IgnoredField {
            field: field.to_owned(),
            reason: Some(DropReason::NoProxy),
        }
    }

    fn rerouted(field: &str) -> ReroutedField {
        ReroutedField {
            field: field.to_owned(),
            to: "docker_compose_domains".to_owned(),
        }
    }

    fn unseen(field: &str) -> UnseenField {
        UnseenField {
            field: field.to_owned(),
            reason: UnseenReason::NotShown,
        }
    }

    /// Returns a report with each of these fields in each of its lists.
    fn report(fields: &[&str]) -> UpdateReport {
        UpdateReport {
            applied: names(fields),
            ignored: fields.iter().map(|it| ignored(it)).collect(),
            rejected: Vec::new(),
            rerouted: fields.iter().map(|it| rerouted(it)).collect(),
            unseen: fields.iter().map(|it| unseen(it)).collect(),
        }
    }

    fn error(field: Option<&str>) -> FieldError {
        FieldError {
            field: field.map(str::to_owned),
            message: "no".to_owned(),
        }
    }

    #[test]
    fn a_refused_field_is_in_no_other_list() {
        let mut report = report(&["urls", "url", "name"]);
        report.refuse(&[error(Some("urls.0.name")), error(Some("other"))], None);
        assert_eq!(report.applied, ["url", "name"]);
        assert_eq!(report.rerouted, [rerouted("url"), rerouted("name")]);
        assert_eq!(report.unseen, [unseen("url"), unseen("name")]);
        let left: Vec<_> = report.ignored.iter().map(|it| &it.field).collect();
        assert_eq!(left, ["url", "name"]);
        let together = Some(DropReason::RefusedTogether);
        assert!(report.ignored.iter().all(|it| it.reason == together));
        assert_eq!(report.rejected.len(), 2);
    }

    #[test]
    fn a_refusal_without_a_field_names_none() {
        let mut report = report(&["name"]);
        report.refuse(&[error(None)], None);
        assert_eq!(report.applied, ["name"]);
        assert_eq!(report.ignored.len(), 1);
        assert_eq!(report.rejected.len(), 1);
    }

    #[test]
    fn what_was_sent_as_another_field_is_refused_by_its_name() {
        let mut report = report(&["domains", "docker_compose_domains"]);
        report.refuse(
            &[error(Some("docker_compose_domains.0.domain"))],
            Some(("domains", "docker_compose_domains")),
        );
        assert!(report.applied.is_empty() && report.ignored.is_empty());
        assert!(report.rerouted.is_empty() && report.unseen.is_empty());
    }

    #[cfg(feature = "applications")]
    #[test]
    fn only_what_was_sent_as_another_field_is_told_to_be() {
        let wanted = serde_json::json!({
            "name": "web", "docker_compose_domains": [{"name": "web", "domain": null}],
        });
        let seen = serde_json::json!({"name": "web", "docker_compose_domains": null});
        let rerouted = Some(("domains", "docker_compose_domains"));
        let wanted = wanted.as_object().expect("an object");
        let table = crate::raw::types::UpdateApplicationByUuidBody::table();
        let report = super::report(table, wanted, &seen, rerouted);
        assert_eq!(report.applied, ["name"]);
        assert_eq!(report.rerouted, [super::tests::rerouted("domains")]);
        assert!(report.is_applied("domains") && report.is_applied("name"));
        assert!(!report.is_applied("docker_compose_domains"));
    }
}
