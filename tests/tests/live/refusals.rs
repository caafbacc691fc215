//! Requests that Coolify rejects: unknown resources and invalid requests. None of
//! them can succeed, so they are safe on any server.

use coolify_sdk::cloud_tokens::CloudProvider;
use coolify_sdk::databases::S3Copies;
use coolify_sdk::resource::Volumes;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::{EnvironmentRef, Error, Id, Placement, Result};
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};

/// An id of nothing.
const NOBODY: i64 = 2_000_000_000;

/// Collects wrong refusals. A server may answer with any 4xx, and some versions
/// with a 500, but the SDK has to understand it.
#[derive(Default)]
struct Refusals {
    wrong: Vec<String>,
    stop: Option<Error>,
}

impl Refusals {
    fn see<T>(&mut self, what: &str, result: Result<T>) {
        match result {
            Ok(_) => self.wrong.push(format!("{what} succeeded")),
            Err(error) if error.missing_ability().is_some() => {
                self.stop.get_or_insert(error);
            }
            // A fake without the operation; the report says so.
            Err(error) if error.status() == Some(501) => {}
            Err(error) if error.status().is_none() || error.is_decode() => {
                self.wrong.push(format!("{what}: {}", error.report()));
            }
            Err(error) if error.unsupported_since().is_some() => {
                self.wrong.push(format!("{what}: {}", error.report()));
            }
            Err(_) => {}
        }
    }

    fn judge(self) -> Outcome {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        self.stop.map_or(Ok(()), |error| Err(Stop::from(error)))
    }
}

/// Sees each call's refusal, under the words of the call itself.
macro_rules! refused {
    ($($call:expr;)*) => {{
        let mut refusals = Refusals::default();
        $( refusals.see(stringify!($call), $call.await); )*
        refusals.judge()
    }};
}

#[live_test]
async fn nothing_is_found_where_nothing_is(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let missing = [
        (
            "application",
            coolify.application(nobody.clone()).get().await.err(),
        ),
        (
            "database",
            coolify.database(nobody.clone()).get().await.err(),
        ),
        ("service", coolify.service(nobody.clone()).get().await.err()),
        ("project", coolify.project(nobody.clone()).get().await.err()),
        ("server", coolify.server(nobody.clone()).get().await.err()),
        (
            "deployment",
            coolify.deployment(nobody.clone()).get().await.err(),
        ),
        ("key", coolify.private_key(nobody.clone()).get().await.err()),
        ("team", coolify.team(NOBODY).get().await.err()),
    ];
    let mut stop = None;
    for (what, error) in missing {
        let error = error.unwrap_or_else(|| panic!("there is a {what} that nobody made"));
        if error.missing_ability().is_some() || error.status() == Some(501) {
            stop = stop.or(Some(error));
        } else {
            assert!(error.is_not_found(), "{what}: {}", error.report());
        }
    }
    stop.map_or(Ok(()), |error| Err(error.into()))
}

#[live_test(ability = "deploy")]
async fn nothing_is_deployed_or_started(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let application = coolify.application(nobody.clone());
    let database = coolify.database(nobody.clone());
    let service = coolify.service(nobody.clone());
    refused! {
        application.deploy().send();
        application.start();
        application.restart();
        application.stop();
        database.start();
        database.restart();
        database.stop();
        service.start();
        service.restart();
        service.stop();
        coolify.deployment(nobody.clone()).cancel();
    }
}

#[live_test(since = "4.2.0", ability = "deploy")]
async fn no_container_of_a_service_is_started(live: Live) -> Outcome {
    let service = live.coolify().service(live.nobody());
    let application = service.application(live.nobody());
    let database = service.database(live.nobody());
    refused! {
        application.start();
        application.restart();
        application.stop();
        database.start();
        database.restart();
        database.stop();
    }
}

#[live_test(since = "4.3.0", ability = "deploy")]
async fn nothing_is_rolled_back(live: Live) -> Outcome {
    let application = live.coolify().application(live.nobody());
    refused! {
        application.rollback("abcdef1");
    }
}

#[live_test]
async fn nothing_is_read_of_nobody(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let application = coolify.application(nobody.clone());
    let database = coolify.database(nobody.clone());
    let service = coolify.service(nobody.clone());
    let app = coolify.github_app(NOBODY);
    let hetzner = coolify.hetzner(nobody.clone());
    refused! {
        application.logs().send();
        application.envs().list();
        application.storages().list();
        application.scheduled_tasks().list();
        application.scheduled_tasks().executions(nobody.clone());
        application.deployments().page(0, 1);
        database.envs().list();
        database.storages().list();
        database.backups().list();
        database.backup(nobody.clone()).executions();
        service.envs().list();
        service.storages().list();
        service.scheduled_tasks().list();
        service.scheduled_tasks().executions(nobody.clone());
        coolify.project(nobody.clone()).environments().list();
        coolify.project(nobody.clone()).environment("production").get();
        coolify.cloud_token(nobody.clone()).get();
        coolify.team(NOBODY).members();
        app.repositories();
        app.branches("nobody", "nothing");
        hetzner.locations();
        hetzner.server_types();
        hetzner.images();
        hetzner.ssh_keys();
    }
}

