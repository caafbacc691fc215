//! Changing an application.

use coolify_sdk::verify::UpdateReport;
use serde_json::{Value, json};

use super::{Platform, refused};
use crate::failure::{Failure, Fault};
use crate::store::{Customer, Record};
use crate::tiers::Granted;
use crate::validate::{self, Change, platform_name};

impl Platform {
    /// Changes an application within the tier of the customer, and reads it back.
    pub async fn update(
        &self,
        customer: &Customer,
        id: &str,
        body: &[u8],
    ) -> Result<Value, Failure> {
        let _lock = self.locks.lock(id).await;
        let (record, coolify, uuid) = self.existing(customer, id).await?;
        let change = validate::update(body, &record.build_pack, &self.settings.suffixes)?;
        self.check_variables(&coolify, &uuid, &change.variables)
            .await?;
        let (customer, is_new_host) = self.begin(&record, &change).await?;
        let granted = customer.tier.grant(&change.asked(&record.asked));
        let mut fields = change.fields.clone();
        if change.has_limits() {
            granted.write_to(&mut fields);
        }
        if let Some(host) = &change.host {
            fields.insert("domains".to_owned(), self.domain(host).into());
        }
        let mut report = UpdateReport::default();
        if !fields.is_empty() {
            let update = coolify.application(&uuid).update();
            let sent = match update.fields(fields) {
                Ok(update) => update.verified().await,
                Err(error) => Err(error),
            };
            let sent = match sent {
                Ok(it) if !it.rejected.is_empty() => Err(rejected(&it)),
                Ok(it) => {
                    report = it;
                    Ok(())
                }
                Err(error) if error.outcome_unknown() => return Err(refused(error)),
                Err(error) => Err(refused(error)),
            };
            if let Err(failure) = sent {
                if is_new_host {
                    self.return_host(&record.id, change.host.as_deref()).await?;
                }
                return Err(failure);
            }
            self.finish(&record, &change, &granted, &report, is_new_host)
                .await?;
        }
        let mut updated = updated_fields(&report, &change);
        if !change.variables.is_empty() {
            self.set_variables(&coolify, &uuid, &change.variables)
                .await?;
            let this = record.id.clone();
            self.store
                .run(move |db| Record::set_lacks_variables(db, &this, false))
                .await?;
            let keys = change.variables.iter();
            updated.extend(keys.map(|(key, _)| format!("variables.{key}")));
        }
        updated.sort();
        let not_updated: Vec<_> = report
            .ignored
            .iter()
            .map(|it| {
                let reason = it
                    .reason
                    .map_or_else(|| "Coolify has ignored it".to_owned(), |it| it.to_string());
                json!({ "field": platform_name(&it.field), "reason": reason })
            })
            .collect();
        let unverified: Vec<_> = report
            .unseen
            .iter()
            .map(|it| platform_name(&it.field))
            .collect();
        let mut answer = json!({
            "uuid": record.id,
            "updated_fields": updated,
            "not_updated": not_updated,
            "unverified_fields": unverified,
            "takes_effect": "with the next deployment",
        });
        if change.has_limits() {
            answer["applied_tier_limits"] = granted.to_json();
        }
        Ok(answer)
    }

    /// Reserves the host, and returns the current customer and whether the host is new
    /// to the application.
    async fn begin(&self, record: &Record, change: &Change) -> Result<(Customer, bool), Failure> {
        let (id, customer) = (record.id.clone(), record.customer);
        let (has_limits, host) = (change.has_limits(), change.host.clone());
        let begun = self.store.run(move |db| {
            if has_limits {
                Record::set_limits_of(db, &id, None)?;
            }
            let mut is_new = false;
            if let Some(host) = &host {
                is_new = !Record::hosts(db, &id)?.contains(host);
                Record::take_host(db, &id, host)?;
            }
            Ok((Customer::get(db, customer)?, is_new))
        });
        begun.await
    }

    /// Stores the changes that took effect.
    async fn finish(
        &self,
        record: &Record,
        change: &Change,
        granted: &Granted,
        report: &UpdateReport,
        is_new_host: bool,
    ) -> Result<(), Failure> {
        let id = record.id.clone();
        let asked = change.asked(&record.asked);
        let has_limits = change.has_limits()
            && ["limits_cpus", "limits_memory", "limits_memory_swap"]
                .iter()
                .all(|limit| report.is_applied(limit));
        let tier = granted.tier;
        let name = change.fields.get("name").and_then(Value::as_str);
        let name = name
            .filter(|_| report.is_applied("name"))
            .map(str::to_owned);
        let host = change.host.clone();
        let has_host = report.is_applied("domains");
        let stored = self.store.run(move |db| {
            if has_limits {
                Record::set_asked(db, &id, &asked)?;
                Record::set_limits_of(db, &id, Some(tier))?;
            }
            if let Some(name) = name {
                Record::set_name(db, &id, &name)?;
            }
            match host {
                Some(host) if has_host => Record::keep_host(db, &id, &host),
                Some(host) if is_new_host => Record::return_host(db, &id, &host),
                _ => Ok(()),
            }
        });
        stored.await
    }

    async fn return_host(&self, id: &str, host: Option<&str>) -> Result<(), Failure> {
        let Some(host) = host.map(str::to_owned) else {
            return Ok(());
        };
        let id = id.to_owned();
        self.store
            .run(move |db| Record::return_host(db, &id, &host))
            .await
    }
}

fn rejected(report: &UpdateReport) -> Failure {
    let faults = report.rejected.iter().map(|it| {
        let field = it.field().map(platform_name).unwrap_or_default();
        Fault::new(field, it.message())
    });
    Failure::validation(&faults.collect::<Vec<_>>())
}

/// Returns the fields that have the requested value, of those that were asked for.
fn updated_fields(report: &UpdateReport, change: &Change) -> Vec<String> {
    let applied = report.applied.iter();
    let rerouted = report.rerouted.iter().map(|it| &it.field);
    let mut updated = Vec::new();
    for field in applied.chain(rerouted) {
        let name = platform_name(field);
        let is_asked = match &name[..] {
            "cpu" => change.cpu.is_some(),
            "memory" => change.memory.is_some(),
            _ => true,
        };
        if is_asked && !updated.contains(&name) {
            updated.push(name);
        }
    }
    updated
}
