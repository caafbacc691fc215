//! On the embedded server.

use coolify_sdk::Result;
use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::envs::{BulkApplicationVariable, EnvFile, Envs};
use coolify_sdk::testing::FakeCoolify;

use super::{changes, names};

async fn application() -> (FakeCoolify, Envs<ApplicationHandle>) {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let envs = fake.client().application(app).envs();
    (fake, envs)
}

/// The variables as they are: key, value, and the flags that are not the
/// default; previews with a star.
async fn shown(envs: &Envs<ApplicationHandle>) -> Result<Vec<String>> {
    let variables = envs.list().await?;
    let mut shown: Vec<_> = variables
        .iter()
        .filter(|one| one.is_buildpack_control != Some(true))
        .map(|one| {
            let star = if one.is_preview == Some(true) {
                "*"
            } else {
                ""
            };
            let value = one.value.as_ref().map_or("?", |value| value.expose());
            let mut text = format!("{}{star}={value}", one.key);
            for (flag, is_set) in [
                (" literal", one.is_literal == Some(true)),
                (" multiline", one.is_multiline == Some(true)),
                (" once", one.is_shown_once == Some(true)),
                (" not-runtime", one.is_runtime == Some(false)),
            ] {
                if is_set {
                    text.push_str(flag);
                }
            }
            text
        })
        .collect();
    shown.sort();
    Ok(shown)
}

#[tokio::test]
async fn a_file_is_followed_and_a_second_time_there_is_nothing_to_do() -> Result<()> {
    let (fake, envs) = application().await;
    let text = "PORT=3000\nPASSWORD='pa$$word'\nKEY=\"-----BEGIN\\n-----END\"\nEMPTY=\nBARE\n";
    let file = EnvFile::parse(text)?;
    let report = envs.sync(file.clone()).prune(true).await?;
    assert_eq!(report.created.len(), 5);
    assert_eq!(
        shown(&envs).await?,
        [
            "BARE*=?",
            "BARE=?",
            "EMPTY*=",
            "EMPTY=",
            "KEY*=-----BEGIN\n-----END multiline",
            "KEY=-----BEGIN\n-----END multiline",
            "PASSWORD*=pa$$word literal",
            "PASSWORD=pa$$word literal",
            "PORT*=3000",
            "PORT=3000",
        ]
    );
    let writes = fake.requests().iter().filter(|r| r.method != "GET").count();
    assert_eq!(writes, 1);
    let again = envs.sync(file).prune(true).plan().await?;
    assert!(again.is_empty(), "{again}");
    Ok(())
}

#[tokio::test]
async fn flags_stay_and_values_are_never_wiped() -> Result<()> {
    let (_fake, envs) = application().await;
    envs.sync([
        BulkApplicationVariable::new("A")
            .value("1")
            .is_literal(true)
            .is_runtime(false),
        BulkApplicationVariable::new("B")
            .value("2")
            .comment("noted"),
        BulkApplicationVariable::new("ONCE")
            .value("3")
            .is_shown_once(true),
    ])
    .await?;
    let report = envs
        .sync([
            ("A", "one").into(),
            BulkApplicationVariable::new("B").is_literal(true),
            ("ONCE", "three").into(),
        ])
        .await?;
    assert_eq!(names(&report.updated), ["A", "B"]);
    assert_eq!(
        shown(&envs).await?,
        [
            "A*=1 literal not-runtime",
            "A=one literal not-runtime",
            "B*=2",
            "B=2 literal",
            "ONCE*=3",
            "ONCE=? once",
        ]
    );
    let noted = envs.list().await?.into_iter().find(|one| one.key == "B");
    assert_eq!(noted.and_then(|one| one.comment).as_deref(), Some("noted"));
    Ok(())
}

#[tokio::test]
async fn production_and_previews_are_told_apart() -> Result<()> {
    let (_fake, envs) = application().await;
    // Both at once, of a key that is new: no third one comes about.
    envs.sync([
        BulkApplicationVariable::new("URL").value("live"),
        BulkApplicationVariable::new("URL")
            .value("preview")
            .is_preview(true),
        BulkApplicationVariable::new("OLD").value("x"),
    ])
    .await?;
    assert_eq!(
        shown(&envs).await?,
        ["OLD*=x", "OLD=x", "URL*=preview", "URL=live"]
    );
    // Pruning one side leaves the other alone.
    let report = envs.sync([("URL", "live")]).prune(true).await?;
    assert_eq!(names(&report.deleted), ["OLD"]);
    let report = envs
        .sync([("URL", "new")])
        .for_previews()
        .prune(true)
        .await?;
    assert_eq!(names(&report.updated), ["URL (preview)"]);
    assert_eq!(names(&report.deleted), ["OLD (preview)"]);
    assert_eq!(shown(&envs).await?, ["URL*=new", "URL=live"]);
    // Both sides wanted: the twin of a wanted production variable stays.
    let plan = envs
        .sync([
            BulkApplicationVariable::new("URL").value("live"),
            BulkApplicationVariable::new("P")
                .value("p")
                .is_preview(true),
        ])
        .prune(true)
        .plan()
        .await?;
    assert!(plan.delete().is_empty(), "{plan}");
    Ok(())
}

#[tokio::test]
async fn nothing_wanted_deletes_nothing() -> Result<()> {
    let (_fake, envs) = application().await;
    envs.sync([("A", "1")]).await?;
    let plan = envs.sync(EnvFile::default()).prune(true).plan().await?;
    assert!(plan.is_empty(), "{plan}");
    Ok(())
}

#[tokio::test]
async fn what_coolify_would_refuse_half_way_is_refused_before() -> Result<()> {
    let (fake, envs) = application().await;
    let comment = "x".repeat(257);
    for wrong in [
        vec![("A", "1").into(), ("1B", "1").into()],
        vec![("A", "1").into(), ("A-B", "1").into()],
        vec![("A", "1").into(), ("A", "2").into()],
        vec![BulkApplicationVariable::new("A").comment(comment)],
    ] {
        let error = envs.sync(wrong).await.expect_err("it is wrong");
        assert!(error.is_invalid_request(), "{error}");
    }
    assert!(fake.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn databases_have_no_previews() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let database = fake.seed_database(&fake.seed_project("shop"), "postgresql", "main");
    let envs = fake.client().database(database).envs();
    envs.sync([("A", "1"), ("B", "2")]).await?;
    let plan = envs.sync([("A", "one")]).prune(true).plan().await?;
    assert_eq!(changes(plan.update()), ["A: value"]);
    assert_eq!(changes(plan.delete()), ["B"]);
    plan.apply().await?;
    assert_eq!(envs.list().await?.len(), 1);
    Ok(())
}
