//! The environments that are known to be in the project, or not to be.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::transport::Lookup;
use crate::{Id, Result, Uuid};

/// The known environments. An environment never changes its project, and no id is
/// used twice, so the project is only read again for an unknown id.
pub(super) struct Environments {
    project: Uuid,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Whether the environment with an id is in the project.
    by_id: HashMap<Id, bool>,
    uuids: HashSet<String>,
}

#[derive(Deserialize)]
struct Environment {
    id: Id,
    uuid: Option<String>,
}

/// The fields of a resource that say where it is: the id of its environment, and
/// the project's uuid if the environment is embedded.
#[derive(Default, Deserialize)]
struct Place {
    environment_id: Option<Id>,
    environment: Option<Embedded>,
}

#[derive(Deserialize)]
struct Embedded {
    project: Option<Project>,
}

#[derive(Deserialize)]
struct Project {
    uuid: String,
}

impl Place {
    fn project(&self) -> Option<&str> {
        let embedded = self.environment.as_ref()?.project.as_ref()?;
        Some(&embedded.uuid)
    }
}

impl Environments {
    pub(super) fn new(project: Uuid) -> Self {
        Self {
            project,
            known: Mutex::default(),
        }
    }

    /// Returns whether a resource in a reply is in the project. A resource that
    /// does not say where it is counts as outside.
    pub(super) async fn hold(&self, lookup: Lookup<'_>, row: &Value) -> Result<bool> {
        let own = self.those_held(lookup, std::iter::once(row)).await?;
        Ok(own.first() == Some(&true))
    }

    /// Returns which of several resources are in the project. The project is read
    /// at most once.
    pub(super) async fn those_held<'r>(
        &self,
        lookup: Lookup<'_>,
        rows: impl Iterator<Item = &'r Value>,
    ) -> Result<Vec<bool>> {
        let places: Vec<Place> = rows
            .map(|row| Place::deserialize(row).unwrap_or_default())
            .collect();
        let mut known = self.known.lock().await;
        let is_new = |place: &Place| match (place.project(), place.environment_id) {
            (None, Some(id)) => !known.by_id.contains_key(&id),
            _ => false,
        };
        if places.iter().any(is_new) {
            self.ask(lookup, &mut known).await?;
        }
        let held = |place: Place| match (place.project(), place.environment_id) {
            (Some(project), _) => self.project == *project,
            (None, Some(id)) => *known.by_id.entry(id).or_insert(false),
            (None, None) => false,
        };
        Ok(places.into_iter().map(held).collect())
    }

    /// Returns whether the project has an environment of this uuid.
    pub(super) async fn has_uuid(&self, lookup: Lookup<'_>, uuid: &str) -> Result<bool> {
        let mut known = self.known.lock().await;
        if !known.uuids.contains(uuid) {
            self.ask(lookup, &mut known).await?;
        }
        Ok(known.uuids.contains(uuid))
    }

    async fn ask(&self, lookup: Lookup<'_>, known: &mut Known) -> Result<()> {
        let ids = &[self.project.as_str()];
        let environments: Vec<Environment> = lookup.get("get-environments", ids).await?;
        for environment in environments {
            known.by_id.insert(environment.id, true);
            known.uuids.extend(environment.uuid);
        }
        Ok(())
    }
}
