//! Deployments: the queue, its progress and the logs.

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{Does::Run, Routes, embedded},
    state::{
        Deployment, State, clock, deployment::CANCELLED, deployment_script::Line, forms, text,
        without,
    },
    validation::framework_refusal,
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("deploy-by-tag-or-uuid", Run(deploy)),
    ("list-deployments", Run(list)),
    ("list-deployments-by-app-uuid", Run(list_of_application)),
    ("get-deployment-by-uuid", Run(get)),
    ("cancel-deployment-by-uuid", Run(cancel)),
];

/// Coolify's message if an equal deployment is already queued.
pub(in crate::testing) const ALREADY_QUEUED: &str = "Deployment already queued for this commit.";

/// Coolify's message if the queue is full.
pub(in crate::testing) const FULL: &str =
    "Deployment queue is full. Please wait for existing deployments to complete.";

/// A request for a deployment.
#[derive(Default)]
pub(in crate::testing) struct Order {
    pub(in crate::testing) force: bool,
    pub(in crate::testing) restart: bool,
    pub(in crate::testing) pull_request: u64,
    /// The image's tag of a preview.
    pub(in crate::testing) docker_tag: Option<String>,
    /// The commit to deploy instead of the application's.
    pub(in crate::testing) commit: Option<String>,
    /// The commit whose image is run again.
    pub(in crate::testing) rollback_to: Option<String>,
}

/// The result of a request for a deployment.
pub(in crate::testing) enum Outcome {
    /// A new deployment with this uuid.
    Queued(String),
    /// Nothing was queued, because an equal deployment is queued or in progress.
    AlreadyQueued,
    /// Nothing was queued, because the queue is full.
    Full,
}

impl State {
    /// Advances the current deployment of each application.
    pub(in crate::testing) fn advance_deployments(&mut self) {
        let pace = self.settings.pace;
        let mut busy = Vec::new();
        let mut running = Vec::new();
        for deployment in self.deployments.iter_mut().filter(|it| it.is_open()) {
            if busy.contains(&deployment.application) {
                continue;
            }
            if deployment.advance(pace) {
                let number = deployment.row["pull_request_id"].as_u64();
                running.push((deployment.application.clone(), number.unwrap_or(0)));
            }
            busy.push(deployment.application.clone());
        }
        for deployment in &mut self.deployments {
            deployment.write_late(pace);
        }
        for (application, number) in running {
            let Ok(application) = self.application_mut(&application) else {
                continue;
            };
            let row = match application.previews.get_mut(number) {
                Some(preview) => &mut preview.row,
                // The preview was deleted meanwhile.
                None if number > 0 => continue,
                None => &mut application.row,
            };
            row["status"] = "running:healthy".into();
            row["last_online_at"] = clock::now_plain().into();
        }
    }

    /// Counts a poll of an application's deployments.
    fn looked_at(&mut self, application: &str) {
        let next = self
            .deployments
            .iter_mut()
            .find(|deployment| deployment.application == application && deployment.is_open());
        if let Some(deployment) = next {
            deployment.looks = deployment.looks.saturating_add(1);
        }
        let of_application = |it: &&mut Deployment| it.application == application;
        for deployment in self.deployments.iter_mut().filter(of_application) {
            if let Some((_, looks)) = &mut deployment.ended {
                *looks = looks.saturating_add(1);
            }
        }
    }
}

