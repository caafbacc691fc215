//! Calls without a Tokio runtime, or in an incomplete one.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use coolify_sdk::{Coolify, Error, ErrorKind, RetryPolicy, resource::Volumes};
use futures_util::StreamExt;
use tokio::runtime::Builder;

/// Waits without a runtime.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = work.as_mut().poll(&mut context) {
            return done;
        }
    }
}

fn coolify() -> Coolify {
    let builder = Coolify::builder()
        .url("http://127.0.0.1:9")
        .token("a-token");
    builder.timeout(Duration::from_secs(1)).build().unwrap()
}

/// Returns the errors of calls, requests, waits and streams.
async fn errors(coolify: &Coolify) -> Vec<Error> {
    let app = coolify.application("abc");
    let deployment = coolify.deployment("abc");
    vec![
        coolify.version().await.unwrap_err(),
        coolify.instance().version().await.unwrap_err(),
        coolify.instance().enable_api().await.unwrap_err(),
        coolify.projects().list().await.unwrap_err(),
        coolify.databases().list().await.unwrap_err(),
        app.update().name("web").await.unwrap_err(),
        app.update().name("web").verified().await.unwrap_err(),
        app.deploy().await.unwrap_err(),
        app.delete(Volumes::Keep).await.unwrap_err(),
        app.logs().await.unwrap_err(),
        app.logs().follow().next().await.unwrap().unwrap_err(),
        app.scheduled_tasks().run_command("id").await.unwrap_err(),
        deployment.follow().await.unwrap_err(),
        coolify
            .in_project("p")
            .application("abc")
            .get()
            .await
            .unwrap_err(),
    ]
}

#[test]
fn without_a_runtime_a_call_is_an_error_that_says_so() {
    for error in block_on(errors(&coolify())) {
        assert_eq!(error.kind(), ErrorKind::NoRuntime, "{error}");
        assert!(error.hint().unwrap().contains("tokio::main"));
        assert!(!error.outcome_unknown());
    }
}

#[test]
fn a_runtime_that_lacks_something_is_told_what() {
    let cases = [
        (Builder::new_current_thread().build(), "timers"),
        (Builder::new_current_thread().enable_io().build(), "timers"),
        (Builder::new_multi_thread().enable_time().build(), "I/O"),
    ];
    for (runtime, lacking) in cases {
        for error in runtime.unwrap().block_on(errors(&coolify())) {
            assert_eq!(error.kind(), ErrorKind::NoRuntime, "{error}");
            let said = error.report().to_string();
            assert!(said.contains(&format!("has no {lacking}")), "{said}");
            assert!(said.contains("enable_all") && !error.outcome_unknown());
        }
    }
}

#[test]
fn a_client_outlives_a_runtime_and_works_in_the_next() {
    let coolify = coolify().with_retry(RetryPolicy::none());
    for _ in 0..2 {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(coolify.version()).unwrap_err();
        assert!(error.is_connect(), "{error:?}");
    }
}
