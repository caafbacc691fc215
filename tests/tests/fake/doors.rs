//! Access: every operation requires the same ability as in Coolify.

use coolify_sdk::Version;
use coolify_sdk::operations::{Ability, Availability, NEWEST_RECORDED, Operation, operations};
use coolify_sdk::testing::FakeCoolify;
use coolify_sdk_tests::{Recording, has_newest};
use serde_json::Value;

const ABILITIES: [Ability; 5] = [
    Ability::Read,
    Ability::ReadSensitive,
    Ability::Write,
    Ability::WriteSensitive,
    Ability::Deploy,
];

/// A fake and a client.
struct Fake {
    server: FakeCoolify,
    http: reqwest::Client,
}

impl Fake {
    async fn start(version: &str) -> Self {
        let server = FakeCoolify::version(version).start().await;
        let http = crate::journey::client();
        Self { server, http }
    }

    fn token(&self) -> &str {
        self.server.token()
    }
}

/// Returns the status and the message of a bare call.
async fn call(fake: &Fake, operation: &Operation, token: &str) -> (u16, String) {
    let path = operation.path.replace(['{', '}'], "");
    let url = format!("{}/api/v1{path}", fake.server.url());
    let method = reqwest::Method::from_bytes(operation.method.as_str().as_bytes());
    let request = fake.http.request(method.expect("a method"), url);
    let reply = request.bearer_auth(token).send().await;
    let reply = reply.expect("the fake answers");
    let status = reply.status().as_u16();
    let body: Value = reply.json().await.unwrap_or_default();
    (
        status,
        body["message"].as_str().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn every_operation_asks_for_its_ability() {
    for version in [NEWEST_RECORDED, Version::new(4, 4, 2)] {
        asks_for_abilities(&version).await;
    }
}

async fn asks_for_abilities(version: &Version) {
    let fake = Fake::start(&version.to_string()).await;
    for ability in ABILITIES {
        fake.server.add_token(ability.as_str(), [ability.as_str()]);
    }
    let switch_on = Operation::find("enable-api").expect("there is a switch");
    for operation in operations() {
        let Some(needed) = operation.ability_on(version) else {
            continue;
        };
        if operation.versions.on(version) != Availability::Available {
            continue;
        }
        for ability in ABILITIES {
            // Whoever may write has switched the API off at the last turn.
            call(&fake, switch_on, fake.token()).await;
            let (status, message) = call(&fake, operation, ability.as_str()).await;
            let refused = message == format!("Missing required permissions: {needed}");
            assert_eq!(
                (status == 403 && refused, status != 403),
                (ability != needed, ability == needed),
                "{} with {ability}: {status} {message}",
                operation.id
            );
        }
    }
}

#[tokio::test]
async fn nothing_but_its_switch_and_its_health_works_while_the_api_is_off() {
    let fake = Fake::start(Recording::newest()).await;
    let switch_off = Operation::find("disable-api").expect("there is a switch");
    assert_eq!(call(&fake, switch_off, fake.token()).await.0, 200);
    for operation in operations().iter().filter(|it| has_newest(it)) {
        let (status, message) = call(&fake, operation, fake.token()).await;
        let works = matches!(operation.id, "disable-api" | "healthcheck" | "enable-api");
        if works {
            assert_eq!(status, 200, "{}", operation.id);
        } else {
            assert_eq!(
                (status, &*message),
                (403, "API is disabled."),
                "{}",
                operation.id
            );
        }
        call(&fake, switch_off, fake.token()).await;
    }
}

#[tokio::test]
async fn the_oldest_version_knows_nothing_newer() {
    let fake = Fake::start("4.0.0").await;
    let newer = operations()
        .iter()
        .filter(|it| it.versions.since > Version::new(4, 0, 0));
    for operation in newer {
        let (status, _) = call(&fake, operation, fake.token()).await;
        assert_eq!(status, 404, "{}", operation.id);
    }
}
