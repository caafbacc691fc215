//! What is asked of Coolify, and what a bound client is told, for each way in which a
//! call can be bound to a project.

use std::fmt::Write as _;
use std::future::Future;

use coolify_sdk::databases::S3Copies;
use coolify_sdk::resource::Volumes;
use coolify_sdk::shared_variables::SharedScope;
use coolify_sdk::storages::NewStorage;
use coolify_sdk::testing::{Fault, ReceivedRequest};
use coolify_sdk::{Coolify, Result, ScopePolicy};
use serde_json::{Value, json};

use super::{Tenants, tenants};

/// Plays calls, and writes down the requests and the outcome of each.
pub(super) struct Story<'a> {
    it: &'a Tenants,
    /// Names for uuids.
    names: Vec<(String, String)>,
    pub(super) text: String,
}

impl<'a> Story<'a> {
    pub(super) fn of(it: &'a Tenants) -> Self {
        let names = [
            (&it.own, "OWN"),
            (&it.other, "OTHER"),
            (&it.own_app, "OWN-APP"),
            (&it.other_app, "OTHER-APP"),
        ];
        let names = names.map(|(uuid, name)| (uuid.clone(), name.to_owned()));
        Self {
            it,
            names: names.into(),
            text: String::new(),
        }
    }

    pub(super) fn name(&mut self, uuid: impl AsRef<str>, name: &str) {
        self.names.push((uuid.as_ref().to_owned(), name.to_owned()));
    }

    fn named(&self, text: &str) -> String {
        let names = self.names.iter();
        names.fold(text.to_owned(), |text, (uuid, name)| {
            text.replace(uuid, name)
        })
    }

    /// A client of its own, which knows nothing yet.
    fn client(&self) -> Coolify {
        self.it
            .fake
            .client()
            .in_project_with(&self.it.own, ScopePolicy::default())
    }

    pub(super) async fn tells<T>(
        &mut self,
        title: &str,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let from = self.it.fake.requests().len();
        let outcome = call.await;
        writeln!(self.text, "{title}").expect("text");
        let asked = self.it.fake.requests().split_off(from);
        for request in &asked {
            let line = self.named(&line(request));
            writeln!(self.text, "    {line}").expect("text");
        }
        let told = match &outcome {
            Ok(_) => "done".to_owned(),
            Err(error) => self
                .named(&error.report().to_string())
                .replace('\n', "\n      "),
        };
        writeln!(self.text, "    = {told}").expect("text");
        outcome
    }
}

fn line(request: &ReceivedRequest) -> String {
    let query: Vec<_> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let query = if query.is_empty() {
        String::new()
    } else {
        format!("?{}", query.join("&"))
    };
    format!("{} {}{query}", request.method, request.path)
}

