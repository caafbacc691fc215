//! Orders a server at Hetzner: checks the cloud token, chooses a server type, a location
//! and an image by their prices, shows the order, orders the server, waits until Coolify
//! can deploy to it, and removes it again.
//!
//! ```text
//! cargo run --example hetzner_server                    # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example hetzner_server                # shows an order
//!     cargo run --example hetzner_server -- --yes       # orders it, which costs money
//! ```

mod options;
mod order;

use std::process::ExitCode;

use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk::{Coolify, ErrorKind, Uuid};
use coolify_sdk_examples::{
    Interrupted, Misuse, Result, Target, eprintln, println, program, stopped,
};

use options::{Options, USAGE};

const TOKEN: &str = "HCLOUD_TOKEN";

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, Options::parse, run).await
}

async fn run(mut options: Options) -> Result<()> {
    let name = format!("sdk-hetzner-{}", std::process::id());
    let name = options.name.get_or_insert(name).clone();
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if let Some(server) = &options.remove {
        return remove(coolify, server, options.at_hetzner).await;
    }
    let secret = std::env::var(TOKEN).ok().filter(|it| !it.is_empty());
    let secret = if target.is_embedded() {
        println!("this runs on an embedded server, which answers like Coolify\n");
        Some("a token that the embedded server accepts".to_owned())
    } else {
        secret
    };
    let stored = match secret {
        Some(secret) => Some(store(coolify, secret).await?),
        None => None,
    };
    let journey = async {
        let token = match &stored {
            Some(token) => token.clone(),
            None => find_token(coolify, options.token.as_deref()).await?,
        };
        journey(&target, &token, &options).await
    };
    let outcome = tokio::select! {
        outcome = journey => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    if outcome.is_err() {
        tell_ordered(coolify, &name).await?;
    }
    match &stored {
        Some(token) => outcome.and(unless_used(coolify, token).await),
        None => outcome,
    }
}

async fn journey(target: &Target, token: &Uuid, options: &Options) -> Result<()> {
    let coolify = target.coolify();
    let validation = coolify.cloud_token(token).validate().await?;
    if !validation.valid {
        let reason = validation.message.unwrap_or_default();
        return Err(format!("Hetzner does not accept the cloud token: {reason}").into());
    }
    println!("cloud token  {token}, which Hetzner accepts");
    let hetzner = coolify.hetzner(token);
    if options.offers {
        return order::list(&hetzner).await;
    }
    let plan = order::choose(coolify, &hetzner, options).await?;
    println!("order        {plan}");
    if !options.yes && !target.is_embedded() {
        println!("\nnothing was ordered: --yes orders it, which costs money");
        return Ok(());
    }
    println!("ordered      waiting until it can be used, for up to 15 minutes");
    // If this fails, the error names the server, which costs money.
    let server = plan.apply().await?;
    println!("server       {} ({})", server.name, server.uuid);
    println!("address      {}", server.ip.as_deref().unwrap_or("?"));
    println!("validated    resources can be deployed to it");
    if target.is_embedded() {
        return remove(coolify, server.uuid.as_str(), false).await;
    }
    println!("\nit costs money until it is deleted at Hetzner: see --remove and --at-hetzner");
    Ok(())
}

/// Stores a cloud token, which Coolify checks with Hetzner first.
async fn store(coolify: &Coolify, secret: String) -> Result<Uuid> {
    let name = format!("sdk-hetzner-{}", std::process::id());
    let tokens = coolify.cloud_tokens();
    let created = tokens.create(CloudProvider::Hetzner, name, secret).await?;
    println!("stored       the cloud token {}", created.uuid);
    Ok(created.uuid)
}

/// Returns the cloud token with this uuid, or the only one of Hetzner.
async fn find_token(coolify: &Coolify, uuid: Option<&str>) -> Result<Uuid> {
    let mut tokens = coolify.cloud_tokens().list().await?;
    tokens.retain(|it| it.provider == CloudProvider::Hetzner);
    if let Some(uuid) = uuid {
        tokens.retain(|it| it.uuid == uuid);
    }
    match &tokens[..] {
        [only] => Ok(only.uuid.clone()),
        [] => Err(format!("Coolify has no such Hetzner token: set {TOKEN} to store one").into()),
        _ => {
            let names = tokens.iter().map(|it| format!("{} ({})", it.uuid, it.name));
            let names: Vec<_> = names.collect();
            Err(Misuse::new(format!("choose one by --token: {}", names.join(", "))).into())
        }
    }
}

/// Prints the server that was ordered although the program failed.
async fn tell_ordered(coolify: &Coolify, name: &str) -> Result<()> {
    for server in coolify.servers().list().await? {
        if server.name == name {
            let uuid = server.uuid;
            eprintln!("{name} costs money: look at it in the dashboard, or --remove {uuid}");
        }
    }
    Ok(())
}

/// Removes the cloud token that this program has stored, unless a server needs it.
async fn unless_used(coolify: &Coolify, token: &Uuid) -> Result<()> {
    let token = coolify.cloud_token(token);
    if token.get().await?.servers_count.unwrap_or_default() > 0 {
        println!("the cloud token stays in Coolify, because the server needs it");
        return Ok(());
    }
    token.delete().await?;
    println!("removed the cloud token");
    Ok(())
}

async fn remove(coolify: &Coolify, server: &str, at_hetzner: bool) -> Result<()> {
    let delete = coolify.server(server).delete();
    if !at_hetzner {
        delete.await?;
        println!("removed {server} from Coolify; at Hetzner it still exists, and costs money");
        return Ok(());
    }
    match delete.delete_from_provider(true).await {
        Ok(_) => println!("removed {server} from Coolify, and deleted it at Hetzner"),
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            eprintln!("this Coolify cannot delete servers at Hetzner. Nothing was removed.");
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
