//! Checks whether the resources that a request names are in the project.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use super::{Scope, rows};
use crate::operations::Operation;
use crate::transport::Lookup;
use crate::{ResourceKind, Result, Uuid};

/// How long reads of a resource rely on an earlier check. Writes never do,
/// because the resource may have been moved to another project.
const REMEMBERED: Duration = Duration::from_secs(30);

impl Scope {
    /// Refuses a resource that was not in the project at the last check.
    pub(super) async fn reach(
        &self,
        lookup: Lookup<'_>,
        kind: ResourceKind,
        uuid: &str,
    ) -> Result<()> {
        if !self.seen_lately(&format!("{}/{uuid}", kind.as_str())) {
            self.resource(lookup, kind, uuid).await?;
        }
        Ok(())
    }

    /// Reads a resource, and refuses one that is not in the project.
    pub(super) async fn resource(
        &self,
        lookup: Lookup<'_>,
        kind: ResourceKind,
        uuid: &str,
    ) -> Result<Value> {
        let row = lookup.get(kind.get(), &[uuid]).await?;
        if self.environments.hold(lookup, &row).await? {
            let key = format!("{}/{uuid}", kind.as_str());
            self.seen().insert(key, Instant::now());
            return Ok(row);
        }
        Err(self.refuse(&format!("the {} {uuid}", kind.as_str())))
    }

    /// Coolify looks up backups by the numeric id of their database. Databases of
    /// other engines, in other projects, can have the same id.
    pub(super) async fn reach_backup(
        &self,
        lookup: Lookup<'_>,
        database: &str,
        backup: &str,
    ) -> Result<()> {
        let all = lookup
            .get("get-database-backups-by-uuid", &[database])
            .await?;
        let own = self.own_backups(lookup, database, all).await?;
        let is_own = |row: &Value| row["uuid"] == *backup;
        if own.as_array().is_some_and(|rows| rows.iter().any(is_own)) {
            return Ok(());
        }
        Err(self.refuse(&format!("the backup {backup}")))
    }

    pub(super) async fn own_backups(
        &self,
        lookup: Lookup<'_>,
        database: &str,
        all: Value,
    ) -> Result<Value> {
        let database = self
            .resource(lookup, ResourceKind::Database, database)
            .await?;
        Ok(rows::backups_of(&database, all))
    }

    /// Checks the resources that a deployment names; there can be several, of all
    /// kinds.
    pub(super) async fn reach_targets(
        &self,
        lookup: Lookup<'_>,
        operation: &Operation,
        url: &Url,
    ) -> Result<()> {
        let mut uuids = Vec::new();
        for (name, value) in url.query_pairs() {
            match &*name {
                "uuid" => uuids.extend(value.split(',').map(|uuid| Uuid::from(uuid.trim()))),
                "tag" => {
                    return Err(self
                        .refuse("a tag")
                        .with_hint("tags belong to the whole team: deploy by uuid"));
                }
                _ => {}
            }
        }
        for uuid in uuids {
            let resource = self.any_resource(lookup, uuid.as_str()).await?;
            self.check_build(operation, &resource)?;
        }
        Ok(())
    }

    async fn any_resource(&self, lookup: Lookup<'_>, uuid: &str) -> Result<Value> {
        let mut missing = None;
        for kind in ResourceKind::ALL {
            match self.resource(lookup, kind, uuid).await {
                Err(error) if error.is_not_found() => missing = Some(error),
                found => return found,
            }
        }
        missing.map_or(Ok(Value::Null), Err)
    }

    fn seen_lately(&self, key: &str) -> bool {
        let mut seen = self.seen();
        seen.retain(|_, at| at.elapsed() < REMEMBERED);
        seen.contains_key(key)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ScopePolicy;

    #[tokio::test(start_paused = true)]
    async fn what_was_seen_in_the_project_is_believed_for_a_while() {
        let scope = Scope::new("p1".into(), ScopePolicy::default(), None);
        let key = "/applications/a1";
        assert!(!scope.seen_lately(key));
        scope.seen().insert(key.to_owned(), Instant::now());
        tokio::time::advance(REMEMBERED / 2).await;
        assert!(scope.seen_lately(key) && !scope.seen_lately("/applications/a2"));
        tokio::time::advance(REMEMBERED / 2).await;
        assert!(!scope.seen_lately(key));
    }
}