/// `GET /deployments`.
pub(in crate::testing) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    // The database returns the running deployments first; sorting them by id
    // afterwards keeps the old positions as keys. PHP writes such a list as an
    // object.
    let mut open: Vec<&Deployment> = state.deployments.iter().filter(|it| it.is_open()).collect();
    open.sort_by_key(|deployment| deployment.row["status"] != "in_progress");
    let mut numbered: Vec<(usize, &Deployment)> = open.into_iter().enumerate().collect();
    numbered.sort_by_key(|(_, deployment)| deployment.row["id"].as_u64());
    let in_order = numbered
        .iter()
        .enumerate()
        .all(|(position, (key, _))| position == *key);
    let shown = numbered
        .iter()
        .map(|(key, deployment)| (key.to_string(), deployment.shown(call.sensitive)));
    let shown = if in_order {
        shown.map(|(_, deployment)| deployment).collect()
    } else {
        Value::Object(shown.collect::<Map<_, _>>())
    };
    let mut applications: Vec<String> = numbered
        .iter()
        .map(|(_, deployment)| deployment.application.clone())
        .collect();
    applications.sort();
    applications.dedup();
    for application in &applications {
        state.looked_at(application);
    }
    // The list that no longer contains a deployment is a poll after its end.
    for deployment in &mut state.deployments {
        let is_counted = applications.contains(&deployment.application);
        if let Some((_, looks)) = deployment.ended.as_mut().filter(|_| !is_counted) {
            *looks = looks.saturating_add(1);
        }
    }
    Ok(Reply::json(200, shown))
}

/// `GET /deployments/applications/{uuid}`.
pub(in crate::testing) fn list_of_application(state: &mut State, call: &Call<'_>) -> Answer {
    let uuid = state
        .application(call.param("uuid"))
        .map(|application| text(&application.row, "uuid"))
        .map_err(|_| Reply::message(404, "Application not found"))?;
    let skip = page_parameter(call, "skip", 0, 0)?;
    let take = page_parameter(call, "take", 1, 10)?;
    let of_application: Vec<_> = state
        .deployments
        .iter()
        .rev()
        .filter(|deployment| deployment.application == uuid)
        .collect();
    let shown: Vec<_> = of_application
        .iter()
        .skip(skip)
        .take(take)
        // Before 4.2.0 this list showed the logs to everybody.
        .map(|deployment| deployment.shown(call.sensitive || !state.withholds_everywhere()))
        .collect();
    let reply = json!({"count": of_application.len(), "deployments": shown});
    state.looked_at(&uuid);
    Ok(Reply::json(200, reply))
}

/// `GET /deployments/{uuid}`.
pub(in crate::testing) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let deployment = find(state, call.param("uuid"))?;
    let application = deployment.application.clone();
    let mut shown = deployment.shown(call.sensitive);
    shown["application"] =
        embedded::application_of_deployment(state, state.application(&application)?);
    state.looked_at(&application);
    Ok(Reply::json(200, shown))
}

/// `POST /deployments/{uuid}/cancel`.
pub(in crate::testing) fn cancel(state: &mut State, call: &Call<'_>) -> Answer {
    let broken = state.release().has("4.1.0") && !state.release().has("4.3.7");
    let uuid = call.param("uuid");
    find(state, uuid)?;
    for deployment in &mut state.deployments {
        if deployment.row["deployment_uuid"] != uuid {
            continue;
        }
        if !deployment.is_open() {
            let status = text(&deployment.row, "status");
            return Err(Reply::message(
                400,
                format!("Deployment cannot be cancelled. Current status: {status}"),
            ));
        }
        deployment.end(CANCELLED);
        deployment.log(&Line::error("Deployment cancelled by user via API."));
    }
    if broken {
        // The deployment is cancelled nevertheless.
        return Err(Reply::message(
            500,
            "Failed to cancel deployment: Undefined variable $application",
        ));
    }
    Ok(Reply::json(
        200,
        json!({
            "message": "Deployment cancelled successfully.",
            "deployment_uuid": uuid,
            "status": CANCELLED,
        }),
    ))
}

