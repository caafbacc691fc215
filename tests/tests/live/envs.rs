//! Environment variables of the three kinds of resource.

use coolify_sdk::envs::{
    BulkApplicationVariable, BulkVariable, EnvFile, EnvironmentVariable, Envs, HasEnvs,
};
use coolify_sdk_tests::live::{Live, Outcome, live_test};

use crate::make;

fn find<'a>(all: &'a [EnvironmentVariable], key: &str) -> Option<&'a EnvironmentVariable> {
    let mut found = all.iter().filter(|it| it.key == key);
    found.find(|it| !it.is_preview.unwrap_or_default())
}

/// Returns whether the variable has this value, if the token may see it.
fn is(variable: &EnvironmentVariable, value: &str) -> bool {
    variable
        .value
        .as_ref()
        .is_none_or(|it| it.expose() == value)
}

/// Tests variables of any kind of resource.
async fn come_and_go<R: HasEnvs>(envs: &Envs<R>, of_bulk: R::Bulk) -> Outcome {
    let uuid = envs.create("SDK_LIVE_ONE", "one").await?;
    let all = envs.list().await?;
    let one = find(&all, "SDK_LIVE_ONE").expect("it was created");
    assert_eq!(one.uuid, uuid);
    assert!(is(one, "one"));
    let again = envs.create("SDK_LIVE_ONE", "two").await;
    assert!(again.is_err_and(|it| it.is_conflict()), "it exists already");

    envs.update("SDK_LIVE_ONE", "two").await?;
    envs.bulk([of_bulk]).await?;
    let all = envs.list().await?;
    assert!(is(
        find(&all, "SDK_LIVE_ONE").expect("it was updated"),
        "two"
    ));
    assert!(is(
        find(&all, "SDK_LIVE_TWO").expect("the bulk made it"),
        "three"
    ));

    envs.delete(uuid).await?;
    assert!(find(&envs.list().await?, "SDK_LIVE_ONE").is_none());
    Ok(())
}

#[live_test(ability = "write")]
async fn of_an_application(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let bulk = BulkApplicationVariable::new("SDK_LIVE_TWO").value("three");
    come_and_go(&application.envs(), bulk).await
}

#[live_test(ability = "write")]
async fn of_a_database(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let bulk = BulkVariable::new("SDK_LIVE_TWO").value("three");
    come_and_go(&database.envs(), bulk).await
}

#[live_test(ability = "write")]
async fn of_a_service(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    let bulk = BulkVariable::new("SDK_LIVE_TWO").value("three");
    come_and_go(&service.envs(), bulk).await
}

#[live_test(ability = "write")]
async fn a_file_is_followed(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    let envs = application.envs();
    let file = |text: &str| EnvFile::parse(text);
    let plan = envs
        .sync(file("SDK_LIVE_A=1\nSDK_LIVE_B=2\n")?)
        .plan()
        .await?;
    assert_eq!(plan.create().len(), 2);
    assert!(plan.apply().await?.is_complete());

    let plan = envs
        .sync(file("SDK_LIVE_A=1\nSDK_LIVE_B=2\n")?)
        .plan()
        .await?;
    assert!(plan.create().is_empty() && plan.delete().is_empty());
    // Values that the token may not see cannot be compared.
    assert!(plan.update().is_empty() || !plan.not_compared().is_empty());

    let plan = envs
        .sync(file("SDK_LIVE_A=1\n")?)
        .prune(true)
        .plan()
        .await?;
    assert!(!plan.delete().is_empty(), "one is no longer in the file");
    assert!(plan.apply().await?.is_complete());
    let all = envs.list().await?;
    assert!(find(&all, "SDK_LIVE_A").is_some() && find(&all, "SDK_LIVE_B").is_none());
    Ok(())
}

/// The meaning of a value in a file: its text, whether it is literal, and whether
/// it has several lines.
type Meaning = (String, Option<String>, bool, bool);

/// Returns the production variables that are not Coolify's.
async fn meanings<R: HasEnvs>(envs: &Envs<R>) -> Result<Vec<Meaning>, coolify_sdk::Error> {
    let all = envs.list().await?.into_iter();
    let ours = all.filter(|it| {
        !it.is_preview.unwrap_or_default()
            && it.key.starts_with("SDK_LIVE_")
            && !it.is_shown_once.unwrap_or_default()
    });
    let mut meanings: Vec<_> = ours
        .map(|it| {
            let value = it.value.filter(|value| !value.expose().is_empty());
            (
                it.key,
                value.map(|value| value.expose().to_owned()),
                it.is_literal.unwrap_or_default(),
                it.is_multiline.unwrap_or_default(),
            )
        })
        .collect();
    meanings.sort();
    Ok(meanings)
}

