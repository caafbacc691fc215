//! Overviews, searches and `ensure` as a whole: what is asked, what is returned, and each
//! error.

use std::fmt::Write as _;

use coolify_sdk::estate::{Found, Overview};
use coolify_sdk::{Error, Result};
use serde_json::{Value, json};

use crate::planted::{Planted, Standing};

fn server(number: u8) -> Value {
    json!({"uuid": format!("server{number}"), "name": format!("box {number}"), "id": number,
        "ip": format!("203.0.113.{number}")})
}

/// A team with something of each kind.
pub fn team() -> Planted {
    let on = |number: u8| json!({"uuid": format!("net{number}"), "server": server(number)});
    let data = json!({"type": "standalone-redis", "database_type": "standalone-redis",
        "uuid": "data1", "name": "data", "status": "exited", "environment_id": 3,
        "destination": on(2)});
    let stats = json!({"type": "service", "uuid": "stats1", "name": "stats", "environment_id": 5,
        "status": "running:unhealthy", "server": server(2), "applications": [
            {"uuid": "p1", "name": "app", "fqdn": "https://stats.example:8000"}]});
    let wiki = json!({"type": "service", "uuid": "wiki1", "name": "web", "environment_id": 5,
        "status": "running:healthy", "destination": on(1)});
    Planted::new("4.3.11")
        .on(
            "/resources",
            json!([
                {"type": "application", "uuid": "web1", "id": 7, "name": "web",
                    "status": "running:healthy", "environment_id": 3, "destination": on(1),
                    "fqdn": "https://shop.example.com,https://www.example.com/shop",
                    "additional_servers": [{"uuid": "server2", "name": "box 2"}, {"name": "odd"}]},
                {"type": "application", "uuid": "api1", "id": 8, "name": "api", "environment_id": 4,
                    "fqdn": "https://shop.example.com/api"},
                {"type": "application", "uuid": "lost1", "id": 9, "name": "lost"},
                data, stats, wiki,
                {"type": "of-a-later-version", "uuid": "odd1", "name": "odd", "environment_id": 3,
                    "status": "running"},
            ]),
        )
        .on(
            "/projects",
            json!([{"uuid": "shop1", "name": "shop", "id": 1},
            {"uuid": "blog1", "name": "blog", "id": 2}]),
        )
        .on(
            "/projects/shop1/environments",
            json!([
            {"id": 3, "uuid": "env3", "name": "production"},
            {"id": 4, "uuid": "env4", "name": "staging"}]),
        )
        .on(
            "/projects/blog1/environments",
            json!([
            {"id": 5, "uuid": "env5", "name": "production"}, {"uuid": "env6", "name": "new"}]),
        )
        .on("/servers", json!([server(1), server(2)]))
        .on(
            "/deployments",
            json!([
            {"id": 1, "deployment_uuid": "dep1", "status": "in_progress", "application_id": 7,
                "commit": "abc", "created_at": "2026-11-29T11:00:00.000000Z"},
            {"id": 3, "deployment_uuid": "dep3", "status": "queued", "application_id": 7},
            {"id": 4, "deployment_uuid": "dep4", "status": "queued", "application_id": 7,
                "pull_request_id": 12},
            {"id": 5, "deployment_uuid": "dep5", "status": "queued", "application_id": 99}]),
        )
        .on(
            "/deployments/applications/api1",
            json!({"count": 2, "deployments": [
            {"id": 2, "deployment_uuid": "dep2", "status": "finished", "commit": "def",
                "created_at": "2026-11-29T10:00:00.000000Z",
                "finished_at": "2026-11-29T10:01:00.000000Z"}]}),
        )
        .on(
            "/deployments/applications/lost1",
            json!({"count": 0, "deployments": []}),
        )
        .on(
            "/tags",
            json!([{"uuid": "t2", "name": "beta"}, {"uuid": "t1", "name": "alpha"}]),
        )
        .on("/applications", json!([{"uuid": "web1", "name": "web"}]))
        .on(
            "/databases/data1/tags",
            json!([{"uuid": "t1", "name": "alpha"}]),
        )
        .on("/services/stats1/tags", json!([]))
}

