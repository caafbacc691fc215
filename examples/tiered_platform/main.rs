//! A small platform that sells a Coolify in tiers. It counts and caps what
//! customers create, by the tier that they pay for, and tells them what they got.
//!
//! ```text
//! cargo run --example tiered_platform                # on an embedded server
//! COOLIFY_URL=https://coolify.example.com COOLIFY_TOKEN='1|…' \
//!     cargo run --example tiered_platform            # on yours
//! ```

mod application;
mod customer;
mod tier;

use std::process::ExitCode;

use coolify_sdk::applications::BuildPack;
use coolify_sdk::limits::{CappedLimit, ResourceLimits};
use coolify_sdk::{Error, Uuid};
use coolify_sdk_examples::{
    Arguments, Interrupted, Result, Target, made_by, println, program, stopped, usable_place,
    usable_server,
};
use futures_util::future::join_all;

use application::{Answer, Wish};
use customer::Customer;
use tier::Tier;

const USAGE: &str = "\
Sells a Coolify in tiers to one customer, who asks for too much, and removes what
it made.

usage: tiered_platform

With COOLIFY_URL and COOLIFY_TOKEN set it works on that server, where it deploys
one application four times; with neither on one that it starts in this process.";

#[tokio::main]
async fn main() -> ExitCode {
    program(USAGE, Arguments::end, async |()| run().await).await
}

async fn run() -> Result<()> {
    let target = Target::from_env().await?;
    let coolify = target.coolify();
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers like Coolify\n");
    }
    let server = usable_server(coolify).await?;
    let project = coolify
        .projects()
        .create(format!("sdk-customer-{}", std::process::id()))
        .description(made_by("tiered_platform"))
        .await?;
    let place = usable_place(coolify, &project.uuid, &server.uuid).await?;
    let mut customer = Customer::new(coolify, place, Tier::free()?);
    let outcome = tokio::select! {
        outcome = life(&mut customer) => outcome,
        () = stopped() => Err(Interrupted.into()),
    };
    let removed = customer.leave().await;
    if removed.is_ok() {
        println!("\nremoved the customer's project, everything in it, and the volumes");
    }
    outcome.and(removed.map_err(Into::into))
}

/// Plays a customer over the years.
async fn life(customer: &mut Customer) -> Result<()> {
    show_tier(customer).await?;
    println!("an application that asks for more than the tier has");
    let web = create(customer, wish("web", BuildPack::Nixpacks, "2G", "2")?).await?;
    let web = web.ok_or("a new project is already full")?;
    println!("and a second one");
    create(customer, wish("docs", BuildPack::Static, "64M", "0.1")?).await?;
    println!("the first one is deployed, changed and deployed again");
    customer.deploy(&web).await?;
    println!("  it is out");
    let asked = ResourceLimits::default().memory("256M")?.cpus("1.5")?;
    show(&customer.update(&web, asked).await?);
    customer.deploy(&web).await?;
    println!("  it is out");

    println!("a larger tier, which grants more of the requested limits");
    change_tier(customer, Tier::starter()?).await?;
    println!("three more at once, with room for two");
    let wishes = [
        wish("docs", BuildPack::Static, "64M", "0.1")?,
        wish("api", BuildPack::Dockerfile, "1G", "1")?,
        wish("worker", BuildPack::Nixpacks, "1G", "1")?,
    ];
    let customer_now = &*customer;
    let created = wishes.map(|wish| create(customer_now, wish));
    let created: Vec<_> = join_all(created).await.into_iter().collect::<Result<_>>()?;

    println!("the smaller tier again");
    change_tier(customer, Tier::free()?).await?;
    println!("so two of them go");
    for uuid in created.into_iter().flatten() {
        customer.delete(&uuid).await?;
    }
    change_tier(customer, Tier::free()?).await?;
    println!("the tiers of other customers");
    for tier in [Tier::pro()?, Tier::enterprise()?] {
        println!("  {tier}");
    }
    Ok(())
}

fn wish(name: &'static str, build_pack: BuildPack, memory: &str, cpus: &str) -> Result<Wish> {
    let (directory, port) = match build_pack {
        BuildPack::Static => ("/static", "80"),
        BuildPack::Dockerfile => ("/dockerfile", "3000"),
        _ => ("/node", "3000"),
    };
    Ok(Wish {
        name,
        build_pack,
        directory,
        port,
        limits: ResourceLimits::default().memory(memory)?.cpus(cpus)?,
    })
}

/// Exceeding the quota is not a failure of the platform.
async fn create(customer: &Customer, wish: Wish) -> Result<Option<Uuid>> {
    let name = wish.name;
    match customer.create(wish).await {
        Ok((uuid, capped)) => {
            println!("  {name} is {uuid}");
            show_capped(&capped);
            Ok(Some(uuid))
        }
        Err(error) => over_quota(error).map(|()| None),
    }
}

async fn change_tier(customer: &mut Customer, tier: Tier) -> Result<()> {
    match customer.change_tier(tier).await {
        Ok(answers) => {
            for (name, answer) in answers {
                println!("  {name}");
                show(&answer);
            }
            show_tier(customer).await
        }
        Err(error) => over_quota(error),
    }
}

fn over_quota(error: Error) -> Result<()> {
    match error.quota_use() {
        Some(usage) => println!("  refused, with {usage}"),
        None => return Err(error.into()),
    }
    Ok(())
}

async fn show_tier(customer: &Customer) -> Result<()> {
    println!("-- {}; {}", customer.tier(), customer.usage().await?);
    Ok(())
}

fn show(answer: &Answer) {
    show_capped(&answer.capped);
    for line in answer.report.to_string().lines() {
        println!("  {line}");
    }
}

fn show_capped(capped: &[CappedLimit]) {
    for limit in capped {
        println!("  {limit}");
    }
}
