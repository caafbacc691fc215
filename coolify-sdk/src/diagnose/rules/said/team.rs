//! What belongs to the team: the queue, private keys, cloud tokens and S3 storages.

use serde_json::{Value, json};

use super::{
    super::samples::{deployment, read, team},
    Said, lay,
};
use crate::{
    Id,
    diagnose::facts::{Part, TeamFacts},
};

/// A team whose server `main` has these settings, and with these deployments.
fn queue(settings: &Value, deployments: Value) -> TeamFacts {
    let mut facts = team();
    facts.servers[0].settings = serde_json::from_value(settings.clone()).unwrap();
    facts.unfinished = read(deployments);
    facts
}

fn at(time: &str, status: &str, fields: &Value) -> Value {
    let at = format!("2026-11-29T{time}.000000Z");
    let mut all = deployment(
        &json!({"status": status, "finished_at": null, "created_at": at,
        "application_name": "web", "server_name": "main, as it was"}),
    );
    lay(&mut all, fields);
    all
}

/// The time of the diagnosis is 12:00. Five minutes are a moment.
#[test]
fn a_queue_moves_unless_something_holds_it() {
    let mut said = Said::default();
    let none = json!({});
    let queued = |time: &str| at(time, "queued", &json!({}));
    for (case, settings, deployments) in [
        ("five minutes", &none, json!([queued("11:55:00")])),
        ("a second more", &none, json!([queued("11:54:59")])),
        (
            "while another runs",
            &none,
            json!([queued("11:00:00"), at("11:50:00", "in_progress", &none)]),
        ),
        (
            "while one of another server runs",
            &none,
            json!([
                queued("11:30:00"),
                queued("11:10:00"),
                queued("11:20:00"),
                at("11:50:00", "in_progress", &json!({"server_id": 5}))
            ]),
        ),
        (
            "on a server that is not known, by its name",
            &none,
            json!([at(
                "11:00:00",
                "queued",
                &json!({"server_id": 5, "server_name": "second"})
            )]),
        ),
        (
            "on a server without a name",
            &none,
            json!([at(
                "11:00:00",
                "queued",
                &json!({"server_id": 5, "server_name": null})
            )]),
        ),
        (
            "on no server",
            &none,
            json!([at("11:00:00", "queued", &json!({"server_id": null}))]),
        ),
        ("nothing waits", &none, json!([])),
        (
            "when it began to wait is not known",
            &none,
            json!([at("11:00:00", "queued", &json!({"created_at": null}))]),
        ),
        (
            "it began to wait at an odd time",
            &none,
            json!([at(
                "11:00:00",
                "queued",
                &json!({"created_at": "yesterday"})
            )]),
        ),
    ] {
        said.team(case, &queue(settings, deployments));
    }
    let nowhere = at("11:00:00", "queued", &json!({"server_id": null}));
    let mut unnumbered = queue(&json!({"deployment_queue_limit": 1}), json!([nowhere]));
    unnumbered.servers[0].id = None;
    said.team(
        "on no server, beside a server without a number",
        &unnumbered,
    );
    for limit in [0, 1, 2, 3] {
        let settings = json!({"deployment_queue_limit": limit});
        let waiting = json!([queued("11:58:00"), queued("11:59:00")]);
        said.team(
            &format!("two in a queue of {limit}"),
            &queue(&settings, waiting),
        );
        let standing = json!([queued("11:00:00"), queued("11:59:00")]);
        said.team(
            &format!("two in a queue of {limit} that stands"),
            &queue(&settings, standing),
        );
    }
    said.is(include_str!("team_queue.txt"));
}

