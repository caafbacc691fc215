//! Previews of pull requests, and the images that an application can go back to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    call::Call,
    deployments::{self, Order, Outcome},
    reply::{Answer, Reply},
    routes::{Does::Run, Routes},
    state::{State, text},
    validation::Findings,
};

/// What the operations of this family do.
pub(super) const ROUTES: Routes = &[
    ("delete-preview-deployment-by-pull-request-id", Run(delete)),
    ("list-application-rollback-images", Run(images)),
    ("rollback-application-by-uuid", Run(rollback)),
];

/// The pull requests that have a preview, each with its image's tag if it has one of
/// its own.
#[derive(Default)]
pub(super) struct Previews(BTreeMap<u64, Option<String>>);

impl Previews {
    pub(super) fn add(&mut self, number: u64) {
        self.0.entry(number).or_default();
    }

    /// False when there was none.
    fn remove(&mut self, number: u64) -> bool {
        self.0.remove(&number).is_some()
    }

    pub(super) fn has(&self, number: u64) -> bool {
        self.0.contains_key(&number)
    }

    /// The preview of a ready image: a tag is enough to make it, and settles what it
    /// runs from then on.
    pub(super) fn run_image(&mut self, number: u64, tag: &str) {
        self.0.insert(number, Some(tag.to_owned()));
    }

    pub(super) fn tag(&self, number: u64) -> Option<&str> {
        self.0.get(&number)?.as_deref()
    }
}

/// `DELETE /applications/{uuid}/previews/{pull_request_id}`.
fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let application = state.application_mut(call.param("uuid"))?;
    let number: u64 = call
        .param("pull_request_id")
        .parse()
        .map_err(|_| Reply::message(422, "Invalid pull_request_id."))?;
    if !application.previews.remove(number) {
        return Err(Reply::not_found("Preview"));
    }
    Ok(Reply::message(200, "Preview deletion request queued."))
}

/// `GET /applications/{uuid}/rollback-images`: one for each deployment that ended well
/// and built from a commit; images that are pulled have none.
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
