//! What could not be read: each part is named, and no rule guesses what is in it.

use std::fmt::Write as _;

use serde_json::json;

use super::super::{
    RuleSet,
    samples::{application, database, read, server, service, team},
};
use crate::diagnose::{
    facts::{Facts, Part, ResourceFacts, TaskFacts},
    report::Report,
};

fn unread<T>(what: &str) -> Part<T> {
    Part::Unread(format!("{what} are hidden"))
}

/// A resource whose other parts could not be read.
fn hidden(mut facts: ResourceFacts) -> ResourceFacts {
    facts.server = unread("servers");
    facts.neighbours = unread("resources");
    facts.deployments = unread("deployments");
    facts.envs = unread("variables");
    facts.storages = unread("storages");
    facts.tasks = unread("tasks");
    facts.backups = unread("backups");
    facts.log = unread("logs");
    facts
}

#[test]
fn every_part_that_was_not_read_is_named() {
    let mut said = String::new();
    let mut add = |case: &str, facts: Facts<'_>| {
        let mut report = Report::default();
        RuleSet::default().apply(facts, &mut report);
        writeln!(said, "# {case}\n{}\n", report.ordered()).unwrap();
    };
    let web = hidden(application(&json!({})));
    add("an application", Facts::Resource(&web));
    let wiki = hidden(service(&json!({})));
    add("a service", Facts::Resource(&wiki));
    let orders = hidden(database(&json!({"status": "running:unhealthy"})));
    add("a database", Facts::Resource(&orders));
    let mut tasks = application(&json!({}));
    let task = |executions| TaskFacts {
        task: serde_json::from_value(json!({"uuid": "t", "name": "nightly"})).unwrap(),
        executions,
    };
    tasks.tasks = Part::Read(vec![
        task(unread("executions")),
        task(read(json!([]))),
        task(Part::NotAsked),
        task(unread("more executions")),
    ]);
    add("two of four tasks", Facts::Resource(&tasks));
    let mut main = server(&json!({}));
    main.neighbours = unread("resources");
    main.cleanups = unread("cleanups");
    add("a server", Facts::Server(&main));
    let mut all = team();
    all.unfinished = unread("deployments");
    all.private_keys = unread("keys");
    all.used_keys = unread("users");
    all.cloud_tokens = unread("tokens");
    all.s3_storages = unread("storages");
    add("a team", Facts::Team(&all));
    let expected = include_str!("unread.txt").replace("\r\n", "\n");
    assert!(said == expected, "the rules say:\n{said}");
}
