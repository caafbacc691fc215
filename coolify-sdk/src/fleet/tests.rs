use std::time::Duration;

use serde_json::json;

use super::Fleet;
use crate::{
    Coolify, ErrorKind, Result,
    contexts::{Context, ContextProblem},
};

/// A client for a server that is not there.
fn nowhere(name: &str) -> (String, Coolify) {
    let coolify = Coolify::builder()
        .url(format!("http://{name}.invalid"))
        .token("1|s3cret")
        .build();
    (name.to_owned(), coolify.unwrap())
}

fn fleet(names: &[&str]) -> Fleet {
    Fleet::new(names.iter().map(|name| nowhere(name))).unwrap()
}

fn failure() -> crate::Error {
    ContextProblem::NoHome.into()
}

#[tokio::test(start_paused = true)]
async fn a_slow_and_a_failing_one_hide_nothing() {
    let fleet = fleet(&["a", "slow", "fails", "z"]).max_wait(Duration::from_secs(5));
    let answers = fleet
        .each(|name, coolify| async move {
            match name.as_str() {
                "slow" => std::future::pending().await,
                "fails" => Err(failure()),
                _ => Ok(format!("{name} at {}", coolify.url())),
            }
        })
        .await;
    let answered: Vec<_> = answers.answered().map(|(name, _)| name).collect();
    assert_eq!(answered, ["a", "z"]);
    let failed: Vec<_> = answers
        .failed()
        .map(|(name, it)| (name, it.kind()))
        .collect();
    assert_eq!(
        failed,
        [("slow", ErrorKind::Timeout), ("fails", ErrorKind::Config)]
    );
    assert!(!answers.is_complete());
    let slow = answers.get("slow").unwrap();
    assert_eq!(slow.took, Duration::from_secs(5));
    assert!(slow.result.as_ref().unwrap_err().outcome_unknown());
    let shown = answers.to_string();
    assert!(shown.starts_with("a: a at http://a.invalid\nslow: no answer: no answer within 5s\n"));
    assert_eq!(
        answers.into_result().unwrap_err().kind(),
        ErrorKind::Timeout
    );
}

#[tokio::test(start_paused = true)]
async fn a_read_that_takes_too_long_has_changed_nothing() {
    let waits = std::future::pending::<Result<()>>;
    let answers = fleet(&["a"]).read(|_, _| waits()).await;
    let slow = answers.get("a").unwrap();
    assert_eq!(slow.took, Duration::from_secs(60), "the default");
    let error = slow.result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.outcome_unknown(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn all_are_asked_at_once() {
    let fleet = fleet(&["a", "b", "c"]);
    let begun = tokio::time::Instant::now();
    let answers = fleet
        .each(|_, _| async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            Ok(())
        })
        .await;
    assert_eq!(begun.elapsed(), Duration::from_secs(2));
    assert_eq!(answers.into_result().unwrap().len(), 3);
}

/// Work can be spawned, and shares nothing that must not cross threads.
#[tokio::test]
async fn the_future_is_send() {
    let fleet = fleet(&["a"]);
    let task = tokio::spawn(async move { fleet.each(|_, _| async { Ok(1) }).await });
    assert!(task.await.unwrap().is_complete());
}

#[tokio::test]
async fn answers_are_data_without_secrets() {
    let answers = fleet(&["a", "b"])
        .each(|name, _| async move { if name == "a" { Ok(7) } else { Err(failure()) } })
        .await;
    let mut data = serde_json::to_value(&answers).unwrap();
    for answer in data.as_array_mut().unwrap() {
        assert!(answer["milliseconds"].take().is_u64());
    }
    let expected = json!([
        {"name": "a", "url": "http://a.invalid", "milliseconds": null, "ok": 7},
        {"name": "b", "url": "http://b.invalid", "milliseconds": null, "error": {
            "kind": "config",
            "message": failure().to_string(),
            "hint": failure().hint(),
        }},
    ]);
    assert_eq!(data, expected);
    let printed = format!("{answers:?} {:?}", fleet(&["a"]));
    assert!(printed.contains("http://a.invalid") && !printed.contains("s3cret"));
}

#[test]
fn without_a_runtime_it_is_an_error_of_each() {
    use futures_util::FutureExt as _;

    let answers = fleet(&["a"]).versions().now_or_never();
    let answers = answers.expect("nothing to wait for");
    let (_, error) = answers.failed().next().unwrap();
    assert_eq!(error.kind(), ErrorKind::NoRuntime);
}

#[test]
fn a_name_stands_for_one() {
    let error = Fleet::new([nowhere("a"), nowhere("a")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`a`"), "{error}");
}

#[test]
fn contexts_without_a_token_are_left_out() -> Result<()> {
    let context = |name: &str, url: &str, token: &str| {
        Context::new(name.to_owned(), url.to_owned(), token.to_owned(), false)
    };
    let placeholder = context("cloud", "https://c.example", "");
    let usable = context("prod", "https://p.example/", "1|s3cret");
    let fleet = Fleet::of([&placeholder, &usable])?;
    assert_eq!(fleet.names().collect::<Vec<_>>(), ["prod"]);
    assert!(!fleet.is_empty() && fleet.len() == 1);
    let url = fleet.get("prod").map(Coolify::url);
    assert_eq!(url, Some("https://p.example"));
    let broken = context("broken", "p.example", "1|s3cret");
    let error = Fleet::of([&usable, &broken]).unwrap_err();
    assert!(error.to_string().contains("`broken`"), "{error}");
    Ok(())
}
