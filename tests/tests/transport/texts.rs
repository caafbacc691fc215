//! The texts and forms of values that users read or write, as a whole.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use coolify_sdk::limits::{ApplicationQuota, Cpus, Memory, ResourceLimits};
use coolify_sdk::operations::{Ability, Method, Operation, Versions, When};
use coolify_sdk::{Attempt, Coolify, ErrorKind, Pacing, RetryBudget, RetryPolicy, Version};
use serde_json::json;

use crate::TOKEN;
use crate::told::told;

fn client() -> Coolify {
    let builder = Coolify::builder()
        .url("https://c.example/sub/")
        .token(TOKEN);
    builder.build().unwrap()
}

#[test]
fn each_kind_of_error_has_a_name() {
    use ErrorKind as K;
    let all = [
        K::Config,
        K::NoRuntime,
        K::InvalidRequest,
        K::Connect,
        K::Timeout,
        K::Interrupted,
        K::Redirect,
        K::OutOfScope,
        K::Unauthenticated,
        K::Forbidden,
        K::NotFound,
        K::Validation,
        K::Ambiguous,
        K::Conflict,
        K::RateLimited,
        K::QueueFull,
        K::Unsupported,
        K::NotCoolify,
        K::Server,
        K::Decode,
        K::QuotaExceeded,
        K::DeploymentFailed,
        K::BackupFailed,
        K::ImportFailed,
        K::NotHealthy,
        K::WaitExpired,
    ];
    let lines = all.map(|kind| format!("[{kind:>18}] {kind:?} {}", json!(kind)));
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn each_setting_that_is_wrong_is_named_without_its_value() {
    let url = "https://c.example";
    let mut text = String::new();
    for (url, token, agent) in [
        ("", "", "a"),
        ("c.example", "7|t", "a"),
        ("c.example:8000/api", "7|t", "a"),
        ("ftp://c.example", "7|t", "a"),
        ("https://", "7|t", "a"),
        ("https://:x@c.example", "7|t", "a"),
        ("https://x@c.example", "7|t", "a"),
        ("https://c.example?x", "7|t", "a"),
        ("https://c.example#x", "7|t", "a"),
        (url, " \n", "a"),
        (url, "7| t", "a"),
        (url, "7|t\u{e9}", "a"),
        (url, "7|t\u{0}", "a"),
        (url, "7|t", "a\nb"),
        ("ftp://c.example", " ", "a\nb"),
    ] {
        let builder = Coolify::builder().url(url).token(token).user_agent(agent);
        let error = builder.build().unwrap_err();
        writeln!(text, "{url:?} {token:?} {agent:?}\n{}", told(&error, "")).unwrap();
    }
    let error = Coolify::builder().build().unwrap_err();
    writeln!(text, "nothing\n{}", told(&error, "")).unwrap();
    for url in [
        "https://c.example/",
        " HTTP://C.example:80/a/b//",
        "https://[::1]:8443/api/v1/x",
    ] {
        let coolify = Coolify::builder().url(url).token(" 7|t\n").build().unwrap();
        writeln!(text, "{url:?}: {}", coolify.url()).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_shown_for_debugging_has_no_secret() {
    let coolify = client();
    let builder = Coolify::builder()
        .url("https://c.example")
        .token(TOKEN)
        .timeout(Duration::from_secs(7))
        .connect_timeout(Duration::from_secs(3))
        .poll_every(Duration::from_millis(99))
        .max_reply_size(5)
        .user_agent("mine")
        .pacing(Pacing::per_minute(0).max_wait(Duration::MAX))
        .retry(RetryPolicy::none().attempts(0))
        .on_attempt(|_: &Attempt| {});
    let parts = [
        format!("{:#?}", Coolify::builder()).replace(env!("CARGO_PKG_VERSION"), "[version]"),
        format!("{builder:#?}"),
        format!("{coolify:?}"),
        format!("{:?}", coolify.in_project("p1")),
        format!("{:?}", coolify.raw()),
        format!("{:?}", coolify.projects().list()),
        format!(
            "{:?}",
            coolify.request(Method::Post, "/secret").query("a", 1)
        ),
        format!("{:?}", coolify.project("p1").update().name("n")),
        format!("{:?}", coolify.team(7_i64)),
        format!(
            "{:?}",
            coolify
                .instance()
                .update_email_settings()
                .smtp_enabled(true)
        ),
        format!("{:?} {:?}", RetryPolicy::default(), RetryPolicy::none()),
        format!("{:?} {:?}", Pacing::default(), Pacing::off()),
        format!(
            "{:?} {:?}",
            RetryBudget::default(),
            RetryBudget::unlimited()
        ),
        format!("{:?}", ApplicationQuota::at_most(3).used(2)),
    ];
    insta::assert_snapshot!(parts.join("\n"));
}

#[test]
fn versions_are_read_compared_and_written() {
    let mut text = String::new();
    let texts = [
        "4.3.11",
        " v4.3.11\n",
        "V4.3",
        "4.2.0-beta.1",
        "4.4-rc.1",
        "4.4-rc.1.0a1b2c3",
        "4.4-rc.1.abcdefz",
        "4.4-rc.1.0a1b2c",
        "4.3.1+build.7",
        "4.4-",
        "04.3.1",
        "4.3.1-a-b",
        "",
        "4",
        "4.",
        "4.x",
        "4.3.1.2",
        "4.3.1-a b",
        "4.+3",
        "-4.3",
        "4.99999999999.1",
        "v",
        "vv4.3.1",
        "4.3.1-\u{e9}",
    ];
    for it in texts {
        let told = match it.parse::<Version>() {
            Ok(version) => format!(
                "{version} {}|{}|{} {:?} {}",
                version.major(),
                version.minor(),
                version.patch(),
                version.pre(),
                json!(version),
            ),
            Err(error) => format!("{:?}: {error}", error.kind()),
        };
        writeln!(text, "{it:?}: {told}").unwrap();
    }
    let mut versions: Vec<Version> = [
        "4.4.0",
        "4.4-rc.1",
        "4.4-rc.10",
        "4.4-rc.2",
        "4.4-rc.1.0a1b2c3",
        "4.4-rc.1.1a1b2c3",
        "4.4-rc.1.abcdefz",
        "4.4-rc",
        "4.4-beta.1",
        "4.4-1",
        "4.4-rc.1.1",
        // A commit has 7 to 40 digits.
        "4.4-rc.1.0a1b2c",
        "4.4-rc.1.0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
        "4.4-rc.1.0a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
        "4.3.11",
        "4.3.9",
        "4.4.1-dev.0a1b2c3d4",
        "5.0.0",
    ]
    .iter()
    .map(|it| it.parse().unwrap())
    .collect();
    versions.sort();
    let sorted: Vec<_> = versions.iter().map(ToString::to_string).collect();
    text += &sorted.join(" < ");
    insta::assert_snapshot!(text);
}

#[test]
fn what_a_server_has_is_known_by_its_version() {
    let servers = [
        "3.12.36",
        "4.0.0-beta.1",
        "4.0.0",
        "4.1.2",
        "4.2.0-beta.1",
        "4.2.0",
        "4.2.1",
        "4.3.0",
        "4.3.11",
        "4.3.23",
        "4.3.24",
        "4.3.99",
        "4.4-rc.1",
        "4.4.0",
        "4.4.7",
        "4.4.99",
        "4.5.0",
        "4.9.0",
        "9.0.0-rc.1",
    ];
    // Only where it changes.
    let shown = |versions: &Versions| {
        let on = |server: &str| format!("{:?}", versions.on(&server.parse().unwrap()));
        let mut changes: Vec<(&str, String)> = servers.iter().map(|it| (*it, on(it))).collect();
        changes.dedup_by(|next, last| next.1 == last.1);
        let changes: Vec<_> = changes
            .iter()
            .map(|it| format!("{} {}", it.0, it.1))
            .collect();
        format!("{versions}: {}", changes.join(", "))
    };
    let mut text = String::new();
    for id in [
        "list-projects",
        "list-tags",
        "list-audit-events",
        "claim-server",
        "enable-api",
    ] {
        let operation = Operation::find(id).unwrap();
        writeln!(text, "{id}, {}", shown(&operation.versions)).unwrap();
    }
    // The first field of each range.
    let mut ranges = BTreeMap::new();
    for operation in coolify_sdk::operations::operations() {
        for field in operation.fields {
            ranges.entry(shown(&field.versions)).or_insert(field.name);
        }
    }
    for (range, field) in ranges {
        writeln!(text, "{field}, {range}").unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn abilities_and_conditions_have_names() {
    let mut text = String::new();
    for name in [
        "read",
        "read:sensitive",
        "write",
        "write:sensitive",
        "deploy",
        "root",
        "admin",
        "",
    ] {
        let told = match name.parse::<Ability>() {
            Ok(ability) => format!("[{ability:>16}] {ability:?} {}", ability.as_str()),
            Err(error) => format!("{:?}: {error}", error.kind()),
        };
        writeln!(text, "{name:?}: {told}").unwrap();
    }
    for when in [
        When::Always,
        When::True("instant_deploy"),
        When::Is("source", "server"),
        When::Case("the token is that of an admin"),
    ] {
        writeln!(text, "{when}").unwrap();
    }
    let methods = [
        Method::Get,
        Method::Post,
        Method::Patch,
        Method::Put,
        Method::Delete,
    ];
    let methods = methods.map(|it| format!("[{it:>6}] {}", it.as_str()));
    writeln!(text, "{}", methods.join(" ")).unwrap();
    for id in ["list_projects", "LIST-PROJECTS", "list-project", "", "zzz"] {
        let found = Operation::find(id).map(|it| (it.id, it.path, it.ability()));
        writeln!(text, "{id:?}: {found:?}").unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn amounts_are_read_capped_and_written() {
    let mut text = String::new();
    for it in [
        "512M", " 1.5g\n", "0", "-1", "1048576", "0.5", "half", "", "1,5G",
    ] {
        let told = match it.parse::<Memory>() {
            Ok(memory) => format!("{memory} {:?} {}", memory.bytes(), memory.is_unlimited()),
            Err(error) => format!("{:?}: {error}", error.kind()),
        };
        writeln!(text, "memory {it:?}: {told}").unwrap();
    }
    for it in ["0.5", "2", "0", ".0001", "1e1", "1/2", "-1", ""] {
        let told = match it.parse::<Cpus>() {
            Ok(cpus) => format!("{cpus} {:?} {}", cpus.millis(), cpus.is_unlimited()),
            Err(error) => format!("{:?}: {error}", error.kind()),
        };
        writeln!(text, "processors {it:?}: {told}").unwrap();
    }
    let limits = |it: [&str; 4]| {
        let set =
            |limits,
             amount: &str,
             set: fn(ResourceLimits, &str) -> coolify_sdk::Result<ResourceLimits>| {
                if amount == "-" {
                    limits
                } else {
                    set(limits, amount).unwrap()
                }
            };
        let limits = ResourceLimits::default();
        let limits = set(limits, it[0], ResourceLimits::memory);
        let limits = set(limits, it[1], ResourceLimits::memory_swap);
        let limits = set(limits, it[2], ResourceLimits::memory_reservation);
        set(limits, it[3], ResourceLimits::cpus)
    };
    let shown = |it: &ResourceLimits| {
        let parts = [
            it.memory.as_ref().map(ToString::to_string),
            it.memory_swap.as_ref().map(ToString::to_string),
            it.memory_reservation.as_ref().map(ToString::to_string),
            it.cpus.as_ref().map(ToString::to_string),
        ];
        parts.map(|it| it.unwrap_or("-".to_owned())).join(" ")
    };
    let tier = ["1G", "2G", "512M", "1"];
    for (asked, tier) in [
        (["-", "-", "-", "-"], tier),
        (["0", "0", "0", "0"], tier),
        (["1024m", "2048m", "512m", "1.0"], tier),
        (["1025m", "2049m", "513m", "1.01"], tier),
        (["512M", "1G", "1G", "0.5"], tier),
        (["512M", "1G", "1G", "0.5"], ["1G", "-", "-", "-"]),
        (["4G", "-", "2G", "4"], ["1G", "-", "-", "-"]),
        (["4G", "-1", "-", "4"], ["0", "0", "0", "0"]),
        (["-", "-", "2G", "-"], ["-", "-", "-", "-"]),
    ] {
        let (asked, tier) = (limits(asked), limits(tier));
        let granted = asked.capped_at(&tier);
        let capped: Vec<_> = granted.capped.iter().map(ToString::to_string).collect();
        writeln!(
            text,
            "{} under {}: {} {} [{}]",
            shown(&asked),
            shown(&tier),
            shown(&granted.limits),
            asked.fits(&tier),
            capped.join(", "),
        )
        .unwrap();
    }
    for quota in [ApplicationQuota::at_most(3), ApplicationQuota::unlimited()] {
        let usage = quota.used(2);
        writeln!(text, "{usage}: {} {}", usage.has_room(1), usage.has_room(2)).unwrap();
    }
    insta::assert_snapshot!(text);
}

/// Requests that are refused before they are sent.
#[tokio::test]
async fn values_that_coolify_handles_badly_are_refused_with_a_reason() {
    let coolify = Coolify::builder().url("http://127.0.0.1:9").token("7|t");
    let coolify = coolify.retry(RetryPolicy::none()).build().unwrap();
    let web = coolify.application("a");
    let mut text = String::new();
    let mut note = |what: &str, error: coolify_sdk::Error| {
        writeln!(text, "{what}\n{}", told(&error, ":9")).unwrap();
    };
    note(
        "an empty port",
        web.update().ports_exposes("80,,443").await.unwrap_err(),
    );
    note(
        "no port",
        web.update().ports_exposes(",").await.unwrap_err(),
    );
    note("no change", web.update().await.unwrap_err());
    let long = "x".repeat(256);
    let tasks = web.scheduled_tasks();
    note(
        "a long command",
        tasks.create("n", &long, "daily").await.unwrap_err(),
    );
    let raw = coolify.raw();
    for id in ["", "..", "a/b", "a b", "ü", "a?b"] {
        note(
            &format!("the uuid {id:?}"),
            raw.get_project_by_uuid(id).await.unwrap_err(),
        );
    }
    for name in ["", ".", "..", "a/b"] {
        let read = raw.get_environment_by_name_or_uuid("p", name).await;
        note(&format!("the name {name:?}"), read.unwrap_err());
    }
    note(
        "the owner ..",
        raw.load_branches(7, "..", "r").await.unwrap_err(),
    );
    for fields in [
        json!(["name"]),
        json!({"nmae": "x"}),
        json!({"name": 7}),
        json!({"is_static": "yes"}),
        json!({"is_static": null}),
        json!({"docker_compose_domains": [{"name": null}]}),
    ] {
        let error = web.update().fields(&fields).unwrap_err();
        let told = told(&error, ":9");
        // Not all 100 fields.
        let (told, _) = told.split_once(", expected one of").unwrap_or((&told, ""));
        writeln!(text, "{fields}\n{told}").unwrap();
    }
    let bound = coolify.in_project("p1");
    let error = bound.request(Method::Get, "/new").await.unwrap_err();
    writeln!(text, "a path for a bound client\n{}", told(&error, ":9")).unwrap();
    let odd: BTreeMap<[u8; 2], u8> = [([1, 2], 3)].into();
    let request = coolify.request(Method::Post, "/new").json(&odd);
    let error = request.await.unwrap_err();
    writeln!(text, "a map whose keys are lists\n{}", told(&error, ":9")).unwrap();
    insta::assert_snapshot!(text);
}
