//! What Coolify 4.4 has added: previews, imports, uploads, restores, `SQLite`, registries,
//! secret managers, audit events and the switch of the team. It is known from Coolify's
//! source until this has run on a server.

use coolify_sdk::databases::{DatabaseHandle, Engine};
use coolify_sdk::imports::{ImportStatus, UploadEvent};
use coolify_sdk::secret_managers::SecretManagerProvider;
use coolify_sdk::{Error, Result};
use coolify_sdk_tests::live::{Live, Outcome, Stop, live_test};
use futures_util::StreamExt as _;

use crate::make;

/// A dump that can be imported into a new Postgres database.
const DUMP: &[u8] = b"CREATE TABLE sdk_live (id integer);\nINSERT INTO sdk_live VALUES (1);\n";

/// Returns the refusal of something that this server must not take.
fn refused<T>(outcome: Result<T>, statuses: &[u16]) -> Error {
    let Err(error) = outcome else {
        panic!("it was not refused");
    };
    let status = error.status().unwrap_or_default();
    assert!(statuses.contains(&status), "{}", error.report());
    error
}

async fn running(live: &Live) -> Result<DatabaseHandle, Stop> {
    let database = make::database(live).await?;
    database.start().and_wait().await?;
    Ok(database)
}

#[live_test(since = "4.4.0", ability = "write")]
async fn a_preview_is_made_and_deleted(live: Live) -> Outcome {
    let app = make::application(&live).await?;
    let previews = app.previews();
    assert!(previews.list().await?.is_empty());
    let open = previews.open(7).instant_deploy(false).docker_tag("alpine");
    let opened = open.await?;
    assert_eq!(opened.deployment_uuid, None);
    assert_eq!(opened.preview.pull_request_id, 7);
    let again = previews.open(7).instant_deploy(false).docker_tag("alpine");
    again.await?;
    assert_eq!(previews.list().await?.len(), 1);
    let changed = previews.update_domains(7).domains("https://pr.example.com");
    let domains = changed.await?.domains;
    assert_eq!(domains.as_deref(), Some("https://pr.example.com"));
    assert_eq!(previews.get(7).await?.pull_request_id, 7);
    previews.delete(7).await?;
    refused(previews.get(8).await, &[404]);
    Ok(())
}

