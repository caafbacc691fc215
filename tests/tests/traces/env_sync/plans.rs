//! What a plan writes, and what stays.

use super::*;

#[tokio::test(start_paused = true)]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn values_flags_and_comments_are_compared_and_kept() {
    let known = || {
        with(
            row("v1", "A", "1"),
            json!({
                "is_buildtime": false, "is_literal": true, "is_multiline": false,
                "is_runtime": true, "comment": "of the shop",
            }),
        )
    };
    let told = stories(vec![
        ("nothing", vec![known()], vec![], PLAIN),
        ("nothing, and prune", vec![known()], vec![], PRUNE),
        (
            "the same",
            vec![known()],
            vec![valued("A", " 1\u{200b}")],
            PLAIN,
        ),
        (
            "another value",
            vec![known()],
            vec![valued("A", "2")],
            PLAIN,
        ),
        ("another case", vec![known()], vec![valued("a", "1")], PLAIN),
        (
            "a value of several lines",
            vec![known()],
            vec![valued("A", "1\n2")],
            PLAIN,
        ),
        (
            "other flags",
            vec![known()],
            vec![
                item("A")
                    .is_buildtime(true)
                    .is_literal(false)
                    .is_runtime(true),
            ],
            PLAIN,
        ),
        (
            "all at once",
            vec![known()],
            vec![
                valued("A", "2")
                    .is_runtime(false)
                    .is_shown_once(true)
                    .comment("new"),
            ],
            PLAIN,
        ),
        (
            "the same comment",
            vec![known()],
            vec![item("A").comment(" of the shop ")],
            PLAIN,
        ),
        (
            "no comment",
            vec![known()],
            vec![item("A").clear_comment()],
            PLAIN,
        ),
        (
            "no comment before",
            vec![row("v1", "A", "1")],
            vec![item("A").clear_comment(), item("B").comment("b")],
            PLAIN,
        ),
        (
            "defaults",
            vec![row("v1", "A", "1")],
            vec![
                valued("A", "1")
                    .is_buildtime(true)
                    .is_runtime(true)
                    .is_literal(false),
            ],
            PLAIN,
        ),
        (
            "new ones",
            vec![],
            vec![
                valued("A", "1"),
                valued("B", "1\n2")
                    .is_buildtime(false)
                    .is_literal(true)
                    .comment("b"),
                valued("C", "").is_runtime(true).is_multiline(false),
                item("D").is_literal(true),
            ],
            PLAIN,
        ),
        (
            "an empty value",
            vec![row("v1", "A", "")],
            vec![valued("A", "")],
            PLAIN,
        ),
        (
            "assumed to be changed, but readable",
            vec![known()],
            vec![valued("A", "1")],
            ASSUME,
        ),
    ])
    .await;
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn values_that_are_not_shown_are_not_compared() {
    let hidden = |uuid: &str, key: &str| row(uuid, key, json!(null));
    let readable = || row("v9", "Z", "1");
    let shown_once = || once(row("v1", "A", json!(null)));
    let told = stories(vec![
        (
            "a token that reads nothing",
            vec![hidden("v1", "A")],
            vec![valued("A", "1")],
            PLAIN,
        ),
        (
            "assumed to be changed",
            vec![hidden("v1", "A")],
            vec![valued("A", "1")],
            ASSUME,
        ),
        (
            "a flag",
            vec![hidden("v1", "A")],
            vec![item("A").is_literal(true)],
            PLAIN,
        ),
        ("no flag", vec![hidden("v1", "A")], vec![item("A")], PLAIN),
        (
            "an empty value among readable ones",
            vec![hidden("v1", "A"), readable()],
            vec![valued("A", ""), item("Z")],
            PLAIN,
        ),
        (
            "shown once",
            vec![shown_once(), readable()],
            vec![valued("A", "1")],
            PLAIN,
        ),
        (
            "shown once, assumed",
            vec![shown_once(), readable()],
            vec![valued("A", "1")],
            ASSUME,
        ),
        (
            "shown once, with a flag",
            vec![shown_once(), readable()],
            vec![valued("A", "1").is_literal(true)],
            PLAIN,
        ),
        (
            "shown once, only a flag",
            vec![shown_once(), readable()],
            vec![item("A").is_literal(true)],
            PLAIN,
        ),
        (
            "shown once although visible",
            vec![with(row("v1", "A", "1"), json!({"is_shown_once": true}))],
            vec![valued("A", "1")],
            PLAIN,
        ),
        (
            "shown once, and hidden ones",
            vec![shown_once(), hidden("v2", "B")],
            vec![valued("A", "1"), item("B")],
            PLAIN,
        ),
    ])
    .await;
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn impossible_requests_are_refused_before_anything_is_read() {
    let told = stories(vec![
        (
            "no key",
            vec![],
            vec![valued("A", "1"), valued("1B", "s3cret")],
            PLAIN,
        ),
        (
            "a long key",
            vec![],
            vec![valued(&"A".repeat(256), "1")],
            PLAIN,
        ),
        ("a key with a dash", vec![], vec![item("A-B")], PLAIN),
        (
            "twice",
            vec![],
            vec![valued("A", "1"), item("B"), valued("A", "2")],
            PLAIN,
        ),
        (
            "twice, for previews",
            vec![],
            vec![
                valued("A", "1"),
                valued("A", "1").is_preview(true),
                item("A").is_preview(true),
            ],
            PLAIN,
        ),
        (
            "a long comment",
            vec![],
            vec![item("A").comment("x".repeat(257))],
            PLAIN,
        ),
    ])
    .await;
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn a_file_sets_what_it_says() {
    let file = EnvFile::parse("A=1\nB='a\nb'\nC='5$'\nD\nE=$A\n").expect("a file");
    let known = [
        with(
            row("v1", "A", "1"),
            json!({"is_literal": true, "is_multiline": true}),
        ),
        with(row("v2", "E", "$A"), json!({"is_literal": true})),
    ];
    let stage = stage(&known).await;
    let envs = stage.client().application("a1").envs();
    tell(&stage, envs.sync(file.clone())).await;
    stage.story.tell("--- for previews");
    tell(&stage, envs.sync(file).for_previews()).await;
    stage.story.tell("--- pairs");
    let pairs = [("A", Secret::from("2")), ("B", "1".into())];
    tell(&stage, envs.sync(pairs)).await;
    let production = envs.sync([item("A").is_preview(false)]).for_previews();
    tell(&stage, production).await;
    let sync = envs.sync([("A", "s3cret")]).prune(true);
    stage.story.tell(format!("{sync:?}"));
    let plan = sync.plan().await.expect("a plan");
    stage.story.tell(format!("{plan:?}"));
    insta::assert_snapshot!(stage.story);
}