/// Files that are synchronised one after the other.
const FILES: [&str; 5] = [
    "SDK_LIVE_A='x$y'\nSDK_LIVE_B=\"1\\n2\"\nSDK_LIVE_C=\u{200b}c\u{2060}\nSDK_LIVE_D=\n",
    "SDK_LIVE_A=$SDK_LIVE_B\nSDK_LIVE_B=1\nSDK_LIVE_C=\"\u{feff} c\"\nSDK_LIVE_E='\\\\'\n",
    "SDK_LIVE_A: pa$$word\nSDK_LIVE_B='\n'\nSDK_LIVE_C\nSDK_LIVE_MISSING\n",
    "SDK_LIVE_A=\"\\t\"\nSDK_LIVE_B=\u{3164}\nSDK_LIVE_C=it's \\n \"quoted\"\n",
    "SDK_LIVE_A='x$y'\nSDK_LIVE_B=\"1\\n2\"\nSDK_LIVE_C=c\nSDK_LIVE_D=\n",
];

async fn converge<R: HasEnvs>(envs: &Envs<R>) -> Outcome
where
    R::Bulk: From<coolify_sdk::envs::EnvEntry>,
{
    let mut all = Vec::new();
    for text in FILES {
        let sync = || Ok::<_, coolify_sdk::Error>(envs.sync(EnvFile::parse(text)?).prune(false));
        sync()?.await?;
        let again = sync()?.plan().await?;
        assert!(again.is_empty(), "{text:?}: {again}");
        all.push(meanings(envs).await?);
    }
    // The last file equals the first one.
    let of = |meanings: &[Meaning], text: &str| {
        let keys: Vec<_> = text
            .lines()
            .map(|line| line.split(['=', ':']).next())
            .collect();
        let named = meanings
            .iter()
            .filter(|it| keys.contains(&Some(it.0.as_str())));
        named.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of(&all[0], FILES[0]), of(&all[4], FILES[0]));
    let missing = all.iter().flatten().any(|it| it.0 == "SDK_LIVE_MISSING");
    assert!(!missing, "it has no value");
    Ok(())
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn files_converge_on_an_application(live: Live) -> Outcome {
    let application = make::application(&live).await?;
    converge(&application.envs()).await
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn files_converge_on_a_database(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    converge(&database.envs()).await
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn files_converge_on_a_service(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    converge(&service.envs()).await
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn several_variables_of_a_key_become_one(live: Live) -> Outcome {
    let envs = make::application(&live).await?.envs();
    let variable = |value: &str| BulkApplicationVariable::new("SDK_LIVE_A").value(value);
    let preview = |value: &str| variable(value).is_preview(true);
    // Coolify reads the existing variables only once.
    envs.bulk([variable("22"), variable("21"), variable("20")])
        .await?;
    assert_eq!(meanings(&envs).await?.len(), 3);
    for wanted in ["21", "19"] {
        let plan = envs.sync([("SDK_LIVE_A", wanted)]).plan().await?;
        assert!(plan.apply().await?.is_complete());
        let one = (
            "SDK_LIVE_A".to_owned(),
            Some(wanted.to_owned()),
            false,
            false,
        );
        assert_eq!(meanings(&envs).await?, [one]);
        let again = envs.sync([("SDK_LIVE_A", wanted)]).plan().await?;
        assert!(again.is_empty(), "{again}");
    }
    // So do previews, of which the twin is one.
    envs.bulk([preview("1"), preview("2")]).await?;
    envs.sync([("SDK_LIVE_A", "3")]).for_previews().await?;
    let again = envs
        .sync([("SDK_LIVE_A", "3")])
        .for_previews()
        .plan()
        .await?;
    assert!(again.is_empty(), "{again}");
    Ok(())
}

#[live_test(ability = "write", ability = "read:sensitive")]
async fn what_is_shown_once_has_no_readable_twin(live: Live) -> Outcome {
    let envs = make::application(&live).await?.envs();
    envs.sync([("SDK_LIVE_OLD", "old"), ("SDK_LIVE_GONE", "gone")])
        .await?;
    let secret = |key| {
        BulkApplicationVariable::new(key)
            .value("secret")
            .is_shown_once(true)
    };
    let wanted = || [secret("SDK_LIVE_NEW"), secret("SDK_LIVE_OLD")];
    let report = envs.sync(wanted()).prune(true).await?;
    assert!(report.is_complete(), "{report}");
    let all = envs.list().await?;
    let ours: Vec<_> = all
        .iter()
        .filter(|it| it.key.starts_with("SDK_LIVE_"))
        .collect();
    assert_eq!(ours.len(), 4, "two of them with their twins: {ours:?}");
    assert!(
        ours.iter().all(|it| it.is_shown_once == Some(true)),
        "{ours:?}"
    );
    let again = envs.sync(wanted()).prune(true).plan().await?;
    assert!(again.is_empty() || !live.has("4.2.0"), "{again}");
    Ok(())
}
