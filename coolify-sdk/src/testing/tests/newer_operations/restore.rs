//! Restoring backups into databases.

use serde_json::{Value, json};

use super::{VERSION, client};
use crate::databases::{
    BackupCopy, BackupExecution, BackupHandle, DatabaseHandle, RestoreBackup, WayBack,
};
use crate::error::{Error, ErrorKind};
use crate::s3_storages::S3Bucket;
use crate::testing::{FakeCoolify, Fault, ReceivedRequest};
use crate::{Uuid, Version};

/// A running database that was backed up.
struct Shop {
    fake: FakeCoolify,
    project: String,
    database: DatabaseHandle,
    backup: BackupHandle,
    execution: BackupExecution,
}

impl Shop {
    async fn open() -> Self {
        Self::with(VERSION, None).await
    }

    async fn with(version: &str, storage: Option<&str>) -> Self {
        let fake = FakeCoolify::version(version).start().await;
        let project = fake.seed_project("shop");
        let database = fake.seed_database(&project, "postgresql", "orders");
        let database = fake.client().database(database);
        database.start().and_wait().await.unwrap();
        let mut schedule = database.backups().create("daily").save_s3(false);
        if let Some(name) = storage {
            let bucket = S3Bucket {
                endpoint: "https://s3.example.com".into(),
                region: "eu".into(),
                bucket: "dumps".into(),
                key: "key".into(),
                secret: "secret".into(),
            };
            let storage = fake.client().s3_storages().create(name, bucket);
            let storage = storage.is_usable(true).await.unwrap().uuid;
            schedule = schedule.save_s3(true).s3_storage_uuid(storage);
        }
        let backup = database.backup(schedule.await.unwrap().uuid);
        let execution = backup.run().and_wait().await.unwrap().remove(0);
        Self {
            fake,
            project,
            database,
            backup,
            execution,
        }
    }

    fn restore(&self) -> RestoreBackup {
        self.backup.restore(self.execution.uuid.clone())
    }

    /// Adds a running database.
    async fn another(&self, engine: &str) -> DatabaseHandle {
        let other = self.fake.seed_database(&self.project, engine, "copy");
        let other = self.fake.client().database(other);
        other.start().and_wait().await.unwrap();
        other
    }

    fn writes(&self) -> Vec<ReceivedRequest> {
        let mut requests = self.fake.requests();
        requests.retain(|it| it.method != "GET");
        requests
    }

    /// Makes the next list of backups show other values of the execution.
    async fn show(&self, changes: Value) {
        let listing = self.database.backups().list().await.unwrap();
        let mut listing = serde_json::to_value(crate::Exposed(&listing)).unwrap();
        for backup in listing.as_array_mut().unwrap() {
            for execution in backup["executions"].as_array_mut().unwrap() {
                for (field, value) in changes.as_object().unwrap() {
                    execution[field] = value.clone();
                }
            }
        }
        let shown = Fault::status(200).json(listing);
        self.fake
            .fail_next(shown.on("GET", "/databases/{uuid}/backups"));
    }
}

fn imports(requests: &[ReceivedRequest]) -> Vec<Value> {
    let imports = requests.iter().filter(|it| it.path.ends_with("/imports"));
    imports.map(ReceivedRequest::json).collect()
}

#[tokio::test]
async fn a_backup_is_restored_into_its_database_after_another_backup() {
    let shop = Shop::open().await;
    let plan = shop.restore().plan().await.unwrap();
    assert_eq!(plan.source, *shop.database.uuid());
    assert_eq!(plan.target, plan.source);
    assert_eq!(plan.target_name, "orders");
    assert_eq!(plan.execution, shop.execution.uuid);
    assert_eq!(plan.size, shop.execution.size);
    assert_eq!(plan.engine, "standalone-postgresql");
    assert!(plan.replace_existing && !plan.dump_all);
    assert_eq!(plan.way_back, WayBack::Run(shop.backup.uuid().clone()));
    let path = shop.execution.filename.clone().unwrap();
    assert_eq!(plan.copy, BackupCopy::Server { path: path.clone() });
    let said = plan.to_string();
    let at = plan.backed_up_at.as_ref().unwrap().to_string();
    let parts = [
        "orders",
        &path,
        &format!(" from {at}, 1276 bytes"),
        "its data is replaced",
    ];
    for part in parts {
        assert!(said.contains(part), "{said}");
    }

    let before = shop.writes().len();
    let error = shop.restore().await.unwrap_err();
    assert!(error.is_invalid_request(), "{error}");
    let error = shop.restore().confirm("Orders").await.unwrap_err();
    let wrong = "nothing was restored: the target is named \"orders\", not \"Orders\"";
    assert_eq!(error.to_string(), wrong);
    assert_eq!(shop.writes().len(), before);

    let restored = shop.restore().confirm("orders").await.unwrap();
    assert_eq!(restored.plan, plan);
    let [way_back] = restored.way_back.try_into().unwrap();
    assert_ne!(way_back.uuid, shop.execution.uuid);
    assert_eq!(restored.import.exit_code, Some(0));
    let [run, import] = <[_; 2]>::try_from(shop.writes().split_off(before)).unwrap();
    assert_eq!(run.json(), json!({"backup_now": true}));
    let sent = json!({"source": "server", "path": path, "replace_existing": true});
    assert_eq!(import.json(), sent);
}