#[live_test(since = "4.3.23", ability = "write", ability = "read:sensitive")]
async fn a_preview_that_does_not_run_has_no_log(live: Live) -> Outcome {
    let app = make::application(&live).await?;
    refused(app.previews().logs(7).lines(10).await, &[404]);
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write", server)]
async fn an_upload_is_imported(live: Live) -> Outcome {
    let database = running(&live).await?;
    let imports = database.imports();
    // Two chunks: a dump with a comment that is longer than the first one.
    let dump = [DUMP, b"-- ", &[b'x'; 5000], b"\n"].concat();
    let length = u64::try_from(dump.len()).unwrap_or_default();
    let upload = imports.upload("sdk-live.sql", length, dump.leak() as &[u8]);
    let mut events = upload.chunk_size(4096).events();
    let (mut chunks, mut uploaded) = (0, None);
    while let Some(event) = events.next().await {
        match event? {
            UploadEvent::Done(done) => uploaded = Some(done),
            _ => chunks += 1,
        }
    }
    assert_eq!(chunks, 1);
    let uploaded = uploaded.expect("the upload ended");
    assert_eq!(uploaded.size, i64::try_from(length).ok());
    let run = imports.from_upload(uploaded.upload_id.clone()).await?;
    let id = run.id();
    let ended = run.await?;
    assert_eq!(ended.status, Some(ImportStatus::Finished));
    assert_eq!(imports.get(id).await?.id, id);
    refused(imports.from_upload(uploaded.upload_id).await, &[422]);
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write", ability = "deploy", server)]
async fn what_cannot_be_imported_is_refused(live: Live) -> Outcome {
    let database = make::database(&live).await?;
    let imports = database.imports();
    let stopped = imports.from_server("/sdk-live/nothing.sql").await;
    refused(stopped, &[409, 422]);
    database.start().and_wait().await?;
    refused(imports.from_server("nothing.sql").await, &[422]);
    refused(imports.from_s3("nobody", "nothing.sql").await, &[422]);
    let other = imports.upload("a.exe", 9, b"SELECT 1;" as &[u8]);
    refused(other.unchecked().await, &[422]);
    refused(imports.get(2_000_000_000).await, &[404]);
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write")]
async fn a_database_of_a_service_takes_uploads(live: Live) -> Outcome {
    let service = make::service(&live).await?;
    let part = service.databases().list().await?.remove(0);
    let imports = service.database(part.uuid).imports();
    let upload = imports.upload("sdk-live.sql", DUMP.len() as u64, DUMP);
    let upload = upload.await?;
    refused(imports.from_upload(upload.upload_id).await, &[409, 422]);
    refused(imports.get(2_000_000_000).await, &[404]);
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write", ability = "deploy", server)]
async fn a_backup_is_restored(live: Live) -> Outcome {
    let database = running(&live).await?;
    let name = database.get().await?.name;
    let schedule = database.backups().create("yearly").enabled(false);
    let schedule = schedule.save_s3(false).await?.uuid;
    let backup = database.backup(schedule);
    let execution = backup.run().and_wait().await?.remove(0);
    let restored = backup.restore(execution.uuid).confirm(name).await?;
    assert_eq!(restored.way_back.len(), 1);
    assert_eq!(restored.import.status, Some(ImportStatus::Finished));
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write")]
async fn sqlite(live: Live) -> Outcome {
    let databases = live.coolify().databases();
    let create = databases.create_sqlite(live.place().await?);
    let create = create.name(live.name("sqlite")).instant_deploy(false);
    let database = live.coolify().database(create.await?.uuid);
    let read = database.get().await?;
    assert!(
        matches!(read.engine, Engine::Sqlite(_)),
        "{}",
        read.engine.as_str()
    );
    let name = live.name("renamed");
    database.update_sqlite().name(name.clone()).await?;
    assert_eq!(database.get().await?.name, name);
    Ok(())
}

/// Nobody is logged in: that would be for everybody who uses the server.
#[live_test(since = "4.4.0", ability = "write", ability = "read:sensitive", server)]
async fn registries_are_shown_and_false_logins_refused(live: Live) -> Outcome {
    let registries = live.coolify().server(live.server()?).registries();
    let before = registries.list().await?.registries;
    refused(registries.log_in("-", "sdk-live", "x").await, &[422]);
    refused(registries.check("sdk-live.invalid").await, &[400, 404]);
    // Some say that it is done, because nobody is logged in.
    if let Err(error) = registries.log_out("sdk-live.invalid").await {
        refused::<()>(Err(error), &[400, 404]);
    }
    assert_eq!(registries.list().await?.registries.len(), before.len());
    Ok(())
}

/// Tokens cannot be deleted, so none is made.
#[live_test(since = "4.4.0", ability = "write")]
async fn false_tokens_of_secret_managers_are_refused(live: Live) -> Outcome {
    let app = make::application(&live).await?;
    let managers = live.coolify().secret_managers();
    let provider = SecretManagerProvider::Vault;
    let create = managers.create_integration_token(provider, live.name("vault"), "x");
    refused(create.await, &[400, 422]);
    let link = managers.configure_application(app.uuid(), live.nobody());
    refused(link.await, &[404, 422]);
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write")]
async fn audit_events_tell_what_was_done(live: Live) -> Outcome {
    live.project().await?;
    let events = live.coolify().audit_events();
    let page = events.list().per_page(5).send().await?;
    assert!(page.data.len() <= 5);
    let first = events.list().per_page(2).stream().take(3);
    let first: Vec<_> = first.collect().await;
    for event in first {
        event?;
    }
    Ok(())
}

#[live_test(since = "4.4.0", ability = "write")]
async fn the_switch_of_the_team_is_left_as_it_is(live: Live) -> Outcome {
    let teams = live.coolify().teams();
    let now = teams.current().await?.is_build_server_fallback_enabled;
    let Some(now) = now else {
        return Err(Stop::skip("the team does not show its switch"));
    };
    let team = teams.set_build_server_fallback(now).await?;
    assert_eq!(team.is_build_server_fallback_enabled, Some(now));
    Ok(())
}
