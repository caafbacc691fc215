//! Variables, storages, limits, scheduled tasks and public databases.

use serde_json::{Value, json};

use super::{
    super::samples::{application, database, read, service},
    Said, lay,
};
use crate::diagnose::facts::{Part, ResourceFacts, TaskFacts};

/// The same facts with these variables.
fn with_envs(mut facts: ResourceFacts, envs: Value) -> ResourceFacts {
    facts.envs = read(envs);
    facts
}

#[test]
fn variables_may_be_missing_twice_or_known_to_the_build() {
    let mut said = Said::default();
    let builds = |changes: Value| {
        let mut all = json!({"settings": {"use_build_secrets": false}});
        lay(&mut all, &changes);
        application(&all)
    };
    let env = |key: &str| json!({"uuid": "e", "key": key, "is_buildtime": true});
    let keys = [
        "APP_SECRET",
        "DB_PASSWORD",
        "db_passwd",
        "TOKEN",
        "A_PRIVATE_KEY",
        "STRIPE_API_KEY",
        "NEXT_PUBLIC_TOKEN",
        "VITE_TOKEN",
        "PUBLIC_TOKEN",
        "REACT_APP_TOKEN",
        "MY_VITE_TOKEN",
        "KEY",
        "PORT",
    ];
    let all: Vec<_> = keys.iter().map(|it| env(it)).collect();
    said.resource(
        "names of secrets",
        &with_envs(builds(json!({})), json!(all)),
    );
    let mut odd = [env("A_TOKEN"), env("B_TOKEN"), env("C_TOKEN")];
    odd[0]["is_buildtime"] = json!(false);
    odd[1]["is_buildtime"] = json!(null);
    odd[2]["is_preview"] = json!(true);
    said.resource(
        "not for the build of production",
        &with_envs(builds(json!({})), json!(odd)),
    );
    let secret = || json!([env("TOKEN")]);
    for (case, changes) in [
        (
            "an image is not built",
            json!({"build_pack": "dockerimage"}),
        ),
        ("a Dockerfile", json!({"build_pack": "dockerfile"})),
        ("no build pack", json!({"build_pack": null})),
        (
            "as build secrets",
            json!({"settings": {"use_build_secrets": true}}),
        ),
        (
            "nobody knows how",
            json!({"settings": {"use_build_secrets": null}}),
        ),
        ("the settings are not known", json!({"settings": null})),
    ] {
        said.resource(case, &with_envs(builds(changes), secret()));
    }
    said.resource(
        "a service is not built",
        &with_envs(service(&json!({})), secret()),
    );

    let twice = |preview: &[Value]| {
        let all: Vec<_> = preview
            .iter()
            .map(|it| json!({"uuid": "e", "key": "MODE", "is_preview": it}))
            .collect();
        json!(all)
    };
    let (yes, no, unsaid) = (|| json!(true), || json!(false), || json!(null));
    for (case, envs) in [
        ("twice", twice(&[no(), yes(), no()])),
        ("three times", twice(&[no(), no(), no()])),
        ("twice for previews", twice(&[yes(), no(), yes()])),
        ("twice, both for production", twice(&[unsaid(), no()])),
        ("twice, for both", twice(&[unsaid(), yes()])),
        (
            "three times, once without saying for what",
            twice(&[unsaid(), yes(), no()]),
        ),
        (
            "two keys twice, not in order",
            json!([{"uuid": "1", "key": "B"}, {"uuid": "2", "key": "A"}, {"uuid": "3", "key": "B"},
                {"uuid": "4", "key": "A"}, {"uuid": "5", "key": "C"}]),
        ),
        (
            "in two cases",
            json!([{"uuid": "1", "key": "a"}, {"uuid": "2", "key": "A"}]),
        ),
    ] {
        said.resource(
            &format!("a variable of an application {case}"),
            &with_envs(application(&json!({})), envs.clone()),
        );
        said.resource(
            &format!("a variable of a database {case}"),
            &with_envs(database(&json!({})), envs),
        );
    }
    said.is(include_str!("settings_variables.txt"));
}