/// `POST /deploy`.
pub(in crate::testing) fn deploy(state: &mut State, call: &Call<'_>) -> Answer {
    let pull_request = call
        .input("pull_request_id")
        .or_else(|| call.input("pr"))
        .and_then(|number| number.parse().ok())
        .unwrap_or(0);
    let docker_tag = call.input("docker_tag");
    let docker_tag = docker_tag.filter(|tag| !tag.trim().is_empty());
    let order = Order {
        force: call.switch("force"),
        pull_request,
        docker_tag: docker_tag.map(|tag| tag.trim().to_owned()),
        ..Order::default()
    };
    match (call.input("uuid"), call.input("tag")) {
        (Some(_), Some(_)) => Err(Reply::message(
            400,
            "You can only use uuid or tag, not both.",
        )),
        (None, Some(_)) if order.pull_request > 0 => {
            Err(Reply::message(400, "You can only use tag or pr, not both."))
        }
        _ if order.docker_tag.is_some() && order.pull_request == 0 => {
            Err(Reply::message(400, "docker_tag requires pull_request_id."))
        }
        (Some(uuids), None) => deploy_uuids(state, &uuids, &order),
        (None, Some(tags)) => deploy_tags(state, &tags, &order),
        (None, None) => Err(Reply::message(400, "You must provide uuid or tag.")),
    }
}

fn deploy_uuids(state: &mut State, uuids: &str, order: &Order) -> Answer {
    let mut deployments = Vec::new();
    for uuid in uuids.split(',').filter(|uuid| !uuid.is_empty()) {
        let Ok(application) = state.application(uuid) else {
            continue;
        };
        let number = order.pull_request;
        let is_image = application.row["build_pack"] == "dockerimage";
        let tag = order.docker_tag.as_deref();
        if let Some(tag) = tag.filter(|_| is_image) {
            state.open_preview(uuid, number)?.row["docker_registry_image_tag"] = tag.into();
        }
        let has_preview = state.application(uuid)?.previews.get(number).is_some();
        let refusal = if number > 0 && !has_preview {
            Some(format!(
                "Pull request {number} not found for this resource."
            ))
        } else if tag.is_some() && !is_image {
            Some("docker_tag can only be used with Docker Image applications.".to_owned())
        } else {
            None
        };
        if let Some(message) = refusal {
            deployments.push(json!({"message": message, "resource_uuid": uuid}));
            continue;
        }
        let (message, deployment) = order_deployment(state, uuid, order)?;
        deployments.push(json!({
            "message": message,
            "resource_uuid": uuid,
            "deployment_uuid": deployment,
        }));
    }
    if deployments.is_empty() {
        return Err(Reply::message(404, "No resources found."));
    }
    Ok(Reply::json(200, json!({ "deployments": deployments })))
}

fn deploy_tags(state: &mut State, tags: &str, order: &Order) -> Answer {
    let mut messages = Vec::new();
    let mut details = Vec::new();
    for tag in tags.split(',').filter(|tag| !tag.is_empty()) {
        let tagged: Vec<String> = state
            .applications
            .iter()
            .filter(|application| application.tags.iter().any(|it| it == tag))
            .map(|application| text(&application.row, "uuid"))
            .collect();
        for uuid in tagged {
            let (message, deployment) = order_deployment(state, &uuid, order)?;
            messages.push(message);
            details.push(json!({"resource_uuid": uuid, "deployment_uuid": deployment}));
        }
    }
    if messages.is_empty() {
        return Err(Reply::message(404, "No resources found with this tag."));
    }
    Ok(Reply::json(
        200,
        json!({"message": messages, "details": details}),
    ))
}

/// Returns the message and the uuid of the deploy endpoint's reply. If an equal
/// deployment is already queued, the uuid belongs to no deployment.
fn order_deployment(
    state: &mut State,
    uuid: &str,
    order: &Order,
) -> Result<(String, String), Reply> {
    match queue(state, uuid, order)? {
        Outcome::Queued(deployment) => {
            let name = text(&state.application(uuid)?.row, "name");
            Ok((format!("Application {name} deployment queued."), deployment))
        }
        Outcome::AlreadyQueued => Ok((ALREADY_QUEUED.to_owned(), state.mint())),
        Outcome::Full => Err(queue_is_full()),
    }
}

