//! An S3 storage that does not work.

use super::Builtin;
use crate::diagnose::{
    facts::TeamFacts,
    finding::{Finding, Subject, SubjectKind},
};

pub(super) const RULE: Builtin = Builtin::of_the_team(
    "s3-unusable",
    "Coolify could not use an S3 storage at the last check.",
    check,
);

fn check(facts: &TeamFacts) -> Vec<Finding> {
    let storages = facts.s3_storages.items().iter();
    let unusable = storages.filter(|it| it.is_usable == Some(false));
    unusable
        .map(|it| {
            let name = Subject::new(SubjectKind::S3Storage, it.name.clone());
            let mut finding = Finding::warning("Coolify could not use the S3 storage at the last check.")
                .about(name.uuid(it.uuid.clone()))
                .value("is_usable", false);
            for (name, value) in [("endpoint", &it.endpoint), ("bucket", &it.bucket)] {
                if let Some(value) = value {
                    finding = finding.value(name, value);
                }
            }
            finding.next(
                "Check its keys, bucket and endpoint, and validate it: \
                 `coolify.s3_storage(uuid).validate()`.",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::samples::{finds_in_team, read, team},
        RULE,
    };
    use crate::diagnose::Severity::Warning;

    #[test]
    fn a_storage_that_does_not_work_is_found() {
        let mut facts = team();
        facts.s3_storages = read(json!([
            {"uuid": "a", "name": "a", "is_usable": false, "endpoint": "https://s3.example"},
            {"uuid": "b", "name": "b", "is_usable": true},
        ]));
        finds_in_team(&RULE, &facts, &[Warning]);
    }
}
