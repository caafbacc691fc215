//! Orders a server at Hetzner and waits until resources can be placed on it.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::{
    CreateServer, Hetzner, HetznerImage, HetznerLocation, HetznerPrice, HetznerServerType,
};
use crate::error::{Error, ErrorKind, Result};
use crate::raw::types::CreateHetznerServerBody;
use crate::request::awaitable;
use crate::servers::Server;
use crate::wait::{Patience, waits};
use crate::{Coolify, Uuid};

/// A machine takes a minute to boot, and some more to install Docker.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The interval between two polls, as a multiple of the client's interval: 10 seconds by
/// default.
const SLOWER: u32 = 5;

/// How long to wait for a validation before another one is requested.
const VALIDATES_WITHIN: Duration = Duration::from_secs(45);

impl CreateServer {
    /// Orders the server and waits until it is usable. The location, server type
    /// and image are checked before anything is ordered; then the server is
    /// ordered and validated. The first validation nearly always fails because
    /// the machine is still booting, so validation is repeated.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let server = coolify
    ///     .hetzner("nk2ufhfsbyjpgwfpclsvtvnm")
    ///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "fsn1", "cpx11", 161_547_269)
    ///     .name("web")
    ///     .provision()
    ///     .await?;
    /// println!("{} is ready", server.uuid);
    /// # Ok(()) }
    /// ```
    pub fn provision(self) -> ProvisionServer {
        ProvisionServer {
            request: self,
            patience: Patience::default(),
        }
    }
}

/// The order of a server that is sent by `.await`: [`CreateServer::provision`].
#[derive(Debug)]
#[must_use = "nothing is ordered before `.send()` or `.await`"]
pub struct ProvisionServer {
    request: CreateServer,
    patience: Patience,
}

waits!(ProvisionServer, "15 minutes");

impl ProvisionServer {
    /// Checks the order, and returns a plan with the price. Nothing is ordered.
    ///
    /// Needs the `read` ability. Since Coolify 4.0.0.
    ///
    /// ```no_run
    /// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
    /// let plan = coolify
    ///     .hetzner("nk2ufhfsbyjpgwfpclsvtvnm")
    ///     .create_server("x9nk5yx5iufpdte9pkd1pvjq", "fsn1", "cpx11", 161_547_269)
    ///     .provision()
    ///     .plan()
    ///     .await?;
    /// println!("{plan}"); // cpx11 (2 cores, 2 GB) in fsn1 with ubuntu-24.04, 4.58 a month
    /// let server = plan.apply().await?; // costs money
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the location, the server type or the
    /// image does not exist or does not fit the others.
    pub async fn plan(self) -> Result<ServerPlan> {
        let coolify = self.request.0.coolify().clone();
        let order = &self.request.0.body;
        let Some(token) = &order.cloud_provider_token_uuid else {
            return Err(refused("the order names no cloud token".to_owned()));
        };
        let hetzner = coolify.hetzner(token);
        let (location, server_type, image) = look_up(&hetzner, order).await?;
        Ok(ServerPlan {
            location,
            server_type,
            image,
            provision: self,
        })
    }

    /// Orders the server, which costs money, waits until it can be used, and returns
    /// it. The default interval is five times the interval of other waits.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0. Images
    /// without Docker work since Coolify 4.2.0, which installs it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the location, the server type or the
    /// image does not exist or does not fit the others, and
    /// [`Error::is_unauthenticated`] if Hetzner does not accept the token.
    /// Nothing was ordered then.
    ///
    /// If waiting fails, [`Error::left_behind`] contains the server. The machine
    /// costs money until it is deleted at Hetzner, too.
    pub async fn send(self) -> Result<Server> {
        self.plan().await?.apply().await
    }
}

awaitable!(ProvisionServer, send -> Server);

/// A checked order of a server: [`ProvisionServer::plan`].
///
/// `Display` writes the server type, the location, the image and the price with tax.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "nothing is ordered before `.apply()`"]
pub struct ServerPlan {
    /// The location.
    pub location: HetznerLocation,
    /// The server type.
    pub server_type: HetznerServerType,
    /// The operating system.
    pub image: HetznerImage,
    provision: ProvisionServer,
}

impl ServerPlan {
    /// Returns the price in this location, if Hetzner has named one.
    #[must_use]
    pub fn price(&self) -> Option<&HetznerPrice> {
        self.server_type.price_in(&self.location.name)
    }

