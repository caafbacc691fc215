//! The images of earlier deployments, and going back to them.

use serde_json::{Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::Run,
        Routes,
        deployments::{self, Order, Outcome},
    },
    state::{State, text},
    validation::Findings,
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-application-rollback-images", Run(images)),
    ("rollback-application-by-uuid", Run(rollback)),
];

/// `GET /applications/{uuid}/rollback-images`: one image for each deployment that
/// succeeded and was built from a commit; pulled images have none.
fn images(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application(call.param("uuid"))?;
    let uuid = text(&application.row, "uuid");
    let builds = application.row["build_pack"] != "dockerimage";
    let deployments = state.deployments.iter().rev();
    let images: Vec<Value> = deployments
        .filter(|it| builds && it.application == uuid && it.row["status"] == "finished")
        .map(|it| {
            json!({
                "tag": it.row["commit"],
                "created_at": it.row["finished_at"],
                "is_current": false,
            })
        })
        .collect();
    Ok(Reply::json(200, json!({"current": null, "images": images})))
}

/// `POST /applications/{uuid}/rollback`.
fn rollback(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let mut findings = Findings::default();
    findings.require(&body, &["commit"]);
    findings.refuse()?;
    let uuid = text(&state.application(call.param("uuid"))?.row, "uuid");
    let commit = body.get("commit").and_then(Value::as_str);
    let order = Order {
        rollback_to: commit.map(str::to_owned),
        ..Order::default()
    };
    match deployments::queue(state, &uuid, &order)? {
        Outcome::Queued(deployment) => Ok(Reply::json(
            200,
            json!({"message": "Rollback deployment queued.", "deployment_uuid": deployment}),
        )),
        Outcome::AlreadyQueued => Ok(Reply::message(200, deployments::ALREADY_QUEUED)),
        Outcome::Full => Err(Reply::message(400, deployments::FULL)),
    }
}
