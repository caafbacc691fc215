//! Chooses the server type, the location and the image.

use std::time::Duration;

use coolify_sdk::Coolify;
use coolify_sdk::hetzner::{Hetzner, HetznerServerType, ServerPlan};
use coolify_sdk_examples::{Misuse, Result, println};

use crate::options::Options;

/// The interval at which to poll the server.
const PACE: Duration = Duration::from_secs(2);

/// Lists each server type in each location, the cheapest first.
pub async fn list(hetzner: &Hetzner) -> Result<()> {
    let mut offers = offers(&hetzner.server_types().await?);
    offers.sort_by(|a, b| a.monthly.total_cmp(&b.monthly));
    for offer in offers {
        let place = &offer.location;
        println!("{:.2} a month\t{place}\t{}", offer.monthly, offer.kind);
    }
    Ok(())
}

/// Returns an order that Hetzner accepts. Nothing is ordered yet.
pub async fn choose(coolify: &Coolify, hetzner: &Hetzner, options: &Options) -> Result<ServerPlan> {
    let key = if let Some(uuid) = &options.key {
        coolify.private_key(uuid.as_str()).get().await?
    } else {
        let mut keys = coolify.private_keys().list().await?;
        // Keys of GitHub apps are not SSH keys.
        keys.retain(|key| key.is_git_related != Some(true));
        let none = "Coolify has no SSH key: add one in the dashboard, under Keys & Tokens";
        keys.into_iter().next().ok_or(none)?
    };
    println!("SSH key      {} ({})", key.name, key.uuid);

    let types = hetzner.server_types().await?;
    let mut offers = offers(&types);
    offers.retain(|it| {
        let is = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|it| it == is);
        is(&options.server_type, &it.kind.name) && is(&options.location, &it.location)
    });
    offers.sort_by(|a, b| a.monthly.total_cmp(&b.monthly));
    let none = || Misuse::new("Hetzner sells no such server type there: see --offers");
    let offer = offers.first().ok_or_else(none)?;

    let wanted = options.image.as_deref().unwrap_or("ubuntu-24.04");
    let images = hetzner.images().await?;
    // Each architecture has its own image with the same name.
    let mut fitting = images.iter().filter(|it| offer.kind.can_run(it));
    let image = fitting.find(|it| it.name.as_deref() == Some(wanted));
    let image = image.ok_or_else(|| format!("Hetzner has no image {wanted} for {}", offer.kind))?;

    let order = hetzner.create_server(key.uuid, &offer.location, &offer.kind.name, image.id.get());
    let name = options.name.clone().unwrap_or_default();
    let order = order.name(name).provision().poll_every(PACE);
    Ok(order.plan().await?)
}

/// A server type in a location.
struct Offer {
    kind: HetznerServerType,
    location: String,
    monthly: f64,
}

fn offers(types: &[HetznerServerType]) -> Vec<Offer> {
    let mut offers = Vec::new();
    for kind in types {
        for price in kind.prices.iter().flatten() {
            if let (Some(location), Some(monthly)) = (&price.location, price.monthly())
                && kind.is_sold_in(location)
            {
                offers.push(Offer {
                    kind: kind.clone(),
                    location: location.clone(),
                    monthly,
                });
            }
        }
    }
    offers
}