/// Returns the refusal if the queue is full.
pub(in crate::testing) fn queue_is_full() -> Reply {
    Reply::message(429, FULL).header("Retry-After", &60)
}

/// Puts a deployment into the queue, unless it is full or has an equal one.
pub(in crate::testing) fn queue(
    state: &mut State,
    uuid: &str,
    order: &Order,
) -> Result<Outcome, Reply> {
    let waiting = state
        .deployments
        .iter()
        .filter(|deployment| deployment.row["status"] == "queued")
        .count();
    if waiting >= state.settings.queue_limit {
        return Ok(Outcome::Full);
    }
    let application = state.application(uuid)?;
    let preview_tag = application.previews.tag(order.pull_request);
    let preview_tag = preview_tag.map(str::to_owned);
    let application = application.row.clone();
    let commit = match order.rollback_to.as_ref().or(order.commit.as_ref()) {
        Some(commit) => commit.as_str().into(),
        None => application["git_commit_sha"].clone(),
    };
    let is_equal = |deployment: &Deployment| {
        deployment.application == uuid
            && deployment.is_open()
            && deployment.row["commit"] == commit
            && deployment.row["pull_request_id"] == order.pull_request
            && deployment.row["docker_registry_image_tag"] == json!(preview_tag)
    };
    if !order.force && state.deployments.iter().any(is_equal) {
        return Ok(Outcome::AlreadyQueued);
    }

    let mut row = without(state.fresh(forms::deployment()), &["uuid"]);
    let deployment_uuid = state.mint();
    row["deployment_uuid"] = deployment_uuid.clone().into();
    row["deployment_url"] = url_path(state, &application, &deployment_uuid).into();
    row["application_id"] = application["id"].to_string().into();
    row["application_name"] = application["name"].clone();
    let server = state.server_of(&application["destination_id"]);
    row["server_name"] = server.map(|it| it.row["name"].clone()).unwrap_or_default();
    row["commit"] = commit;
    row["rollback"] = order.rollback_to.is_some().into();
    row["force_rebuild"] = order.force.into();
    row["restart_only"] = order.restart.into();
    row["pull_request_id"] = order.pull_request.into();
    row["docker_registry_image_tag"] = preview_tag.into();
    let script = state.scripts.pop_front().unwrap_or_default();
    state.deployments.push(Deployment {
        row,
        application: uuid.to_owned(),
        script,
        logged: Vec::new(),
        looks: 0,
        since: None,
        late: Vec::new(),
        ended: None,
    });
    Ok(Outcome::Queued(deployment_uuid))
}

fn url_path(state: &State, application: &Value, deployment: &str) -> String {
    let environment = state
        .environments
        .iter()
        .find(|row| row["id"] == application["environment_id"])
        .cloned()
        .unwrap_or_default();
    let project = state
        .projects
        .iter()
        .find(|row| row["id"] == environment["project_id"])
        .cloned()
        .unwrap_or_default();
    format!(
        "/project/{}/environment/{}/application/{}/deployment/{deployment}",
        text(&project, "uuid"),
        text(&environment, "uuid"),
        text(application, "uuid"),
    )
}

fn find<'a>(state: &'a State, uuid: &str) -> Result<&'a Deployment, Reply> {
    state
        .deployments
        .iter()
        .find(|deployment| deployment.row["deployment_uuid"] == uuid)
        .ok_or_else(|| Reply::not_found("Deployment"))
}

fn page_parameter(
    call: &Call<'_>,
    name: &str,
    least: usize,
    default: usize,
) -> Result<usize, Reply> {
    let Some(given) = call.query(name) else {
        return Ok(default);
    };
    given
        .parse()
        .ok()
        .filter(|number| *number >= least)
        .ok_or_else(|| {
            framework_refusal(name, &format!("The {name} field must be at least {least}."))
        })
}