/// `pg_dumpall` writes SQL, which Coolify cannot apply to an emptied database.
#[tokio::test]
async fn a_dump_of_all_databases_replaces_nothing() {
    let shop = Shop::open().await;
    shop.backup.update().dump_all(true).await.unwrap();
    let plan = shop.restore().plan().await.unwrap();
    assert!(plan.dump_all && !plan.replace_existing, "{plan:?}");
}

#[tokio::test]
async fn a_backup_in_s3_is_restored_into_another_database() {
    let shop = Shop::with(VERSION, Some("dumps")).await;
    let copy = shop.another("postgresql").await;
    let restore = || {
        let restore = shop.restore().into_database(copy.uuid());
        restore.confirm("copy").keep_existing()
    };
    let restored = restore().await.unwrap();
    let plan = &restored.plan;
    assert_eq!(
        (&plan.source, &plan.target),
        (shop.database.uuid(), copy.uuid())
    );
    assert_eq!(plan.way_back, WayBack::Create);
    let schedules = copy.backups().list().await.unwrap();
    assert_eq!(schedules.len(), 1);
    assert_eq!(schedules[0].enabled, Some(false));
    assert_eq!(restored.way_back.len(), 1);
    let path = shop.execution.filename.as_deref().unwrap();
    let key = path.trim_start_matches('/');
    let sent = imports(&shop.writes());
    assert_eq!(sent[0]["source"], "s3");
    assert_eq!(sent[0]["path"], key);
    assert_eq!(sent[0].get("replace_existing"), None);
    // The schedule shows the numeric id of the storage alone.
    assert!(
        sent[0]["s3_storage_uuid"]
            .as_str()
            .unwrap()
            .parse::<u32>()
            .is_ok()
    );

    let storage = shop
        .fake
        .client()
        .s3_storages()
        .list()
        .await
        .unwrap()
        .remove(0)
        .uuid;
    let named = restore().s3_storage(storage.clone()).without_backup();
    let restored = named.await.unwrap();
    assert_eq!(restored.plan.way_back, WayBack::Without);
    assert!(restored.way_back.is_empty());
    assert_eq!(
        imports(&shop.writes())[1]["s3_storage_uuid"],
        *storage.as_str()
    );
    let plan = restore().from_server().plan().await.unwrap();
    assert!(matches!(plan.copy, BackupCopy::Server { .. }), "{plan}");
    assert_eq!(plan.way_back, WayBack::Run(schedules[0].uuid.clone()));

    let unknown = restore().s3_storage("unknown").without_backup();
    let error = unknown.await.unwrap_err();
    assert!(error.is_validation(), "{error}");
    assert!(error.hint().unwrap().contains("s3_storage"), "{error:?}");
}

