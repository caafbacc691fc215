//! Every field of a request: the powers that it takes, and what it may contain.

use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;

use coolify_sdk::applications::BuildPack;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::{Coolify, Result};
use serde_json::{Value, json};

use super::tried::{Groups, NOBODY, tried};
use super::{Tenants, tenants, tenants_on};

type Sent = Pin<Box<dyn Future<Output = Result<()>>>>;

/// A request whose fields are set by name.
struct Request {
    name: &'static str,
    send: Box<dyn Fn(Coolify, Value) -> Sent>,
}

macro_rules! request {
    ($name:literal, |$coolify:ident| $make:expr) => {
        Request {
            name: $name,
            send: Box::new(move |$coolify, fields| {
                let request = $make.fields(fields);
                Box::pin(async move { request?.await.map(drop) })
            }),
        }
    };
}

/// Texts that a field is tried with.
const TEXTS: [(&str, &str); 18] = [
    ("empty", " "),
    ("word", "word"),
    ("words", "two words"),
    ("shell", "a;b"),
    ("reference", "{{team.A}}"),
    ("expansion", "${A@P}"),
    ("up", "/../a"),
    ("root", "/"),
    ("pattern", "a/*"),
    ("option", "--privileged"),
    ("brackets", "a!^*()[]{}?"),
    ("pipe", "a|b"),
    ("image", "khzsv5nucvscskrm5gez3p8v"),
    ("coolify-db", "coolify-db"),
    ("port", "443"),
    ("labels", "Y2FkZHk9Yg=="), // caddy=b
    ("host", "a.example"),
    ("compose", "dockercompose"),
];

/// Returns what a field is tried with, depending on its type.
fn probes(kind: &Value) -> Vec<(&'static str, Value)> {
    match kind {
        Value::Bool(_) => vec![("true", json!(true)), ("false", json!(false))],
        Value::Number(_) => vec![("443", json!(443)), ("3000", json!(3000))],
        Value::String(_) => TEXTS.map(|(name, text)| (name, json!(text))).into(),
        _ => vec![("list", json!(["a", "b;c"]))],
    }
}