#[tokio::test]
async fn resources_are_checked_by_what_coolify_says_about_them() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    for (whose, uuid) in [
        ("own", &it.own_app),
        ("other", &it.other_app),
        ("no", &"nobody".into()),
    ] {
        let client = story.client();
        let app = client.application(uuid);
        let _ = story
            .tells(&format!("read the {whose} application"), app.get())
            .await;
        let _ = story.tells("read its variables", app.envs().list()).await;
        let _ = story.tells("and again", app.envs().list()).await;
        let _ = story
            .tells("change it", app.update().description("new").send())
            .await;
        let _ = story.tells("stop it", app.stop().send()).await;
        let _ = story
            .tells(
                "add a volume",
                app.storages().create(NewStorage::volume("data", "/data")),
            )
            .await;
        let _ = story.tells("deploy it", app.deploy().send()).await;
        let _ = story
            .tells("delete it", app.delete(Volumes::Keep).send())
            .await;
    }
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn projects_and_what_is_created_are_checked_by_their_uuid() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    let client = story.client();
    for (whose, uuid) in [("own", &it.own), ("other", &it.other)] {
        let project = client.project(uuid);
        let _ = story
            .tells(&format!("read the {whose} project"), project.get())
            .await;
        let _ = story
            .tells("rename it", project.update().name("new").send())
            .await;
        let created = project.environments().create("staging");
        if let Ok(created) = story.tells("add an environment", created.send()).await {
            story.name(created.uuid.as_str(), "STAGING");
        }
        let shared = client.shared_variables(SharedScope::project(uuid));
        let _ = story.tells("read its variables", shared.list()).await;
        let create = client.databases().create_redis(it.place(uuid));
        if let Ok(created) = story.tells("create a database", create.send()).await {
            story.name(created.uuid.as_str(), "REDIS");
        }
    }
    let never = "what belongs to the team";
    let _ = story.tells(never, client.servers().list()).await;
    let _ = story
        .tells(never, client.projects().create("third").send())
        .await;
    let _ = story
        .tells(never, client.shared_variables(SharedScope::Team).list())
        .await;
    let _ = story
        .tells("the version, which belongs to no project", client.version())
        .await;
    let twice = client.in_project(&it.other);
    let _ = story
        .tells("bound to both", twice.project(&it.own).get())
        .await;
    let _ = story.tells("bound to both", twice.version()).await;
    let health = "the health, which belongs to no project";
    let _ = story.tells(health, twice.instance().health()).await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn a_resource_is_moved_within_the_project() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    let admin = it.fake.client();
    let mut environments = Vec::new();
    for (name, project) in [("OWN-STAGING", &it.own), ("OTHER-STAGING", &it.other)] {
        let created = admin
            .project(project)
            .environments()
            .create("staging")
            .await;
        let uuid = created.expect("an environment").uuid.to_string();
        story.name(&uuid, name);
        environments.push(uuid);
    }
    let client = story.client();
    let (own, other) = (
        client.application(&it.own_app),
        client.application(&it.other_app),
    );
    let _ = story.tells("in", other.move_to(&*environments[0])).await;
    let _ = story.tells("out", own.move_to(&*environments[1])).await;
    let _ = story.tells("nowhere", own.move_to("nowhere")).await;
    let _ = story.tells("within", own.move_to(&*environments[0])).await;
    let _ = story
        .tells("and again", own.move_to(&*environments[0]))
        .await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn deployments_are_checked_by_their_application() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    let admin = it.fake.client();
    for (name, app) in [("OWN-RUN", &it.own_app), ("OTHER-RUN", &it.other_app)] {
        let run = admin.application(app).deploy().await.expect("a deployment");
        story.name(run.uuid().as_str(), name);
        let client = story.client();
        let _ = story
            .tells(
                "read a deployment",
                client.deployment(run.uuid().clone()).get(),
            )
            .await;
        let _ = story
            .tells("cancel it", client.deployment(run.uuid().clone()).cancel())
            .await;
        let _ = story
            .tells(
                "list those of its application",
                client.application(app).deployments().page(0, 5),
            )
            .await;
    }
    let client = story.client();
    let deployments = client.deployments();
    let _ = story
        .tells("list the unfinished", deployments.unfinished())
        .await;
    let (own, other) = (&*it.own_app, &*it.other_app);
    for (title, uuids) in [
        ("deploy two", vec![own, other]),
        ("deploy an unknown resource", vec!["nowhere"]),
        ("deploy an unknown resource as well", vec![own, "nowhere"]),
        ("deploy the own", vec![own]),
    ] {
        let rollout = deployments.rollout(uuids);
        let _ = story.tells(title, rollout.send()).await;
    }
    let _ = story
        .tells("deploy by tag", deployments.rollout_tag("web").send())
        .await;
    it.fake
        .set_application(&it.own_app, "build_pack", "dockercompose");
    let _ = story
        .tells(
            "deploy a compose file",
            client.application(own).deploy().send(),
        )
        .await;
    let _ = story
        .tells("restart it", client.application(own).restart())
        .await;
    let _ = story
        .tells("stop it", client.application(own).stop().send())
        .await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn backups_are_checked_by_their_database() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    for (name, project) in [("OWN-DB", &it.own), ("OTHER-DB", &it.other)] {
        let database = it.fake.seed_database(project, "postgresql", "main");
        story.name(&database, name);
        let admin = it.fake.client().database(&database);
        let backup = admin
            .backups()
            .create("daily")
            .await
            .expect("a backup")
            .uuid;
        story.name(backup.as_str(), &format!("{name}-BACKUP"));
        let client = story.client();
        let database = client.database(&database);
        let _ = story.tells("list backups", database.backups().list()).await;
        let backup = database.backup(&backup);
        let _ = story.tells("read its runs", backup.executions()).await;
        let _ = story
            .tells("change it", backup.update().frequency("hourly").send())
            .await;
        let _ = story
            .tells(
                "delete another",
                database.backup("nowhere").delete(S3Copies::Keep),
            )
            .await;
        let _ = story
            .tells("delete it", backup.delete(S3Copies::Keep))
            .await;
    }
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn each_backup_of_an_own_database_is_in_reach() -> coolify_sdk::Result<()> {
    let it = tenants().await;
    let database = it.fake.seed_database(&it.own, "postgresql", "main");
    let database = it.tenant.database(&database);
    for frequency in ["daily", "weekly"] {
        let backup = database.backups().create(frequency).await?;
        database.backup(&backup.uuid).executions().await?;
    }
    let all = database.backups().list().await?;
    assert_eq!(all.len(), 2);
    for backup in all {
        database.backup(&backup.uuid).executions().await?;
    }
    Ok(())
}

