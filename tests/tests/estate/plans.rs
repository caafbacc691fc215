//! Plans of actions on many resources: what is selected, what is left out and why, and
//! what cannot be planned, without a change of anything.

use std::fmt::Write as _;

use coolify_sdk::bulk::{Bulk, Selection};
use coolify_sdk::estate::OverviewResource;
use coolify_sdk::{Error, ResourceKind, Result};
use serde_json::{Value, json};

use crate::diagnose::with;
use crate::looks::team;
use crate::planted::Planted;

const ACTIONS: [&str; 6] = ["deploy", "restart", "start", "stop", "set", "move"];

fn action(selection: Selection, name: &str) -> Bulk {
    match name {
        "deploy" => selection.deploy(),
        "restart" => selection.restart(),
        "start" => selection.start(),
        "stop" => selection.stop(),
        "set" => selection.set_variable("MODE", "blue"),
        _ => selection.move_to("shop/production"),
    }
}

/// What is left out, of every kind and every status.
#[tokio::test]
async fn an_action_leaves_out_what_is_so_already() -> Result<()> {
    let statuses = [
        json!("running:healthy"),
        json!("running:unhealthy"),
        json!("exited"),
        json!("exited:unhealthy"),
        json!("starting:unknown"),
        json!("restarting:unknown"),
        json!("degraded:unhealthy"),
        json!("paused:unknown"),
        json!("of a later version"),
        json!(null),
    ];
    let mut rows = Vec::new();
    for kind in ["application", "standalone-redis", "service", "of-later"] {
        for (at, status) in statuses.iter().enumerate() {
            rows.push(
                json!({"type": kind, "database_type": kind, "uuid": format!("{kind}{at}"),
                "id": at, "name": format!("{kind} {}", status.as_str().unwrap_or("nothing")),
                "status": status, "environment_id": if at % 2 == 0 { 3 } else { 4 }}),
            );
        }
    }
    let standing = team().on("/resources", json!(rows)).start().await;
    let coolify = standing.client();
    let overview = coolify.overview().await?;
    let mut text = String::new();
    for name in ACTIONS {
        let all = coolify.select().all().among(overview.clone());
        let plan = action(all, name).plan().await?;
        assert!(!plan.is_empty());
        let _ = writeln!(text, "# {name}");
        for skipped in &plan.skipped {
            let _ = writeln!(text, "{skipped}");
        }
        let first = &plan.planned[0];
        let _ = writeln!(
            text,
            "{} planned, the first is {first:<48}| to {:>8}|",
            plan.planned.len(),
            plan.action
        );
    }
    insta::assert_snapshot!(text);
    Ok(())
}

fn selected(result: Result<Vec<OverviewResource>>) -> String {
    match result {
        Ok(all) => {
            let paths: Vec<_> = all.iter().map(OverviewResource::path).collect();
            format!("{paths:?}\n")
        }
        Err(error) => refusal(&error),
    }
}

fn refusal(error: &Error) -> String {
    let suggestions = error.suggestions();
    format!(
        "{:?}: {}\nsuggestions {suggestions:?}\n",
        error.kind(),
        error.report()
    )
}

