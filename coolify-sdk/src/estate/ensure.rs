//! Finds something by its name, or creates it.

use std::future::Future;

use crate::error::{Error, ErrorKind, Result};
use crate::projects::{EnvironmentHandle, Environments, ProjectHandle, Projects};
use crate::{Call, Coolify, Uuid};

impl Projects {
    /// Returns the project with this exact name, and creates it if there is none.
    ///
    /// Tasks that share a client and its clones never create it twice. Another program
    /// may: Coolify allows several projects with the same name.
    ///
    /// It takes one call, or two if it creates the project.
    ///
    /// Needs the `read` ability, and `write` to create it. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let shop = coolify.projects().ensure("shop").await?;
    /// let staging = shop.environments().ensure("staging").await?;
    /// println!("{}", staging.get().await?.uuid);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_ambiguous`] if several projects have this name.
    #[doc(alias("get or create", "find or create", "create if not exists", "upsert"))]
    pub fn ensure(&self, name: impl Into<String>) -> Call<ProjectHandle> {
        let (room, name) = (self.clone(), name.into());
        Call::several(async move {
            let turn = format!("project {name}");
            let list = || async {
                let all = room.list().await?;
                Ok(all.into_iter().map(|it| (it.uuid, it.name)).collect())
            };
            let create = || async { Ok(room.create(name.as_str()).await?.uuid) };
            let uuid = ensure(&room.coolify, "project", &name, turn, list, create).await?;
            Ok(room.coolify.project(uuid))
        })
    }
}

impl Environments {
    /// Returns the environment with this exact name, and creates it if there is none.
    ///
    /// Tasks that share a client and its clones never create it twice.
    ///
    /// It takes one call, or two if it creates the environment.
    ///
    /// Needs the `read` ability, and `write` to create it. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for an unknown project.
    #[doc(alias("get or create", "find or create", "create if not exists", "upsert"))]
    pub fn ensure(&self, name: impl Into<String>) -> Call<EnvironmentHandle> {
        let (room, name) = (self.clone(), name.into());
        Call::several(async move {
            let turn = format!("environment {name} of {}", room.project);
            let list = || async {
                let all = room.list().await?;
                Ok(all.into_iter().map(|it| (it.uuid, it.name)).collect())
            };
            let create = || async { Ok(room.create(name.as_str()).await?.uuid) };
            let uuid = ensure(&room.coolify, "environment", &name, turn, list, create).await?;
            let project = room.coolify.project(room.project);
            Ok(project.environment(uuid.as_str()))
        })
    }
}

async fn ensure<L, C>(
    coolify: &Coolify,
    noun: &str,
    name: &str,
    turn: String,
    list: impl Fn() -> L,
    create: impl FnOnce() -> C,
) -> Result<Uuid>
where
    L: Future<Output = Result<Vec<(Uuid, String)>>>,
    C: Future<Output = Result<Uuid>>,
{
    let _turn = coolify.turns().take(turn).await;
    if let Some(found) = only(noun, name, list().await?)? {
        return Ok(found);
    }
    match create().await {
        Ok(created) => Ok(created),
        // It may have been created, by this call or by another program.
        Err(error) if error.outcome_unknown() || error.is_conflict() => {
            let all = list().await;
            let found = all.and_then(|all| only(noun, name, all));
            found.ok().flatten().ok_or(error)
        }
        Err(error) => Err(error),
    }
}

fn only(noun: &str, name: &str, all: Vec<(Uuid, String)>) -> Result<Option<Uuid>> {
    let found = all.into_iter().filter(|it| it.1 == name);
    let found: Vec<_> = found.map(|it| it.0).collect();
    match &found[..] {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several => {
            let uuids: Vec<_> = several.iter().map(Uuid::as_str).collect();
            Err(Error::new(
                ErrorKind::Ambiguous,
                format!("several {noun}s are called {name:?}: {}", uuids.join(", ")),
            )
            .with_hint("use the uuid, or rename all but one"))
        }
    }
}
