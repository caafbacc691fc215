//! Limits in requests and in replies.

use std::fmt::Write as _;

use coolify_sdk::Result;
use coolify_sdk::limits::{Cpus, Memory, ResourceLimits};

use serde_json::json;

use crate::fake;

#[tokio::test]
async fn capped_limits_are_written_and_read() -> Result<()> {
    let (_fake, web) = fake().await;
    let tier = ResourceLimits::default().memory("512M")?.cpus("0.5")?;
    let asked = ResourceLimits::default().memory("2G")?;
    let granted = asked.capped_at(&tier);
    assert_eq!(granted.capped.len(), 1);
    let report = web.update().limits(&granted.limits).verified().await?;
    assert_eq!(report.applied, ["limits_cpus", "limits_memory"]);

    let now = ResourceLimits::from(&web.get().await?);
    assert_eq!(now.memory, tier.memory);
    assert!(now.fits(&tier));
    assert!(now.memory_swap.is_some_and(|swap| swap.is_unlimited()));
    Ok(())
}

/// Coolify stores any text: each can be read.
#[tokio::test]
async fn what_coolify_took_can_be_read() -> Result<()> {
    let (fake, web) = fake().await;
    let tier = ResourceLimits::default().memory("1G")?.cpus("1")?;
    let uuid = web.uuid().as_str();
    for (memory, cpus, bytes, millis) in [
        (json!(".5g"), json!(".5"), Some(1 << 29), Some(500)),
        (json!("1e3"), json!("5e-1"), Some(1000), Some(500)),
        (json!("512 MiB"), json!("1/2"), Some(512 << 20), Some(1000)),
        (json!("plenty"), json!("half"), None, None),
        (json!("-1"), json!("-1"), None, None),
        (json!(""), json!(" "), None, None),
        (json!(null), json!(null), None, None),
    ] {
        fake.set_application(uuid, "limits_memory", memory.clone());
        fake.set_application(uuid, "limits_cpus", cpus.clone());
        let now = ResourceLimits::from(&web.get().await?);
        let read = now.memory.as_ref().and_then(Memory::bytes);
        assert_eq!(read, bytes, "{memory}");
        assert_eq!(now.cpus.as_ref().and_then(Cpus::millis), millis, "{cpus}");
        let is_set = memory.as_str().is_some_and(|it| !it.is_empty());
        assert_eq!(now.memory.is_some(), is_set, "{memory}");
        // No limit exceeds every tier.
        let is_unlimited = is_set && bytes.is_none();
        assert_eq!(now.fits(&tier), !is_unlimited, "{memory} {cpus}");
    }
    Ok(())
}

#[tokio::test]
#[expect(
    clippy::unnecessary_fallible_conversions,
    reason = "what programs call where some kinds can fail"
)]
async fn limits_go_through_try_from_too() -> Result<()> {
    let (_fake, web) = fake().await;
    let now = ResourceLimits::try_from(&web.get().await?)?;
    assert!(now.memory.is_some_and(|memory| memory.is_unlimited()));
    Ok(())
}

/// Returns the limits in the body of a builder.
fn shown(builder: &impl std::fmt::Debug) -> Vec<String> {
    let text = format!("{builder:?}");
    let fields = [
        "limits_memory",
        "limits_memory_swap",
        "limits_memory_reservation",
        "limits_cpus",
    ];
    let value = |field: &str| {
        let (_, rest) = text.split_once(&format!(" {field}: ")).expect("a field");
        let (value, _) = rest.split_once([',', ' ']).expect("the end");
        value.to_owned()
    };
    fields.map(value).to_vec()
}

/// Checks that a builder takes all limits, and keeps those that are not named.
macro_rules! takes_limits {
    ($($builder:expr),+ $(,)?) => {
        $(
            let limits = ResourceLimits::default()
                .memory("1G")?
                .memory_swap("2G")?
                .memory_reservation("512M")?
                .cpus("0.5")?;
            let builder = $builder.limits(&limits);
            let all = ["1G", "2G", "512M", "0.5"].map(|it| format!("Some({it:?})"));
            assert_eq!(shown(&builder), all);
            let builder = builder.limits(&ResourceLimits::default());
            assert_eq!(shown(&builder), all);
            let builder = builder.limits(&ResourceLimits::default().cpus("2")?);
            let changed = ["1G", "2G", "512M", "2"].map(|it| format!("Some({it:?})"));
            assert_eq!(shown(&builder), changed);
        )+
    };
}

#[tokio::test]
async fn each_builder_takes_all_limits() -> Result<()> {
    let coolify = coolify_sdk::Coolify::builder();
    let coolify = coolify.url("http://c.example").token("1|t").build()?;
    let place = || coolify_sdk::Placement::new("p", coolify_sdk::EnvironmentRef::uuid("e"), "s");
    let (new, repository) = (coolify.applications(), "https://git.example/a/b");
    takes_limits!(
        new.create_public(place(), repository, "main", "static"),
        new.create_private_github_app(place(), "g", repository, "main", "static"),
        new.create_private_deploy_key(place(), "k", repository, "main", "static"),
        new.create_dockerfile(place(), "FROM nginx"),
        new.create_docker_image(place(), "nginx"),
        coolify.application("a").update(),
    );
    let (new, database) = (coolify.databases(), coolify.database("d"));
    takes_limits!(
        new.create_clickhouse(place()),
        new.create_dragonfly(place()),
        new.create_keydb(place()),
        new.create_mariadb(place()),
        new.create_mongodb(place()),
        new.create_mysql(place()),
        new.create_postgresql(place()),
        new.create_redis(place()),
        new.create_sqlite(place()),
    );
    takes_limits!(
        database.update_clickhouse(),
        database.update_dragonfly(),
        database.update_keydb(),
        database.update_mariadb(),
        database.update_mongodb(),
        database.update_mysql(),
        database.update_postgresql(),
        database.update_redis(),
        database.update_sqlite(),
    );
    Ok(())
}

