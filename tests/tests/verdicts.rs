//! The fake against the verdicts of real servers: it accepts, changes and rejects
//! the same inputs. The tables of inputs and the verdicts are in
//! `fixtures/verdicts`; `live` writes them, see `tests/live/verdicts.rs`.

use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_tests::verdicts::{Book, Stage, Table, Topic, Verdict, Wire, play, topics};

/// Returns the verdicts of a version's fake on a topic.
async fn of_fake(version: &str, topic: &Topic) -> Book {
    let topic = &topic.clone().on(&version.parse().expect("a version"));
    let fake = FakeCoolify::builder().version(version).job_lag(0);
    let fake = fake.start().await;
    let project = fake.seed_project("verdicts");
    let wire = Wire::new(&fake.url(), fake.token());
    let mut stage = Stage::new(wire, &project, &fake.server_uuid(), None);
    let (book, mut left) = play(&mut stage, topic).await;
    left.extend(stage.clear().await);
    assert_eq!(left, Vec::<String>::new(), "left on the fake {version}");
    book
}

#[tokio::test]
async fn the_fake_gives_the_verdicts_of_the_servers() {
    let mut differences = Vec::new();
    for topic in topics() {
        for version in Book::versions() {
            let recorded = Book::recorded(&version, &topic.name);
            let fake = of_fake(&version, &topic).await;
            differences.extend(fake.differences(
                "the fake",
                &recorded,
                &format!("Coolify {version}"),
            ));
        }
    }
    let count = differences.len();
    assert!(
        count == 0,
        "{count} differences\n{}",
        differences.join("\n")
    );
}

/// Nobody has recorded the verdicts of such a server. They decide about inputs, at least.
#[tokio::test]
async fn the_newest_fake_decides_about_the_newest_inputs() {
    let topics = topics();
    let newer = topics.iter().find(|it| it.name == "newer");
    let book = of_fake("4.4.2", newer.expect("the topic")).await;
    let (mut accepted, mut refused) = (0, 0);
    for verdict in book.verdicts() {
        match verdict {
            Verdict::NoRoute => panic!("an operation is missing"),
            Verdict::Refused(..) => refused += 1,
            _ => accepted += 1,
        }
    }
    assert!(accepted >= 10 && refused >= 40, "{accepted}, {refused}");
}

#[test]
fn there_are_tables_of_inputs() {
    let inputs = |topic: &Topic| topic.tables.iter().map(Table::len).sum::<usize>();
    let inputs: usize = topics().iter().map(inputs).sum();
    assert!(inputs >= 300, "{inputs}");
}
