//! The replies of the server, in the form of recordings of Coolify 4.3.11.

use serde_json::{Value, json};

/// The uuid of the resource of all calls.
pub const UUID: &str = "khzsv5nucvscskrm5gez3p8v";

/// A time in Coolify's format.
const TIME: &str = "2026-11-22T00:24:08.000000Z";

macro_rules! form {
    ($file:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../src/testing/state/forms/", $file)))
            .unwrap()
    };
}

/// Returns an application in the form of lists, with its server.
pub fn application(number: usize) -> Value {
    let mut server = form!("server.json");
    server["uuid"] = uuid(0).into();
    server["settings"] = form!("server_settings.json");
    let mut destination = form!("destination.json");
    destination["uuid"] = uuid(1).into();
    destination["server"] = server;
    let mut application = form!("application.json");
    let domain = format!("app-{number}.example.com");
    let secret = format!("{number:0>40}");
    set(
        &mut application,
        json!({
            "config_hash": format!("{number:0>64}"),
            "created_at": TIME,
            "custom_labels": labels(&domain),
            "destination": destination,
            "fqdn": format!("https://{domain}"),
            "git_repository": "coollabsio/coolify-examples",
            "id": number,
            "manual_webhook_secret_bitbucket": secret,
            "manual_webhook_secret_gitea": secret,
            "manual_webhook_secret_github": secret,
            "manual_webhook_secret_gitlab": secret,
            "name": format!("application {number}"),
            "ports_exposes": "3000",
            "status": "running:healthy",
            "updated_at": TIME,
            "uuid": uuid(number),
        }),
    );
    application
}

/// Returns a single application, which contains more fields.
pub fn one_application() -> Value {
    let mut project = form!("project.json");
    project["team"] = form!("team.json");
    let mut environment = form!("environment.json");
    environment["project"] = project;
    let mut application = application(1);
    application["environment"] = environment;
    application["settings"] = form!("application_settings.json");
    application
}

/// A variable of an application.
pub fn variable(number: usize) -> Value {
    let value = value(number);
    let mut variable = form!("variable.json");
    set(
        &mut variable,
        json!({
            "created_at": TIME,
            "key": key(number),
            "real_value": value,
            "updated_at": TIME,
            "uuid": uuid(number),
            "value": value,
        }),
    );
    variable
}

/// The name of a variable.
pub fn key(number: usize) -> String {
    format!("SETTING_{number}")
}

/// The value of a variable.
pub fn value(number: usize) -> String {
    format!("postgres://shop:secret@db-{number}.internal:5432/shop?sslmode=require")
}

/// Returns a deployment with a log; `is_over` tells whether it has ended.
pub fn deployment(number: usize, lines: usize, is_over: bool) -> Value {
    let mut deployment = form!("deployment.json");
    set(
        &mut deployment,
        json!({
            "application_id": "5",
            "application_name": "web",
            "configuration_hash": format!("{number:0>64}"),
            "created_at": TIME,
            "current_process_id": "22630",
            "deployment_uuid": uuid(number),
            "deployment_url": format!("/project/{UUID}/environment/{UUID}/application/{UUID}"),
            "finished_at": is_over.then_some(TIME),
            "horizon_job_id": "bc4f091b-111e-4c11-a29e-215415a73eb2",
            "horizon_job_worker": "coolify",
            "id": number,
            "logs": log(lines),
            "status": if is_over { "finished" } else { "in_progress" },
            "updated_at": TIME,
        }),
    );
    deployment
}

/// Returns the log of a deployment in Coolify's form: JSON in a text.
pub fn log(lines: usize) -> String {
    let lines = (1..=lines).map(|order| {
        json!({
            "command": null,
            "output": format!("#{order} [stage-0 {order}/18] RUN npm ci --prefer-offline\n"),
            "type": "stdout",
            "timestamp": "2026-11-22T00:26:30.435734Z",
            "hidden": order % 4 == 0,
            "batch": 1,
            "order": order,
        })
    });
    lines.collect::<Value>().to_string()
}

fn set(form: &mut Value, fields: Value) {
    let (Value::Object(form), Value::Object(fields)) = (form, fields) else {
        panic!("forms are objects");
    };
    form.extend(fields);
}

fn uuid(number: usize) -> String {
    format!("{number:k>24}")
}

/// Returns Coolify's default labels for the proxy.
fn labels(domain: &str) -> String {
    let name = "https-0-khzsv5nucvscskrm5gez3p8v";
    let router = format!("traefik.http.routers.{name}");
    format!(
        "traefik.enable=true\ntraefik.http.middlewares.gzip.compress=true\n\
         traefik.http.middlewares.redirect-to-https.redirectscheme.scheme=https\n\
         {router}.entryPoints=https\n{router}.middlewares=gzip\n\
         {router}.rule=Host(`{domain}`) && PathPrefix(`/`)\n{router}.service={name}\n\
         {router}.tls.certresolver=letsencrypt\n{router}.tls=true\n\
         traefik.http.services.{name}.loadbalancer.server.port=3000\n\
         caddy_0.encode=zstd gzip\ncaddy_0.handle_path.0_reverse_proxy={{{{upstreams 3000}}}}\n\
         caddy_0.handle_path=/*\ncaddy_0.header=-Server\ncaddy_0=https://{domain}\n\
         caddy_ingress_network=coolify"
    )
}