    /// Orders the server, which costs money, waits until it can be used, and returns it.
    ///
    /// Needs the `read` and `write` abilities. Since Coolify 4.0.0.
    ///
    /// # Errors
    ///
    /// The errors of [`ProvisionServer::send`]. If waiting fails,
    /// [`Error::left_behind`] contains the server, which costs money until it is deleted
    /// at Hetzner as well.
    pub async fn apply(self) -> Result<Server> {
        let ProvisionServer { request, patience } = self.provision;
        let coolify = request.0.coolify().clone();
        let created = request.send().await?;
        let usable = until_usable(&coolify, &created.uuid, patience).await;
        usable.map_err(|error| error.leaving("server", &created.uuid))
    }
}

impl fmt::Display for ServerPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let image = self.image.name.as_deref().unwrap_or("an unnamed image");
        write!(
            f,
            "{} in {} with {image}",
            self.server_type, self.location.name
        )?;
        match self.price().and_then(HetznerPrice::monthly) {
            Some(price) => write!(f, ", {price:.2} a month"),
            None => Ok(()),
        }
    }
}

/// Returns the server type, the location and the image of the order. Coolify answers a
/// bare 500 to every refusal by Hetzner, so the order is checked first.
async fn look_up(
    hetzner: &Hetzner,
    order: &CreateHetznerServerBody,
) -> Result<(HetznerLocation, HetznerServerType, HetznerImage)> {
    let locations = hetzner.locations().await?;
    let Some(location) = locations.iter().find(|it| it.name == order.location) else {
        let names = locations.iter().map(|it| it.name.as_str());
        return Err(unknown("location", &order.location, names));
    };
    let types = hetzner.server_types().await?;
    let Some(kind) = types.iter().find(|it| it.name == order.server_type) else {
        let names = types.iter().map(|it| it.name.as_str());
        return Err(unknown("server type", &order.server_type, names));
    };
    if !kind.is_sold_in(&location.name) {
        let (name, place) = (&order.server_type, &order.location);
        return Err(refused(format!("Hetzner has no {name} in {place}")));
    }
    let images = hetzner.images().await?;
    let Some(image) = images.iter().find(|it| it.id.get() == order.image) else {
        return Err(refused(format!("Hetzner has no image {}", order.image)));
    };
    if !kind.can_run(image) {
        let [image, kind] = [&image.architecture, &kind.architecture]
            .map(|it| it.as_deref().unwrap_or("an unknown architecture"));
        return Err(refused(format!(
            "the image is for {image}, the server type is {kind}"
        )));
    }
    Ok((location.clone(), kind.clone(), image.clone()))
}

fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str>) -> Error {
    let names: Vec<_> = names.collect();
    refused(format!("Hetzner has no {what} {name:?}")).with_hint(format!(
        "nothing was ordered; there are {}",
        names.join(", ")
    ))
}

fn refused(reason: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, reason).with_hint("nothing was ordered")
}

async fn until_usable(coolify: &Coolify, uuid: &Uuid, patience: Patience) -> Result<Server> {
    let server = coolify.server(uuid);
    let mut wait = patience.slower(coolify, SLOWER).start(coolify, LONGEST);
    let mut validating: Option<Instant> = None;
    while wait.turn().await {
        let Some(now) = wait.look(server.get()).await? else {
            continue;
        };
        if is_usable(&now) {
            return Ok(now);
        }
        let under_way = now.is_validating == Some(true)
            || validating.is_some_and(|since| since.elapsed() < VALIDATES_WITHIN);
        if !under_way
            && wait
                .look(server.validate().install(true).send())
                .await?
                .is_some()
        {
            validating = Some(Instant::now());
        }
    }
    let error = wait.expired(format_args!("the server {uuid} cannot be used"));
    Err(error.with_hint(
        "its `validation_logs` say why; the machine costs money until it is deleted at Hetzner too",
    ))
}

fn is_usable(server: &Server) -> bool {
    let setting = server.settings.as_ref().and_then(|it| it.is_usable);
    server.is_usable.or(setting).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_that_does_not_say_so_cannot_be_used() {
        for (fields, usable) in [
            (json!({}), false),
            (json!({"is_usable": true}), true),
            (json!({"settings": {"is_usable": true}}), true),
            (
                json!({"is_usable": false, "settings": {"is_usable": true}}),
                false,
            ),
        ] {
            let mut row = json!({"uuid": "s", "name": "one", "id": 1});
            row.as_object_mut()
                .unwrap()
                .extend(fields.as_object().unwrap().clone());
            let server = serde_json::from_value(row).unwrap();
            assert_eq!(is_usable(&server), usable, "{fields}");
        }
    }
}