/// A deployment may take an hour and five minutes, unless the server has another timeout.
#[test]
fn a_deployment_ends_within_the_time_of_its_server() {
    let mut said = Said::default();
    let none = json!({});
    let running = |time: &str, fields: Value| at(time, "in_progress", &fields);
    let minute = json!({"dynamic_timeout": 60});
    for (case, settings, deployment) in [
        (
            "an hour and five minutes",
            &none,
            running("10:55:00", json!({})),
        ),
        ("a second less", &none, running("10:55:01", json!({}))),
        (
            "six minutes of one",
            &minute,
            running("11:54:00", json!({})),
        ),
        (
            "a second less than six minutes of one",
            &minute,
            running("11:54:01", json!({})),
        ),
        (
            "on another server",
            &minute,
            running("11:00:00", json!({"server_id": 5})),
        ),
        (
            "on no server",
            &minute,
            running("11:00:00", json!({"server_id": null})),
        ),
        (
            "an odd timeout",
            &json!({"dynamic_timeout": -1}),
            running("11:00:00", json!({})),
        ),
        (
            "changed since",
            &none,
            running(
                "10:00:00",
                json!({"updated_at": "2026-11-29T11:30:00.000000Z"}),
            ),
        ),
        (
            "changed long ago, without a name",
            &none,
            running(
                "10:00:00",
                json!({"updated_at": "2026-11-29T10:30:00.000000Z",
                "application_name": null, "server_name": null}),
            ),
        ),
        (
            "no time is known",
            &none,
            running("10:00:00", json!({"created_at": null})),
        ),
    ] {
        said.team(case, &queue(settings, json!([deployment])));
    }
    let mut unnumbered = queue(
        &minute,
        json!([running("11:00:00", json!({"server_id": null}))]),
    );
    unnumbered.servers[0].id = None;
    said.team(
        "on no server, beside a server without a number",
        &unnumbered,
    );
    said.team(
        "it began at an odd time",
        &queue(
            &minute,
            json!([running("11:00:00", json!({"created_at": "yesterday"}))]),
        ),
    );
    said.team(
        "two that do not end, and one that waits for them",
        &queue(
            &none,
            json!([
                running("10:00:00", json!({"deployment_uuid": "dep1"})),
                running("10:10:00", json!({"deployment_uuid": "dep2"})),
                at("09:00:00", "queued", &json!({"deployment_uuid": "dep3"})),
            ]),
        ),
    );
    said.is(include_str!("team_stuck.txt"));
}

#[test]
fn unused_storages_and_keys_are_reported() {
    let mut said = Said::default();
    let mut facts = team();
    facts.private_keys = read(json!([
        {"uuid": "k0", "id": 0, "name": "of the instance"},
        {"uuid": "k1", "id": 1, "name": "used"},
        {"uuid": "k2", "id": 2, "name": "unused", "created_at": "2026-01-01 00:00:00"},
        {"uuid": "k3", "id": 3, "name": "of a git source", "is_git_related": true},
        {"uuid": "k4", "id": 4, "name": "without a git source", "is_git_related": false},
        {"uuid": "k5", "name": "without an id"},
    ]));
    facts.used_keys = Part::Read(vec![Id::from(1)]);
    said.team("private keys", &facts);
    facts.used_keys = Part::Unread("why".to_owned());
    said.team("private keys whose users are not known", &facts);
    let mut facts = team();
    facts.cloud_tokens = read(json!([
        {"uuid": "c1", "name": "unused", "provider": "hetzner", "servers_count": 0},
        {"uuid": "c2", "name": "used", "provider": "hetzner", "servers_count": 1},
        {"uuid": "c3", "name": "not counted", "provider": "hetzner"},
        {"uuid": "c4", "name": "of another", "provider": "digitalocean", "servers_count": 0},
    ]));
    said.team("cloud tokens", &facts);
    let mut facts = team();
    facts.s3_storages = read(json!([
        {"uuid": "s1", "name": "broken", "is_usable": false, "endpoint": "https://s3.example",
            "bucket": "backups"},
        {"uuid": "s2", "name": "usable", "is_usable": true, "endpoint": "https://s3.example"},
        {"uuid": "s3", "name": "never checked"},
        {"uuid": "s4", "name": "broken, with a short message", "is_usable": false},
    ]));
    said.team("S3 storages", &facts);
    said.team("nothing", &team());
    said.is(include_str!("team_unused.txt"));
}
