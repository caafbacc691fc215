//! The commands of customers.

use std::time::Duration;

use coolify_sdk_examples::{Misuse, Result, println};
use reqwest::Method;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};

use super::arguments::{Client as Command, Connection, Fields};
use super::client::Client;

const KEY: &str = "TIERED_PLATFORM_KEY";
const POLL: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(3_600);

pub async fn run(command: Command) -> Result<()> {
    match command {
        Command::Create {
            fields,
            deploy,
            connection,
        } => {
            let mut body = body(fields)?;
            if deploy {
                body["deploy"] = true.into();
            }
            let created = client(&connection)?
                .call(Method::POST, "", Some(body))
                .await?;
            show(&connection, &created, show_created);
        }
        Command::Update {
            uuid,
            fields,
            connection,
        } => {
            let (path, body) = (path(&uuid, ""), body(fields)?);
            let changed = client(&connection)?
                .call(Method::PATCH, &path, Some(body))
                .await?;
            show(&connection, &changed, show_changed);
        }
        Command::Deploy {
            uuid,
            wait,
            connection,
        } => {
            let client = client(&connection)?;
            let queued = client
                .call(Method::POST, &path(&uuid, "/deploy"), None)
                .await?;
            if wait {
                wait_for(&client, &uuid, text(&queued, "deployment_uuid")).await?;
            }
            show(&connection, &queued, |it| {
                let state = if wait { "has finished" } else { "is queued" };
                println!("the deployment {} {state}", text(it, "deployment_uuid"));
            });
        }
        Command::Logs {
            uuid,
            lines,
            connection,
        } => {
            let path = path(&uuid, &format!("/logs?lines={lines}"));
            let log = client(&connection)?.call(Method::GET, &path, None).await?;
            show(&connection, &log, show_log);
        }
        Command::Show { uuid, connection } => {
            let application = client(&connection)?
                .call(Method::GET, &path(&uuid, ""), None)
                .await?;
            println!("{application:#}");
        }
        Command::List { connection } => {
            let all = client(&connection)?.call(Method::GET, "", None).await?;
            show(&connection, &all, show_list);
        }
        Command::Delete {
            uuid,
            delete_volumes,
            connection,
        } => {
            let query = if delete_volumes {
                "?delete_volumes=true"
            } else {
                ""
            };
            let deleted = client(&connection)?
                .call(Method::DELETE, &path(&uuid, query), None)
                .await?;
            show(&connection, &deleted, |it| {
                println!("{} is {}", text(it, "uuid"), text(it, "state"));
            });
        }
    }
    Ok(())
}

fn client(connection: &Connection) -> Result<Client> {
    let missing = || Misuse::new(format!("put the key of the customer into {KEY}"));
    let key = std::env::var(KEY).map_err(|_| missing())?;
    Client::new(&connection.url, key)
}

fn show(connection: &Connection, answer: &Value, shown: impl FnOnce(&Value)) {
    if connection.json {
        println!("{answer:#}");
    } else {
        shown(answer);
    }
}

/// An invalid uuid must not change the path.
fn path(uuid: &str, rest: &str) -> String {
    let uuid: String = uuid.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("/{uuid}{rest}")
}

fn body(fields: Fields) -> Result<Value> {
    let mut body = match fields.set.as_deref().map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(further))) => further,
        Some(_) => return Err(Misuse::new("--set takes a JSON object").into()),
    };
    let texts = [
        ("name", fields.name),
        ("repository", fields.repository),
        ("branch", fields.branch),
        ("image", fields.image),
        ("build_pack", fields.build_pack),
        ("base_directory", fields.base_directory),
        ("ports", fields.ports),
        ("cpu", fields.cpu),
        ("memory", fields.memory),
        ("install_command", fields.install_command),
        ("build_command", fields.build_command),
        ("start_command", fields.start_command),
        ("pre_deployment_command", fields.pre_deployment_command),
        ("post_deployment_command", fields.post_deployment_command),
        ("restart_policy", fields.restart_policy),
        ("subdomain", fields.subdomain),
        ("domain_suffix", fields.domain_suffix),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            body.insert(name.to_owned(), text.into());
        }
    }
    if let Some(path) = fields.health_check_path {
        let check = json!({ "enabled": true, "path": path });
        body.insert("health_check".to_owned(), check);
    }
    if !fields.variable.is_empty() {
        let mut variables = Map::new();
        for variable in fields.variable {
            let Some((name, value)) = variable.split_once('=') else {
                return Err(Misuse::new("--variable takes NAME=VALUE").into());
            };
            variables.insert(name.to_owned(), value.into());
        }
        body.insert("variables".to_owned(), variables.into());
    }
    Ok(body.into())
}

