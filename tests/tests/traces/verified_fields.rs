//! In which form each field of an update is read back: what counts as the requested
//! value, and what does not.
//!
//! Each table has a row for the fields that are compared alike, and a column for each of
//! the pairs of a requested and a stored value.

use std::collections::BTreeMap;

use coolify_sdk::Fields;
use coolify_sdk::verify::{DropReason, UnseenReason, UpdateReport, Verified};
use serde_json::{Map, Value, json};

use crate::stage::{Stage, message, ok};

/// Pairs of a requested and a stored value; no stored value if Coolify does not show it.
fn pairs() -> Vec<(Value, Option<Value>)> {
    let both = |wanted: &str, stored: &str| (json!(wanted), Some(json!(stored)));
    vec![
        both("a", "a"),
        both("a", "b"),
        (json!("a"), None),
        (json!("a"), Some(json!(null))),
        (json!(""), Some(json!(null))),
        (json!(null), Some(json!(null))),
        (json!(null), Some(json!("a"))),
        both("A", "a"),
        both(" a\u{200b}\n", "a"),
        both("<b>a</b>", "a"),
        both("a&b", "a&amp;b"),
        both("a&b", "a&amp;amp;b"),
        both("a,b", " a, b,"),
        both("a,b", "[\"a\",\"b\"]"),
        both("b,a", "a,b"),
        both("a b,a b,0", "a-b"),
        both("/a\r\n! /b", "a\n!b"),
        both("a", "/a/"),
        (json!(null), Some(json!("/"))),
        (json!(null), Some(json!("/Dockerfile"))),
        (json!(null), Some(json!("/docker-compose.yaml"))),
        both("YQ0KYgo=", "a\nb"),
        both("https://github.com/a/b.git/", "a/b"),
        both("HTTPS://A.example/", "https://a.example"),
        both("https://a.example/X", "https://a.example/x"),
        both("https://a.example:80", "https://a.example"),
        (json!(true), Some(json!("1"))),
        (json!(true), Some(json!(false))),
        (json!(false), Some(json!(0))),
        (json!(false), Some(json!(null))),
        (json!(7), Some(json!("7"))),
        (json!(7), Some(json!(8))),
        (json!(7), None),
        (json!(["a"]), Some(json!(["a"]))),
        (json!(["a"]), Some(json!(["a", "b"]))),
        (json!([]), Some(json!(null))),
        (
            json!(["https://a.example"]),
            Some(json!(["https://A.example/"])),
        ),
    ]
}

/// How a report judges a field.
fn verdict(report: &UpdateReport, field: &str) -> char {
    let ignored = report.ignored.iter().find(|it| it.field == field);
    let unseen = report.unseen.iter().find(|it| it.field == field);
    let is_applied = report.is_applied(field);
    match (
        is_applied,
        ignored.map(|it| it.reason),
        unseen.map(|it| it.reason),
    ) {
        (true, None, None) => '=',
        (false, Some(None), None) => '#',
        (false, Some(Some(DropReason::UnknownDomain)), None) => 'd',
        (false, Some(Some(DropReason::UnknownService)), None) => 's',
        (false, Some(Some(_)), None) => 'r',
        (false, None, Some(UnseenReason::NotShown)) => '?',
        (false, None, Some(UnseenReason::NeedsReadSensitive)) => 'h',
        (false, None, Some(UnseenReason::Action)) => 'a',
        (false, None, Some(UnseenReason::Rewritten)) => 'w',
        (false, None, None) => '-',
        _ => '!',
    }
}

/// Returns the resource as it is read back: each field has this value, wherever it is
/// kept.
fn stored(uuid: &str, names: &[String], value: Option<Value>) -> Value {
    let mut row: Map<String, Value> = json!({"uuid": uuid, "settings": {}})
        .as_object()
        .cloned()
        .unwrap_or_default();
    if let Some(value) = value {
        row.insert("fqdn".to_owned(), value.clone());
        let among_settings = json!({"is_build_server_enabled": value, "is_spa": value});
        row.insert("settings".to_owned(), among_settings);
        row.insert("proxy".to_owned(), json!({ "type": value }));
        let own = names.iter().filter(|it| *it != "is_spa");
        row.extend(own.map(|name| (name.clone(), value.clone())));
    }
    row.into()
}

/// The verdicts of each field.
type Rows = BTreeMap<String, String>;