#[live_test(since = "4.2.0")]
async fn nothing_newer_is_read_of_nobody(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let service = coolify.service(nobody.clone());
    let application = service.application(nobody.clone());
    let database = service.database(nobody.clone());
    let hetzner = coolify.hetzner(nobody.clone());
    let digitalocean = coolify.digitalocean(nobody.clone());
    let vultr = coolify.vultr(nobody.clone());
    refused! {
        coolify.application(nobody.clone()).tags().list();
        coolify.database(nobody.clone()).tags().list();
        coolify.database(nobody.clone()).logs().send();
        service.tags().list();
        service.logs("web").send();
        service.applications().list();
        service.databases().list();
        application.get();
        application.logs().send();
        application.logs_uncached().send();
        database.get();
        database.logs().send();
        coolify.destination(nobody.clone()).get();
        coolify.destinations().of_server(nobody.clone()).list();
        hetzner.networks();
        hetzner.firewalls();
        digitalocean.regions();
        digitalocean.sizes();
        digitalocean.images();
        digitalocean.ssh_keys();
        vultr.regions();
        vultr.plans();
        vultr.operating_systems();
        vultr.ssh_keys();
    }
}

#[live_test(since = "4.3.0")]
async fn nothing_newest_is_read_of_nobody(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let server = coolify.server(nobody.clone());
    refused! {
        coolify.application(nobody.clone()).destinations().list();
        coolify.application(nobody.clone()).rollback_images();
        coolify.cloud_init_script(nobody.clone()).get();
        coolify.s3_storage(nobody.clone()).get();
        server.proxy().get();
        server.sentinel().get();
        server.docker_cleanup().get();
        server.docker_cleanup().executions();
        server.log_drains().get();
        server.cloudflare_tunnel().get();
        server.shared_variables().list();
        coolify.project(nobody.clone()).shared_variables().list();
        coolify.project(nobody.clone()).environment("production").shared_variables().list();
    }
}

#[live_test(ability = "write")]
async fn nothing_of_nobody_is_changed(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let application = coolify.application(nobody.clone());
    let database = coolify.database(nobody.clone());
    let service = coolify.service(nobody.clone());
    let name = || live.name("nothing");
    refused! {
        coolify.project(nobody.clone()).update().name(name());
        coolify.project(nobody.clone()).environments().create(name());
        application.update().name(name());
        database.update_postgresql().name(name());
        service.update().name(name());
        application.envs().create("SDK_LIVE_NOTHING", "1");
        database.envs().create("SDK_LIVE_NOTHING", "1");
        service.envs().create("SDK_LIVE_NOTHING", "1");
        application.storages().create(NewStorage::volume("nothing", "/nothing"));
        database.storages().create(NewStorage::volume("nothing", "/nothing"));
        service.storages().create_in(nobody.clone(), NewStorage::volume("nothing", "/nothing"));
        database.backups().create("daily").enabled(false);
        database.backup(nobody.clone()).update().frequency("daily");
        coolify.server(nobody.clone()).update().name(name());
        coolify.server(nobody.clone()).validate();
        coolify.cloud_token(nobody.clone()).update(name());
        coolify.cloud_token(nobody.clone()).validate();
        coolify.github_app(NOBODY).update().name(name());
    }
}

#[live_test(ability = "write")]
async fn nothing_of_nobody_is_deleted(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let application = coolify.application(nobody.clone());
    let database = coolify.database(nobody.clone());
    let service = coolify.service(nobody.clone());
    refused! {
        coolify.project(nobody.clone()).delete().send();
        coolify.project(nobody.clone()).environment("staging").delete();
        application.delete(Volumes::Keep);
        database.delete(Volumes::Keep);
        service.delete(Volumes::Keep);
        application.envs().delete(nobody.clone());
        database.envs().delete(nobody.clone());
        service.envs().delete(nobody.clone());
        application.storages().delete(nobody.clone());
        database.storages().delete(nobody.clone());
        service.storages().delete(nobody.clone());
        application.scheduled_tasks().delete(nobody.clone());
        service.scheduled_tasks().delete(nobody.clone());
        application.previews().delete(1);
        database.backup(nobody.clone()).delete(S3Copies::Keep);
        database.backup(nobody.clone()).delete_execution(nobody.clone(), S3Copies::Keep);
        coolify.server(nobody.clone()).delete();
        coolify.private_key(nobody.clone()).delete();
        coolify.cloud_token(nobody.clone()).delete();
        coolify.github_app(NOBODY).delete();
    }
}