/// What was asked, and the overview for people and for programs.
async fn whole(standing: &Standing, overview: &Overview) -> String {
    let mut text = format!("{}\n{overview}\n", standing.asked().await);
    let data = serde_json::to_value(overview).expect("JSON");
    for part in ["resources", "unread"] {
        for row in data[part].as_array().expect("a list") {
            let _ = writeln!(text, "{part}: {row}");
        }
    }
    for project in &overview.projects {
        let environments = project.environments.iter().flatten();
        let names: Vec<_> = environments.map(|it| it.name.as_str()).collect();
        let _ = writeln!(text, "project {}: {names:?}", project.name);
    }
    for server in &overview.servers {
        let _ = writeln!(text, "server {}", server.name);
    }
    standing.named(&text)
}

fn error(error: &Error) -> String {
    let matches: Vec<_> = error.matches().iter().map(Found::to_string).collect();
    format!(
        "{:?}: {}suggestions {:?}, matches {matches:?}",
        error.kind(),
        lines(&error.report().to_string()),
        error.suggestions(),
    )
}

fn lines(text: &str) -> String {
    text.lines()
        .fold(String::new(), |all, line| all + line + "\n")
}

#[tokio::test]
async fn an_overview_shows_where_everything_is() -> Result<()> {
    let standing = team().start().await;
    let overview = standing.client().overview().await?;
    let mut text = whole(&standing, &overview).await;
    let names = |resources: Vec<&coolify_sdk::estate::OverviewResource>| {
        let names: Vec<_> = resources.into_iter().map(|it| it.name.clone()).collect();
        names.join(" ")
    };
    for (what, found) in [
        ("in shop", overview.in_project("shop").collect()),
        ("in blog1", overview.in_project("blog1").collect()),
        (
            "in env3 of shop1",
            overview.in_environment("shop1", "env3").collect(),
        ),
        (
            "in production of blog",
            overview.in_environment("blog", "production").collect(),
        ),
        (
            "in staging of blog",
            overview.in_environment("blog", "staging").collect(),
        ),
        ("on box 2", overview.on_server("box 2").collect::<Vec<_>>()),
        ("on server1", overview.on_server("server1").collect()),
        ("tagged alpha", overview.tagged("alpha").collect()),
        (
            "with the uuid data1",
            overview.resource("data1").into_iter().collect(),
        ),
        (
            "with the uuid data",
            overview.resource("data").into_iter().collect(),
        ),
    ] {
        let _ = writeln!(text, "{what}: {}", names(found));
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn tags_and_latest_deployments_are_read_on_demand() -> Result<()> {
    let standing = team().start().await;
    let overview = standing
        .client()
        .overview()
        .tags()
        .latest_deployments()
        .await?;
    let mut text = whole(&standing, &overview).await;
    for tag in ["alpha", "BETA", "gamma"] {
        let names: Vec<_> = overview.tagged(tag).map(|it| it.uuid.as_str()).collect();
        let _ = writeln!(text, "tagged {tag}: {names:?}");
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn what_an_overview_cannot_read_is_noted_or_an_error() {
    let mut text = String::new();
    let lacks = "Missing required permissions: read";
    let all = [
        "/resources",
        "/projects",
        "/servers",
        "/deployments",
        "/tags",
    ];
    let most = [
        "/projects",
        "/servers",
        "/deployments",
        "/tags",
        "/projects/shop1/environments",
        "/deployments/applications/api1",
    ];
    for (case, status, paths) in [
        ("all is denied", 403, &all[..]),
        ("all but the deployments is denied", 403, &all[..3]),
        ("the resources and the projects are denied", 403, &all[..2]),
        ("all but the resources is denied", 403, &most),
        (
            "the environments and the latest deployments are denied",
            403,
            &most[4..],
        ),
        ("the servers fail", 500, &all[2..3]),
        ("the unfinished deployments fail", 500, &all[3..4]),
        ("the tags fail", 500, &all[4..]),
        ("a project is gone", 404, &most[4..5]),
        ("the token is not accepted", 401, &all),
    ] {
        let mut planted = team();
        for path in paths {
            planted = planted.fails(*path, status, if status == 403 { lacks } else { "x" });
        }
        let standing = planted.start().await;
        let result = standing
            .client()
            .overview()
            .tags()
            .latest_deployments()
            .await;
        let _ = writeln!(text, "# {case}");
        match result {
            Ok(overview) => {
                let _ = writeln!(text, "{overview}{:#?}", overview.unread);
            }
            Err(it) => {
                let _ = writeln!(text, "{}", error(&it));
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_server_without_tags_says_so() -> Result<()> {
    let standing = Planted::new("4.1.2")
        .on("/resources", json!([]))
        .on("/projects", json!([]))
        .on("/servers", json!([]))
        .on("/deployments", json!([]))
        .unknown("/tags")
        .start()
        .await;
    let overview = standing.client().overview().tags().await?;
    insta::assert_snapshot!(whole(&standing, &overview).await);
    Ok(())
}

#[tokio::test]
async fn a_search_returns_the_only_match_or_lists_the_candidates() -> Result<()> {
    let standing = team().start().await;
    let coolify = standing.client();
    let mut text = String::new();
    for query in [
        "web1",
        "data",
        "DATA",
        "shop",
        "Shop",
        "box 1",
        "203.0.113.2",
        "odd",
        "odd1",
        "shop.example.com",
        "https://shop.example.com/api/v2?x",
        "shop.example.com/ap",
        "http://stats.example",
        "stats.example:8000",
        "stats.example:9000",
        "www.example.com",
        "https://www.example.com/shop/cart",
        "shop/web",
        "shop1/data1",
        "shop/production",
        "shop/staging/api",
        "shop/production/api",
        "blog/production/web",
        "blog/new",
        "nowhere/web",
        "shop/",
        "a/b/c/d",
        "web",
        "production",
        "lost",
        "dta",
        "",
        "  ",
        " data ",
    ] {
        let _ = writeln!(text, "# `{query}`");
        match coolify.find(query).await {
            Ok(found) => {
                let data = serde_json::to_string(&found).expect("JSON");
                let _ = writeln!(text, "{found}\n{data}");
            }
            Err(it) => {
                let _ = writeln!(text, "{}", error(&it));
            }
        }
        let all = coolify.find(query).all().await?;
        let all: Vec<_> = all.iter().map(Found::to_string).collect();
        let _ = writeln!(text, "all: {all:?}");
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn a_search_asks_for_no_more_than_it_needs() -> Result<()> {
    let mut text = String::new();
    for query in ["data", "shop/production/web", "web", "nothing"] {
        let standing = team().start().await;
        let _found = standing.client().find(query).await;
        let _ = writeln!(text, "# `{query}`\n{}", standing.asked().await);
        let standing = team().start().await;
        let _found = standing.client().find(query).all().await?;
        let _ = writeln!(text, "# all of `{query}`\n{}", standing.asked().await);
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn a_search_says_which_lists_it_could_not_read() {
    let mut text = String::new();
    let lacks = "Missing required permissions: read";
    for (path, query) in [
        ("/resources", "web"),
        ("/projects", "shop/web"),
        ("/servers", "box 1"),
        ("/projects/shop1/environments", "shop/production/web"),
    ] {
        let standing = team().fails(path, 403, lacks).start().await;
        let _ = writeln!(text, "# `{query}` without {path}");
        let _ = match standing.client().find(query).await {
            Ok(found) => writeln!(text, "{found}"),
            Err(it) => writeln!(text, "{}", error(&it)),
        };
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn each_kind_of_match_has_a_handle_of_its_kind() -> Result<()> {
    let standing = team().start().await;
    let coolify = standing.client();
    let mut text = String::new();
    for query in [
        "web1",
        "data1",
        "stats1",
        "shop1",
        "shop/staging",
        "server1",
    ] {
        let it = coolify.find(query).await?;
        let _ = writeln!(
            text,
            "{query}: {} {:?} {:?} {:?} {:?} {:?} {:?}, {}",
            it.kind,
            it.application().map(|it| it.uuid().to_string()),
            it.database().map(|it| it.uuid().to_string()),
            it.service().map(|it| it.uuid().to_string()),
            it.as_project().map(|it| it.uuid().to_string()),
            it.as_environment().is_some(),
            it.server().map(|it| it.uuid().to_string()),
            it.path(),
        );
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// Each room is searched for nothing, for something unknown, and for a name of two rows.
#[tokio::test]
async fn each_room_says_what_it_did_not_find() {
    let row = |uuid: &str, id: u8, name: &str| {
        json!({"uuid": uuid, "id": id, "name": name, "provider": "hetzner", "network": name,
            "type": "standalone"})
    };
    let rows = json!([
        row("a1", 1, "one"),
        row("b1", 2, "one"),
        row("c1", 3, "two")
    ]);
    let apps = json!([{"uuid": "a1", "name": "one"}, {"uuid": "b1", "name": "one"}]);
    let data = json!([
        {"uuid": "a1", "name": "one", "type": "standalone-redis",
            "database_type": "standalone-redis", "environment_id": 3},
        {"uuid": "b1", "name": "one", "type": "standalone-redis",
            "database_type": "standalone-redis", "environment_id": 4}]);
    let mut planted = team()
        .on("/applications", apps.clone())
        .on("/services", apps)
        .on("/databases", data)
        .on(
            "/projects/shop1/environments",
            json!([{"id": 3, "uuid": "env3", "name": "one"},
            {"id": 4, "uuid": "env4", "name": "one"}]),
        );
    for path in [
        "/servers",
        "/cloud-init-scripts",
        "/cloud-tokens",
        "/destinations",
        "/github-apps",
        "/gitlab-apps",
        "/security/keys",
        "/s3-storages",
        "/tags",
    ] {
        planted = planted.on(path, rows.clone());
    }
    let standing = planted.start().await;
    let coolify = standing.client();
    let mut text = String::new();
    for query in [" ", "onee", "one"] {
        let _ = writeln!(text, "# `{query}`");
        macro_rules! rooms {
            ($($room:expr),* $(,)?) => { $(
                let it = $room.find(query).await.err().expect("it is not found");
                let _ = writeln!(text, "{}", error(&it));
            )* };
        }
        rooms! {
            coolify.applications(), coolify.databases(), coolify.services(),
            coolify.servers(), coolify.project("shop1").environments(),
            coolify.cloud_init_scripts(), coolify.cloud_tokens(), coolify.destinations(),
            coolify.github_apps(), coolify.gitlab_apps(), coolify.private_keys(),
            coolify.s3_storages(), coolify.tags(),
        }
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_room_that_finds_something_asks_for_its_list() -> Result<()> {
    let standing = team()
        .on(
            "/security/keys",
            json!([{"uuid": "k1", "id": 1, "name": "main"}]),
        )
        .on(
            "/github-apps",
            json!([{"uuid": "g1", "id": 12, "name": "main"}]),
        )
        .on(
            "/databases",
            json!([{"uuid": "data1", "name": "data", "type": "standalone-redis",
            "database_type": "standalone-redis", "environment_id": 3}]),
        )
        .start()
        .await;
    let coolify = standing.client();
    let key = coolify.private_keys().find(" MAIN ").await?;
    let app = coolify.github_apps().find("main").await?;
    let database = coolify.databases().find("shop/production/data").await?;
    let environment = coolify
        .project("shop1")
        .environments()
        .find("staging")
        .await?;
    let shown = format!("{key:?}\n{app:?}\n{database:?}\n{environment:?}");
    for part in ["k1", "12", "data1", "shop1", "env4"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    insta::assert_snapshot!(standing.asked().await);
    Ok(())
}

#[tokio::test]
async fn what_exists_twice_cannot_be_ensured() {
    let standing = team()
        .on(
            "/projects",
            json!([{"uuid": "shop1", "name": "shop"}, {"uuid": "shop2",
            "name": "shop"}]),
        )
        .on(
            "/projects/shop1/environments",
            json!([{"id": 3, "uuid": "env3", "name": "one"},
            {"id": 4, "uuid": "env4", "name": "one"}]),
        )
        .fails("/projects/blog1/environments", 404, "Project not found.")
        .start()
        .await;
    let coolify = standing.client();
    let mut text = String::new();
    for it in [
        coolify.projects().ensure("shop").await.expect_err("two"),
        coolify
            .project("shop1")
            .environments()
            .ensure("one")
            .await
            .expect_err("two"),
        coolify
            .project("blog1")
            .environments()
            .ensure("one")
            .await
            .expect_err("none"),
    ] {
        let _ = writeln!(text, "{}", error(&it));
    }
    text += &standing.asked().await;
    insta::assert_snapshot!(text);
}
