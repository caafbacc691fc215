//! What servers do that are newer than the recordings. The evidence is Coolify's
//! source.

use crate::operations::Ability;
use crate::resource::{Lines, Volumes};
use crate::storages::NewStorage;
use crate::testing::FakeCoolify;
use crate::{Coolify, ErrorKind, Placement, Version};

const WITH_PORT: &str = "https://shop.example.com:3000";
const WITHOUT: &str = "https://shop.example.com";

/// Returns a client whose token has these abilities.
fn client<const N: usize>(fake: &FakeCoolify, abilities: [&str; N]) -> Coolify {
    fake.add_token("limited", abilities);
    let builder = Coolify::builder().url(fake.url()).token("limited");
    builder.build().unwrap()
}

#[tokio::test]
async fn a_port_that_is_hidden_on_reading_counts_as_applied() {
    for (version, shown) in [
        ("4.3.11", WITH_PORT),
        ("4.3.14", WITH_PORT),
        ("4.3.15", WITHOUT),
        ("4.4.2", WITHOUT),
    ] {
        let fake = FakeCoolify::version(version).start().await;
        let app = fake.seed_application(&fake.seed_project("shop"), "web");
        let app = fake.client().application(app);
        let report = app.domains().set([WITH_PORT]).await.unwrap();
        assert!(report.is_complete(), "{version}: {report:?}");
        assert_eq!(report.domains[0].url, shown, "{version}");

        let report = app.update().domains([WITH_PORT]).verified().await.unwrap();
        assert!(report.is_applied("domains"), "{version}: {report:?}");

        let other = "https://blog.example.com";
        let report = app.domains().add([other]).await.unwrap();
        assert_eq!(report.domains.len(), 2, "{version}: {report:?}");
        let report = app.domains().remove([WITH_PORT]).await.unwrap();
        assert!(report.is_complete(), "{version}: {report:?}");
        assert_eq!(report.domains[0].url, other);
    }
}

#[tokio::test]
async fn another_port_is_written_though_both_look_the_same() {
    let fake = FakeCoolify::version("4.4.2").start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let app = fake.client().application(app);
    for port in [3000, 3001] {
        let url = format!("{WITHOUT}:{port}");
        let report = app.domains().set([url]).await.unwrap();
        assert_eq!((report.is_complete(), report.domains.len()), (true, 1));
    }
    let writes = fake.requests();
    let writes = writes.iter().filter(|it| it.method == "PATCH").count();
    assert_eq!(writes, 2);
}

#[tokio::test]
async fn all_lines_are_asked_for_as_the_server_reads_it() {
    for (version, wanted) in [
        ("4.3.11", "10000"),
        ("4.3.20", "10000"),
        ("4.4-rc.1", "10000"),
        ("4.3.23", "-1"),
        ("4.4.2", "-1"),
    ] {
        let fake = FakeCoolify::version(version).start().await;
        let app = fake.seed_application(&fake.seed_project("shop"), "web");
        let logs = fake.client().application(app).logs();
        let _ = logs.lines(Lines::All).await.unwrap();
        let requests = fake.requests();
        let query = &requests.last().unwrap().query;
        let wanted = ("lines".to_owned(), wanted.to_owned());
        assert_eq!(query, &[wanted], "{version}");
    }
}

#[tokio::test]
async fn deploying_at_once_needs_the_ability_since_4_4_0() {
    for (version, is_refused) in [("4.3.11", false), ("4.4.0", true)] {
        let fake = FakeCoolify::version(version).start().await;
        let writer = client(&fake, ["read", "write"]);
        let project = fake.seed_project("shop");
        let server = writer.servers().list().await.unwrap().remove(0);
        let place = Placement::new(project, "production", server.uuid);
        let create = |at_once: bool| {
            let databases = writer.databases();
            databases
                .create_redis(place.clone())
                .instant_deploy(at_once)
        };
        create(false).await.unwrap();
        let refused = create(true).await.err();
        assert_eq!(refused.is_some(), is_refused, "{version}");
        if let Some(error) = refused {
            assert_eq!(error.missing_ability(), Some(Ability::Deploy));
        }
    }
}

#[tokio::test]
async fn members_are_told_why_they_lost_the_logs() {
    let fake = FakeCoolify::version("4.4.0").start().await;
    let app = fake.seed_application(&fake.seed_project("shop"), "web");
    let reader = client(&fake, ["read"]);
    let error = reader.application(&app).logs().await.unwrap_err();
    assert_eq!(error.missing_ability(), Some(Ability::ReadSensitive));
    let hint = error.hint().unwrap();
    assert!(
        hint.contains("`read:sensitive`, which this needs since Coolify 4.4.0"),
        "{hint}"
    );
}

#[tokio::test]
async fn deleting_needs_the_ability_to_deploy_since_4_5_0() {
    for (version, wanted) in [("4.4.7", None), ("4.5.0", Some(Ability::Deploy))] {
        let fake = FakeCoolify::version(version).start().await;
        let app = fake.seed_application(&fake.seed_project("shop"), "web");
        let writer = client(&fake, ["read", "write"]);
        let deleted = writer.application(&app).delete(Volumes::Keep).await;
        let missing = deleted.err().and_then(|error| error.missing_ability());
        assert_eq!(missing, wanted, "{version}");
    }
}

#[tokio::test]
async fn a_mount_of_a_server_directory_is_gone_since_4_3_22() {
    for (version, wanted) in [("4.3.21", None), ("4.3.22", Some("host_path"))] {
        let fake = FakeCoolify::version(version).start().await;
        let app = fake.seed_application(&fake.seed_project("shop"), "web");
        let storages = fake.client().application(app).storages();
        let mount = NewStorage::host_path("data", "/srv/data", "/data");
        let refused = storages.create(mount).await.err();
        let field = refused.as_ref().and_then(|it| it.unsupported()?.field);
        assert_eq!(field, wanted, "{version}");
        if let Some(error) = refused {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            let server = error.unsupported().and_then(|it| it.server.clone());
            assert_eq!(server, Some(Version::new(4, 3, 22)));
        }
    }
}
