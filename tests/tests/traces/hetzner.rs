//! Ordering a server at Hetzner, and waiting until it can be used.

use std::time::Duration;

use coolify_sdk::hetzner::ProvisionServer;
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, chapter, failure, message, ok, outage, status};

/// What Hetzner offers. Of entries with the same name, the first counts.
fn offers() -> [Value; 3] {
    let price = |place: &str, hour: &str, month: &str| {
        json!({
            "location": place,
            "price_hourly": {"net": "0.001", "gross": hour},
            "price_monthly": {"net": "1.0000", "gross": month},
        })
    };
    let locations = json!([{"id": 1, "name": "fsn1"}, {"id": 2, "name": "ash"}]);
    let types = json!([
        {
            "id": 1, "name": "cpx11", "cores": 2, "memory": 2, "architecture": "x86",
            "prices": [
                price("ash", "0.0091", "5.9"), price("fsn1", "0.0071", "4.5815"),
                price("fsn1", "9", "99"),
            ],
        },
        {
            "id": 2, "name": "cax11", "cores": 2, "memory": 4, "architecture": "arm",
            "prices": [price("fsn1", "0.0064", "4.105")],
        },
        {
            "id": 3, "name": "cx22", "cores": 2, "memory": 4.5, "architecture": "x86",
            "prices": [price("fsn1", "0.006", "4"), price("ash", "0.006", "4")],
            "locations": [{"id": 1, "name": "fsn1"}],
        },
        {"id": 4, "name": "bare", "cores": 2},
        {"id": 5, "name": "cpx11", "cores": 64, "memory": 64, "architecture": "arm"},
    ]);
    let images = json!([
        {"id": 10, "name": "ubuntu-24.04", "architecture": "x86"},
        {"id": 11, "name": "ubuntu-24.04", "architecture": "arm"},
        {"id": 12},
    ]);
    [locations, types, images]
}

/// A server that takes the order, and has this row from each second on.
async fn stage(rows: impl IntoIterator<Item = (u64, Reply)>) -> Stage {
    let [locations, types, images] = offers().map(ok);
    let created = json!({"uuid": "s1", "hetzner_server_id": 77, "ip": "192.0.2.7"});
    Stage::set()
        .await
        .on("GET /hetzner/locations", [locations])
        .on("GET /hetzner/server-types", [types])
        .on("GET /hetzner/images", [images])
        .on("POST /servers/hetzner", [status(201, created)])
        .on(
            "POST /servers/s1/validate",
            [message(201, "Validation started.")],
        )
        .since("GET /servers/s1", rows)
}

fn row(fields: Value) -> Reply {
    let mut row = json!({"uuid": "s1", "name": "web"});
    let Value::Object(fields) = fields else {
        panic!("the fields of a server");
    };
    row.as_object_mut().expect("an object").extend(fields);
    ok(row)
}

fn usable(is_usable: bool) -> Reply {
    row(json!({ "is_usable": is_usable }))
}

fn order(stage: &Stage) -> ProvisionServer {
    let hetzner = stage.client().hetzner("t1");
    let order = hetzner.create_server("k1", "fsn1", "cpx11", 10);
    order.name("web").enable_ipv6(false).provision()
}

/// Only the offers are requested.
#[tokio::test(start_paused = true)]
async fn an_order_is_planned_with_its_price_or_refused() {
    let stage = stage([(0, usable(true))]).await;
    let hetzner = stage.client().hetzner("t1");
    for (place, kind, image) in [
        ("fsn1", "cpx11", 10),
        ("ash", "cpx11", 10),
        ("fsn1", "cpx11", 12),
        ("fsn1", "cpx11", 11),
        ("fsn1", "cax11", 11),
        ("fsn1", "cax11", 10),
        ("ash", "cax11", 11),
        ("fsn1", "cx22", 10),
        ("ash", "cx22", 10),
        ("fsn1", "bare", 10),
        ("nbg1", "cpx11", 10),
        ("FSN1", "cpx11", 10),
        ("fsn1", "cpx1", 10),
        ("fsn1", "cpx11", 13),
    ] {
        stage
            .story
            .tell(format!("--- {kind} in {place} with {image}"));
        let order = hetzner.create_server("k1", place, kind, image);
        let said = match order.provision().plan().await {
            Ok(plan) => {
                let price = plan.price().map(|it| (it.hourly(), it.monthly()));
                let chosen = [
                    plan.location.id.get(),
                    plan.server_type.id.get(),
                    plan.image.id.get(),
                ];
                format!("{plan}\n{price:?}, {chosen:?}")
            }
            Err(error) => failure(&error),
        };
        stage.story.tell(said);
    }
    insta::assert_snapshot!(stage.story);
}

