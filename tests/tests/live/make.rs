//! Creates resources for tests, without starting them.

use coolify_sdk::Uuid;
use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::databases::DatabaseHandle;
use coolify_sdk::services::ServiceHandle;
use coolify_sdk_tests::live::{Leftover, Live, Stop, new_private_key};

/// The compose file of `service`: an application and a database.
pub const COMPOSE: &str = "\
services:
  web:
    image: nginx:alpine
    environment:
      - SERVICE_FQDN_WEB_80
  db:
    image: postgres:16-alpine
    environment:
      - POSTGRES_PASSWORD=${SERVICE_PASSWORD_DB}
    volumes:
      - pg:/var/lib/postgresql/data
volumes:
  pg:
";

/// Returns an application from a Docker image.
pub async fn application(live: &Live) -> Result<ApplicationHandle, Stop> {
    let place = live.place().await?;
    let applications = live.coolify().applications();
    let create = applications
        .create_docker_image(place, "nginx")
        .docker_registry_image_tag("alpine")
        .ports_exposes(["80"])
        .name(live.name("image"));
    let created = create.await?;
    Ok(live.coolify().application(created.uuid))
}

/// Returns a Postgres database.
pub async fn database(live: &Live) -> Result<DatabaseHandle, Stop> {
    let place = live.place().await?;
    let databases = live.coolify().databases();
    let create = databases
        .create_postgresql(place)
        .name(live.name("postgresql"));
    let created = create.await?;
    Ok(live.coolify().database(created.uuid))
}

/// Returns a service of two containers.
pub async fn service(live: &Live) -> Result<ServiceHandle, Stop> {
    let place = live.place().await?;
    let services = live.coolify().services();
    let create = services
        .create_compose(place, COMPOSE)
        .name(live.name("compose"));
    let created = create.await?;
    Ok(live.coolify().service(created.uuid))
}

/// Returns a private key that nothing else uses.
pub async fn private_key(live: &Live) -> Result<Uuid, Stop> {
    let keys = live.coolify().private_keys();
    let name = live.name("key");
    let created = keys.create(new_private_key()).name(name).await?;
    live.made(Leftover::PrivateKey(created.uuid.clone()));
    Ok(created.uuid)
}