#[tokio::test]
async fn what_cannot_be_restored_is_refused_before_anything_is_changed() {
    let shop = Shop::open().await;
    let before = shop.writes().len();
    let refused = async |restore: RestoreBackup| {
        let error = restore.confirm("orders").await.unwrap_err();
        assert_eq!(shop.writes().len(), before, "{error}");
        assert!(error.left_behind().is_empty(), "{error}");
        error
    };
    let error = refused(shop.backup.restore("unknown")).await;
    assert!(error.is_not_found(), "{error}");
    let error = refused(shop.database.backup("unknown").restore("unknown")).await;
    assert!(error.is_not_found(), "{error}");
    for (changes, kind, said) in [
        (
            json!({"status": "failed"}),
            ErrorKind::InvalidRequest,
            "the backup failed, so there is nothing to restore",
        ),
        (
            json!({"status": "running"}),
            ErrorKind::Conflict,
            "the backup is still running",
        ),
        (
            json!({"filename": null}),
            ErrorKind::InvalidRequest,
            "the execution has no file",
        ),
        (
            json!({"local_storage_deleted": true}),
            ErrorKind::InvalidRequest,
            "the file of the execution was deleted",
        ),
        (
            json!({"s3_uploaded": true}),
            ErrorKind::InvalidRequest,
            "the schedule does not name the S3 storage of its files any more",
        ),
        (
            json!({"size": 10_737_418_241_i64}),
            ErrorKind::InvalidRequest,
            "the file has 10737418241 bytes; Coolify imports at most 10737418240",
        ),
    ] {
        shop.show(changes).await;
        let error = refused(shop.restore()).await;
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, said));
    }
}

#[tokio::test]
async fn a_target_that_does_not_fit_is_refused() {
    let shop = Shop::open().await;
    let refused = async |target: &DatabaseHandle| {
        let before = shop.writes().len();
        let restore = shop.restore().into_database(target.uuid()).confirm("copy");
        let error = restore.await.unwrap_err();
        assert_eq!(shop.writes().len(), before, "{error}");
        error
    };
    let mysql = shop.another("mysql").await;
    let error = refused(&mysql).await;
    let other = "the backup is one of postgresql, and the target is a database of mysql";
    assert_eq!(error.to_string(), other);

    let old = shop.another("postgresql").await;
    old.update_postgresql().image("postgres:9").await.unwrap();
    let error = refused(&old).await;
    assert!(
        error.to_string().ends_with("the target has version 9"),
        "{error}"
    );
    let any = shop.restore().into_database(old.uuid()).any_version();
    assert!(any.plan().await.is_ok());

    let stopped = shop.fake.seed_database(&shop.project, "postgresql", "copy");
    let error = refused(&shop.fake.client().database(stopped)).await;
    assert!(error.is_conflict(), "{error}");
    let error = refused(&shop.fake.client().database("unknown")).await;
    assert!(error.is_not_found(), "{error}");

    let away = shop.another("postgresql").await;
    let mut row = serde_json::to_value(crate::Exposed(&away.get().await.unwrap())).unwrap();
    row["destination"]["server_id"] = 77.into();
    let path = format!("/databases/{}", away.uuid());
    shop.fake
        .fail_next(Fault::status(200).json(row).on("GET", path));
    let error = refused(&away).await;
    let apart = "the file is on the server of the source, and the target is on another";
    assert_eq!(error.to_string(), apart);

    // Where the server of the target is not known, Coolify finds out.
    let mut row = serde_json::to_value(crate::Exposed(&away.get().await.unwrap())).unwrap();
    row["destination"] = Value::Null;
    let path = format!("/databases/{}", away.uuid());
    shop.fake
        .fail_next(Fault::status(200).json(row).on("GET", path));
    let plan = shop.restore().into_database(away.uuid()).plan().await;
    assert!(plan.is_ok(), "{plan:?}");

    let old = Shop::with("4.3.11", None).await;
    let error = old.restore().confirm("orders").await.unwrap_err();
    assert_eq!(error.unsupported_since(), Some(Version::new(4, 4, 0)));
}

#[tokio::test]
async fn a_failed_import_names_the_way_back() {
    let shop = Shop::open().await;
    let failed = json!({"id": 1, "status": "error", "exit_code": 1});
    let failed = Fault::status(200).json(failed);
    shop.fake
        .fail_next(failed.on("GET", "/databases/{uuid}/imports/{activity_id}"));
    let error = shop.restore().confirm("orders").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ImportFailed);
    let unfinished = error.unfinished_restore().unwrap();
    assert!(unfinished.import.is_some());
    let [way_back] = unfinished.way_back.as_slice() else {
        panic!("{unfinished:?}");
    };
    let [left] = error.left_behind() else {
        panic!("{error:?}");
    };
    assert_eq!(
        (left.kind, &left.uuid),
        ("backup execution", &way_back.uuid)
    );
    assert!(error.report().to_string().contains("was started"));
    assert_ne!(way_back.uuid, shop.execution.uuid);
}

