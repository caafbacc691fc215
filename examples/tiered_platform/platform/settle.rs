//! Reconciles the records with Coolify after a crash, a lost answer or a change of
//! tier.

use std::collections::HashMap;

use coolify_sdk::applications::Application;
use coolify_sdk::limits::{CappedLimit, ResourceLimits};
use coolify_sdk::{Coolify, ResourceStatus, Uuid};
use coolify_sdk_examples::eprintln;

use super::create::{Made, find};
use super::{MARKER, Platform, is_gone, refused, show};
use crate::failure::Failure;
use crate::store::{Customer, Record, State, now};

/// The result of settling, for the operator.
#[derive(Default)]
pub struct Settled {
    /// Applications that were found after an interrupted creation.
    pub adopted: usize,
    /// Reservations that were released, because Coolify does not have the application.
    pub released: usize,
    /// Applications that are gone from Coolify.
    pub gone: usize,
    /// Applications that got the limits of the tier.
    pub limited: Vec<Limited>,
    /// Reservations that are too young to be given up.
    pub open: usize,
}

/// An application that got other limits.
pub struct Limited {
    pub name: String,
    pub uuid: Uuid,
    pub capped: Vec<CappedLimit>,
    pub is_running: bool,
}

/// Which customers to settle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Only customers with uncertain records.
    Unsettled,
    /// All customers.
    Everything,
}

impl Platform {
    /// Settles all customers. A failure for one of them is logged and repeated in the
    /// next round. `may_release` is false if another process may be creating
    /// applications.
    pub async fn settle_all(&self, scope: Scope, may_release: bool) -> Result<Settled, Failure> {
        let mut total = Settled::default();
        for customer in self.store.run(Customer::all).await? {
            let id = customer.id;
            let records = self.store.run(move |db| Record::all_of(db, id)).await?;
            let is_unsettled = records.iter().any(|it| it.is_unsettled(customer.tier));
            if !is_unsettled && (scope == Scope::Unsettled || records.is_empty()) {
                continue;
            }
            match self.settle(&customer, may_release).await {
                Ok(settled) => total.add(settled),
                Err(failure) => eprintln!("{} is not settled: {failure}", customer.name),
            }
        }
        Ok(total)
    }

    /// Settles one customer.
    pub async fn settle(&self, customer: &Customer, may_release: bool) -> Result<Settled, Failure> {
        let mut settled = Settled::default();
        let project = match &customer.project {
            Some(project) => Some(project.clone()),
            None => self.find_project(customer).await?,
        };
        // Read before Coolify is, so that an application that is created meanwhile is not
        // taken for one that is gone.
        let id = customer.id;
        let records = self.store.run(move |db| Record::all_of(db, id)).await?;
        let mut coolify = project.as_ref().map(|project| self.bound(project));
        let mut applications = HashMap::new();
        if let (Some(client), Some(project)) = (&coolify, &project) {
            match show::applications(client, project).await {
                Ok(all) => applications = all,
                // Somebody has deleted the project in the dashboard.
                Err(error) if is_gone(&error) => {
                    let customer = customer.clone();
                    self.store
                        .run(move |db| customer.forget_project(db))
                        .await?;
                    coolify = None;
                }
                Err(error) => return Err(refused(error)),
            }
        }
        for record in &records {
            // Skipped while a request works on it.
            let Some(_lock) = self.locks.try_lock(&record.id) else {
                continue;
            };
            let Some((customer, record)) = self.reread(record).await? else {
                continue;
            };
            match (&record.coolify, record.state) {
                (_, State::Reserved) => {
                    let found = match (&coolify, &project) {
                        (Some(coolify), Some(project)) => {
                            find(coolify, project, &record.id).await.map_err(refused)?
                        }
                        _ => None,
                    };
                    self.settle_reservation(&record, found, may_release, &mut settled)
                        .await?;
                }
                (Some(uuid), State::Created) => match applications.get(uuid) {
                    Some(current) => {
                        let coolify = coolify.as_ref().unwrap_or(&self.coolify);
                        self.limit(coolify, &customer, &record, current, &mut settled)
                            .await?;
                    }
                    None => self.forget(&record, uuid, &mut settled).await?,
                },
                (Some(uuid), State::Deleting { volumes }) if applications.contains_key(uuid) => {
                    if let Some(coolify) = &coolify
                        && let Ok(true) = self.remove(coolify, &record.id, uuid, volumes).await
                    {
                        settled.gone += 1;
                    }
                }
                (_, State::Deleting { .. }) => {
                    self.release(&record).await?;
                    settled.gone += 1;
                }
                (None, State::Created) => {
                    eprintln!("the application {} has no uuid in Coolify", record.id);
                }
            }
        }
        self.report_strangers(customer, &records, &applications)
            .await?;
        Ok(settled)
    }

    /// Finds the project of a customer whose creation was interrupted.
    pub(super) async fn find_project(&self, customer: &Customer) -> Result<Option<Uuid>, Failure> {
        let name = self.project_name(customer);
        let projects = self.coolify.projects().list().await.map_err(refused)?;
        let found = projects.into_iter().find(|it| it.name == name);
        if let Some(project) = &found {
            let (customer, project) = (customer.clone(), project.uuid.clone());
            self.store
                .run(move |db| customer.set_project(db, &project))
                .await?;
        }
        Ok(found.map(|it| it.uuid))
    }