#[test]
fn variables_need_values() {
    let mut said = Said::default();
    let env = |key: &str, fields: Value| {
        let mut all = json!({"uuid": "e", "key": key});
        lay(&mut all, &fields);
        all
    };
    let envs = || {
        json!([
            env(
                "API_KEY",
                json!({"is_required": true, "is_really_required": true})
            ),
            env(
                "B_KEY",
                json!({"is_really_required": true, "is_preview": false})
            ),
            env(
                "C_KEY",
                json!({"is_really_required": true, "is_preview": true})
            ),
            env(
                "D_KEY",
                json!({"is_required": true, "is_really_required": false})
            ),
            env("E_KEY", json!({"is_required": true})),
        ])
    };
    for status in ["running:healthy", "exited", "running:unhealthy"] {
        let facts = application(&json!({"status": status}));
        said.resource(
            &format!("required ones, {status}"),
            &with_envs(facts, envs()),
        );
    }
    let filled = || env("SERVICE_PASSWORD_DB", json!({"value": "x"}));
    let empty = |fields: Value| env("SERVICE_FQDN_APP", fields);
    for (case, envs) in [
        (
            "one is null",
            json!([filled(), empty(json!({"value": null}))]),
        ),
        (
            "one is empty",
            json!([filled(), empty(json!({"value": ""}))]),
        ),
        ("one has no value", json!([empty(json!({})), filled()])),
        (
            "one of a preview",
            json!([filled(), empty(json!({"is_preview": true}))]),
        ),
        (
            "no value is visible",
            json!([empty(json!({})), env("MODE", json!({}))]),
        ),
        (
            "all have values",
            json!([filled(), empty(json!({"value": "a.example"}))]),
        ),
        (
            "two of them, and others",
            json!([
                env("MODE", json!({"value": "x"})),
                env("MAIL", json!({})),
                env("MY_SERVICE_", json!({})),
                env("SERVICE_B", json!({})),
                env("SERVICE_A", json!({}))
            ]),
        ),
    ] {
        said.resource(
            &format!("filled by Coolify: {case}"),
            &with_envs(service(&json!({})), envs),
        );
    }
    said.resource(
        "no variable",
        &with_envs(application(&json!({})), json!([])),
    );
    said.is(include_str!("settings_values.txt"));
}