/// Waits until a deployment has ended.
pub async fn wait_for(client: &Client, uuid: &str, deployment: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let application = client.call(Method::GET, &path(uuid, ""), None).await?;
        let last = &application["last_deployment"];
        // A newer deployment has replaced it.
        match text(last, "status") {
            "finished" => return Ok(()),
            "failed" | "cancelled-by-user" if text(last, "uuid") == deployment => {
                return Err(
                    format!("the deployment {deployment} has {}", text(last, "status")).into(),
                );
            }
            _ if begun.elapsed() > PATIENCE => return Err("the deployment takes too long".into()),
            _ => sleep(POLL).await,
        }
    }
}

pub fn show_created(created: &Value) {
    println!("{} is {}", text(created, "name"), text(created, "uuid"));
    for domain in items(created, "domains") {
        println!("  at {}", domain.as_str().unwrap_or_default());
    }
    show_limits(created);
    show_warnings(created);
}

pub fn show_changed(changed: &Value) {
    let names = |list: &str| {
        let names: Vec<_> = items(changed, list).filter_map(Value::as_str).collect();
        names.join(", ")
    };
    let updated = names("updated_fields");
    if !updated.is_empty() {
        println!("  updated: {updated}");
    }
    for field in items(changed, "not_updated") {
        println!(
            "  not updated: {}, {}",
            text(field, "field"),
            text(field, "reason")
        );
    }
    let unverified = names("unverified_fields");
    if !unverified.is_empty() {
        println!("  not shown by Coolify: {unverified}");
    }
    show_limits(changed);
    show_warnings(changed);
}

fn show_limits(answer: &Value) {
    let limits = &answer["applied_tier_limits"];
    if limits.is_null() {
        return;
    }
    println!(
        "  limits: cpu {}, memory {}",
        text(limits, "cpu"),
        text(limits, "memory")
    );
    for capped in items(limits, "capped") {
        let [field, asked, applied] = ["field", "asked", "applied"].map(|it| text(capped, it));
        let tier = text(limits, "tier");
        println!("  capped by the tier {tier}: {field} from {asked} to {applied}");
    }
}

fn show_warnings(answer: &Value) {
    for warning in items(answer, "warnings") {
        println!("  note: {}", warning.as_str().unwrap_or_default());
    }
}

pub fn show_list(all: &Value) {
    for application in items(all, "applications") {
        let status = application["status"].as_str().unwrap_or("-");
        let [uuid, name, state] = ["uuid", "name", "state"].map(|it| text(application, it));
        println!("{uuid}  {name}  {state}  {status}");
    }
    let allowed = all["allowed"].as_u64();
    let allowed = allowed.map_or_else(|| "any number of".to_owned(), |it| it.to_string());
    println!(
        "{} of {allowed} applications, tier {}",
        all["used"],
        text(all, "tier")
    );
    show_warnings(all);
}

pub fn show_log(log: &Value) {
    for line in items(log, "lines") {
        println!("{}", line.as_str().unwrap_or_default());
    }
    if log["is_running"] == false {
        println!("the application is not running");
    }
}

pub fn text<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer[name].as_str().unwrap_or_default()
}

fn items<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer[name].as_array().into_iter().flatten()
}