/// The limits of both kinds of resources are read, each from its own field.
#[tokio::test]
async fn each_limit_is_read_from_its_own_field() -> Result<()> {
    let fake = coolify_sdk::testing::FakeCoolify::start().await;
    let shop = fake.seed_project("shop");
    let web = fake.seed_application(&shop, "web");
    let orders = fake.seed_database(&shop, "postgresql", "orders");
    let coolify = fake.client();
    let limits = ResourceLimits::default()
        .memory("1G")?
        .memory_swap("2G")?
        .memory_reservation("512M")?
        .cpus("0.5")?;
    let (web, orders) = (coolify.application(web), coolify.database(orders));
    web.update().limits(&limits).await?;
    orders.update_postgresql().limits(&limits).await?;
    assert_eq!(ResourceLimits::from(&web.get().await?), limits);
    assert_eq!(ResourceLimits::from(&orders.get().await?), limits);
    Ok(())
}

/// Memory, swap, reservation and processors; `-` for one that is not set.
fn limits(texts: &str) -> Result<ResourceLimits> {
    let texts: Vec<_> = texts.split(' ').collect();
    let [memory, swap, reservation, cpus] = texts[..] else {
        panic!("four limits: {texts:?}");
    };
    let mut limits = ResourceLimits::default();
    if memory != "-" {
        limits = limits.memory(memory)?;
    }
    if swap != "-" {
        limits = limits.memory_swap(swap)?;
    }
    if reservation != "-" {
        limits = limits.memory_reservation(reservation)?;
    }
    if cpus != "-" {
        limits = limits.cpus(cpus)?;
    }
    Ok(limits)
}

/// Writes limits as `limits` reads them.
fn written(limits: &ResourceLimits) -> String {
    let memory = |it: &Option<Memory>| it.as_ref().map_or("-".to_owned(), Memory::to_string);
    let cpus = limits.cpus.as_ref().map_or("-".to_owned(), Cpus::to_string);
    format!(
        "{} {} {} {cpus}",
        memory(&limits.memory),
        memory(&limits.memory_swap),
        memory(&limits.memory_reservation),
    )
}

#[test]
fn each_limit_is_capped_at_that_of_the_tier() -> Result<()> {
    let mut all = String::new();
    for (asked, tier) in [
        ("- - - -", "- - - -"),
        ("1G 2G 512M 1", "- - - -"),
        ("- - - -", "1G 2G 512M 1"),
        ("1G 2G 512M 1", "1024M 2048M 0.5G 1.0"),
        ("1025M 2049M 513M 1.1", "1G 2G 512M 1"),
        ("1023M 2047M 511M 0.9", "1G 2G 512M 1"),
        ("0 0 0 0", "1G 2G 512M 1"),
        ("0 -1 - 0", "1G 2G 512M 1"),
        ("0 0 0 0", "0 0 0 0"),
        ("1G 1G 1G 1", "0 0 0 0"),
        ("512M - 1G -", "2G - - -"),
        ("512M - 1G -", "2G - 256M -"),
        ("- - 2G -", "1G - - -"),
        ("- - 2G -", "1G - 512M -"),
        ("- - 2G -", "- - 512M -"),
        ("0 - 2G -", "0 - 0 -"),
    ] {
        let tier_limits = limits(tier)?;
        let granted = limits(asked)?.capped_at(&tier_limits);
        let capped: Vec<_> = granted.capped.iter().map(ToString::to_string).collect();
        assert_eq!(limits(asked)?.fits(&tier_limits), capped.is_empty());
        let granted = written(&granted.limits);
        writeln!(all, "{asked}  in  {tier}  gets  {granted}").expect("text");
        all += &capped
            .iter()
            .fold(String::new(), |all, it| all + "    " + it + "\n");
    }
    insta::assert_snapshot!(all);
    Ok(())
}

#[test]
fn an_amount_that_docker_does_not_read_is_refused() {
    let mut all = String::new();
    let long = "9".repeat(30);
    for text in [
        "", " ", "1G", " 1G\n", "0", "-1", "-2", "1x", "0.4", "1.5", "1,5", "8388608T", "8388607T",
        &long,
    ] {
        let memory = text.parse::<Memory>();
        let memory = memory.map(|it| (it.to_string(), it.bytes(), it.is_unlimited()));
        let cpus = text.parse::<Cpus>();
        let cpus = cpus.map(|it| (it.to_string(), it.millis(), it.is_unlimited()));
        let memory = memory.map_or_else(|it| it.report().to_string(), |it| format!("{it:?}"));
        let cpus = cpus.map_or_else(|it| it.report().to_string(), |it| format!("{it:?}"));
        writeln!(all, "{text:?}\n    {memory}\n    {cpus}").expect("text");
    }
    insta::assert_snapshot!(all);
}