/// Names and uuids of everything, and conditions that exclude each other.
#[tokio::test]
async fn conditions_name_projects_environments_servers_tags_and_kinds() -> Result<()> {
    let standing = team().start().await;
    let coolify = standing.client();
    let overview = coolify.overview().tags().await?;
    let select = || coolify.select().among(overview.clone());
    let mut text = String::new();
    for (case, selection) in [
        ("all", select().all()),
        ("a project by its name", select().project("blog")),
        ("a project by its uuid", select().project("blog1")),
        ("a project in capitals", select().project("BLOG")),
        (
            "an environment of two projects",
            select().environment("production"),
        ),
        ("an environment by its uuid", select().environment("env5")),
        (
            "an environment of a project",
            select().project("shop").environment("production"),
        ),
        (
            "an environment that another project has",
            select().project("blog").environment("staging"),
        ),
        ("an empty environment", select().environment("new")),
        ("a server by its name", select().server("box 2")),
        ("a server by its uuid", select().server("server1")),
        ("two servers", select().server("box 1").server("box 2")),
        ("a server by its address", select().server("203.0.113.1")),
        ("a tag", select().tag("alpha")),
        ("a tag in capitals", select().tag("BETA")),
        ("two tags", select().tag("alpha").tag("beta")),
        ("a tag that nothing has", select().tag("alpah")),
        ("a tag and a server", select().tag("beta").server("box 1")),
        ("a kind", select().kind(ResourceKind::Service)),
        (
            "two kinds",
            select()
                .kind(ResourceKind::Service)
                .kind(ResourceKind::Database),
        ),
        (
            "a kind on a server",
            select().kind(ResourceKind::Database).server("box 1"),
        ),
        (
            "a condition about the status",
            select().filter(|it| it.status.is_none()),
        ),
        ("nothing", select()),
    ] {
        let shown = format!("{selection:?}");
        let found = selected(selection.resources().await);
        let _ = write!(text, "# {case}\n{shown}\n{found}");
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// The tags are read only if a condition needs them.
#[tokio::test]
async fn a_selection_reads_no_more_than_it_needs() {
    let mut text = String::new();
    for case in ["a kind", "a project", "a tag", "no condition"] {
        let standing = team().start().await;
        let select = standing.client().select();
        let select = match case {
            "a kind" => select.kind(ResourceKind::Database),
            "a project" => select.project("shop"),
            "a tag" => select.tag("alpha"),
            _ => select,
        };
        let found = select.resources().await;
        let _ = writeln!(
            text,
            "# {case}\n{}{}",
            selected(found),
            standing.asked().await
        );
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_bound_client_selects_within_its_project() -> Result<()> {
    let standing = team().start().await;
    let coolify = standing.client().in_project("shop1");
    let mut text = String::new();
    for (case, selection) in [
        ("all", coolify.select().all()),
        ("another project", coolify.select().project("blog")),
        ("a server", coolify.select().server("box 2")),
        ("a tag", coolify.select().tag("alpha")),
    ] {
        let _ = write!(text, "# {case}\n{}", selected(selection.resources().await));
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn what_is_not_known_cannot_be_selected_by() -> Result<()> {
    let mut text = String::new();
    for (what, failing) in [
        ("the projects", &["/projects"][..]),
        ("an environment", &["/projects/shop1/environments"]),
        ("the tags", &["/tags"]),
        ("the servers", &["/servers"]),
        ("the deployments", &["/deployments"]),
    ] {
        let lacks = "Missing required permissions: read";
        let planted = failing
            .iter()
            .fold(team(), |team, path| team.fails(*path, 403, lacks));
        let standing = planted.start().await;
        let coolify = standing.client();
        let overview = coolify.overview().tags().await?;
        let select = || coolify.select().among(overview.clone());
        let _ = writeln!(text, "# without {what}");
        for (by, selection) in [
            ("all", select().all()),
            ("a project", select().project("blog")),
            (
                "two unknown projects",
                select().project("shpo").project("blgo"),
            ),
            ("an environment", select().environment("production")),
            ("a server", select().server("box 2")),
            ("a tag", select().tag("alpha")),
            ("a kind", select().kind(ResourceKind::Service)),
        ] {
            let _ = write!(text, "{by}: {}", selected(selection.resources().await));
        }
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// A place has one path, unless two projects have the same name.
#[tokio::test]
async fn a_place_has_to_be_the_only_one() -> Result<()> {
    let twice = json!([{"uuid": "shop1", "name": "shop", "id": 1},
        {"uuid": "shop2", "name": "shop", "id": 2}, {"uuid": "blog1", "name": "blog", "id": 3}]);
    let standing = team()
        .on("/projects", twice)
        .on(
            "/projects/shop2/environments",
            json!([{"id": 8, "uuid": "env8", "name": "production"}]),
        )
        .start()
        .await;
    let mut text = String::new();
    for place in [
        "shop/production",
        "shop/staging",
        "env8",
        "blog/production",
        "production",
        "shop",
        "shop/prodcution",
        "",
    ] {
        let select = standing.client().select().all();
        let said = match select.move_to(place).plan().await {
            Ok(plan) => format!("{} {:?}\n", plan.action, plan.action),
            Err(error) => refusal(&error),
        };
        let _ = write!(text, "`{place}`: {said}");
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// The key is checked before anything is read.
#[tokio::test]
async fn a_key_of_a_variable_is_checked_first() {
    let mut text = String::new();
    let long = "K".repeat(255);
    let longer = format!("{long}K");
    for key in [
        "MODE", "_a.b", "a1", "", "1A", "A-B", "A B", "ü", &long, &longer,
    ] {
        let standing = team().start().await;
        let set = standing.client().select().all().set_variable(key, "blue");
        let planned = set.plan().await;
        let said = match &planned {
            Ok(plan) => format!("{} planned\n", plan.planned.len()),
            Err(error) => refusal(error),
        };
        let shown = key.chars().take(8).collect::<String>();
        let asked = !standing.asked().await.is_empty();
        let _ = write!(text, "`{shown}` of {}, read {asked}: {said}", key.len());
    }
    insta::assert_snapshot!(text);
}

/// Where the token sees no values, the variable is written to all; flags are kept.
#[tokio::test]
async fn a_variable_whose_value_is_hidden_is_written() -> Result<()> {
    let env = |fields: Value| {
        with(
            json!({"uuid": "e", "key": "MODE", "is_preview": false, "is_literal": true,
            "is_buildtime": false, "is_runtime": true}),
            &fields,
        )
    };
    let of = |name: &str| json!({"type": "application", "uuid": name, "id": 1, "name": name});
    let mut planted = Planted::new("4.3.11")
        .on(
            "/resources",
            json!([of("same"), of("other"), of("hidden"), of("none")]),
        )
        .on("/projects", json!([]))
        .on("/servers", json!([]))
        .on("/deployments", json!([]));
    for (name, envs) in [
        ("same", json!([env(json!({"value": "blue"}))])),
        ("other", json!([env(json!({"value": "green"}))])),
        ("hidden", json!([env(json!({}))])),
        ("none", json!([])),
    ] {
        planted = planted
            .on(format!("/applications/{name}"), of(name))
            .on(format!("/applications/{name}/envs"), envs)
            .on(
                format!("/applications/{name}/envs/bulk"),
                json!([env(json!({}))]),
            );
    }
    let standing = planted.start().await;
    let set = standing
        .client()
        .select()
        .all()
        .set_variable("MODE", "blue");
    let outcome = set.at_once(1).await?;
    let results: Vec<_> = outcome
        .done
        .iter()
        .map(|it| format!("{} {:?}\n", it.resource, it.result))
        .collect();
    let writes = standing.writes().await;
    insta::assert_snapshot!(format!("{outcome}\n{}{writes}", results.concat()));
    Ok(())
}

#[tokio::test]
async fn a_plan_may_be_empty() -> Result<()> {
    let standing = team().start().await;
    let coolify = standing.client();
    let nothing = coolify.select().environment("new").stop().plan().await?;
    let stopped = coolify.select().filter(|it| it.name == "data");
    let stopped = stopped.stop().plan().await?;
    assert!(nothing.is_empty() && stopped.is_empty());
    assert_eq!(
        format!("{nothing}\n{stopped}"),
        "0 planned, 0 skipped\nskip shop/production/data: it is stopped\n0 planned, 1 skipped"
    );
    assert!(nothing.run().await.is_success());
    Ok(())
}
