//! One customer: a project of its own, and a tier.

use std::time::Duration;

use coolify_sdk::limits::{CappedLimit, QuotaUse, ResourceLimits};
use coolify_sdk::projects::ProjectHandle;
use coolify_sdk::resource::Volumes;
use coolify_sdk::{Coolify, Placement, Result, Uuid};
use tokio::sync::Mutex;

use crate::application::{Answer, Record, Wish};
use crate::tier::Tier;

const REPOSITORY: &str = "https://github.com/coollabsio/coolify-examples";
const POLL: Duration = Duration::from_secs(1);

pub struct Customer {
    /// The client, bound to the customer's project.
    coolify: Coolify,
    project: ProjectHandle,
    place: Placement,
    tier: Tier,
    /// Locked from counting to creating, so that nobody else creates in between.
    applications: Mutex<Vec<Record>>,
}

impl Customer {
    pub fn new(coolify: &Coolify, place: Placement, tier: Tier) -> Self {
        let coolify = coolify.in_project(&place.project);
        Self {
            project: coolify.project(&place.project),
            coolify,
            place,
            tier,
            applications: Mutex::default(),
        }
    }

    pub fn tier(&self) -> &Tier {
        &self.tier
    }

    pub async fn usage(&self) -> Result<QuotaUse> {
        self.tier.applications.used_in(&self.project).await
    }

    /// Creates an application within the tier. Returns its uuid and the limits
    /// that were capped.
    pub async fn create(&self, wish: Wish) -> Result<(Uuid, Vec<CappedLimit>)> {
        let mut applications = self.applications.lock().await;
        let quota = self.tier.applications;
        quota.require_room(&self.project, 1).await?;
        let granted = wish.limits.capped_at(&self.tier.limits);
        let created = self
            .coolify
            .applications()
            .create_public(self.place.clone(), REPOSITORY, "main", wish.build_pack)
            .name(wish.name)
            .base_directory(wish.directory)
            .ports_exposes([wish.port])
            .limits(&granted.limits)
            .health_check_enabled(true)
            .health_check_path("/")
            .health_check_start_period(10)
            .pre_deployment_command("echo making room for the next version")
            .post_deployment_command("echo the next version is there")
            .await?;
        applications.push(Record {
            uuid: created.uuid.clone(),
            name: wish.name,
            asked: wish.limits,
        });
        Ok((created.uuid, granted.capped))
    }

    /// Deploys an application and waits until it has finished.
    pub async fn deploy(&self, uuid: &Uuid) -> Result<()> {
        let run = self.coolify.application(uuid).deploy().await?;
        run.poll_every(POLL).await?;
        Ok(())
    }

    /// Changes the limits and the health check of an application.
    pub async fn update(&self, uuid: &Uuid, asked: ResourceLimits) -> Result<Answer> {
        let mut applications = self.applications.lock().await;
        let granted = asked.capped_at(&self.tier.limits);
        let report = self
            .coolify
            .application(uuid)
            .update()
            .limits(&granted.limits)
            .health_check_interval(15)
            .health_check_retries(5)
            .post_deployment_command("node --version")
            .verified()
            .await?;
        if let Some(record) = applications.iter_mut().find(|it| it.uuid == *uuid) {
            record.asked = asked;
        }
        let capped = granted.capped;
        Ok(Answer { capped, report })
    }

    /// Changes the tier. All applications get its limits; those that run are
    /// deployed again, because a container keeps the limits that it was started
    /// with.
    pub async fn change_tier(&mut self, tier: Tier) -> Result<Vec<(&'static str, Answer)>> {
        tier.applications.require_room(&self.project, 0).await?;
        let mut answers = Vec::new();
        let mut running = Vec::new();
        for record in self.applications.get_mut() {
            let granted = record.asked.capped_at(&tier.limits);
            let application = self.coolify.application(&record.uuid);
            let report = application
                .update()
                .limits(&granted.limits)
                .verified()
                .await?;
            let capped = granted.capped;
            answers.push((record.name, Answer { capped, report }));
            let status = application.get().await?.status;
            if status.is_some_and(|status| status.is_running()) {
                running.push(&record.uuid);
            }
        }
        if !running.is_empty() {
            let rollout = self.coolify.deployments().rollout(running).await?;
            rollout.poll_every(POLL).wait().await.into_result()?;
        }
        self.tier = tier;
        Ok(answers)
    }

    /// Deletes an application with its volumes, and waits until it is gone. Until
    /// then it counts towards the quota.
    pub async fn delete(&self, uuid: &Uuid) -> Result<()> {
        let deletion = self.coolify.application(uuid).delete(Volumes::Delete);
        deletion.await?.poll_every(POLL).await?;
        self.applications.lock().await.retain(|it| it.uuid != *uuid);
        Ok(())
    }

    /// Deletes everything that the customer has, including applications that are
    /// not on record because creating them was interrupted.
    pub async fn leave(&self) -> Result<()> {
        for content in self.project.contents().await? {
            let application = self.coolify.application(content.uuid);
            application.delete(Volumes::Delete).await?;
        }
        self.project.delete().poll_every(POLL).and_wait().await
    }
}
