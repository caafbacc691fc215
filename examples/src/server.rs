//! Where the examples put what they create.

use coolify_sdk::servers::Server;
use coolify_sdk::{Coolify, EnvironmentRef, ErrorKind, Placement, Uuid};

use crate::Result;

/// The uuid of the server to use instead of the first that is ready.
const SERVER: &str = "COOLIFY_SERVER";
/// The uuid of the destination to use instead of the first. It is needed where
/// Coolify cannot list destinations.
const DESTINATION: &str = "COOLIFY_DESTINATION";

/// Returns a server that can be deployed to: the one that the variable
/// `COOLIFY_SERVER` names, or the first that is ready.
///
/// # Errors
///
/// Returns an error if there is no such server, or if the servers cannot be
/// listed.
pub async fn usable_server(coolify: &Coolify) -> Result<Server> {
    if let Ok(server) = std::env::var(SERVER) {
        return Ok(coolify.server(server).get().await?);
    }
    let mut servers = coolify.servers().list().await?;
    let usable = |server: &Server| {
        let settings = server.settings.as_ref();
        let flag = |own: Option<bool>, setting: Option<bool>| own.or(setting).unwrap_or(false);
        flag(server.is_usable, settings.and_then(|s| s.is_usable))
            && !settings.and_then(|s| s.is_build_server).unwrap_or(false)
    };
    match servers.iter().position(usable) {
        Some(index) => Ok(servers.swap_remove(index)),
        None => Err(
            "no server of this Coolify is ready to deploy to: validate one in the dashboard".into(),
        ),
    }
}

/// Returns a place in the environment `production` of a project, on this server.
/// If the server has several destinations, it is the one that the variable
/// `COOLIFY_DESTINATION` names, or the first.
///
/// # Errors
///
/// Returns an error if the destinations cannot be listed.
pub async fn usable_place(coolify: &Coolify, project: &Uuid, server: &Uuid) -> Result<Placement> {
    let place = Placement::new(project, EnvironmentRef::name("production"), server);
    if let Ok(destination) = std::env::var(DESTINATION) {
        return Ok(place.on_destination(destination));
    }
    match coolify.server(server).destinations().list().await {
        Ok(all) if all.len() > 1 => Ok(place.on_destination(&all[0].uuid)),
        Ok(_) => Ok(place),
        // Before 4.2.0 only the dashboard lists destinations. Most servers have one.
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(place),
        Err(error) => Err(error.into()),
    }
}
