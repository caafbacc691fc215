//! Shows the platform: serves its API in this process, and plays two customers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use coolify_sdk::resource::Volumes;
use coolify_sdk_examples::{Interrupted, Result, Target, println, stopped};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::client::{Client, Refusal};
use super::customer::{show_changed, show_created, show_list, show_log, text, wait_for};
use super::{operator, serve};
use crate::platform::{Platform, Settings};
use crate::store::{Customer, Store};
use crate::tiers::Tier;
use crate::validate::Suffixes;

const REPOSITORY: &str = "https://github.com/coollabsio/coolify-examples";

pub async fn run() -> Result<()> {
    let target = Target::from_env().await?;
    if target.is_embedded() {
        println!("this runs on an embedded server, which answers like Coolify\n");
    }
    let folder = Folder::new()?;
    let store = Store::open(&folder.0.join("platform.db"))?;
    let settings = Settings {
        suffixes: Suffixes::new(&["apps.example.com".to_owned()])?,
        scheme: "http",
        project_prefix: "sdk-customer".to_owned(),
        grace: Duration::from_secs(180),
    };
    let coolify = target.coolify().clone();
    let platform = Arc::new(Platform::new(store, coolify, settings));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (end, ended) = oneshot::channel::<()>();
    let served = serve::serve(
        listener,
        Arc::clone(&platform),
        Duration::from_secs(30),
        async {
            let _ = ended.await;
        },
    );
    let played = async {
        let outcome = tokio::select! {
            outcome = play(&platform, &url) => outcome,
            () = stopped() => Err(Interrupted.into()),
        };
        drop(end);
        outcome
    };
    // The service finishes its work before everything is removed.
    let (served, outcome) = tokio::join!(served, played);
    let removed = remove(&platform).await;
    if removed.is_ok() {
        println!("\nremoved the customers, their projects and everything in them");
    }
    outcome.and(served).and(removed)
}

async fn remove(platform: &Platform) -> Result<()> {
    for customer in platform.store.run(Customer::all).await? {
        platform.remove_customer(&customer, Volumes::Delete).await?;
    }
    Ok(())
}

/// Plays the customers.
async fn play(platform: &Platform, url: &str) -> Result<()> {
    let name = |customer: &str| format!("{customer}-{}", std::process::id());
    let amber = operator::add(&platform.store, name("amber"), Tier::Free).await?;
    let birch = operator::add(&platform.store, name("birch"), Tier::Pro).await?;
    let (amber, birch) = (Client::new(url, amber.text)?, Client::new(url, birch.text)?);

    println!("-- an application that asks for more than the tier free has");
    let web = json!({
        "name": "web", "repository": REPOSITORY, "base_directory": "/node", "ports": 3000,
        "cpu": 2, "memory": "2G", "variables": { "GREETING": "hello" },
        "health_check": { "enabled": true, "path": "/", "start_period": 10 },
        "post_deployment_command": "node --version",
    });
    let web = create(&amber, web).await?;

    println!("-- a request with faults, all of which are named");
    let faults = json!({
        "name": "x", "image": "nginx", "ports": "80,http,70000", "memory": "much",
        "variables": { "9LIVES": "cat" }, "colour": "red",
    });
    refused(&amber, Method::POST, "", Some(faults)).await?;

    println!("-- as many applications as there is room for, and one more");
    for name in ["docs", "blog"] {
        let docs = json!({ "name": name, "image": "nginx:alpine", "memory": "64M", "cpu": 0.1 });
        create(&amber, docs).await?;
    }
    let more = json!({ "name": "shop", "image": "nginx:alpine" });
    refused(&amber, Method::POST, "", Some(more)).await?;

    println!("-- the first one is changed, deployed and read");
    let path = format!("/{web}");
    let change = json!({ "cpu": 0.5, "memory": "2G", "health_check": { "interval": 15 } });
    show_changed(&amber.call(Method::PATCH, &path, Some(change)).await?);
    let run = amber
        .call(Method::POST, &format!("{path}/deploy"), None)
        .await?;
    wait_for(&amber, &web, text(&run, "deployment_uuid")).await?;
    println!("  it is deployed");
    show_log(
        &amber
            .call(Method::GET, &format!("{path}/logs?lines=3"), None)
            .await?,
    );

    println!("-- another customer does not see it");
    refused(&birch, Method::GET, &path, None).await?;

    for tier in [Tier::Starter, Tier::Free] {
        println!("-- the operator changes the tier to {tier}");
        let settled = operator::change_tier_of(platform, &name("amber"), tier).await?;
        operator::show_limited(&settled, true);
    }
    println!("-- the applications at the end");
    show_list(&amber.call(Method::GET, "", None).await?);
    Ok(())
}

async fn create(customer: &Client, body: Value) -> Result<String> {
    let created = customer.call(Method::POST, "", Some(body)).await?;
    show_created(&created);
    Ok(text(&created, "uuid").to_owned())
}

/// Makes a request that the platform has to refuse.
async fn refused(customer: &Client, method: Method, path: &str, body: Option<Value>) -> Result<()> {
    match customer.call(method, path, body).await {
        Ok(_) => Err("the platform has not refused this".into()),
        Err(error) => match error.downcast::<Refusal>() {
            Ok(refusal) => {
                for line in refusal.to_string().lines() {
                    println!("  {line}");
                }
                Ok(())
            }
            Err(error) => Err(error),
        },
    }
}

/// A folder for the database, which is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("tiered-platform-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
