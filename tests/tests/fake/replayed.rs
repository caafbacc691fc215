//! The journeys. The list of each family is played after those whose resources it
//! needs.

use coolify_sdk::testing::FakeCoolify;

use crate::journey::Journey;

macro_rules! journeys {
    ($($name:literal),* $(,)?) => {
        /// All lists, in the order in which they are played.
        pub(crate) const JOURNEYS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("journeys/", $name, ".txt")))),*
        ];
    };
}

journeys![
    "doors",
    "keys",
    "projects",
    "clouds",
    "s3",
    "servers",
    "sources",
    "instance",
    "applications",
    "variables",
    "storages",
    "deployments",
    "previews",
    "tags",
    "tasks",
    "databases",
    "backups",
    "services",
    "resources",
    "end",
];

/// Played against a development instance, whose recordings have `app-env-local` in their
/// names.
pub(crate) const DEVELOPMENT: &str = include_str!("journeys/development.txt");

/// Played against a server whose rate limit is used up.
pub(crate) const OVER_THE_LIMIT: &str = include_str!("journeys/over-the-limit.txt");

/// Played against an empty server.
pub(crate) const ALONE: &str = include_str!("journeys/alone.txt");

#[tokio::test]
async fn what_4_3_11_answered() {
    everything("4.3.11").await;
}

#[tokio::test]
async fn what_4_2_0_answered() {
    everything("4.2.0").await;
}

#[tokio::test]
async fn what_4_1_2_answered() {
    everything("4.1.2").await;
}

#[tokio::test]
async fn what_4_0_0_answered() {
    everything("4.0.0").await;
}

async fn everything(version: &'static str) {
    let mut journey = Journey::begin(version).await;
    for (_, list) in JOURNEYS {
        journey.walk(list).await;
    }
    let mut values = journey.values.to_string();
    let mut differences = journey.differences;
    let mut alone = Journey::begin(version).await;
    alone.walk(ALONE).await;
    values = format!("{values}--- alone\n{}", alone.values);
    differences.extend(alone.differences);
    let development = FakeCoolify::builder().version(version).development();
    let mut development = Journey::with(development.start().await, version);
    development.walk(DEVELOPMENT).await;
    values = format!(
        "{values}--- on a development instance\n{}",
        development.values
    );
    differences.extend(development.differences);
    let full = FakeCoolify::builder().version(version).rate_limit(0);
    let mut over = Journey::with(full.start().await, version);
    over.walk(OVER_THE_LIMIT).await;
    differences.extend(over.differences);
    assert!(
        differences.is_empty(),
        "{} differences\n{}",
        differences.len(),
        differences.join("\n")
    );
    insta::assert_snapshot!(format!("values_beside_those_of_{version}"), values);
}
