//! Variables of previews, and several variables with one name.

use super::*;

#[tokio::test(start_paused = true)]
async fn previews_are_apart_from_production() {
    let both = |key: &str, value: &str| {
        vec![
            row(&format!("{key}1"), key, value),
            preview(row(&format!("{key}2"), key, value)),
        ]
    };
    let pruned = |desired| {
        (
            "pruned",
            [both("A", "1"), both("B", "2")].concat(),
            desired,
            PRUNE,
        )
    };
    let told = stories(vec![
        ("production", both("A", "1"), vec![valued("A", "2")], PLAIN),
        (
            "a preview",
            both("A", "1"),
            vec![valued("A", "2").is_preview(true)],
            PLAIN,
        ),
        (
            "both",
            both("A", "1"),
            vec![valued("A", "2"), valued("A", "3").is_preview(true)],
            PLAIN,
        ),
        (
            "new ones, previews first",
            vec![],
            vec![
                valued("A", "1"),
                valued("B", "1"),
                valued("A", "2").is_preview(true),
            ],
            PLAIN,
        ),
        pruned(vec![valued("A", "1")]),
        pruned(vec![valued("A", "1").is_preview(true)]),
        pruned(vec![valued("A", "1"), valued("B", "2").is_preview(true)]),
        pruned(vec![item("A")]),
        (
            "a preview of its own",
            vec![row("v1", "A", "1"), preview(row("v2", "B", "of previews"))],
            vec![valued("A", "1")],
            PRUNE,
        ),
        (
            "a preview with another value",
            vec![
                row("v1", "A", "1"),
                row("v2", "B", "1"),
                preview(row("v3", "B", "2")),
                preview(row("v4", "A", "9")),
            ],
            vec![valued("A", "1")],
            PRUNE,
        ),
        (
            "what is Coolify's",
            vec![
                row("v1", "COOLIFY_URL", "1"),
                with(
                    row("v2", "NIXPACKS_NODE", "1"),
                    json!({"is_nixpacks": true}),
                ),
                with(row("v3", "SERVICE_FQDN", "1"), json!({"is_coolify": true})),
                with(
                    row("v4", "PACK", "1"),
                    json!({"is_buildpack_control": true}),
                ),
                with(row("v5", "NEEDED", "1"), json!({"is_required": true})),
                preview(row("v6", "COOLIFY_URL", "1")),
                row("v7", "MINE", "1"),
                preview(with(row("v8", "PACK", "1"), json!({"is_coolify": true}))),
                preview(row("v9", "PACK", "1")),
                with(row("v10", "COOLIFYX", "1"), json!({"is_coolify": false})),
            ],
            vec![valued("A", "1")],
            PRUNE,
        ),
    ])
    .await;
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn the_preview_of_what_is_shown_once_is_shown_once_too() {
    let a = |value: &str| row("v1", "A", value);
    let twin = || preview(row("v2", "A", "1"));
    let unreadable = || preview(row("v2", "A", json!(null)));
    let locked = |uuid: &str| once(preview(row(uuid, "A", json!(null))));
    let wanted = || vec![valued("A", "1").is_shown_once(true)];
    let told = stories(vec![
        ("both are new", vec![], wanted(), PLAIN),
        (
            "only its name",
            vec![],
            vec![item("A").is_shown_once(true)],
            PLAIN,
        ),
        ("without a preview", vec![a("1")], wanted(), PLAIN),
        ("with a preview", vec![a("1"), twin()], wanted(), PLAIN),
        (
            "with a preview that is",
            vec![a("1"), locked("v2")],
            wanted(),
            PLAIN,
        ),
        (
            "with two, the last is",
            vec![a("1"), twin(), locked("v3")],
            wanted(),
            PLAIN,
        ),
        (
            "with two, the first is",
            vec![a("1"), locked("v3"), twin()],
            wanted(),
            PLAIN,
        ),
        (
            "with two that are",
            vec![a("1"), locked("v2"), locked("v3")],
            wanted(),
            PLAIN,
        ),
        (
            "with a preview that is named",
            vec![a("1"), twin()],
            {
                let mut both = wanted();
                both.push(valued("A", "1").is_preview(true));
                both
            },
            PLAIN,
        ),
        (
            "unreadable",
            vec![row("v1", "A", json!(null)), unreadable()],
            wanted(),
            ASSUME,
        ),
        (
            "as it is already",
            vec![once(a("1")), twin()],
            vec![valued("A", "1")],
            ASSUME,
        ),
        (
            "as it is no longer",
            vec![once(a("1")), twin()],
            vec![valued("A", "1").is_shown_once(false)],
            PLAIN,
        ),
        (
            "not shown once",
            vec![a("1"), twin()],
            vec![valued("A", "1").is_shown_once(false)],
            PLAIN,
        ),
        (
            "of a preview",
            vec![a("1"), twin()],
            vec![valued("A", "1").is_preview(true).is_shown_once(true)],
            PLAIN,
        ),
    ])
    .await;
    insta::assert_snapshot!(told);
}

#[tokio::test(start_paused = true)]
async fn one_of_several_variables_with_a_name_is_kept() {
    let several = |values: &[&str]| -> Vec<Value> {
        let rows = (1..).zip(values);
        rows.map(|(number, value)| row(&format!("v{number}"), "A", *value))
            .collect()
    };
    let hidden = |uuid: &str| row(uuid, "A", json!(null));
    let shown_once = |uuid: &str| once(hidden(uuid));
    let told = stories(vec![
        (
            "the one with the value",
            several(&["1", "2", "3"]),
            vec![valued("A", "2")],
            PLAIN,
        ),
        (
            "the last with the value",
            several(&["1", "1", "3"]),
            vec![valued("A", "1")],
            PLAIN,
        ),
        (
            "the last",
            several(&["1", "2"]),
            vec![valued("A", "3")],
            PLAIN,
        ),
        (
            "none, for only a name",
            several(&["1", "2"]),
            vec![item("A")],
            PLAIN,
        ),
        (
            "the last, for a flag",
            several(&["1", "2"]),
            vec![item("A").is_literal(true)],
            PLAIN,
        ),
        (
            "the one with the flag",
            vec![
                with(row("v1", "A", "1"), json!({"is_literal": true})),
                row("v2", "A", "1"),
            ],
            vec![valued("A", "1").is_literal(true)],
            PLAIN,
        ),
        (
            "one that can be read",
            vec![row("v1", "A", "1"), shown_once("v2")],
            vec![valued("A", "2")],
            PLAIN,
        ),
        (
            "the last that is shown once",
            vec![shown_once("v1"), shown_once("v2"), row("v3", "Z", "1")],
            vec![valued("A", "1")],
            PLAIN,
        ),
        (
            "none that can be read",
            vec![hidden("v1"), hidden("v2")],
            vec![valued("A", "1")],
            PLAIN,
        ),
        (
            "none that can be read, assumed",
            vec![hidden("v1"), hidden("v2")],
            vec![valued("A", "1")],
            ASSUME,
        ),
        (
            "pruned",
            several(&["1", "2"]),
            vec![valued("B", "1")],
            PRUNE,
        ),
    ])
    .await;
    insta::assert_snapshot!(told);
}
