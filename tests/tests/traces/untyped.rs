//! Requests of routes that the SDK has no type for.

use std::collections::HashMap;
use std::error::Error as _;

use coolify_sdk::operations::Method;
use serde_json::{Value, json};

use crate::stage::{Stage, failure, ok};

#[tokio::test(start_paused = true)]
async fn an_untyped_request_is_sent_as_it_is_written() {
    let mut stage = Stage::set().await;
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let reply = ok(json!({"by": method, "key": "s3cret"}));
        stage = stage.on(&format!("{method} /new/route"), [reply]);
    }
    let (coolify, story) = (stage.client(), &stage.story);
    for method in [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ] {
        let request = coolify.request(method, "/new/route");
        story.tell(format!("{request:?}"));
        let request = request.query("page", 2).query("q", "a&b").query("page", 3);
        let reply = request.send().await;
        story.tell_of("plain", &reply.map(|it| it.expose().clone()));
        let request = coolify.request(method, "/new/route");
        let reply = request
            .json(json!({"names": ["a", null], "on": true}))
            .await;
        story.tell_of("with a body", &reply.map(|it| it.expose().clone()));
    }
    let odd = HashMap::from([(vec![1], 2)]);
    let request = coolify.request(Method::Post, "/new/route").json(odd);
    let error = request.await.expect_err("a key is a list");
    let cause = error.source().map(ToString::to_string);
    story.tell(format!("{} ({cause:?})", failure(&error)));
    let request = coolify.request(Method::Get, "/new/route");
    let typed = request.send_as::<HashMap<String, String>>().await;
    story.tell_of("typed", &typed.map(|it| it["by"].clone()));
    let request = coolify.request(Method::Get, "/new/route");
    let typed = request.send_as::<Vec<Value>>().await;
    story.tell_of("typed", &typed);
    insta::assert_snapshot!(story);
}
