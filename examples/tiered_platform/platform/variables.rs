//! The environment variables of an application.

use std::collections::BTreeSet;

use coolify_sdk::envs::BulkApplicationVariable;
use coolify_sdk::{Coolify, Secret, Uuid};

use super::{Platform, refused};
use crate::failure::Failure;
use crate::validate::MOST_VARIABLES;

type Variables = [(String, Option<Secret>)];

impl Platform {
    /// Sets and removes variables.
    pub(super) async fn set_variables(
        &self,
        coolify: &Coolify,
        application: &Uuid,
        variables: &Variables,
    ) -> Result<(), Failure> {
        let envs = coolify.application(application).envs();
        let set: Vec<_> = variables
            .iter()
            .filter_map(|(key, value)| Some(variable(key, value.as_ref()?)))
            .collect();
        if !set.is_empty() {
            envs.bulk(set).await.map_err(in_variables)?;
        }
        let is_removed = |key: &str| {
            variables
                .iter()
                .any(|(it, value)| it == key && value.is_none())
        };
        if variables.iter().any(|(_, value)| value.is_none()) {
            for known in envs.list().await.map_err(in_variables)? {
                if !is_removed(&known.key) {
                    continue;
                }
                // The variable for previews goes with it, in some versions.
                match envs.delete(known.uuid).await {
                    Err(error) if !error.is_not_found() => return Err(in_variables(error)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Refuses a change that would leave more variables than allowed.
    pub(super) async fn check_variables(
        &self,
        coolify: &Coolify,
        application: &Uuid,
        variables: &Variables,
    ) -> Result<(), Failure> {
        if variables.is_empty() {
            return Ok(());
        }
        let known = coolify.application(application).envs().list().await;
        let known = known.map_err(in_variables)?;
        let mut keys: BTreeSet<_> = known.iter().map(|it| it.key.as_str()).collect();
        for (key, value) in variables {
            match value {
                Some(_) => keys.insert(key),
                None => keys.remove(key.as_str()),
            };
        }
        if keys.len() <= MOST_VARIABLES {
            return Ok(());
        }
        let message = format!(
            "the application would have {} variables; at most {MOST_VARIABLES} are allowed",
            keys.len()
        );
        Err(Failure::invalid("variables", message))
    }
}

fn variable(key: &str, value: &Secret) -> BulkApplicationVariable {
    let is_multiline = value.expose().contains('\n');
    BulkApplicationVariable::new(key)
        .value(value.clone())
        .is_multiline(is_multiline)
        .is_literal(false)
        .is_shown_once(false)
}

/// Coolify names a refused variable by its index, or not at all.
fn in_variables(error: coolify_sdk::Error) -> Failure {
    if error.is_validation() || error.is_out_of_scope() || error.is_invalid_request() {
        let failure = refused(error);
        let details = failure.more["details"].as_array();
        let first = details.and_then(|it| it.first()?["message"].as_str());
        return Failure::invalid("variables", first.unwrap_or(&failure.message));
    }
    refused(error)
}
