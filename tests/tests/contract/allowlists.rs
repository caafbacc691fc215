//! Each body has exactly the fields that the server accepts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use coolify_sdk::operations::NEWEST_RECORDED;
use coolify_sdk_tests::is_newer_field;
use serde::Deserialize;

use crate::generated::{Method, Types, methods};

/// The fields that an action of Coolify accepts, according to its source.
#[derive(Deserialize)]
struct AllowList {
    action: String,
    #[serde(default)]
    when: String,
    /// Whether these fields are added to those of the action's earlier lists.
    #[serde(default)]
    extends: bool,
    fields: BTreeSet<String>,
}

/// The bodies of each list, and intended differences.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bodies {
    lists: Vec<List>,
    left_out: Vec<LeftOut>,
    differences: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    action: String,
    #[serde(default)]
    when: String,
    bodies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    action: String,
    #[serde(default)]
    when: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    bodies: BTreeSet<String>,
    /// Fields that the server accepts and the body lacks.
    #[serde(default)]
    without: BTreeSet<String>,
    /// Fields that are accepted in addition to the list.
    #[serde(default)]
    with: BTreeSet<String>,
    reason: String,
}

fn read(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/allowlists");
    fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Returns the lists by action and condition, including extensions.
fn lists() -> BTreeMap<(String, String), BTreeSet<String>> {
    let read: Vec<AllowList> =
        serde_json::from_str(&read(&format!("{NEWEST_RECORDED}.json"))).expect("allow-lists");
    let mut lists: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for list in read {
        if list.extends {
            for (_, fields) in lists.iter_mut().filter(|((it, _), _)| *it == list.action) {
                fields.extend(list.fields.iter().cloned());
            }
        } else {
            let fields = lists.entry((list.action, list.when)).or_default();
            fields.extend(list.fields);
        }
    }
    lists
}

fn bodies() -> Bodies {
    yaml_serde::from_str(&read("bodies.yaml")).expect("bodies.yaml")
}

#[test]
fn every_list_has_its_bodies() {
    let Bodies {
        lists: mapped,
        left_out,
        ..
    } = bodies();
    assert!(left_out.iter().all(|it| !it.reason.is_empty()));
    let mapped = mapped.into_iter().map(|it| (it.action, it.when));
    let left_out = left_out.into_iter().map(|it| (it.action, it.when));
    let named: Vec<_> = mapped.chain(left_out).collect();
    let once: BTreeSet<_> = named.iter().cloned().collect();
    assert_eq!(once.len(), named.len(), "a list is named twice");
    assert_eq!(once, lists().into_keys().collect());
}

#[test]
fn every_body_takes_what_the_server_takes() {
    let (types, lists, bodies) = (Types::read(), lists(), bodies());
    let sent: BTreeSet<_> = methods()
        .into_iter()
        .filter_map(|method| method.body)
        .flat_map(|body| types.bodies(&body))
        .collect();
    let newer = newer_fields(&types);
    let mut complaints = Vec::new();
    for list in &bodies.lists {
        let allowed = &lists[&(list.action.clone(), list.when.clone())];
        for body in &list.bodies {
            let nested = body.starts_with("Bulk");
            assert!(nested || sent.contains(body), "{body} is not sent");
            let fields = types.fields(body).unwrap_or_else(|| panic!("no {body}"));
            let mut expected = allowed.clone();
            for difference in bodies
                .differences
                .iter()
                .filter(|it| it.bodies.contains(body))
            {
                assert!(!difference.reason.is_empty(), "{body}");
                expected.retain(|field| !difference.without.contains(field));
                expected.extend(difference.with.iter().cloned());
            }
            for field in expected.difference(fields) {
                complaints.push(format!("{body} lacks {field}"));
            }
            let newer = newer.get(body).into_iter().flatten();
            expected.extend(newer.cloned());
            for field in fields.difference(&expected) {
                complaints.push(format!("{body} has {field}, which is not taken"));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Returns the fields of each body that only newer servers than the list's accept.
fn newer_fields(types: &Types) -> BTreeMap<String, BTreeSet<String>> {
    let mut newer: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Method {
        operation, body, ..
    } in methods()
    {
        let fields = operation.fields.iter().map(|it| it.name);
        let fields = fields.filter(|field| is_newer_field(operation, field));
        let fields: Vec<_> = fields.map(str::to_owned).collect();
        for body in body.iter().flat_map(|it| types.bodies(it)) {
            newer.entry(body).or_default().extend(fields.clone());
        }
    }
    newer
}

#[test]
fn every_difference_is_one() {
    let (lists, bodies) = (lists(), bodies());
    for difference in &bodies.differences {
        for body in &difference.bodies {
            let list = bodies.lists.iter().find(|it| it.bodies.contains(body));
            let list = list.unwrap_or_else(|| panic!("{body} has no list"));
            let allowed = &lists[&(list.action.clone(), list.when.clone())];
            assert!(difference.without.is_subset(allowed), "{body}");
            assert!(difference.with.is_disjoint(allowed), "{body}");
        }
    }
}