    /// Reads a record again, with its customer, unless it has another state by now.
    async fn reread(&self, record: &Record) -> Result<Option<(Customer, Record)>, Failure> {
        let (id, customer, state) = (record.id.clone(), record.customer, record.state);
        let reread = self.store.run(move |db| {
            let record = Record::of(db, customer, &id)?.filter(|it| it.state == state);
            let customer = || Customer::get(db, customer);
            record.map(|it| Ok((customer()?, it))).transpose()
        });
        reread.await
    }

    async fn settle_reservation(
        &self,
        record: &Record,
        found: Option<Made>,
        may_release: bool,
        settled: &mut Settled,
    ) -> Result<(), Failure> {
        if let Some(found) = found {
            let (id, uuid) = (record.id.clone(), found.uuid.clone());
            self.store
                .run(move |db| Record::confirm(db, &id, &uuid))
                .await?;
            eprintln!("adopted {} as {}", found.uuid, record.id);
            settled.adopted += 1;
            return Ok(());
        }
        let age = u64::try_from(now() - record.created_at).unwrap_or_default();
        if may_release && age >= self.settings.grace.as_secs() {
            self.release(record).await?;
            eprintln!("gave up the reservation {}", record.id);
            settled.released += 1;
        } else {
            settled.open += 1;
        }
        Ok(())
    }

    /// Sets the limits of the tier if Coolify has others.
    async fn limit(
        &self,
        coolify: &Coolify,
        customer: &Customer,
        record: &Record,
        current: &Application,
        settled: &mut Settled,
    ) -> Result<(), Failure> {
        let granted = customer.tier.grant(&record.asked);
        let has = ResourceLimits::from(current);
        let wanted = &granted.limits;
        let is_limited = has.cpus == wanted.cpus
            && has.memory == wanted.memory
            && has.memory_swap == wanted.memory_swap;
        if !is_limited {
            let update = coolify.application(&current.uuid).update().limits(wanted);
            let report = update.verified().await.map_err(refused)?;
            if !report.is_complete() {
                eprintln!("the limits of {} were not taken: {report}", record.id);
                return Ok(());
            }
            settled.limited.push(Limited {
                name: record.name.clone(),
                uuid: current.uuid.clone(),
                capped: granted.capped,
                is_running: current
                    .status
                    .as_ref()
                    .is_some_and(ResourceStatus::is_running),
            });
        }
        if record.limits_of != Some(customer.tier) {
            let (record, tier) = (record.clone(), customer.tier);
            self.store
                .run(move |db| record.settle_limits(db, tier))
                .await?;
        }
        Ok(())
    }

    /// Removes the record of an application that somebody has deleted in the dashboard.
    async fn forget(
        &self,
        record: &Record,
        uuid: &Uuid,
        settled: &mut Settled,
    ) -> Result<(), Failure> {
        match self.coolify.application(uuid).get().await {
            Err(error) if error.is_not_found() => {
                self.release(record).await?;
                settled.gone += 1;
                Ok(())
            }
            Err(error) => Err(refused(error)),
            Ok(_) => {
                eprintln!("{} was moved out of its project", record.id);
                Ok(())
            }
        }
    }

    /// Reports applications of the platform that have no record.
    async fn report_strangers(
        &self,
        customer: &Customer,
        records: &[Record],
        applications: &HashMap<Uuid, Application>,
    ) -> Result<(), Failure> {
        for application in applications.values() {
            let marked = application.description.as_deref().unwrap_or_default();
            let Some(id) = marked.strip_prefix(MARKER) else {
                continue;
            };
            // It may have been created since the records were read.
            let (customer, this) = (customer.id, id.to_owned());
            let is_known = records.iter().any(|it| it.id == id)
                || self
                    .store
                    .run(move |db| Record::of(db, customer, &this))
                    .await?
                    .is_some();
            if !is_known {
                eprintln!(
                    "Coolify's application {} has no record any more",
                    application.uuid
                );
            }
        }
        Ok(())
    }

    async fn release(&self, record: &Record) -> Result<(), Failure> {
        let id = record.id.clone();
        self.store.run(move |db| Record::release(db, &id)).await
    }
}

impl Settled {
    fn add(&mut self, other: Self) {
        self.adopted += other.adopted;
        self.released += other.released;
        self.gone += other.gone;
        self.open += other.open;
        self.limited.extend(other.limited);
    }

    /// Returns whether nothing was found.
    pub fn is_empty(&self) -> bool {
        let counts = [self.adopted, self.released, self.gone, self.open];
        counts == [0; 4] && self.limited.is_empty()
    }
}

impl std::fmt::Display for Settled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} adopted, {} given up, {} gone, {} with new limits, {} not certain yet",
            self.adopted,
            self.released,
            self.gone,
            self.limited.len(),
            self.open
        )
    }
}
