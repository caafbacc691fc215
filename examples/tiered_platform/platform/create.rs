//! Creating an application.

use std::time::Duration;

use coolify_sdk::applications::CreatedApplication;
use coolify_sdk::{Coolify, Error, ErrorKind, Uuid};
use serde_json::{Map, Value, json};

use super::{ENVIRONMENT, Platform, is_gone, marker, refused};
use crate::failure::{Code, Failure};
use crate::keys;
use crate::store::{Customer, Record, Reservation, Reserved, State};
use crate::tiers::Granted;
use crate::validate::{Create, Source};

/// The delays before each search for an application whose creation got no answer.
const LOOKS: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// The answer to a creation.
pub struct Created {
    pub body: Value,
    /// Whether it is the answer to an earlier request with the same `Idempotency-Key`.
    pub is_repeated: bool,
}

/// The application as Coolify returned it, or as it was found later.
pub(super) struct Made {
    pub uuid: Uuid,
    pub domains: Option<String>,
}

impl Platform {
    /// Creates an application within the tier of the customer.
    ///
    /// The place in the quota is reserved before Coolify is called. It is returned if
    /// Coolify has certainly not created the application, and kept as long as that is not
    /// certain.
    pub async fn create(
        &self,
        customer: Customer,
        wish: Create,
        idempotency: Option<(String, Vec<u8>)>,
    ) -> Result<Created, Failure> {
        let id = keys::new_id()?;
        // Keeps the settling away from the new record.
        let _lock = self.locks.lock(&id).await;
        let given = wish.change.host.clone();
        let host = given.or_else(|| self.settings.suffixes.host_of(&wish.name, &id));
        let asked = wish.change.asked(&crate::tiers::Asked::default());
        let reservation = Reservation {
            id: id.clone(),
            customer: customer.id,
            name: wish.name.clone(),
            build_pack: wish.source.build_pack().to_owned(),
            asked: asked.clone(),
            host: host.clone(),
            has_variables: !wish.change.variables.is_empty(),
            idempotency,
        };
        let customer = match self.store.run(|db| reservation.reserve(db)).await? {
            Reserved::Before(answer) => {
                let body = serde_json::from_str(&answer).map_err(Failure::internal)?;
                let is_repeated = true;
                return Ok(Created { body, is_repeated });
            }
            Reserved::Unanswered(earlier) => return self.unanswered(&customer, &earlier).await,
            Reserved::Place(customer) => customer,
        };
        let granted = customer.tier.grant(&asked);
        let project = match self.project_of(&customer).await {
            Ok(project) => project,
            Err(failure) => return self.give_back(&id, without_project(failure)).await,
        };
        let coolify = self.bound(&project);
        let made = match self
            .make(&coolify, &project, &id, &wish, &granted, host.as_deref())
            .await
        {
            Ok(made) => made,
            Err(Unmade::Certainly(failure)) => {
                if failure.code == Code::Upstream {
                    // Somebody may have deleted the project.
                    self.store
                        .run(move |db| customer.forget_project(db))
                        .await?;
                }
                return self.give_back(&id, failure).await;
            }
            Err(Unmade::Perhaps(failure)) => return Err(failure.with("uuid", id)),
        };
        self.confirm(&id, &made.uuid, &granted).await?;
        let mut warnings = Vec::new();
        let domains = made.domains.unwrap_or_default();
        if !wish.change.variables.is_empty() {
            if let Err(failure) = self
                .set_variables(&coolify, &made.uuid, &wish.change.variables)
                .await
            {
                self.undo(&coolify, &id, &made.uuid).await?;
                return Err(failure);
            }
            let this = id.clone();
            self.store
                .run(move |db| Record::set_lacks_variables(db, &this, false))
                .await?;
        }
        let mut body = json!({
            "uuid": id,
            "name": wish.name,
            "state": State::Created.shown(),
            "build_pack": wish.source.build_pack(),
            "domains": domains.split(',').filter(|it| !it.is_empty()).collect::<Vec<_>>(),
            "applied_tier_limits": granted.to_json(),
        });
        if wish.deploy {
            match coolify.application(&made.uuid).deploy().await {
                Ok(run) => body["deployment_uuid"] = run.uuid().as_str().into(),
                Err(error) => {
                    let failure = refused(error);
                    warnings.push(format!(
                        "it was created, but not deployed: {}",
                        failure.message
                    ));
                }
            }
        }
        body["warnings"] = warnings.into();
        let (answer, this) = (body.to_string(), id.clone());
        self.store
            .run(move |db| Reservation::answer(db, &this, &answer))
            .await?;
        let is_repeated = false;
        Ok(Created { body, is_repeated })
    }

    /// Answers a repeated request that has no stored answer.
    async fn unanswered(&self, customer: &Customer, id: &str) -> Result<Created, Failure> {
        let is_over = self.locks.try_lock(id).is_some();
        let state = self.record(customer, id).await?.state;
        if !is_over || state == State::Reserved {
            let message = "the request with this Idempotency-Key is being carried out";
            return Err(Failure::conflict(message).retry_after(10));
        }
        let body = self.show(customer, id).await?;
        let is_repeated = true;
        Ok(Created { body, is_repeated })
    }

