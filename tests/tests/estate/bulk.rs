//! Actions on many resources as a whole: the plan, what is sent, every event, and the
//! outcome.

use std::fmt::Write as _;
use std::time::Duration;

use coolify_sdk::bulk::{Bulk, BulkOutcome, BulkStep};
use coolify_sdk::testing::{FakeCoolify, Fault};
use coolify_sdk::{Coolify, Pacing, ResourceKind, Result, RetryPolicy};
use futures_util::FutureExt as _;
use serde_json::{Value, json};

/// A team of two projects, with something of each kind that runs and something that does
/// not.
struct Shop {
    fake: FakeCoolify,
    coolify: Coolify,
    names: Vec<(String, String)>,
}

impl Shop {
    async fn open() -> Self {
        Self::of(FakeCoolify::start().await).await
    }

    async fn of(fake: FakeCoolify) -> Self {
        let builder = Coolify::builder().url(fake.url()).token(fake.token());
        let builder = builder.poll_every(Duration::from_millis(100));
        let builder = builder.pacing(Pacing::off()).retry(RetryPolicy::none());
        let coolify = builder.build().expect("a client");
        let shop = fake.seed_project("shop");
        let blog = fake.seed_project("blog");
        let mut names = Vec::new();
        for (name, status) in [("web", "running:healthy"), ("old", "exited:unhealthy")] {
            let uuid = fake.seed_application(&shop, name);
            fake.set_application(&uuid, "status", status);
            names.push((uuid, name));
        }
        names.push((fake.seed_database(&shop, "redis", "cache"), "cache"));
        let compose = "services:\n  app:\n    image: nginx\n";
        names.push((fake.seed_service(&blog, "stats", compose), "stats"));
        names.push((fake.server_uuid(), "the server"));
        for (uuid, project) in [(shop, "project shop"), (blog, "project blog")] {
            let environments = coolify.project(uuid.as_str()).environments().list();
            for environment in environments.await.expect("environments") {
                names.push((environment.uuid.to_string(), "an environment"));
            }
            names.push((uuid, project));
        }
        let names = names
            .into_iter()
            .map(|(uuid, name)| (uuid, format!("<{name}>")));
        Self {
            fake,
            coolify,
            names: names.collect(),
        }
    }

    fn uuid(&self, name: &str) -> &str {
        let wanted = format!("<{name}>");
        let mut names = self.names.iter();
        &names.find(|(_, it)| *it == wanted).expect("it is seeded").0
    }

    /// Returns a text with names instead of uuids.
    fn named(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let state = self.fake.state();
        let deployments = state["deployments"].as_array().cloned().unwrap_or_default();
        for (at, deployment) in deployments.iter().enumerate() {
            let uuid = deployment["deployment_uuid"].as_str().unwrap_or_default();
            text = text.replace(uuid, &format!("<deployment {}>", at + 1));
        }
        for (uuid, name) in &self.names {
            text = text.replace(uuid, name);
        }
        text.replace(&self.fake.url(), "https://coolify.example")
    }

    /// Returns the requests that change something since the first `before` ones.
    fn writes(&self, before: usize) -> String {
        let mut text = String::new();
        let requests = self.fake.requests().into_iter().skip(before);
        for it in requests.filter(|it| it.method != "GET") {
            let query = it
                .query
                .iter()
                .map(|(key, value)| format!(" {key}={value}"));
            let body = String::from_utf8_lossy(&it.body);
            let (query, path) = (query.collect::<String>(), &it.path);
            let _ = writeln!(text, "{} {path}{query} {body}", it.method);
        }
        text
    }

