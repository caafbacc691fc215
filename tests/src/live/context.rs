//! The context of a live test.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use coolify_sdk::projects::ProjectHandle;
use coolify_sdk::servers::Server;
use coolify_sdk::{Coolify, EnvironmentRef, Placement, Uuid, Version};
use tokio::sync::OnceCell;

use super::leftover::Leftover;
use super::target::Target;
use super::{KEY_PREFIX, PREFIX, Stop};

/// The context of a live test: a client, the test's own project, and the list of
/// what has to be removed at the end.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    target: Arc<Target>,
    test: &'static str,
    project: OnceCell<Uuid>,
    destination: OnceCell<Option<Uuid>>,
    made: Mutex<Vec<Leftover>>,
}

impl Live {
    pub(super) fn new(target: Arc<Target>, test: &'static str) -> Self {
        Self(Arc::new(Inner {
            target,
            test,
            project: OnceCell::new(),
            destination: OnceCell::new(),
            made: Mutex::default(),
        }))
    }

    /// Returns the client.
    #[must_use]
    pub fn coolify(&self) -> &Coolify {
        &self.0.target.coolify
    }

    /// Returns whether the server is this Coolify or a newer one.
    #[must_use]
    pub fn has(&self, since: &str) -> bool {
        has(&self.0.target.version, since)
    }

    /// Returns the servers of the team, as they were in the beginning.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        self.0.target.servers()
    }

    /// Returns a unique name with the prefix of live tests.
    #[must_use]
    pub fn name(&self, what: &str) -> String {
        format!("{PREFIX}{what}-{}", random())
    }

    /// Returns a unique key of a variable with the prefix of live tests.
    #[must_use]
    pub fn key(&self, what: &str) -> String {
        format!("{KEY_PREFIX}{what}_{}", random().to_uppercase())
    }

    /// Returns a uuid of nothing.
    #[must_use]
    pub fn nobody(&self) -> Uuid {
        "nobodyhasthisuuid0000000".into()
    }

    /// Registers something that was created outside of the project, to be removed
    /// at the end.
    pub fn made(&self, leftover: Leftover) {
        self.list().push(leftover);
    }

    /// Returns the project of this test, which is created at the first call.
    ///
    /// # Errors
    ///
    /// The error of creating it.
    pub async fn project(&self) -> Result<ProjectHandle, Stop> {
        let create = || async {
            let test = self.0.test.rsplit("::").next().unwrap_or_default();
            let name = self.name(&test.replace('_', "-"));
            let created = self.coolify().projects().create(name).await?;
            self.made(Leftover::Project(created.uuid.clone()));
            Ok::<_, Stop>(created.uuid)
        };
        let uuid = self.0.project.get_or_try_init(create).await?;
        Ok(self.coolify().project(uuid.clone()))
    }

    /// Returns a place in the project, on a server that need not work. If the
    /// server has several destinations, it is the first.
    ///
    /// # Errors
    ///
    /// Skips the test if the team has no server.
    pub async fn place(&self) -> Result<Placement, Stop> {
        let server = self.server()?;
        let project = self.project().await?;
        let environment = EnvironmentRef::name("production");
        let place = Placement::new(project.uuid().clone(), environment, server);
        Ok(match self.destination().await? {
            Some(destination) => place.on_destination(destination),
            None => place,
        })
    }

    /// Returns a server to place resources on; tests with `server` get a usable
    /// one.
    ///
    /// # Errors
    ///
    /// Skips the test if the team has none.
    pub fn server(&self) -> Result<Uuid, Stop> {
        let server = self.0.target.server().cloned();
        server.ok_or_else(|| Stop::skip("the team has no server to place anything on"))
    }

    /// Returns the destination to name, if that server has several.
    ///
    /// # Errors
    ///
    /// The error of listing them.
    async fn destination(&self) -> Result<Option<Uuid>, Stop> {
        let look = || async {
            let destinations = self.destinations().await?;
            let first = destinations.first().cloned();
            Ok::<_, Stop>(first.filter(|_| destinations.len() > 1))
        };
        self.0.destination.get_or_try_init(look).await.cloned()
    }

    /// Returns the destinations of that server; none if this Coolify cannot list
    /// them.
    ///
    /// # Errors
    ///
    /// The error of listing them.
    pub async fn destinations(&self) -> Result<Vec<Uuid>, Stop> {
        if !self.has("4.2.0") {
            return Ok(Vec::new());
        }
        let server = self.coolify().server(self.server()?);
        match server.destinations().list().await {
            Ok(destinations) => Ok(destinations.into_iter().map(|it| it.uuid).collect()),
            // A fake without them has one destination.
            Err(error) if error.status() == Some(501) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes everything that the test has created. Returns what could not be
    /// removed.
    pub(super) async fn clean_up(&self) -> Vec<String> {
        let mut made = std::mem::take(&mut *self.list());
        made.sort_by_key(Leftover::turn);
        let mut left = Vec::new();
        for leftover in made {
            if let Err(error) = leftover.remove(self.coolify(), PATIENCE).await {
                left.push(format!("{leftover} is left behind: {}", error.report()));
            }
        }
        left
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Leftover>> {
        self.0.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long to wait for a project to be empty: every deletion is a job, and an
/// unreachable server delays each one.
const PATIENCE: Duration = Duration::from_secs(900);

pub(super) fn has(version: &Version, since: &str) -> bool {
    let since: Version = since.parse().expect("a version");
    let release = |it: &Version| (it.major(), it.minor(), it.patch());
    release(version) >= release(&since)
}

/// Eight letters and digits.
fn random() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bits = RandomState::new().hash_one(0_u8);
    let mut text = String::new();
    for _ in 0..8 {
        let index = usize::try_from(bits % 32).unwrap_or_default();
        text.push(char::from(LETTERS[index]));
        bits /= 32;
    }
    text
}