#[live_test(since = "4.2.0", ability = "write")]
async fn nothing_newer_of_nobody_is_changed(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let service = coolify.service(nobody.clone());
    refused! {
        coolify.application(nobody.clone()).move_to(nobody.clone());
        coolify.database(nobody.clone()).move_to(nobody.clone());
        service.move_to(nobody.clone());
        coolify.application(nobody.clone()).tags().add("sdk-live-nothing");
        coolify.application(nobody.clone()).tags().remove(nobody.clone());
        coolify.database(nobody.clone()).tags().add("sdk-live-nothing");
        coolify.database(nobody.clone()).tags().remove(nobody.clone());
        service.tags().add("sdk-live-nothing");
        service.tags().remove(nobody.clone());
        service.application(nobody.clone()).update().human_name("Nothing");
        service.database(nobody.clone()).update().human_name("Nothing");
        coolify.destinations().of_server(nobody.clone()).create("sdk-live-nothing");
        coolify.destination(nobody.clone()).delete();
    }
}

#[live_test(since = "4.3.0", ability = "write")]
async fn nothing_newest_of_nobody_is_changed(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let application = coolify.application(nobody.clone());
    let database = coolify.database(nobody.clone());
    let service = coolify.service(nobody.clone());
    let server = coolify.server(nobody.clone());
    refused! {
        application.clone_to(nobody.clone());
        database.clone_to(nobody.clone());
        service.clone_to(nobody.clone());
        application.destinations().add(nobody.clone());
        application.destinations().remove(nobody.clone());
        application.scheduled_tasks().execute(nobody.clone());
        service.scheduled_tasks().execute(nobody.clone());
        application.storages().back_up_now(nobody.clone());
        database.storages().back_up_now(nobody.clone());
        service.storages().back_up_now(nobody.clone());
        coolify.destination(nobody.clone()).update("sdk-live-nothing");
        coolify.tag(nobody.clone()).rename("sdk-live-nothing");
        coolify.tag(nobody.clone()).delete();
        coolify.cloud_init_script(nobody.clone()).delete();
        coolify.s3_storage(nobody.clone()).validate();
        coolify.s3_storage(nobody.clone()).delete();
        coolify.gitlab_app(NOBODY).delete();
        server.sentinel().update().sentinel_metrics_history_days(7);
        server.cloudflare_tunnel().disable();
        server.shared_variables().delete(Id::from(NOBODY));
    }
}

#[live_test(ability = "write")]
async fn no_resource_is_made_nowhere(live: Live) -> Outcome {
    let (coolify, nobody) = (live.coolify(), live.nobody());
    let place = || {
        Placement::new(
            nobody.clone(),
            EnvironmentRef::name("production"),
            nobody.clone(),
        )
    };
    let applications = coolify.applications();
    let repository = "https://github.com/coollabsio/coolify-examples";
    refused! {
        applications.create_public(place(), repository, "main", "nixpacks").ports_exposes(["80"]);
        applications
            .create_private_github_app(place(), nobody.clone(), "acme/private", "main", "nixpacks")
            .ports_exposes(["80"]);
        applications.create_docker_image(place(), "nginx").ports_exposes(["80"]);
        coolify.databases().create_redis(place());
        coolify.services().create_one_click(place(), "actualbudget");
        coolify.servers().create("198.18.0.1", nobody.clone());
        coolify.private_keys().create("no key at all");
        coolify.hetzner(nobody.clone()).create_server(nobody.clone(), "nbg1", "cx22", 1);
    }
}

#[live_test(since = "4.2.0", ability = "write")]
async fn no_server_is_bought(live: Live) -> Outcome {
    // An unknown token cannot order anything.
    let (coolify, nobody) = (live.coolify(), live.nobody());
    refused! {
        coolify.digitalocean(nobody.clone()).create_server(nobody.clone(), "nyc3", "s-1vcpu-1gb", "ubuntu-24-04-x64");
        coolify.vultr(nobody.clone()).create_server(nobody.clone(), "ams", "vc2-1c-1gb", 2284);
    }
}

#[live_test(ability = "write")]
async fn nonsense_is_named(live: Live) -> Outcome {
    let project = live.project().await?;
    let place = live.place().await?;
    let create = live.coolify().databases().create_postgresql(place);
    let create = create
        .name(live.name("port"))
        .is_public(true)
        .public_port(22);
    match create.await {
        Ok(_) => {
            let made = project.contents().await?;
            panic!("a port that is not for everybody was taken: {made:?}");
        }
        Err(error) if error.is_validation() => {
            let errors = error.field_errors();
            assert!(!errors.is_empty(), "{error}");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Not a cloud that Coolify knows.
#[live_test(ability = "write")]
async fn an_unknown_cloud_is_refused(live: Live) -> Outcome {
    let tokens = live.coolify().cloud_tokens();
    refused! {
        tokens.create(CloudProvider::from("sdk-live"), live.name("cloud"), "nothing");
    }
}
