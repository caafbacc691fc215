//! The calls for variables, one by one.

use super::*;

#[tokio::test(start_paused = true)]
async fn each_call_has_its_request() {
    let rows = [
        with(
            row("v1", "A", "1"),
            json!({
                "is_buildtime": false, "is_literal": true, "is_multiline": true,
                "is_runtime": true, "is_shown_once": false, "comment": "a",
            }),
        ),
        preview(row("v2", "A", "1")),
        with(row("v3", "A", "2"), json!({"comment": "the second"})),
    ];
    let mut all = String::new();
    macro_rules! calls {
        ($name:literal, $path:literal, |$coolify:ident| $envs:expr) => {
            let stage = Stage::set()
                .await
                .on(concat!("GET ", $path), [ok(rows.to_vec())])
                .on(concat!("POST ", $path), [status(201, json!({"uuid": "v9", "key": "A"}))])
                .on(concat!("PATCH ", $path), [status(201, rows[0].clone())])
                .on(concat!("PATCH ", $path, "/bulk"), [status(201, rows.to_vec())])
                .on(concat!("DELETE ", $path, "/v1"), [message(200, "deleted")]);
            let $coolify: Coolify = stage.client();
            let envs = $envs;
            let story = &stage.story;
            story.tell_of("list", &envs.list().await);
            let create = envs.create("A", "1").is_literal(true).comment("new");
            story.tell_of("created", &create.await);
            story.tell_of("updated", &envs.update("A", "2").await);
            let update = envs.update("A", "2").is_literal(false).clear_comment();
            story.tell_of("updated", &update.await);
            story.tell_of("not updated", &envs.update("B", "2").await);
            story.tell_of("not written", &envs.bulk([]).await);
            story.tell_of("deleted", &envs.delete("v1").await);
            all += &chapter($name, story);
        };
    }
    calls!("an application", "/applications/a1/envs", |coolify| coolify
        .application("a1")
        .envs());
    calls!("a database", "/databases/d1/envs", |coolify| coolify
        .database("d1")
        .envs());
    calls!("a service", "/services/s1/envs", |coolify| coolify
        .service("s1")
        .envs());
    let stage = stage(&rows).await;
    let envs = stage.client().application("a1").envs();
    let update = stage
        .clone()
        .on(&format!("PATCH {ENVS}"), [status(201, rows[1].clone())]);
    update
        .story
        .tell_of("a preview", &envs.update("A", "3").is_preview(true).await);
    let many = [valued("A", "1"), item("B").comment("x".repeat(257))];
    stage
        .story
        .tell_of("bulk", &envs.bulk(many).await.map(|all| all.len()));
    let many = [valued("A", "1"), item("B").is_preview(true)];
    stage
        .story
        .tell_of("bulk", &envs.bulk(many).await.map(|all| all.len()));
    all += &chapter("previews and many at once", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn a_variable_is_copied_with_its_flags() {
    let full = with(
        row("v1", "A", "1"),
        json!({
            "is_buildtime": false, "is_literal": true, "is_multiline": true, "is_runtime": false,
            "is_shown_once": true, "is_preview": true, "comment": "a",
        }),
    );
    let stage = Stage::set()
        .await
        .on(
            "GET /applications/a1/envs",
            [ok(json!([full, row("v2", "B", json!(null))]))],
        )
        .on("PATCH /applications/a2/envs/bulk", [status(201, json!([]))])
        .on("PATCH /databases/d1/envs/bulk", [status(201, json!([]))]);
    let coolify = stage.client();
    let variables = coolify
        .application("a1")
        .envs()
        .list()
        .await
        .expect("a list");
    let copy = BulkApplicationVariable::try_from(&variables[0]).expect("a copy");
    let copied = coolify.application("a2").envs().bulk([copy]).await;
    stage.story.tell_of("copied", &copied.map(|all| all.len()));
    let copy = BulkVariable::try_from(variables[0].clone()).expect("a copy");
    let copied = coolify.database("d1").envs().bulk([copy]).await;
    stage.story.tell_of("copied", &copied.map(|all| all.len()));
    for error in [
        BulkApplicationVariable::try_from(&variables[1]).err(),
        BulkVariable::try_from(&variables[1]).err(),
    ] {
        stage
            .story
            .tell(failure(&error.expect("its value is hidden")));
    }
    insta::assert_snapshot!(stage.story);
}