    /// Plays an action: its plan, its events, what it sends and its outcome.
    async fn play(&self, action: Bulk) -> Result<String> {
        let plan = action.at_once(1).plan().await?;
        let mut text = format!("plan\n{plan}\n\nevents\n");
        let before = self.fake.requests().len();
        let mut run = plan.run();
        while let Some(event) = run.next().await {
            // The deployments of the fake differ in how often they are seen.
            if !matches!(event.step, BulkStep::Deployment(_)) {
                let _ = writeln!(text, "{event} ({})", event.progress);
            }
        }
        let _ = writeln!(text, "\nrequests\n{}", self.writes(before));
        let outcome = run.into_outcome();
        let _ = writeln!(
            text,
            "outcome, {}\n{outcome}\n{}",
            outcome.is_success(),
            data(&outcome)
        );
        Ok(self.named(&text))
    }
}

/// The outcome as data, without the fields of deployments that differ each time.
fn data(outcome: &BulkOutcome) -> String {
    let mut data = serde_json::to_value(outcome).expect("JSON");
    for done in data["done"].as_array_mut().into_iter().flatten() {
        let deployment = done["result"].get_mut("deployed");
        if let Some(deployment) = deployment.and_then(Value::as_object_mut) {
            deployment.retain(|name, _| name == "deployment_uuid" || name == "status");
        }
    }
    let mut text = String::new();
    for (part, rows) in data.as_object().expect("an object") {
        for row in rows.as_array().into_iter().flatten() {
            let _ = writeln!(text, "{part}: {row}");
        }
    }
    text
}