#[test]
fn storages_keep_data_unless_they_are_lost_or_hidden() {
    let mut said = Said::default();
    let with = |mut facts: ResourceFacts, volumes: &Value, files: &Value| {
        let list = json!({"persistent_storages": volumes, "file_storages": files});
        facts.storages = Part::Read(serde_json::from_value(list).unwrap());
        facts
    };
    let none = json!([]);
    let volume = json!([{"uuid": "v", "name": "data", "mount_path": "/data"}]);
    let file = |is_directory: Value| json!([{"uuid": "f", "mount_path": "/etc/x", "is_directory": is_directory}]);
    let orders = || database(&json!({}));
    said.resource("a database without a volume", &with(orders(), &none, &none));
    said.resource("a database with a volume", &with(orders(), &volume, &none));
    said.resource(
        "a database with a directory",
        &with(orders(), &none, &file(json!(true))),
    );
    said.resource(
        "a database with a file",
        &with(orders(), &none, &file(json!(false))),
    );
    said.resource(
        "a database with an odd file",
        &with(orders(), &none, &file(json!(null))),
    );
    said.resource("the storages are not known", &orders());
    let image = |name: &str| {
        application(&json!({"build_pack": "dockerimage", "docker_registry_image_name": name}))
    };
    for name in [
        "postgres",
        "mysql",
        "mariadb",
        "mongo",
        "redis",
        "valkey/valkey",
        "keydb",
        "clickhouse",
        "ghcr.io/x/minio",
        "elasticsearch",
        "meilisearch",
        "influxdb",
        "rabbitmq",
        "couchdb",
        "neo4j",
        "grafana/grafana",
    ] {
        let facts = with(image(name), &none, &none);
        said.resource(name, &facts);
    }
    for name in ["nginx", "postgres/tool", "my-postgres"] {
        said.resource(name, &with(image(name), &none, &none));
    }
    said.resource(
        "postgres with a volume",
        &with(image("postgres"), &volume, &none),
    );
    let at =
        |path: Value, mount: Value| json!([{"uuid": "v", "host_path": path, "mount_path": mount}]);
    for path in [
        "/tmp",
        "/tmp/a",
        "/tmpfiles",
        "/var/tmp/a",
        "/run/a",
        "/run/docker.sock",
        "/srv/tmp",
        "/data/run/",
        "tmp",
    ] {
        let volume = at(json!(path), json!("/data"));
        said.resource(path, &with(application(&json!({})), &volume, &none));
    }
    let unmounted = at(json!("/tmp/a"), json!(null));
    said.resource(
        "/tmp/a, mounted nowhere",
        &with(orders(), &unmounted, &none),
    );

    let twice = json!([{"uuid": "v", "mount_path": "/b/"}, {"uuid": "w", "mount_path": "/a"},
        {"uuid": "x", "mount_path": "/b"}, {"uuid": "y", "mount_path": "/c"},
        {"uuid": "z", "mount_path": null}]);
    let files = json!([{"uuid": "f", "mount_path": "/a", "is_directory": true},
        {"uuid": "g", "mount_path": "/b", "is_directory": true}]);
    let web = || application(&json!({}));
    said.resource(
        "an application with two paths several times",
        &with(web(), &twice, &files),
    );
    said.resource(
        "a database with a path twice",
        &with(orders(), &twice, &none),
    );
    said.resource(
        "an application with different paths",
        &with(web(), &volume, &files),
    );
    let compose = application(&json!({"build_pack": "dockercompose",
        "docker_compose_domains": "{\"web\":{\"domain\":\"https://web.example\"}}"}));
    said.resource("a compose file", &with(compose, &twice, &files));
    said.resource("a service", &with(service(&json!({})), &twice, &files));
    said.is(include_str!("settings_storages.txt"));
}

#[test]
fn limits_are_within_what_the_server_has() {
    let mut said = Said::default();
    let with = |limits: &Value, machine: Value| {
        let mut all = limits.clone();
        all["destination"] = json!({"server": {"server_metadata": machine}});
        all
    };
    let machine = || json!({"memory_bytes": 1_073_741_824, "cpus": 2});
    for (case, limits) in [
        (
            "all that the server has",
            json!({"limits_memory": "1g", "limits_cpus": "2",
            "limits_memory_reservation": "1024m"}),
        ),
        ("more memory", json!({"limits_memory": "1025m"})),
        (
            "more of a reservation",
            json!({"limits_memory_reservation": "2g"}),
        ),
        ("more processors", json!({"limits_cpus": "2.001"})),
        (
            "more of all",
            json!({"limits_memory": "2g", "limits_memory_reservation": "3g",
            "limits_cpus": "4"}),
        ),
        (
            "no limits",
            json!({"limits_memory": "0", "limits_cpus": "0"}),
        ),
        (
            "odd limits",
            json!({"limits_memory": "much", "limits_cpus": "many"}),
        ),
    ] {
        said.resource(
            &format!("an application: {case}"),
            &application(&with(&limits, machine())),
        );
        said.resource(
            &format!("a database: {case}"),
            &database(&with(&limits, machine())),
        );
    }
    let much = json!({"limits_memory": "999g", "limits_cpus": "99"});
    for (case, machine) in [
        ("nothing is known of the server", json!({})),
        ("odd numbers", json!({"memory_bytes": 0, "cpus": 0})),
        ("negative numbers", json!({"memory_bytes": -1, "cpus": -1})),
        ("only the processors are known", json!({"cpus": 2})),
        ("only the memory is known", json!({"memory_bytes": 1024})),
        ("the least", json!({"memory_bytes": 1, "cpus": 1})),
    ] {
        said.resource(case, &application(&with(&much, machine)));
    }
    said.resource("the server is not known", &application(&much));
    said.is(include_str!("settings_limits.txt"));
}