/// Returns the fields that a request takes, as it says itself.
async fn fields(coolify: &Coolify, request: &Request) -> Vec<String> {
    let unknown = (request.send)(coolify.clone(), json!({"no such field": 1})).await;
    let said = unknown.expect_err("there is no such field").to_string();
    let (_, fields) = said.split_once("expected ").expect("the fields");
    let names = fields.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

/// Returns which fields of the requests have which bound.
async fn table(it: &Tenants, requests: Vec<Request>) -> String {
    let coolify = it.fake.client();
    let mut all = Groups::default();
    for request in &requests {
        for field in fields(&coolify, request).await {
            let mut bound = Groups::default();
            for kind in [json!(true), json!(1), json!("word"), json!(["a"])] {
                let fits = (request.send)(coolify.clone(), json!({ &*field: kind })).await;
                if fits.is_err_and(|error| error.to_string().starts_with(&format!("`{field}`: "))) {
                    continue;
                }
                for (name, value) in probes(&kind) {
                    let fields = json!({ &*field: value });
                    let ask = |coolify| (request.send)(coolify, fields.clone());
                    let outcome = tried(&coolify, &it.own, ask).await.steps;
                    bound.add(outcome.replace(&format!("`{field}`"), "`…`"), name);
                }
            }
            let bound = bound.each().iter();
            let bound: Vec<_> = bound
                .map(|(outcome, names)| format!("{outcome}: {}", names.join(" ")))
                .collect();
            all.add(bound.join("\n"), format!("{}: {field}", request.name));
        }
    }
    flipped(&all)
}

/// Writes the fields first, and then what happens to all of them.
fn flipped(all: &Groups) -> String {
    let mut text = String::new();
    for (bound, inputs) in all.each() {
        let mut by_request: Vec<(&str, Vec<&str>)> = Vec::new();
        for input in inputs {
            let (request, field) = input.split_once(": ").expect("a request");
            match by_request.iter_mut().find(|(known, _)| *known == request) {
                Some((_, fields)) => fields.push(field),
                None => by_request.push((request, vec![field])),
            }
        }
        let mut by_fields = Groups::default();
        for (request, fields) in by_request {
            by_fields.add(fields.join(" "), request);
        }
        for (fields, requests) in by_fields.each() {
            writeln!(text, "[{}] {fields}", requests.join(", ")).expect("text");
        }
        for line in bound.lines() {
            writeln!(text, "    {line}").expect("text");
        }
    }
    text
}

#[tokio::test]
async fn each_field_of_an_application_has_its_bound() {
    let it = tenants().await;
    let (one, two, three) = (
        it.place(&it.other),
        it.place(&it.other),
        it.place(&it.other),
    );
    let requests = vec![
        request!("update", |coolify| coolify.application(NOBODY).update()),
        request!("public", |coolify| {
            let pack = BuildPack::Nixpacks;
            coolify
                .applications()
                .create_public(one.clone(), "a/b", "main", pack)
        }),
        request!("of a Dockerfile", |coolify| {
            coolify
                .applications()
                .create_dockerfile(two.clone(), "FROM a")
        }),
        request!("of an image", |coolify| {
            coolify
                .applications()
                .create_docker_image(three.clone(), "nginx")
        }),
    ];
    insta::assert_snapshot!(table(&it, requests).await);
}

#[tokio::test]
async fn each_field_of_a_database_has_its_bound() {
    let it = tenants().await;
    let place = it.place(&it.other);
    let requests = vec![
        request!("PostgreSQL", |coolify| coolify
            .database(NOBODY)
            .update_postgresql()),
        request!("MySQL", |coolify| coolify.database(NOBODY).update_mysql()),
        request!("MariaDB", |coolify| coolify
            .database(NOBODY)
            .update_mariadb()),
        request!("MongoDB", |coolify| coolify
            .database(NOBODY)
            .update_mongodb()),
        request!("Redis", |coolify| coolify.database(NOBODY).update_redis()),
        request!("KeyDB", |coolify| coolify.database(NOBODY).update_keydb()),
        request!("Dragonfly", |coolify| coolify
            .database(NOBODY)
            .update_dragonfly()),
        request!("ClickHouse", |coolify| coolify
            .database(NOBODY)
            .update_clickhouse()),
        request!("a new PostgreSQL", |coolify| {
            coolify.databases().create_postgresql(place.clone())
        }),
        request!("a new backup", |coolify| {
            coolify.database(NOBODY).backups().create("daily")
        }),
        request!("a backup", |coolify| coolify
            .database(NOBODY)
            .backup("b")
            .update()),
    ];
    insta::assert_snapshot!(table(&it, requests).await);
}

#[tokio::test]
async fn each_field_of_what_belongs_to_a_resource_has_its_bound() {
    let it = tenants().await;
    let (one, two) = (it.place(&it.other), it.place(&it.other));
    let other = it.other.clone();
    let requests = vec![
        request!("a variable of an application", |coolify| {
            coolify.application(NOBODY).envs().create("A", "b")
        }),
        request!("a variable of a database", |coolify| {
            coolify.database(NOBODY).envs().create("A", "b")
        }),
        request!("a shared variable", |coolify| {
            let scope = SharedScope::project(&*other);
            coolify.shared_variables(scope).create("A", "b")
        }),
        request!("a task", |coolify| {
            let tasks = coolify.application(NOBODY).scheduled_tasks();
            tasks.create("a", "b", "daily")
        }),
        request!("a volume", |coolify| {
            coolify.application(NOBODY).storages().update_volume("s")
        }),
        request!("a file", |coolify| {
            coolify.application(NOBODY).storages().update_file("s")
        }),
        request!("a backup of a volume", |coolify| {
            let storages = coolify.application(NOBODY).storages();
            storages.set_backup_schedule("s", "daily")
        }),
        request!("a service", |coolify| coolify.service(NOBODY).update()),
        request!("a new service", |coolify| {
            coolify
                .services()
                .create_compose(one.clone(), "services: {web: {image: a}}")
        }),
        request!("a one-click service", |coolify| {
            coolify.services().create_one_click(two.clone(), "logto")
        }),
        request!("a part of a service", |coolify| {
            coolify.service(NOBODY).application("p").update()
        }),
        request!("a database of a service", |coolify| {
            coolify.service(NOBODY).database("p").update()
        }),
    ];
    insta::assert_snapshot!(table(&it, requests).await);
}

/// The fields of calls that are new.
#[tokio::test]
async fn each_field_of_an_import_has_its_bound() {
    let it = tenants_on("4.4.0").await;
    let requests = vec![
        request!("a preview", |coolify| coolify
            .application(NOBODY)
            .previews()
            .open(1)),
        request!("an import from a server", |coolify| {
            coolify.database(NOBODY).imports().from_server("/a")
        }),
        request!("an import from S3", |coolify| {
            coolify.database(NOBODY).imports().from_s3("s", "/a")
        }),
    ];
    insta::assert_snapshot!(table(&it, requests).await);
}
