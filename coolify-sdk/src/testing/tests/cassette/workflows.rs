//! Workflows that read back values, with a cassette.

use std::time::Duration;

use super::Shelf;
use crate::applications::BuildPack;
use crate::domains::Domain;
use crate::resource::Volumes;
use crate::testing::{Cassette, FakeCoolify};
use crate::{EnvironmentRef, Placement};

const COMPOSE: &str = "\
# The shop of PLANTED.
services:
  web:
    image: nginx:alpine
    restart: unless-stopped
    ports:
      - \"8080:80\"
    environment:
      - SERVICE_FQDN_WEB_80
      - PIN=PLANTED-1
      - 'QUOTED=PLANTED-2'
    command: [\"run\", \"--pin\", \"PLANTED-3\"]
  cache:
    image: acme/PLANTED:1
    environment:
      PASSWORD: PLANTED-4
      pin: 'PLANTED 5'
    depends_on:
      - web
    labels: {traefik.enable: \"PLANTED\"}
    configs: |
      PLANTED six
      key: PLANTED-7
volumes:
  data:
";

/// Records a test on a fake and replays it. Returns the file.
async fn both(test: impl AsyncFn(&Cassette, &str, &str)) -> String {
    let shelf = Shelf::new();
    let fake = FakeCoolify::builder().version("4.4.2").job_lag(0);
    let fake = fake.start().await;
    let (project, server) = (fake.seed_project("shop"), fake.server_uuid());
    let cassette = shelf.record(&fake).await;
    test(&cassette, &project, &server).await;
    cassette.finish().unwrap();
    drop(fake);
    let cassette = shelf.replay().await;
    test(&cassette, &project, &server).await;
    cassette.finish().unwrap();
    let written = shelf.text();
    assert!(!written.contains("PLANTED"), "{written}");
    written
}

fn place(project: &str, server: &str) -> Placement {
    Placement::new(project, EnvironmentRef::name("production"), server)
}

#[tokio::test]
async fn a_compose_file_keeps_its_services() {
    let text = both(async |cassette, project, server| {
        let coolify = cassette.client();
        let services = coolify.services();
        let created = services.create_compose(place(project, server), COMPOSE);
        let service = coolify.service(created.await.unwrap().uuid);
        let read = service.get().await.unwrap();
        let file = read.docker_compose_raw.unwrap();
        let file = file.expose();
        for line in [
            "  web:",
            "  cache:",
            "    image: nginx:alpine",
            "      - PIN=PLANTED-1",
        ] {
            assert!(file.contains(line), "{line} in {file}");
        }
        service
            .update()
            .docker_compose_raw(COMPOSE.replace("nginx", "caddy"))
            .await
            .unwrap();
        service.delete(Volumes::Keep).await.unwrap();
    })
    .await;
    assert!(text.contains("image: nginx:alpine"), "{text}");
}

#[tokio::test]
async fn domains_of_a_compose_application_are_found() {
    both(async |cassette, project, server| {
        let coolify = cassette.client();
        let applications = coolify.applications();
        let repository = "https://github.com/acme/shop";
        let create = applications.create_public(
            place(project, server),
            repository,
            "main",
            BuildPack::DockerCompose,
        );
        let created = create.ports_exposes(["80"]).await.unwrap();
        let application = coolify.application(&created.uuid);
        let domains = application.domains();
        let domain = Domain::of("web", "https://shop.acme.dev");
        let report = domains.add([domain]).await.unwrap();
        assert!(report.is_complete(), "{report:?}");
        let now = domains.list().await.unwrap();
        assert!(format!("{now:?}").contains("shop.acme.dev"), "{now:?}");
    })
    .await;
}

#[tokio::test]
async fn a_command_and_its_output_are_replayed() {
    both(async |cassette, project, server| {
        let builder = cassette.builder().poll_every(Duration::from_millis(100));
        let coolify = builder.build().unwrap();
        let create = coolify
            .applications()
            .create_docker_image(place(project, server), "nginx");
        let created = create.docker_registry_image_tag("alpine").await.unwrap();
        let application = coolify.application(&created.uuid);
        application.deploy().await.unwrap().wait().await.unwrap();
        let run = application.scheduled_tasks().run_command("echo PLANTED-8");
        let ended = run.await.unwrap();
        assert!(ended.is_success() && ended.leftover.is_none(), "{ended:?}");
    })
    .await;
}

#[tokio::test]
async fn an_upload_is_replayed_by_its_size() {
    both(async |cassette, project, server| {
        let coolify = cassette.client();
        let create = coolify
            .databases()
            .create_postgresql(place(project, server));
        let created = create.await.unwrap();
        let imports = coolify.database(&created.uuid).imports();
        let upload = imports.upload("shop.sql", 17, b"select 'PLANTED';".as_slice());
        let uploaded = upload.await.unwrap();
        assert!(!format!("{uploaded:?}").is_empty());
    })
    .await;
}