/// Judges every field of an update for every pair.
async fn judged<U: Fields>(
    read: &str,
    write: &str,
    update: impl Fn(&Stage) -> U,
    body: impl Fn(&U) -> String,
    verified: impl Fn(U) -> Verified,
) -> Rows {
    // No field is too new for a server of an unknown version.
    let unknown = message(404, "Not found.");
    let stage = Stage::set().await.on("GET /version", [unknown]);
    let uuid = write.rsplit('/').next().unwrap_or_default();
    let shown = body(&update(&stage));
    let (_, fields) = shown.split_once('{').expect("a struct with fields");
    let names = fields.split(',').filter_map(|it| it.split_once(':'));
    let names: Vec<_> = names.map(|(name, _)| name.trim().to_owned()).collect();
    let mut rows: BTreeMap<&String, String> = BTreeMap::new();
    for (wanted, value) in pairs() {
        let is_taken = |name: &&String| {
            let fields: Map<_, _> = [((*name).clone(), wanted.clone())].into_iter().collect();
            update(&stage).fields(fields).is_ok()
        };
        let taken: Vec<_> = names.iter().filter(is_taken).collect();
        let mut report = UpdateReport::default();
        if !taken.is_empty() {
            let fields = taken.iter().map(|name| ((*name).clone(), wanted.clone()));
            let fields: Map<_, _> = fields.collect();
            let _ = stage
                .clone()
                .on(read, [ok(stored(uuid, &names, value))])
                .on(
                    write,
                    [ok(json!({"uuid": uuid, "name": "web", "message": "ok"}))],
                );
            let update = update(&stage).fields(fields).expect("it takes each");
            report = verified(update).await.expect("a report");
        }
        for name in &names {
            let verdict = if taken.contains(&name) {
                verdict(&report, name)
            } else {
                '.'
            };
            rows.entry(name).or_default().push(verdict);
        }
    }
    rows.into_iter()
        .map(|(name, row)| (name.clone(), row))
        .collect()
}

/// Returns the fields that are judged alike under each other.
fn grouped(rows: &Rows) -> String {
    let mut alike: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, row) in rows {
        alike.entry(row).or_default().push(name);
    }
    let rows = alike.iter().map(|(row, names)| {
        let names = names.join("\n        ");
        format!("{row}\n        {names}\n")
    });
    rows.collect::<Vec<_>>().concat()
}

macro_rules! judged {
    ($read:literal, $write:literal, |$coolify:ident| $update:expr) => {
        judged(
            concat!("GET ", $read),
            concat!("PATCH ", $write),
            |stage| {
                let $coolify = stage.client();
                $update
            },
            |update| format!("{:?}", update.body()),
            |update| update.verified(),
        )
        .await
    };
}

fn legend() -> String {
    let pairs = pairs()
        .into_iter()
        .enumerate()
        .map(|(at, (wanted, stored))| {
            let stored = stored.map_or_else(|| "not shown".to_owned(), |it| it.to_string());
            format!("{at}: {wanted} and {stored}\n")
        });
    pairs.collect::<Vec<_>>().concat()
}

#[test]
fn the_table_lists_all_pairs() {
    insta::assert_snapshot!(legend());
}

#[tokio::test(start_paused = true)]
async fn the_fields_of_an_application() {
    let rows = judged!("/applications/x", "/applications/x", |coolify| {
        coolify.application("x").update()
    });
    insta::assert_snapshot!(grouped(&rows));
}

#[tokio::test(start_paused = true)]
async fn the_fields_of_a_service_and_its_parts() {
    let service = judged!("/services/x", "/services/x", |coolify| coolify
        .service("x")
        .update());
    let application = judged!(
        "/services/x/applications/y",
        "/services/x/applications/y",
        |coolify| coolify.service("x").application("y").update()
    );
    let database = judged!(
        "/services/x/databases/y",
        "/services/x/databases/y",
        |coolify| coolify.service("x").database("y").update()
    );
    let parts = [
        ("a service", service),
        ("an application of a service", application),
        ("a database of a service", database),
    ];
    let parts = parts.map(|(name, rows)| crate::stage::chapter(name, grouped(&rows)));
    insta::assert_snapshot!(parts.concat());
}

#[tokio::test(start_paused = true)]
async fn the_fields_of_servers_and_projects() {
    let server = judged!("/servers/x", "/servers/x", |coolify| coolify
        .server("x")
        .update());
    let project = judged!("/projects/x", "/projects/x", |coolify| coolify
        .project("x")
        .update());
    let all = [("a server", server), ("a project", project)];
    let all = all.map(|(name, rows)| crate::stage::chapter(name, grouped(&rows)));
    insta::assert_snapshot!(all.concat());
}

#[tokio::test(start_paused = true)]
async fn the_fields_of_databases() {
    macro_rules! engines {
        ($($update:ident),+) => {
            [$((
                stringify!($update),
                judged!("/databases/x", "/databases/x", |coolify| {
                    coolify.database("x").$update()
                }),
            )),+]
        };
    }
    let all = engines!(
        update_clickhouse,
        update_dragonfly,
        update_keydb,
        update_mariadb,
        update_mongodb,
        update_mysql,
        update_postgresql,
        update_redis,
        update_sqlite
    );
    let is_common =
        |name: &String, row: &String| all.iter().all(|(_, rows)| rows.get(name) == Some(row));
    let mut common = all[0].1.clone();
    common.retain(|name, row| is_common(name, row));
    let mut told = crate::stage::chapter("every engine", grouped(&common));
    for (name, mut rows) in all.clone() {
        rows.retain(|name, row| !is_common(name, row));
        told += &crate::stage::chapter(name, grouped(&rows));
    }
    insta::assert_snapshot!(told);
}
