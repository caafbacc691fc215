//! Services, their applications and their databases.

use coolify_sdk::envs::BulkVariable;
use coolify_sdk::resource::Volumes;

use super::call::{Call, MISSING, NO_METHOD, Stop, Tried, part, watched, whole};
use super::kinds::{logs, new_storage, of_every_kind, scheduled_tasks};

pub async fn call(id: &str, c: &Call<'_>) -> Tried {
    let service = || c.coolify.service(c.uuid());
    match id {
        "list-services" => whole(c.coolify.services().list().await),
        "create-service" => {
            let of_type: Option<String> = c.optional("type")?;
            let compose = match c.plain("docker_compose_raw") {
                Err(Stop::Unsayable(MISSING)) => None,
                compose => Some(compose?),
            };
            let services = c.coolify.services();
            match (of_type, compose) {
                (Some(of_type), None) => whole(
                    c.fill(services.create_one_click(c.place()?, of_type))?
                        .await,
                ),
                (None, Some(compose)) => {
                    whole(c.fill(services.create_compose(c.place()?, compose))?.await)
                }
                _ => Err(Stop::Unsayable(NO_METHOD)),
            }
        }
        "get-service-by-uuid" => whole(service().get().await),
        "update-service-by-uuid" => whole(c.fill(service().update())?.await),
        "get-service-logs-by-uuid" => {
            let container = c.query::<String>("sub_service_name")?;
            logs(
                c,
                service().logs(container.ok_or(Stop::Unsayable(NO_METHOD))?),
            )
            .await
        }
        "start-service-by-uuid" => watched(service().start().await),
        "restart-service-by-uuid" => {
            let mut request = service().restart();
            if let Some(latest) = c.switch("latest")? {
                request = request.latest(latest);
            }
            watched(request.await)
        }
        "create-storage-by-service-uuid" => {
            let container = c.text("resource_uuid")?;
            whole(
                service()
                    .storages()
                    .create_in(container, new_storage(c)?)
                    .await,
            )
        }
        _ => return applications(id, c).await,
    }
    .map(Some)
}

/// The options of starting a part, which are the same for both kinds.
macro_rules! start {
    ($c:expr, $part:expr) => {{
        let mut request = $part.start();
        if let Some(force) = $c.switch("force")? {
            request = request.force(force);
        }
        if let Some(latest) = $c.switch("latest")? {
            request = request.latest(latest);
        }
        request
    }};
}

async fn applications(id: &str, c: &Call<'_>) -> Tried {
    let service = c.coolify.service(c.uuid());
    let part_of = || service.application(c.param("app_uuid"));
    match id {
        "list-service-applications-by-service-uuid" => whole(service.applications().list().await),
        "get-service-application-by-service-and-app-uuid" => whole(part_of().get().await),
        "patch-service-application-by-service-and-app-uuid" => {
            let request = match c.switch("force_domain_override")? {
                Some(true) => part_of().update_forced(),
                _ => part_of().update(),
            };
            whole(c.fill(request)?.await)
        }
        "get-service-application-logs-by-service-and-app-uuid" => logs(c, part_of().logs()).await,
        "post-service-application-logs-by-service-and-app-uuid" => {
            logs(c, part_of().logs_uncached()).await
        }
        "post-start-service-application-by-service-and-app-uuid" => {
            watched(start!(c, part_of()).await)
        }
        "post-stop-service-application-by-service-and-app-uuid" => watched(part_of().stop().await),
        "post-restart-service-application-by-service-and-app-uuid" => {
            watched(part_of().restart().await)
        }
        _ => return databases(id, c).await,
    }
    .map(Some)
}

async fn databases(id: &str, c: &Call<'_>) -> Tried {
    let service = c.coolify.service(c.uuid());
    let part_of = || service.database(c.param("database_uuid"));
    match id {
        "list-service-databases-by-service-uuid" => whole(service.databases().list().await),
        "get-service-database-by-service-and-database-uuid" => whole(part_of().get().await),
        "patch-service-database-by-service-and-database-uuid" => {
            whole(c.fill(part_of().update())?.await)
        }
        "get-service-database-logs-by-service-and-database-uuid" => logs(c, part_of().logs()).await,
        "start-service-database-by-service-and-database-uuid" => {
            watched(start!(c, part_of()).await)
        }
        "stop-service-database-by-service-and-database-uuid" => watched(part_of().stop().await),
        "restart-service-database-by-service-and-database-uuid" => {
            watched(part_of().restart().await)
        }
        _ => return shared(id, c).await,
    }
    .map(Some)
}

async fn shared(id: &str, c: &Call<'_>) -> Tried {
    let (id, service) = (
        id.replace("service", "resource"),
        c.coolify.service(c.uuid()),
    );
    if let Some(said) = scheduled_tasks!(id.as_str(), c, service) {
        return Ok(Some(said));
    }
    of_every_kind!(id.as_str(), c, service, BulkVariable)
}