#[tokio::test]
async fn a_target_that_stops_is_reported() {
    let shop = Shop::open().await;
    let mut row = serde_json::to_value(shop.database.get().await.unwrap()).unwrap();
    row["status"] = "exited".into();
    let restoring = tokio::spawn(
        shop.restore()
            .confirm("orders")
            .without_backup()
            .into_future(),
    );
    while imports(&shop.writes()).is_empty() {
        tokio::task::yield_now().await;
    }
    let stopped = Fault::status(200).json(row);
    shop.fake.fail_next(stopped.on("GET", "/databases/{uuid}"));
    let error = restoring.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotHealthy, "{error}");
}

/// The calls of a restore into another database, in their order.
const CALLS: [(&str, &str); 9] = [
    ("GET", "/databases/{uuid}"),
    ("GET", "/databases/{uuid}/backups"),
    ("POST", "/databases/{uuid}/backups"),
    (
        "GET",
        "/databases/{uuid}/backups/{scheduled_backup_uuid}/executions",
    ),
    ("PATCH", "/databases/{uuid}/backups/{scheduled_backup_uuid}"),
    ("POST", "/databases/{uuid}/imports"),
    ("GET", "/databases/{uuid}/imports/{activity_id}"),
    ("GET", "/databases/{uuid}/imports/{activity_id}"),
    ("GET", "/databases/{uuid}"),
];

#[tokio::test]
async fn no_fault_makes_a_restore_write_twice_or_hide_what_it_left() {
    let shop = Shop::open().await;
    for (method, path) in CALLS {
        let mut faults = vec![Fault::lost_reply(), Fault::cut(), Fault::status(500)];
        if method == "PATCH" {
            // A backup that may have begun is looked for during a minute.
            faults.truncate(1);
        }
        for fault in faults {
            let copy = shop.another("postgresql").await;
            let before = shop.writes().len();
            let shown = fault.on(method, path);
            let told = shown.to_string();
            shop.fake.fail_next(shown);
            let restore = shop.restore().into_database(copy.uuid()).confirm("copy");
            let outcome: Result<_, Error> = restore.await;
            assert!(shop.fake.faults_left().is_empty(), "{told}");
            let writes = shop.writes().split_off(before);
            let mut sent: Vec<_> = writes.iter().map(|it| &it.path).collect();
            sent.dedup();
            assert_eq!(sent.len(), writes.len(), "{told}: {writes:?}");
            let schedules = copy.backups().list().await.unwrap();
            let Err(error) = outcome else {
                // A read is repeated, and a lost backup is found again.
                continue;
            };
            let known: Vec<&Uuid> = error.left_behind().iter().map(|it| &it.uuid).collect();
            let is_hidden = schedules.iter().any(|it| !known.contains(&&it.uuid));
            assert!(!is_hidden || error.outcome_unknown(), "{told}: {error:?}");
        }
    }
}

/// Only a validation error can mean that the file is in another storage.
#[tokio::test]
async fn another_storage_is_suggested_only_where_it_may_help() {
    let shop = Shop::with(VERSION, Some("dumps")).await;
    for (status, is_suggested) in [(422, true), (404, false), (500, false)] {
        let path = "/databases/{uuid}/imports";
        let refusal = Fault::status(status).json(json!({"message": "It does not exist."}));
        shop.fake.fail_next(refusal.on("POST", path));
        let restore = shop.restore().confirm("orders").without_backup();
        let error = restore.await.unwrap_err();
        let hint = error.hint().unwrap_or_default();
        assert_eq!(
            hint.contains("`s3_storage`"),
            is_suggested,
            "{status}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_bound_client_restores_in_its_project_alone() {
    let shop = Shop::open().await;
    let strange = shop.fake.seed_project("strange");
    let strange = shop.fake.seed_database(&strange, "postgresql", "copy");
    let bound = shop.fake.client().in_project(shop.project.as_str());
    let backup = bound
        .database(shop.database.uuid())
        .backup(shop.backup.uuid());
    let restore = || backup.restore(shop.execution.uuid.clone());
    let before = shop.writes().len();
    let error = restore().into_database(strange).plan().await.unwrap_err();
    assert!(error.is_out_of_scope(), "{error}");
    // A path of the server is out of the reach of such a client.
    let error = restore().confirm("orders").without_backup().await;
    assert!(error.unwrap_err().is_out_of_scope());
    assert_eq!(shop.writes().len(), before);
    let reader = client(&shop.fake, ["read"]);
    let backup = reader.database(shop.database.uuid());
    let backup = backup.backup(shop.backup.uuid());
    let plan = backup.restore(shop.execution.uuid.clone()).plan().await;
    assert_eq!(plan.unwrap().target_name, "orders");
}
