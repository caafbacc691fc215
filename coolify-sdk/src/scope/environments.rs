//! The environments of a project, and of which project others are.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use crate::transport::Line;
use crate::{Id, Result, Uuid};

/// What is known of environments. None ever changes its project, and no number
/// is given out twice: what is known once stays true, and the project is asked
/// again only for a number that was never seen.
pub(super) struct Environments {
    project: Uuid,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// By number: whether it is in the project.
    by_id: HashMap<Id, bool>,
    uuids: HashSet<String>,
}

#[derive(Deserialize)]
struct Environment {
    id: Id,
    uuid: Option<String>,
}

/// How a resource says where it is: all of them by the number of their
/// environment, and where it is embedded by the project's uuid as well.
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

    /// Returns whether a resource, as a reply has it, is in the project. One that
    /// does not say where it is is not.
    pub(super) async fn hold(&self, line: Line<'_>, row: &Value) -> Result<bool> {
        let own = self.those_held(line, std::iter::once(row)).await?;
        Ok(own.first() == Some(&true))
    }

    /// Returns the same of several, for which the project is asked once at most.
    pub(super) async fn those_held<'r>(
        &self,
        line: Line<'_>,
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
            self.ask(line, &mut known).await?;
        }
        let held = |place: Place| match (place.project(), place.environment_id) {
            (Some(project), _) => self.project == *project,
            (None, Some(id)) => *known.by_id.entry(id).or_insert(false),
            (None, None) => false,
        };
        Ok(places.into_iter().map(held).collect())
    }

    /// Returns whether the project has an environment of this uuid.
    pub(super) async fn has_uuid(&self, line: Line<'_>, uuid: &str) -> Result<bool> {
        let mut known = self.known.lock().await;
        if !known.uuids.contains(uuid) {
            self.ask(line, &mut known).await?;
        }
        Ok(known.uuids.contains(uuid))
    }

    async fn ask(&self, line: Line<'_>, known: &mut Known) -> Result<()> {
        let ids = &[self.project.as_str()];
        let environments: Vec<Environment> = line.get("get-environments", ids).await?;
        for environment in environments {
            known.by_id.insert(environment.id, true);
            known.uuids.extend(environment.uuid);
        }
        Ok(())
    }
}