#[tokio::test]
async fn each_action_is_planned_sent_and_told_in_its_own_way() -> Result<()> {
    let mut text = String::new();
    for action in ["deploy", "restart", "start", "stop", "set a variable"] {
        let shop = Shop::open().await;
        let all = shop.coolify.select().all();
        let bulk = match action {
            "deploy" => all.deploy(),
            "restart" => all.restart(),
            "start" => all.start(),
            "stop" => all.stop(),
            _ => all.set_variable("MODE", "s3cret"),
        };
        let _ = writeln!(text, "# {action}\n{}", shop.play(bulk).await?);
    }
    assert_eq!(
        text.matches("s3cret").count(),
        4,
        "only in the requests: {text}"
    );
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn a_second_time_nothing_is_left_to_do() -> Result<()> {
    let shop = Shop::open().await;
    let select = || shop.coolify.select().project("shop");
    let mut text = String::new();
    for (case, bulk) in [
        ("set", select().set_variable("MODE", "blue")),
        ("set again", select().set_variable("MODE", "blue")),
        (
            "set to something else",
            select().set_variable("MODE", "green"),
        ),
        ("moved", select().move_to("blog/production")),
    ] {
        let _ = writeln!(text, "# {case}\n{}", shop.play(bulk).await?);
    }
    let moved = shop.coolify.select().all().move_to("blog/production");
    let _ = writeln!(text, "# moved again\n{}", shop.play(moved).await?);
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn failures_are_told_apart_from_unknown_outcomes() -> Result<()> {
    let mut text = String::new();
    for (case, fault) in [
        (
            "refused",
            Fault::status(403).json(json!({"message": "This action is unauthorized."})),
        ),
        (
            "gone",
            Fault::status(404).json(json!({"message": "Application not found."})),
        ),
        (
            "a conflict",
            Fault::status(409).json(json!({"message": "It is stopped already."})),
        ),
        (
            "a failure",
            Fault::status(500).json(json!({"message": "Server Error"})),
        ),
        ("a lost reply", Fault::lost_reply()),
    ] {
        let shop = Shop::open().await;
        let path = format!("/applications/{}/stop", shop.uuid("web"));
        shop.fake.fail_next(fault.on("POST", path));
        let action = shop.coolify.select().kind(ResourceKind::Application).stop();
        let played = shop.play(action.stop_after_failures(0)).await?;
        let _ = writeln!(text, "# {case}\n{played}");
    }
    let shop = Shop::open().await;
    let path = format!("/applications/{}/restart", shop.uuid("web"));
    shop.fake.fail_next(Fault::status(500).on("POST", path));
    let kind = shop.coolify.select().kind(ResourceKind::Application);
    let everything = kind.filter(|it| it.name == "web");
    let _ = write!(
        text,
        "# a failure of a restart\n{}\n",
        shop.play(everything.restart()).await?
    );

    let shop = Shop::open().await;
    shop.fake.fail_next_deployment(["no space left on device"]);
    let deploy = shop.coolify.select().project("shop").deploy().force();
    let played = shop.play(deploy.stop_after_failures(1)).await?;
    let _ = write!(
        text,
        "# a deployment that fails, and one that is not tried\n{played}\n"
    );
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn what_is_stopped_in_the_middle_is_unknown_or_not_tried() -> Result<()> {
    let fake = FakeCoolify::builder().deploy_looks(u32::MAX).start().await;
    let shop = Shop::of(fake).await;
    let deploy = shop.coolify.select().project("shop").deploy().at_once(1);
    let plan = deploy.plan().await?;
    let mut text = format!("{plan:?}\n");
    let mut run = plan.run();
    let _ = writeln!(text, "{run:?}");
    while let Some(event) = run.next().await {
        let _ = writeln!(text, "{event} ({})", event.progress);
        if matches!(event.step, BulkStep::Deployment(_)) {
            break;
        }
    }
    let outcome = run.into_outcome();
    let _ = writeln!(text, "{outcome}\n{}", data(&outcome));
    let error = outcome.into_result().map(|done| done.len());
    let _ = writeln!(text, "{error:?}");
    let deploy = shop
        .coolify
        .select()
        .project("shop")
        .deploy()
        .without_following();
    let _ = writeln!(text, "\nnot followed\n{}", shop.play(deploy).await?);
    insta::assert_snapshot!(shop.named(&text));
    Ok(())
}

#[tokio::test]
async fn a_refused_move_is_a_failure() -> Result<()> {
    let mut text = String::new();
    for (case, status, message) in [
        ("refused", 403, "This action is unauthorized."),
        (
            "moved meanwhile",
            409,
            "The resource is in this environment already.",
        ),
        ("gone", 404, "Environment not found."),
    ] {
        let shop = Shop::open().await;
        let fault = Fault::status(status).json(json!({"message": message}));
        let path = format!("/services/{}/move", shop.uuid("stats"));
        shop.fake.fail_next(fault.on("POST", path));
        let select = shop.coolify.select().kind(ResourceKind::Service);
        let played = shop.play(select.move_to("shop/production")).await?;
        let _ = writeln!(text, "# {case}\n{played}");
    }
    insta::assert_snapshot!(text);
    Ok(())
}

/// The futures are polled outside of the runtime, so that nothing can be sent.
#[test]
fn without_a_runtime_each_resource_fails() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let shop = runtime.block_on(Shop::open());
    let plan = shop
        .coolify
        .select()
        .all()
        .set_variable("MODE", "blue")
        .at_once(1)
        .plan();
    let mut run = runtime.block_on(plan).expect("a plan").run();
    let mut text = String::new();
    while let Some(event) = run.next().now_or_never().expect("nothing to wait for") {
        let _ = writeln!(text, "{event} ({})", event.progress);
    }
    let _ = writeln!(text, "{}", run.into_outcome());
    insta::assert_snapshot!(shop.named(&text));
}

/// Everything that cannot be selected or done, before anything is changed.
#[tokio::test]
async fn what_cannot_be_planned_says_why() -> Result<()> {
    let shop = Shop::open().await;
    let coolify = &shop.coolify;
    let select = || coolify.select();
    let without_tags = coolify.overview().await?;
    let before = shop.fake.requests().len();
    let mut text = String::new();
    for (case, bulk) in [
        ("nothing", select().stop()),
        ("a project", select().project("shpo").stop()),
        (
            "one of two projects",
            select().project("shop").project("nowhere").stop(),
        ),
        ("an environment", select().environment("productoin").stop()),
        ("a server", select().server("localhots").stop()),
        ("a tag", select().tag("beta").stop()),
        (
            "a tag, without tags",
            select().tag("beta").among(without_tags).stop(),
        ),
        ("a key", select().all().set_variable("1 BAD", "x")),
        ("no key", select().all().set_variable("", "x")),
        ("a place", select().all().move_to("shop/staging")),
        (
            "a place without a project",
            select().all().move_to("production"),
        ),
    ] {
        let shown = format!("{bulk:?}");
        let error = bulk.plan().await.expect_err("it cannot be planned");
        let report = error.report();
        let _ = writeln!(text, "# {case}\n{:?}: {report}", error.kind());
        let _ = writeln!(text, "suggestions {:?}\n{shown}\n", error.suggestions());
    }
    assert_eq!(shop.writes(before), "");
    insta::assert_snapshot!(shop.named(&text));
    Ok(())
}

/// Conditions of a sort are alternatives, and those of different sorts add up.
#[tokio::test]
async fn conditions_select_together() -> Result<()> {
    let shop = Shop::open().await;
    let select = || shop.coolify.select();
    let (data, application) = (ResourceKind::Database, ResourceKind::Application);
    let mut text = String::new();
    for (case, selection) in [
        ("all", select().all()),
        ("all of a project", select().all().project("shop")),
        (
            "two projects",
            select().project("shop").project(shop.uuid("project blog")),
        ),
        ("an environment", select().environment("production")),
        ("a kind", select().kind(application)),
        ("two kinds", select().kind(application).kind(data)),
        (
            "a kind of another project",
            select().kind(data).project("blog"),
        ),
        ("the server", select().server(shop.uuid("the server"))),
        ("a condition", select().filter(|it| it.name.len() == 3)),
        (
            "two conditions",
            select()
                .filter(|it| it.name.len() == 3)
                .filter(|it| it.name.starts_with('w')),
        ),
        ("a condition that nothing meets", select().filter(|_| false)),
    ] {
        let _ = writeln!(text, "# {case}");
        for resource in selection.resources().await? {
            let _ = writeln!(text, "{}", resource.path());
        }
    }
    insta::assert_snapshot!(text);
    Ok(())
}

#[tokio::test]
async fn a_place_is_named_by_its_path_or_its_uuid() -> Result<()> {
    let shop = Shop::open().await;
    let place = shop.coolify.find("blog/production").await?.uuid;
    let plan = async |place: &str| -> Result<Value> {
        let bulk = shop.coolify.select().all().move_to(place);
        Ok(serde_json::to_value(bulk.plan().await?).expect("JSON"))
    };
    let by_path = plan("blog/production").await?;
    assert_eq!(
        by_path["action"]["move_to"]["environment"]["uuid"],
        *place.as_str()
    );
    assert_eq!(plan(place.as_str()).await?, by_path);
    Ok(())
}

/// The reasons and actions in the forms that programs read.
#[tokio::test]
async fn a_plan_is_data_as_well() -> Result<()> {
    let shop = Shop::open().await;
    let mut text = String::new();
    let all = || shop.coolify.select().all();
    for bulk in [
        all().deploy(),
        all().start(),
        all().stop(),
        all().restart(),
        all().set_variable("MODE", "s3cret"),
        all().move_to("shop/production"),
    ] {
        let mut plan = serde_json::to_value(bulk.plan().await?).expect("JSON");
        assert!(!plan.to_string().contains("s3cret"));
        let action = plan["action"].take();
        let _ = writeln!(text, "{action}");
        for skipped in plan["skipped"].as_array().into_iter().flatten() {
            let (reason, path): (&Value, &Value) =
                (&skipped["reason"], &skipped["resource"]["path"]);
            let _ = writeln!(text, "skipped {path}: {reason}");
        }
        for planned in plan["planned"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "planned {planned}");
        }
    }
    insta::assert_snapshot!(shop.named(&text));
    Ok(())
}