    /// Asks Coolify once. If the outcome is not known, it looks for the application.
    async fn make(
        &self,
        coolify: &Coolify,
        project: &Uuid,
        id: &str,
        wish: &Create,
        granted: &Granted,
        host: Option<&str>,
    ) -> Result<Made, Unmade> {
        let place = self.place(project).await.map_err(Unmade::Certainly)?;
        let mut fields = wish.change.fields.clone();
        granted.write_to(&mut fields);
        fields.insert("name".to_owned(), wish.name.as_str().into());
        fields.insert("description".to_owned(), marker(id).into());
        let port = || wish.source.usual_port().into();
        fields.entry("ports_exposes").or_insert_with(port);
        if let Some(host) = host {
            fields.insert("domains".to_owned(), self.domain(host).into());
        }
        let error = match send(coolify, place, &wish.source, fields).await {
            Ok(CreatedApplication { uuid, domains, .. }) => return Ok(Made { uuid, domains }),
            Err(error) => error,
        };
        if is_certainly_refused(&error) {
            return Err(Unmade::Certainly(refused_creation(error)));
        }
        // These statuses come from Coolify itself, so it has finished. A proxy's
        // statuses prove nothing.
        let has_answered = error.status().is_some_and(|it| (400..=500).contains(&it));
        for wait in LOOKS {
            tokio::time::sleep(wait).await;
            let is_missing = match find(coolify, project, id).await {
                Ok(Some(made)) => return Ok(made),
                Ok(None) => true,
                Err(error) => is_gone(&error),
            };
            if is_missing && has_answered {
                return Err(Unmade::Certainly(refused_creation(error)));
            }
        }
        let failure = refused(error);
        let message = "it is not known yet whether the application was created; it counts until that is known";
        Err(Unmade::Perhaps(Failure {
            code: Code::OutcomeUnknown,
            message: message.to_owned(),
            retry_after: None,
            ..failure
        }))
    }

    /// Releases the place in the quota, and returns the failure.
    async fn give_back<T>(&self, id: &str, failure: Failure) -> Result<T, Failure> {
        let id = id.to_owned();
        self.store.run(move |db| Record::release(db, &id)).await?;
        Err(failure)
    }

    async fn confirm(&self, id: &str, uuid: &Uuid, granted: &Granted) -> Result<(), Failure> {
        let (id, uuid, tier) = (id.to_owned(), uuid.clone(), granted.tier);
        let confirmed = self.store.run(move |db| {
            Record::confirm(db, &id, &uuid)?;
            // If the tier has changed meanwhile, the settling updates the limits.
            Record::set_limits_of(db, &id, Some(tier))
        });
        confirmed.await
    }

    /// Deletes an application that could not be completed.
    async fn undo(&self, coolify: &Coolify, id: &str, uuid: &Uuid) -> Result<(), Failure> {
        let this = id.to_owned();
        let state = State::Deleting { volumes: true };
        self.store
            .run(move |db| Record::set_state(db, &this, state))
            .await?;
        // The settling repeats it if it fails.
        let _ = self.remove(coolify, id, uuid, true).await;
        Ok(())
    }
}

/// Why the application was not created.
enum Unmade {
    Certainly(Failure),
    Perhaps(Failure),
}

async fn send(
    coolify: &Coolify,
    place: coolify_sdk::Placement,
    source: &Source,
    mut fields: Map<String, Value>,
) -> coolify_sdk::Result<CreatedApplication> {
    let applications = coolify.applications();
    match source {
        Source::Repository {
            url,
            branch,
            build_pack,
            paths,
        } => {
            fields.extend(paths.clone());
            let create = applications.create_public(place, url, branch, build_pack.as_str());
            create.fields(fields)?.await
        }
        Source::Image { name, tag } => {
            let tag = tag.as_deref().unwrap_or("latest");
            let create = applications.create_docker_image(place, name);
            create.docker_registry_image_tag(tag).fields(fields)?.await
        }
    }
}

/// Translates a failure to create the project, which customers do not see.
fn without_project(failure: Failure) -> Failure {
    let message = "the platform has no place for your applications yet; nothing was created";
    match failure.code {
        Code::Internal => failure,
        // If it was created, it is found later.
        Code::UpstreamUnavailable | Code::OutcomeUnknown => {
            Failure::new(Code::UpstreamUnavailable, message).retry_after(10)
        }
        _ => Failure::new(Code::Upstream, message),
    }
}

/// Returns whether the error proves that nothing was created.
fn is_certainly_refused(error: &Error) -> bool {
    let before_it_was_carried_out = matches!(
        error.kind(),
        ErrorKind::Config
            | ErrorKind::NoRuntime
            | ErrorKind::InvalidRequest
            | ErrorKind::OutOfScope
            | ErrorKind::Connect
            | ErrorKind::Unsupported
            | ErrorKind::Unauthenticated
            | ErrorKind::Forbidden
            | ErrorKind::RateLimited
            | ErrorKind::Validation
            | ErrorKind::Redirect
    );
    before_it_was_carried_out && !error.outcome_unknown()
}

/// Translates an error after which the application certainly does not exist.
fn refused_creation(error: Error) -> Failure {
    let message = if error.is_not_found() {
        // A project that is gone is a fault of the platform: the customer has named none.
        "the platform cannot create applications for you; its operator can see why"
    } else if error.outcome_unknown() {
        "Coolify has failed, and nothing was created; the operator of the platform can see why"
    } else {
        return refused(error);
    };
    let failure = refused(error);
    Failure {
        code: Code::Upstream,
        message: message.to_owned(),
        ..failure
    }
}

/// Finds the application of a reservation in Coolify.
pub(super) async fn find(
    coolify: &Coolify,
    project: &Uuid,
    id: &str,
) -> coolify_sdk::Result<Option<Made>> {
    let environment = coolify
        .project(project)
        .environment(ENVIRONMENT)
        .get()
        .await?;
    let marker = marker(id);
    let mut applications = environment.applications.into_iter();
    let found = applications.find(|it| it.description.as_deref() == Some(&marker));
    Ok(found.map(|it| Made {
        uuid: it.uuid,
        domains: it.fqdn,
    }))
}
