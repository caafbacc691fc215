//! Whether what a request names is in the project.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use super::{KINDS, Scope, rows};
use crate::transport::Line;
use crate::{Result, Uuid};

/// How long reads of a resource rely on an earlier check. Writes never do: the
/// resource may have been moved to another project.
const REMEMBERED: Duration = Duration::from_secs(30);

const DATABASES: &str = "databases";

impl Scope {
    /// Refuses a resource that is not in the project.
    pub(super) async fn reach(
        &self,
        line: Line<'_>,
        kind: &'static str,
        uuid: &str,
        reads: bool,
    ) -> Result<()> {
        let key = format!("/{kind}/{uuid}");
        if reads && self.seen_lately(&key) {
            return Ok(());
        }
        self.resource(line, kind, uuid).await?;
        self.seen().insert(key, Instant::now());
        Ok(())
    }

    /// The resource, which is in the project.
    async fn resource(&self, line: Line<'_>, kind: &'static str, uuid: &str) -> Result<Value> {
        let noun = rows::noun(kind);
        let row = line.get(rows::get(kind), &[uuid]).await?;
        if self.environments.hold(line, &row).await? {
            return Ok(row);
        }
        Err(self.refuse(&format!("the {noun} {uuid}")))
    }

    /// Coolify looks up backups by the number of their database, which
    /// databases of other engines have too, in whichever project.
    pub(super) async fn reach_backup(
        &self,
        line: Line<'_>,
        database: &str,
        backup: &str,
    ) -> Result<()> {
        let all = line
            .get("get-database-backups-by-uuid", &[database])
            .await?;
        let own = self.own_backups(line, database, all).await?;
        let is_own = |row: &Value| row["uuid"] == *backup;
        if own.as_array().is_some_and(|rows| rows.iter().any(is_own)) {
            return Ok(());
        }
        Err(self.refuse(&format!("the backup {backup}")))
    }

    pub(super) async fn own_backups(
        &self,
        line: Line<'_>,
        database: &str,
        all: Value,
    ) -> Result<Value> {
        let database = self.resource(line, DATABASES, database).await?;
        Ok(rows::backups_of(&database, all))
    }

    /// A deployment can name resources of all kinds, and several.
    pub(super) async fn reach_targets(&self, line: Line<'_>, url: &Url) -> Result<()> {
        let mut uuids = Vec::new();
        for (name, value) in url.query_pairs() {
            match &*name {
                "uuid" => uuids.extend(value.split(',').map(|uuid| Uuid::from(uuid.trim()))),
                "tag" => {
                    return Err(self
                        .refuse("a deployment by tag")
                        .with_hint("a tag reaches across projects: deploy by uuid"));
                }
                _ => {}
            }
        }
        for uuid in uuids {
            self.reach_any(line, uuid.as_str()).await?;
        }
        Ok(())
    }

    async fn reach_any(&self, line: Line<'_>, uuid: &str) -> Result<()> {
        let mut missing = None;
        for kind in KINDS {
            match self.reach(line, kind, uuid, false).await {
                Err(error) if error.is_not_found() => missing = Some(error),
                reached => return reached,
            }
        }
        missing.map_or(Ok(()), Err)
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