/// A list with gaps is an object, and a reply that cannot be read is not shown.
#[tokio::test]
async fn a_list_is_shown_without_what_belongs_to_others() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    let admin = it.fake.client();
    let all = admin.applications().list().await.expect("applications");
    let rows = serde_json::to_value(&all).expect("JSON");
    let client = story.client();
    let names = |list: Vec<coolify_sdk::applications::Application>| {
        list.iter()
            .map(|it| it.uuid.to_string())
            .collect::<Vec<_>>()
    };
    let gaps = json!({"0": rows[1], "3": rows[0]});
    let mut nowhere = rows[0].clone();
    nowhere
        .as_object_mut()
        .expect("a row")
        .remove("environment_id");
    for (title, reply) in [
        ("an object", gaps),
        ("rows without a place", json!([nowhere])),
        ("neither", json!("text")),
        (
            "rows that are not objects",
            json!([1, null, rows[0], "text"]),
        ),
    ] {
        it.fake
            .fail_next(Fault::status(200).json(reply).on("GET", "/applications"));
        let list = story.tells(title, client.applications().list()).await;
        let shown = list.map(names).unwrap_or_default();
        let shown = story.named(&shown.join(" "));
        writeln!(story.text, "    shows: {shown}").expect("text");
    }
    it.fake
        .fail_next(Fault::status(200).html("<html>").on("GET", "/applications"));
    let _ = story.tells("a page", client.applications().list()).await;
    let path = format!("/applications/{}", it.own_app);
    it.fake
        .fail_next(Fault::status(200).html("<html>").on("GET", &path));
    let _ = story
        .tells(
            "a page instead of an application",
            client.application(&it.own_app).get(),
        )
        .await;
    it.fake
        .fail_next(Fault::status(200).json(Value::Null).on("GET", &path));
    let _ = story
        .tells(
            "nothing instead of an application",
            client.application(&it.own_app).get(),
        )
        .await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn a_refusal_of_coolify_is_told_as_it_is() {
    let it = tenants().await;
    let mut story = Story::of(&it);
    let client = story.client();
    let path = format!("/applications/{}", it.own_app);
    let own = client.application(&it.own_app);
    for (title, status, body) in [
        (
            "a conflict that names no resource",
            409,
            json!({"message": "Domain conflicts detected."}),
        ),
        (
            "a conflict with two resources",
            409,
            json!({"message": "Domain conflicts detected.", "conflicts": [
                {"domain": "a.example", "resource_name": "web", "resource_uuid": it.own_app, "resource_type": "application", "message": "in use"},
                {"domain": "b.example", "resource_name": "theirs", "resource_uuid": it.other_app, "resource_type": "application", "message": "theirs uses it"},
                {"domain": "c.example", "resource_name": "theirs", "resource_type": "service"},
            ]}),
        ),
        (
            "an invalid field",
            422,
            json!({"message": "Validation failed.", "errors": {"name": ["too long"]}}),
        ),
    ] {
        it.fake
            .fail_next(Fault::status(status).json(body).on("PATCH", &path));
        let update = own.update().domains(["https://a.example"]).send();
        let update = story.tells(title, update).await;
        let conflicts = update.as_ref().map_or_else(
            |error| format!("{:#?}", error.conflicts()),
            |_| String::new(),
        );
        let conflicts = story.named(&conflicts).replace('\n', "\n    ");
        writeln!(story.text, "    {conflicts}").expect("text");
    }
    insta::assert_snapshot!(story.text);
}
