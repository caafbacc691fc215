//! The operations of the platform in Coolify.

mod create;
mod customers;
mod delete;
mod locks;
mod run;
mod settle;
mod show;
mod update;
mod variables;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use coolify_sdk::{Coolify, EnvironmentRef, Error, Placement, ScopePolicy, ScopePower, Uuid};
use coolify_sdk_examples::{eprintln, usable_place, usable_server};
use tokio::sync::OnceCell;

use self::locks::Locks;
pub use self::settle::{Scope as SettleScope, Settled};
use crate::failure::{Code, Failure};
use crate::store::{Customer, Record, State, Store};
use crate::validate::{Suffixes, platform_name};

/// The environment of the customers' applications.
const ENVIRONMENT: &str = "production";

pub struct Platform {
    pub store: Store,
    coolify: Coolify,
    pub settings: Settings,
    /// The place of all applications, once it is known.
    site: OnceCell<Site>,
    /// The clients that are bound to a project. Each remembers what it has read.
    clients: Mutex<HashMap<Uuid, Coolify>>,
    /// The applications that are being created or changed.
    locks: Locks,
}

#[derive(Clone, Debug)]
pub struct Settings {
    pub suffixes: Suffixes,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The beginning of the names of projects.
    pub project_prefix: String,
    /// How long Coolify may take to carry out a request whose answer got lost.
    pub grace: Duration,
}

struct Site {
    server: Uuid,
    destination: Option<Uuid>,
}

impl Platform {
    pub fn new(store: Store, coolify: Coolify, settings: Settings) -> Self {
        Self {
            store,
            coolify,
            settings,
            site: OnceCell::new(),
            clients: Mutex::default(),
            locks: Locks::default(),
        }
    }

    /// Returns the client that is bound to the project of a customer.
    ///
    /// The policy grants commands, which run in the customer's own containers. It grants
    /// credentials of the team as well, because a new tag of an image needs that; no field
    /// that a customer can set takes one.
    fn bound(&self, project: &Uuid) -> Coolify {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let bind = || {
            let policy = ScopePolicy::strict()
                .allow(ScopePower::Commands)
                .allow(ScopePower::TeamCredentials);
            self.coolify.in_project_with(project, policy)
        };
        clients.entry(project.clone()).or_insert_with(bind).clone()
    }

    /// Returns the project of a customer, and creates it if there is none.
    async fn project_of(&self, customer: &Customer) -> Result<Uuid, Failure> {
        if let Some(project) = &customer.project {
            return Ok(project.clone());
        }
        let name = self.project_name(customer);
        // Finds the project if a process has ended after it created it.
        let project = self
            .coolify
            .projects()
            .ensure(name)
            .await
            .map_err(refused)?;
        let (uuid, known) = (project.uuid().clone(), customer.clone());
        let stored = uuid.clone();
        self.store
            .run(move |db| known.set_project(db, &stored))
            .await?;
        Ok(uuid)
    }

    fn project_name(&self, customer: &Customer) -> String {
        format!("{}-{}", self.settings.project_prefix, customer.name)
    }

    /// Returns the place of applications in this project.
    async fn place(&self, project: &Uuid) -> Result<Placement, Failure> {
        let site = self
            .site
            .get_or_try_init(|| self.find_site(project))
            .await?;
        let environment = EnvironmentRef::name(ENVIRONMENT);
        let place = Placement::new(project, environment, &site.server);
        Ok(match &site.destination {
            Some(destination) => place.on_destination(destination),
            None => place,
        })
    }

    async fn find_site(&self, project: &Uuid) -> Result<Site, Failure> {
        let unusable = |cause: String| {
            eprintln!("no place for applications: {cause}");
            let message = "the platform has no server for applications at the moment";
            Failure::new(Code::UpstreamUnavailable, message).retry_after(60)
        };
        let server = usable_server(&self.coolify)
            .await
            .map_err(|it| unusable(it.to_string()))?;
        let place = usable_place(&self.coolify, project, &server.uuid).await;
        let place = place.map_err(|it| unusable(it.to_string()))?;
        Ok(Site {
            server: place.server,
            destination: place.destination,
        })
    }

    /// Returns an application of this customer. An application of another customer is
    /// not found, as if it did not exist.
    pub async fn record(&self, customer: &Customer, id: &str) -> Result<Record, Failure> {
        let (customer, id) = (customer.id, id.to_owned());
        let found = self
            .store
            .run(move |db| Record::of(db, customer, &id))
            .await?;
        found.ok_or_else(Failure::not_found)
    }

    /// Returns an application that Coolify has, with the customer's client.
    async fn existing(
        &self,
        customer: &Customer,
        id: &str,
    ) -> Result<(Record, Coolify, Uuid), Failure> {
        let record = self.record(customer, id).await?;
        match (record.state, &record.coolify, &customer.project) {
            (State::Created, Some(uuid), Some(project)) => {
                let (uuid, coolify) = (uuid.clone(), self.bound(project));
                Ok((record, coolify, uuid))
            }
            (State::Reserved, ..) => {
                Err(Failure::conflict("it is being created: try again in a minute").retry_after(10))
            }
            _ => Err(Failure::conflict("it is being deleted")),
        }
    }

    fn domain(&self, host: &str) -> String {
        format!("{}://{host}", self.settings.scheme)
    }
}

/// Returns the description by which an application is found if its creation got no
/// answer.
fn marker(id: &str) -> String {
    format!("{MARKER}{id}")
}

const MARKER: &str = "Application of the platform ";

/// Translates an error of Coolify for a customer.
#[expect(clippy::needless_pass_by_value, reason = "it is passed to `map_err`")]
fn refused(error: Error) -> Failure {
    Failure::of_coolify(&error, platform_name)
}

/// Returns whether a resource is gone, or is not the customer's any more.
fn is_gone(error: &Error) -> bool {
    error.is_not_found() || error.is_out_of_scope()
}
