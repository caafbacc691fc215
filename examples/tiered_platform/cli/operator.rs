//! The commands of the operator.

use coolify_sdk::limits::CappedLimit;
use coolify_sdk::resource::Volumes;
use coolify_sdk_examples::{Misuse, Result, eprintln, println};

use super::arguments::{Customer as Command, Operate};
use super::serve;
use crate::failure::Failure;
use crate::keys::Key;
use crate::platform::{Platform, SettleScope, Settled};
use crate::store::{Customer, Store, Usage};
use crate::tiers::{Tier, field_of, shown};

/// Projects have names of at most 255 characters.
const LONGEST_NAME: usize = 100;

pub async fn run(command: Command) -> Result<()> {
    match command {
        Command::Add {
            name,
            tier,
            operate,
        } => {
            let store = Store::open(&operate.database)?;
            let key = add(&store, name, tier).await?;
            println!("{}", key.text);
            eprintln!("this is the only time that the key is shown");
        }
        Command::List { operate } => {
            let store = Store::open(&operate.database)?;
            let all = store.run(|db| {
                let all = Customer::all(db)?.into_iter();
                all.map(|it| it.usage(db)).collect::<Result<Vec<_>, _>>()
            });
            for usage in all.await? {
                println!("{}", line(&usage));
            }
        }
        Command::Tier {
            name,
            tier,
            no_deploy,
            operate,
        } => change_tier(name, tier, !no_deploy, &operate).await?,
        Command::Key { name, operate } => {
            let store = Store::open(&operate.database)?;
            let key = Key::generate()?;
            let text = key.text.clone();
            store
                .run(move |db| Customer::named(db, &name)?.add_key(db, &key))
                .await?;
            println!("{text}");
            eprintln!("this is the only time that the key is shown; the others stay valid");
        }
        Command::Revoke { name, operate } => {
            let store = Store::open(&operate.database)?;
            let revoked = store.run(move |db| Customer::named(db, &name)?.revoke_keys(db));
            println!("revoked {} keys", revoked.await?);
        }
        Command::Remove {
            name,
            delete_volumes,
            operate,
        } => {
            let platform = platform(&operate)?;
            let customer = platform.store.run(move |db| {
                let customer = Customer::named(db, &name)?;
                // No application may be created while the customer is removed.
                customer.revoke_keys(db)?;
                Ok(customer)
            });
            let customer = customer.await?;
            let volumes = if delete_volumes {
                Volumes::Delete
            } else {
                Volumes::Keep
            };
            platform.remove_customer(&customer, volumes).await?;
            println!("removed {}", customer.name);
        }
    }
    Ok(())
}

/// Adds a customer with a key.
pub async fn add(store: &Store, name: String, tier: Tier) -> Result<Key> {
    let fits = |it: char| it.is_ascii_alphanumeric() || it == '-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
        let message = "a customer has a name of 1 to 100 letters, digits and hyphens";
        return Err(Misuse::new(message).into());
    }
    let key = Key::generate()?;
    let (id, text) = (key.id.clone(), key.text.clone());
    store
        .run(move |db| Customer::add(db, &name, tier)?.add_key(db, &key))
        .await?;
    Ok(Key { id, text })
}

async fn change_tier(name: String, tier: Tier, deploys: bool, operate: &Operate) -> Result<()> {
    let store = Store::open(&operate.database)?;
    let changed = store.run(move |db| {
        let mut customer = Customer::named(db, &name)?;
        customer.set_tier(db, tier)?;
        customer.usage(db)
    });
    let usage = changed.await?;
    println!("{}", line(&usage));
    if !tier.quota().used(usage.applications).has_room(0) {
        println!("the customer has more applications than the tier allows; it keeps all of them");
    }
    let Ok(platform) = platform(operate) else {
        println!(
            "the service sets the new limits; without COOLIFY_URL and COOLIFY_TOKEN this does not"
        );
        return Ok(());
    };
    let settled = platform.apply_tier(&usage.customer, deploys).await?;
    show_limited(&settled, deploys);
    Ok(())
}

pub fn show_limited(settled: &Settled, deploys: bool) {
    for limited in &settled.limited {
        let capped: Vec<_> = limited.capped.iter().map(capped).collect();
        let capped = match &capped[..] {
            [] => "has the requested limits".to_owned(),
            all => format!("is capped: {}", all.join(", ")),
        };
        let next = match (limited.is_running, deploys) {
            (false, _) => "",
            (true, true) => "; it is deployed again",
            (true, false) => "; it keeps its old limits until it is deployed",
        };
        println!("  {} {capped}{next}", limited.name);
    }
}

fn capped(limit: &CappedLimit) -> String {
    let (asked, applied) = (shown(&limit.asked), shown(&limit.allowed));
    format!("{} from {asked} to {applied}", field_of(limit.field))
}

/// Settles all customers once.
pub async fn settle(operate: Operate) -> Result<()> {
    let platform = platform(&operate)?;
    // Reservations of a running service must not be released.
    let serving = Store::serve(&operate.database);
    let settled = platform
        .settle_all(SettleScope::Everything, serving.is_ok())
        .await?;
    println!("{settled}");
    Ok(())
}

fn platform(operate: &Operate) -> Result<Platform> {
    let (coolify, store) = (serve::coolify()?, Store::open(&operate.database)?);
    Ok(Platform::new(store, coolify, serve::settings(operate)))
}

fn line(usage: &Usage) -> String {
    let Usage {
        customer,
        applications,
        keys,
    } = usage;
    let used = customer.tier.quota().used(*applications);
    format!("{}  {}  {used}  {keys} keys", customer.name, customer.tier)
}

/// Changes a tier while the service runs in the same process.
pub async fn change_tier_of(
    platform: &Platform,
    name: &str,
    tier: Tier,
) -> Result<Settled, Failure> {
    let name = name.to_owned();
    let changed = platform.store.run(move |db| {
        let mut customer = Customer::named(db, &name)?;
        customer.set_tier(db, tier)?;
        Ok(customer)
    });
    let customer = changed.await?;
    platform.apply_tier(&customer, true).await
}