#[tokio::test(start_paused = true)]
async fn an_order_fails_where_hetzner_does() {
    let mut all = String::new();
    for (name, route, reply) in [
        (
            "the token is not accepted",
            "GET /hetzner/locations",
            message(401, "Unauthenticated."),
        ),
        (
            "the token does not exist",
            "GET /hetzner/locations",
            message(404, "Hetzner cloud provider token not found."),
        ),
        (
            "no types",
            "GET /hetzner/server-types",
            message(500, "Server Error"),
        ),
        ("no images", "GET /hetzner/images", outage()),
        (
            "the order is refused",
            "POST /servers/hetzner",
            message(500, "Server Error"),
        ),
        ("the order is lost", "POST /servers/hetzner", Reply::Cut),
        (
            "the server is gone",
            "GET /servers/s1",
            message(404, "Server not found."),
        ),
        (
            "the server may not be validated",
            "POST /servers/s1/validate",
            message(422, "The server was transferred."),
        ),
    ] {
        let stage = stage([(0, usable(false))]).await.on(route, [reply]);
        let end = order(&stage).await;
        stage.story.tell_of("end", &end.map(|it| it.uuid));
        all += &chapter(name, stage.story);
    }
    insta::assert_snapshot!(all);
}

/// The machine boots for a minute, so that the first validation fails.
#[tokio::test(start_paused = true)]
async fn a_server_is_validated_until_it_can_be_used() {
    let validating = |is: bool| row(json!({"is_usable": false, "is_validating": is}));
    let of_setting = |is: bool| row(json!({"settings": {"is_usable": is}}));
    let cases = [
        ("it can be used at once", vec![(0, usable(true))]),
        (
            "each validation fails until it has booted",
            vec![(0, usable(false)), (135, usable(true))],
        ),
        (
            "a validation is under way",
            vec![
                (0, validating(true)),
                (25, validating(false)),
                (45, validating(true)),
                (205, usable(true)),
            ],
        ),
        (
            "its settings have it",
            vec![(0, of_setting(false)), (15, of_setting(true))],
        ),
        (
            "Coolify is away for two minutes",
            vec![
                (0, usable(false)),
                (15, outage()),
                (135, usable(false)),
                (155, usable(true)),
            ],
        ),
        (
            "Coolify does not come back",
            vec![(0, usable(false)), (15, outage())],
        ),
        ("it never can be used", vec![(0, usable(false))]),
    ];
    let mut all = String::new();
    for (name, rows) in cases {
        let stage = stage(rows).await;
        let end = order(&stage).await;
        stage.story.tell_of("end", &end.map(|it| it.is_usable));
        all += &chapter(name, stage.story);
    }
    let lost = Reply::Cut;
    let taken = message(201, "Validation started.");
    let stage = stage([(0, usable(false)), (35, usable(true))])
        .await
        .on("POST /servers/s1/validate", [lost, taken]);
    let end = order(&stage).await;
    stage.story.tell_of("end", &end.map(|it| it.is_usable));
    all += &chapter("the reply to the validation is lost", stage.story);
    insta::assert_snapshot!(all);
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_server_has_its_own_times() {
    let mut all = String::new();
    let never = || stage([(0, usable(false))]);
    let stage = never().await;
    let order = order(&stage);
    stage.story.tell(format!("{order:?}"));
    let order = order
        .poll_every(Duration::from_secs(1))
        .max_wait(Duration::from_secs(100));
    let end = order.await;
    stage.story.tell_of("end", &end.map(|it| it.uuid));
    all += &chapter("its own", &stage.story);

    let stage = never().await;
    let client = stage.builder().poll_every(Duration::from_secs(6)).build();
    let hetzner = client.expect("a client").hetzner("t1");
    let plan = hetzner.create_server("k1", "ash", "cx22", 10);
    stage
        .story
        .tell_of("refused", &plan.provision().plan().await.map(|_| ()));
    let plan = hetzner.create_server("k1", "ash", "cpx11", 10).provision();
    let plan = plan
        .max_wait(Duration::from_secs(70))
        .plan()
        .await
        .expect("a plan");
    stage.story.tell(plan.to_string());
    stage
        .story
        .tell_of("end", &plan.apply().await.map(|it| it.uuid));
    all += &chapter("five times those of the client", &stage.story);
    insta::assert_snapshot!(all);
}
