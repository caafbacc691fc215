//! On the embedded server.

use std::fmt::Write as _;

use coolify_sdk::Result;
use coolify_sdk::applications::ApplicationHandle;
use coolify_sdk::envs::{BulkApplicationVariable, EnvFile, Envs};
use coolify_sdk::testing::{FakeCoolify, Fault};

use super::{changes, names};

async fn application() -> (FakeCoolify, Envs<ApplicationHandle>) {
    let fake = FakeCoolify::start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let envs = fake.client().application(app).envs();
    (fake, envs)
}

/// Returns the current variables: key, value, and flags that are not the default;
/// preview variables have a star.
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
    assert_eq!((report.created.len(), report.undefined), (4, 1));
    assert_eq!(
        shown(&envs).await?,
        [
            "EMPTY*=?",
            "EMPTY=?",
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
            "ONCE*=? once",
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
    // Both with a new key: no third variable is created.
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
    // A preview variable is deleted with its production variable.
    let report = envs.sync([("URL", "live")]).prune(true).await?;
    assert_eq!(names(&report.deleted), ["OLD (preview)", "OLD"]);
    envs.sync([("OLD", "x")]).for_previews().await?;
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
async fn a_preview_of_its_own_stays_and_the_plan_says_so() -> Result<()> {
    let (_fake, envs) = application().await;
    let preview = |key: &str, value| {
        BulkApplicationVariable::new(key)
            .value(value)
            .is_preview(true)
    };
    envs.sync([
        ("TWIN", "same").into(),
        ("OWN", "live").into(),
        preview("OWN", "of previews"),
        preview("ONLY", "of previews"),
        BulkApplicationVariable::new("ONCE")
            .value("secret")
            .is_shown_once(true),
        ("KEPT", "1").into(),
    ])
    .await?;
    let plan = envs.sync([("KEPT", "1")]).prune(true).plan().await?;
    assert_eq!(
        plan.to_string(),
        "\
- TWIN (preview)
- TWIN
- OWN
- ONCE
  kept for Coolify: NIXPACKS_NODE_VERSION
  kept for previews: OWN (preview), ONLY (preview), ONCE (preview)
0 to create, 0 to update, 4 to delete, 1 unchanged"
    );
    plan.apply().await?;
    assert_eq!(
        shown(&envs).await?,
        [
            "KEPT*=1",
            "KEPT=1",
            "ONCE*=? once",
            "ONLY*=of previews",
            "OWN*=of previews"
        ]
    );
    let plan = envs.sync([("KEPT", "1")]).prune(true).plan().await?;
    assert!(plan.is_empty(), "{plan}");
    assert_eq!(plan.kept_previews().len(), 3);
    Ok(())
}

#[tokio::test]
async fn the_twin_of_what_is_shown_once_is_shown_once() -> Result<()> {
    let (fake, envs) = application().await;
    let secret = |value| {
        BulkApplicationVariable::new("TOKEN")
            .value(value)
            .is_shown_once(true)
    };
    let plan = envs.sync([secret("s3cret")]).plan().await?;
    assert_eq!(
        changes(plan.create()),
        [
            "TOKEN (preview): is_shown_once = true",
            "TOKEN: is_shown_once = true"
        ]
    );
    plan.apply().await?;
    assert_eq!(shown(&envs).await?, ["TOKEN*=? once", "TOKEN=? once"]);
    assert_eq!(
        fake.state()
            .to_string()
            .matches("\"value\":\"s3cret\"")
            .count(),
        2
    );

    // An existing preview variable keeps its value.
    let (fake, envs) = application().await;
    envs.sync([("TOKEN", "old")]).await?;
    envs.sync([("TOKEN", "of previews")]).for_previews().await?;
    let plan = envs.sync([secret("new")]).plan().await?;
    assert_eq!(
        changes(plan.update()),
        [
            "TOKEN (preview): is_shown_once = true",
            "TOKEN: value, is_shown_once = true"
        ]
    );
    plan.apply().await?;
    assert_eq!(shown(&envs).await?, ["TOKEN*=? once", "TOKEN=? once"]);
    assert!(fake.state().to_string().contains("\"of previews\""));
    assert!(envs.sync([secret("new")]).plan().await?.is_empty());

    // A desired preview variable counts.
    let (_fake, envs) = application().await;
    let readable = BulkApplicationVariable::new("TOKEN")
        .value("x")
        .is_preview(true);
    envs.sync([secret("1"), readable]).await?;
    assert_eq!(shown(&envs).await?, ["TOKEN*=x", "TOKEN=? once"]);
    // And one that was made readable is noticed whenever its variable is wanted.
    let plan = envs.sync([("TOKEN", "1")]).plan().await?;
    assert_eq!(
        changes(plan.update()),
        ["TOKEN (preview): is_shown_once = true"]
    );
    Ok(())
}

#[tokio::test]
async fn one_of_several_variables_of_a_key_stays() -> Result<()> {
    let (fake, envs) = application().await;
    let all =
        ["22", "21", "20"].map(|value| BulkApplicationVariable::new("NODE_VERSION").value(value));
    envs.bulk(all.clone()).await?;
    assert_eq!(
        shown(&envs).await?,
        [
            "NODE_VERSION*=22",
            "NODE_VERSION=20",
            "NODE_VERSION=21",
            "NODE_VERSION=22"
        ]
    );
    // The variable that needs no change.
    let plan = envs.sync([("NODE_VERSION", "21")]).plan().await?;
    assert!(!plan.is_empty());
    assert_eq!(
        plan.to_string(),
        "\
- NODE_VERSION: one of several
- NODE_VERSION: one of several
0 to create, 0 to update, 2 to delete, 1 unchanged"
    );
    plan.apply().await?;
    assert_eq!(shown(&envs).await?, ["NODE_VERSION*=22", "NODE_VERSION=21"]);

    // A variable of the right value that needs another change is none.
    let (_fake, envs) = application().await;
    let twins = [false, true].map(|is_literal| {
        let variable = BulkApplicationVariable::new("NODE_VERSION").value("21");
        variable.is_literal(is_literal)
    });
    envs.bulk(twins.clone()).await?;
    let plan = envs.sync([twins[0].clone()]).plan().await?;
    let updated: Vec<_> = plan
        .update()
        .iter()
        .filter(|it| !it.name.is_preview)
        .collect();
    assert!(updated.is_empty(), "{plan}");

    // Or the variable that can be changed, once it is the only one.
    let (fake_too, envs) = application().await;
    envs.bulk(all).await?;
    let before = fake_too.requests().len();
    envs.sync([("NODE_VERSION", "19")]).await?;
    let sent = fake_too.requests().split_off(before);
    let sent: Vec<_> = sent.iter().map(|sent| sent.method.as_str()).collect();
    assert_eq!(sent, ["GET", "DELETE", "DELETE", "PATCH"]);
    assert_eq!(shown(&envs).await?, ["NODE_VERSION*=22", "NODE_VERSION=19"]);

    // Without a value, the last one is kept, which is the one that is used.
    let (fake_three, envs) = application().await;
    let two = ["22", "21"].map(|value| BulkApplicationVariable::new("NODE_VERSION").value(value));
    envs.bulk(two).await?;
    let literal = BulkApplicationVariable::new("NODE_VERSION").is_literal(true);
    envs.sync([literal]).await?;
    assert_eq!(
        shown(&envs).await?,
        ["NODE_VERSION*=22", "NODE_VERSION=21 literal"]
    );

    // An entry without a value changes nothing.
    let bare = BulkApplicationVariable::new("NODE_VERSION");
    assert!(envs.sync([bare]).plan().await?.is_empty());
    drop((fake, fake_too, fake_three));
    Ok(())
}

#[tokio::test]
async fn one_of_several_that_are_shown_once_is_written() -> Result<()> {
    let (_fake, envs) = application().await;
    let once = |value| {
        BulkApplicationVariable::new("TOKEN")
            .value(value)
            .is_shown_once(true)
    };
    envs.bulk([once("1"), once("2")]).await?;
    let plan = envs.sync([("TOKEN", "2")]).plan().await?;
    assert_eq!(changes(plan.delete()), ["TOKEN: one of several"]);
    assert_eq!(
        changes(plan.update()),
        [
            "TOKEN (preview): is_shown_once = true",
            "TOKEN: value (not compared)"
        ]
    );
    plan.apply().await?;
    assert!(envs.sync([("TOKEN", "2")]).plan().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_a_file_says_of_a_dollar_holds_whatever_was_there() -> Result<()> {
    let (_fake, envs) = application().await;
    for (text, expected) in [
        ("A='x$y'\n", "A=x$y literal"),
        ("A=$B\n", "A=$B"),
        ("A=\"1\n2\"\n", "A=1\n2 multiline"),
        ("A='$1\n2'\n", "A=$1\n2 literal multiline"),
        ("A=\"1\n\"\n", "A=1"),
    ] {
        envs.sync(EnvFile::parse(text)?).await?;
        let shown = shown(&envs).await?;
        assert_eq!(shown.last().map(String::as_str), Some(expected), "{text:?}");
    }
    Ok(())
}

#[tokio::test]
async fn several_lines_make_a_multi_line_variable() -> Result<()> {
    let (_fake, envs) = application().await;
    envs.sync([("NEW", "1\n2"), ("OLD", "1"), ("ENDS", "1\n")])
        .await?;
    envs.sync([("OLD", "1\n2")]).await?;
    let shown = shown(&envs).await?;
    assert_eq!(
        shown,
        [
            "ENDS*=1",
            "ENDS=1",
            "NEW*=1\n2 multiline",
            "NEW=1\n2 multiline",
            "OLD*=1",
            "OLD=1\n2 multiline",
        ]
    );
    // Unless it is said otherwise.
    let flat = BulkApplicationVariable::new("NEW")
        .value("1\n2")
        .is_multiline(false);
    let plan = envs.sync([flat]).plan().await?;
    assert_eq!(changes(plan.update()), ["NEW: is_multiline = false"]);
    Ok(())
}

#[tokio::test]
async fn what_coolify_strips_does_not_count() -> Result<()> {
    let (_fake, envs) = application().await;
    let variable = |value: &str, comment: &str| {
        BulkApplicationVariable::new("A")
            .value(value)
            .comment(comment)
    };
    envs.sync([variable("\u{200b}x\u{feff}", " noted\u{2060}")])
        .await?;
    for (value, comment) in [
        ("x", "noted"),
        ("\u{3164} x", "noted\n"),
        ("\u{ad}x", "noted"),
    ] {
        let plan = envs.sync([variable(value, comment)]).plan().await?;
        assert!(plan.is_empty(), "{value:?}: {plan}");
    }
    // Within the text it does.
    for wanted in [variable("x\u{200b}x", "noted"), variable("x", "no ted")] {
        assert_eq!(envs.sync([wanted]).plan().await?.update().len(), 1);
    }
    envs.sync([variable("\u{200b}", "\u{200b}")]).await?;
    assert!(envs.sync([variable("", "")]).plan().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_name_without_a_value_is_neither_created_nor_shown() -> Result<()> {
    let (fake, envs) = application().await;
    envs.sync([("KNOWN", "1")]).await?;
    let before = fake.requests().len();
    let file = EnvFile::parse("KNOWN\nghp_zq9secret\nA=1\n")?;
    let plan = envs.sync(file).prune(true).plan().await?;
    assert_eq!(names(plan.undefined()), ["ghp_zq9secret"]);
    let mut shown = format!("{plan} {plan:?}");
    assert!(
        shown.contains("without a value and not there: 1"),
        "{shown}"
    );
    let report = plan.apply().await?;
    assert_eq!(report.undefined, 1);
    write!(shown, "{report} {report:?}").expect("a text takes all");
    for sent in fake.requests().split_off(before) {
        write!(shown, "{sent:?}").expect("a text takes all");
    }
    assert!(!shown.contains("zq9secret"), "{shown}");
    assert_eq!(names(&report.created), ["A"]);
    assert_eq!(names(&report.unchanged), ["KNOWN"]);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_a_key_is_not_repeated() -> Result<()> {
    let (_fake, envs) = application().await;
    let error = envs.sync([("A", "1"), ("zq9/secret", "KEY")]).await;
    let error = error.expect_err("that is no key");
    let shown = format!("{error} {error:?} {}", error.report());
    assert!(
        shown.contains("variable 2 is") && !shown.contains("zq9"),
        "{shown}"
    );
    Ok(())
}

#[tokio::test]
async fn shared_variables_are_never_empty() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let shared = fake.client().project(project).shared_variables();
    for empty in ["", " ", "\u{200b}"] {
        let error = shared.sync([("A", empty)]).await.expect_err("it is empty");
        assert!(error.is_invalid_request(), "{error}");
        // Coolify itself does not say what is wrong.
        let error = shared.create("A", empty).await.expect_err("it is empty");
        assert_eq!(error.status(), Some(500));
    }
    shared.sync(EnvFile::parse("A='1$2'\n")?).await?;
    let plan = shared.sync(EnvFile::parse("A=\"\u{200b}1\"\n")?).plan();
    let plan = plan.await?;
    assert_eq!(changes(plan.update()), ["A: value, is_literal = false"]);
    plan.apply().await?;
    Ok(())
}

#[tokio::test]
async fn the_flags_of_a_shared_variable_stay() -> Result<()> {
    let fake = FakeCoolify::start().await;
    let project = fake.seed_project("shop");
    let shared = fake.client().project(project).shared_variables();
    shared.create("LINES", "1").is_multiline(true).await?;
    shared.create("ONCE", "1").is_shown_once(true).await?;
    shared.sync([("LINES", "2"), ("ONCE", "2")]).await?;
    let mut known = Vec::new();
    for it in shared.list().await? {
        known.push((it.key, it.is_multiline, it.is_shown_once));
    }
    known.sort();
    let is = Some(true);
    let no = Some(false);
    assert_eq!(known, [("LINES".into(), is, no), ("ONCE".into(), no, is)]);
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

#[tokio::test]
async fn a_preview_that_was_deleted_is_not_made_again() -> Result<()> {
    let (_fake, envs) = application().await;
    envs.sync([("TOKEN", "1")]).await?;
    let twin = envs.list().await?.into_iter();
    let twin = twin
        .filter(|it| it.key == "TOKEN")
        .find(|it| it.is_preview == Some(true));
    envs.delete(twin.expect("a preview").uuid).await?;
    let once = BulkApplicationVariable::new("TOKEN")
        .value("1")
        .is_shown_once(true);
    let plan = envs.sync([once]).plan().await?;
    assert!(plan.create().is_empty(), "{plan}");
    assert_eq!(changes(plan.update()), ["TOKEN: is_shown_once = true"]);
    Ok(())
}

#[tokio::test]
async fn of_several_the_one_that_can_be_compared_is_kept() -> Result<()> {
    let (_fake, envs) = application().await;
    let variable = || BulkApplicationVariable::new("TOKEN").is_preview(true);
    envs.bulk([
        variable().value("1"),
        variable().value("2").is_shown_once(true),
    ])
    .await?;
    let wanted = variable().value("3");
    let plan = envs.sync([wanted]).plan().await?;
    assert_eq!(changes(plan.update()), ["TOKEN (preview): value"], "{plan}");
    assert_eq!(changes(plan.delete()).len(), 1, "{plan}");
    Ok(())
}

#[tokio::test]
async fn what_is_said_to_be_of_production_stays_there() -> Result<()> {
    let (_fake, envs) = application().await;
    let of_production = BulkApplicationVariable::new("A")
        .value("1")
        .is_preview(false);
    let other = BulkApplicationVariable::new("B").value("2");
    let plan = envs
        .sync([of_production, other])
        .for_previews()
        .plan()
        .await?;
    let created: Vec<_> = plan.create().iter().map(|it| it.name.to_string()).collect();
    assert_eq!(created, ["A", "B (preview)"]);
    Ok(())
}

#[tokio::test]
async fn a_token_that_reads_any_value_reads_the_empty_ones() -> Result<()> {
    let (fake, envs) = application().await;
    let app = fake.state()["applications"][0]["uuid"].clone();
    let path = format!("/applications/{}/envs", app.as_str().expect("a uuid"));
    let rows = serde_json::json!([{"uuid": "v1", "key": "A", "value": null, "real_value": "''"}]);
    fake.fail_next(Fault::status(200).json(rows).on("GET", path));
    let plan = envs.sync([("A", "")]).plan().await?;
    assert!(plan.is_empty(), "{plan}");
    Ok(())
}