#[test]
fn the_newest_execution_of_a_task_decides() {
    let mut said = Said::default();
    let run = |status: &str, day: u8| {
        json!({"uuid": "r", "status": status, "created_at": format!("2026-11-{day} 03:00:00"),
            "finished_at": format!("2026-11-{day} 03:01:00")})
    };
    let task = |fields: &Value, executions: Value| {
        let mut all = json!({"uuid": "t", "name": "nightly", "enabled": true,
            "frequency": "0 3 * * *"});
        lay(&mut all, fields);
        TaskFacts {
            task: serde_json::from_value(all).unwrap(),
            executions: read(executions),
        }
    };
    let with = |status: &str, tasks: Vec<TaskFacts>| {
        let mut facts = application(&json!({"status": status}));
        facts.tasks = Part::Read(tasks);
        facts
    };
    let running = "running:healthy";
    let as_is = json!({});
    for (case, executions) in [
        ("it failed", json!([run("success", 28), run("failed", 29)])),
        (
            "an older one failed",
            json!([run("failed", 28), run("success", 29)]),
        ),
        ("it runs", json!([run("running", 29), run("failed", 28)])),
        ("there is none", json!([])),
        (
            "no time is known",
            json!([{"uuid": "r", "status": "failed"}]),
        ),
        (
            "when it ended is not known",
            json!([{"uuid": "r", "status": "failed", "created_at": "2026-11-29 03:00:00"}]),
        ),
    ] {
        said.resource(case, &with(running, vec![task(&as_is, executions)]));
    }
    let failed = || json!([run("failed", 29)]);
    for (case, fields) in [
        ("it is switched off", json!({"enabled": false})),
        ("whether it is on is not said", json!({"enabled": null})),
        ("it has no schedule", json!({"frequency": null})),
    ] {
        said.resource(case, &with(running, vec![task(&fields, failed())]));
    }
    let two = vec![
        task(&as_is, failed()),
        task(&json!({"name": "hourly"}), failed()),
    ];
    said.resource("two failed", &with(running, two));
    said.resource(
        "its containers do not run",
        &with("exited", vec![task(&as_is, failed())]),
    );
    said.is(include_str!("settings_tasks.txt"));
}

#[test]
fn a_database_may_be_open_to_everybody() {
    let mut said = Said::default();
    for (case, changes) in [
        (
            "without encryption",
            json!({"public_port": 5432, "enable_ssl": false}),
        ),
        (
            "with encryption",
            json!({"public_port": 5432, "enable_ssl": true}),
        ),
        (
            "whether it is encrypted is unknown",
            json!({"public_port": 5432}),
        ),
        (
            "without a port",
            json!({"public_port": null, "enable_ssl": true}),
        ),
        ("at port 0", json!({"public_port": 0})),
        ("at port 1", json!({"public_port": 1})),
        ("stopped", json!({"public_port": 5432, "status": "exited"})),
        ("not", json!({"public_port": 5432, "is_public": false})),
        ("not said", json!({"public_port": 5432, "is_public": null})),
    ] {
        let mut all = json!({"is_public": true});
        lay(&mut all, &changes);
        said.resource(case, &database(&all));
    }
    let parts = json!({"databases": [
        {"uuid": "d1", "name": "store", "is_public": true, "public_port": 5433,
            "status": "running:healthy"},
        {"uuid": "d2", "name": "cache", "is_public": false, "public_port": 6379,
            "status": "running:healthy"},
        {"uuid": "d3", "name": "search", "is_public": true, "status": "running:healthy"}]});
    said.resource("two of three parts of a service", &service(&parts));
    said.is(include_str!("settings_public.txt"));
}
