//! Showing applications.

use std::collections::HashMap;

use coolify_sdk::applications::Application;
use coolify_sdk::limits::ResourceLimits;
use coolify_sdk::{Coolify, ResourceStatus, Uuid};
use serde_json::{Value, json};

use super::{ENVIRONMENT, Platform, is_gone, refused};
use crate::failure::Failure;
use crate::store::{Customer, Record, State};
use crate::tiers::shown;

impl Platform {
    /// Returns one application, with its last deployment.
    pub async fn show(&self, customer: &Customer, id: &str) -> Result<Value, Failure> {
        let record = self.record(customer, id).await?;
        let (Some(uuid), Some(project)) = (&record.coolify, &customer.project) else {
            return Ok(summary(customer, &record, None));
        };
        let application = self.bound(project).application(uuid);
        let current = match application.get().await {
            Ok(current) => current,
            // The record is removed by the settling.
            Err(error) if is_gone(&error) => return Err(Failure::not_found()),
            Err(error) => return Err(refused(error)),
        };
        let mut answer = summary(customer, &record, Some(&current));
        answer["ports"] = current.ports_exposes.as_deref().into();
        let repository = current.git_repository.as_ref();
        // `Display` hides a token that an operator may have set in the dashboard.
        answer["repository"] = repository.map(ToString::to_string).into();
        answer["branch"] = current.git_branch.as_deref().into();
        answer["health_check"] = json!({
            "enabled": current.health_check_enabled,
            "path": current.health_check_path,
            "interval": current.health_check_interval,
            "retries": current.health_check_retries,
        });
        if record.build_pack == "dockerimage" {
            let name = current.docker_registry_image_name.unwrap_or_default();
            let tag = current.docker_registry_image_tag.unwrap_or_default();
            answer["image"] = format!("{name}:{tag}").into();
            answer["repository"] = Value::Null;
            answer["branch"] = Value::Null;
        }
        let last = application
            .deployments()
            .page(0, 1)
            .await
            .map_err(refused)?;
        answer["last_deployment"] = match last.deployments.first() {
            Some(last) => json!({
                "uuid": last.deployment_uuid.as_str(),
                "status": last.status.as_str(),
            }),
            None => Value::Null,
        };
        Ok(answer)
    }

    /// Returns the applications of a customer. Their statuses are missing if Coolify does
    /// not answer.
    pub async fn list(&self, customer: &Customer) -> Result<Value, Failure> {
        let id = customer.id;
        let records = self.store.run(move |db| Record::all_of(db, id)).await?;
        let current = match &customer.project {
            Some(project) if !records.is_empty() => {
                applications(&self.bound(project), project).await
            }
            _ => Ok(HashMap::new()),
        };
        let is_complete = current.is_ok();
        let current = current.unwrap_or_default();
        let applications: Vec<_> = records
            .iter()
            .map(|record| {
                let current = record.coolify.as_ref().and_then(|it| current.get(it));
                summary(customer, record, current)
            })
            .collect();
        let usage = customer.tier.quota().used(records.len());
        let mut warnings = Vec::new();
        if !is_complete {
            warnings.push("the statuses could not be read");
        }
        Ok(json!({
            "applications": applications,
            "tier": customer.tier.name(),
            "used": usage.used,
            "allowed": usage.allowed,
            "warnings": warnings,
        }))
    }
}

/// Returns the applications that Coolify has for a customer.
pub(super) async fn applications(
    coolify: &Coolify,
    project: &Uuid,
) -> coolify_sdk::Result<HashMap<Uuid, Application>> {
    let environment = coolify
        .project(project)
        .environment(ENVIRONMENT)
        .get()
        .await?;
    let applications = environment.applications.into_iter();
    Ok(applications.map(|it| (it.uuid.clone(), it)).collect())
}

fn summary(customer: &Customer, record: &Record, current: Option<&Application>) -> Value {
    let limits = current.map(ResourceLimits::from).unwrap_or_default();
    let domains: Vec<_> = current.iter().flat_map(|it| it.domains()).collect();
    let granted = customer.tier.grant(&record.asked);
    let mut warnings = Vec::new();
    if record.lacks_variables && record.state == State::Created {
        warnings
            .push("creating it was interrupted: its variables may be missing, so set them again");
    }
    json!({
        "uuid": record.id,
        "name": record.name,
        "state": record.state.shown(),
        "status": current.and_then(|it| it.status.as_ref()).map(ResourceStatus::as_str),
        "build_pack": record.build_pack,
        "domains": domains,
        "cpu": limits.cpus.as_ref().map(shown),
        "memory": limits.memory.as_ref().map(shown),
        "applied_tier_limits": granted.to_json(),
        "warnings": warnings,
    })
}
