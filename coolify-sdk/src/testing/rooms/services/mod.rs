//! Services: several containers from one compose file.

mod build;
pub(super) mod parts;

use serde_json::{Map, Value, json};

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::Run,
        Routes, compose, domains,
        embedded::{self, SERVICE_SECRETS},
        placement,
        services::build::add,
    },
    state::{
        Job, Page, Place, Service, State, forms,
        service::{RUNNING, STOPPED},
        text, without,
    },
    validation::{
        ANY_NAME, NOTE, encoded, hold, is_blank,
        rules::{self, Field, Rule},
    },
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-services", Run(list)),
    ("create-service", Run(create)),
    ("get-service-by-uuid", Run(get)),
    ("update-service-by-uuid", Run(update)),
    ("delete-service-by-uuid", Run(delete)),
    ("start-service-by-uuid", Run(start)),
    ("stop-service-by-uuid", Run(stop)),
    ("restart-service-by-uuid", Run(restart)),
    ("get-service-logs-by-uuid", Run(logs)),
];

/// Accepted for creating and updating.
const SHARED: &[Field] = &[
    ("name", &[ANY_NAME]),
    ("description", &[NOTE]),
    ("instant_deploy", &[Rule::Switch]),
    ("docker_compose_raw", &[NOTE]),
    ("urls", URLS),
    ("force_domain_override", &[Rule::Switch]),
    ("is_container_label_escape_enabled", &[Rule::Switch]),
];

/// Accepted for updating, and for creating without a one-click type.
const OF_COMPOSE: &[Field] = &[("connect_to_docker_network", &[Rule::Switch])];

/// The URLs of the containers.
const URLS: &[Rule] = &[
    Rule::Nullable,
    Rule::List,
    Rule::Each(&[
        Rule::Only(&["name", "url"]),
        Rule::Has(&[("name", &[Rule::Required, Rule::Text]), ("url", &[NOTE])]),
    ]),
];

/// Adds a stopped service, as if somebody had created it in the dashboard.
pub(in crate::testing) fn seed(
    state: &mut State,
    place: &Place,
    name: &str,
    file: &str,
) -> Result<String, Reply> {
    let fields = json!({"name": name});
    add(
        state,
        place,
        None,
        file,
        fields.as_object().unwrap_or(&Map::new()),
    )
}

/// `GET /services`.
fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let shown = state.services.iter().map(|service| {
        let mut shown = shown(state, service, call.sensitive);
        shown["laravel_through_key"] = embedded::project_of(state, &service.row["environment_id"]);
        shown
    });
    Ok(Reply::json(200, shown.collect()))
}

/// `POST /services`.
fn create(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let kind = body.get("type").and_then(Value::as_str);
    // One of the two is required, and the refusal names both if both are missing.
    let needed: &[Rule] = if is_blank(body.get("docker_compose_raw")) && is_blank(body.get("type"))
    {
        &[Rule::Required, Rule::Text]
    } else {
        &[Rule::Text]
    };
    let (one_click, compose): (&[Field], &[Field]) =
        (&[("type", needed)], &[("docker_compose_raw", needed)]);
    let own = if kind.is_some() {
        one_click
    } else {
        OF_COMPOSE
    };
    let fields = [SHARED, one_click, compose].concat();
    let release = state.release();
    let allowed = [rules::known(SHARED, release), rules::known(own, release)].concat();
    let place = placement::check(state, &body, &fields, &allowed)?;
    if kind.is_some() && !is_blank(body.get("docker_compose_raw")) {
        return Err(Reply::message(
            422,
            "You cannot provide both service type and docker_compose_raw. Use one or the other.",
        ));
    }
    let types = forms::service_types();
    let file = match kind {
        Some(kind) if types.as_array().is_some_and(|it| it.contains(&json!(kind))) => {
            compose::template(kind)
        }
        Some(_) => {
            return Err(Reply::json(
                404,
                json!({"message": "Invalid service type.", "valid_service_types": types}),
            ));
        }
        None => compose_file(&body)?,
    };
    check_urls(state, None, &file, &body)?;
    let uuid = add(state, &place, kind, &file, &body)?;
    Ok(Reply::json(
        201,
        json!({"uuid": uuid, "domains": state.service(&uuid)?.urls()}),
    ))
}

/// `GET /services/{uuid}`.
fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let service = state.service(call.param("uuid"))?;
    let mut shown = shown(state, service, call.sensitive);
    if state.release().has("4.2.0") {
        shown["environment"] = embedded::environment(state, &service.row["environment_id"]);
    }
    Ok(Reply::json(200, shown))
}

/// `PATCH /services/{uuid}`.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    let uuid = call.param("uuid");
    state.service(uuid)?;
    hold(&body, &[SHARED, OF_COMPOSE].concat(), state)?;
    if body.contains_key("docker_compose_raw") {
        compose_file(&body)?;
    }
    let file = match body.get("docker_compose_raw") {
        Some(_) => compose_file(&body)?,
        None => text(&state.service(uuid)?.row, "docker_compose_raw"),
    };
    check_urls(state, Some(uuid), &file, &body)?;
    let release = state.release();
    state.service_mut(uuid)?.fill(&body, release)?;
    if body.contains_key("docker_compose_raw") {
        // The state contains its variables and volumes.
        let mut service = state.take_service(uuid)?;
        service.compose(state);
        state.services.push(service);
        state.services.sort_by_key(|it| it.row["id"].as_u64());
    }
    if body.get("instant_deploy") == Some(&json!(true)) {
        turn(state, uuid, RUNNING)?;
    }
    Ok(Reply::json(
        200,
        json!({"uuid": uuid, "domains": state.service(uuid)?.urls()}),
    ))
}

/// `DELETE /services/{uuid}`.
fn delete(state: &mut State, call: &Call<'_>) -> Answer {
    let lag = state.settings.job_lag;
    state.service_mut(call.param("uuid"))?.deletion.queue(lag);
    Ok(Reply::message(200, "Service deletion request queued."))
}

/// `POST /services/{uuid}/start`.
fn start(state: &mut State, call: &Call<'_>) -> Answer {
    if state.service(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Service is already running."));
    }
    turn(state, call.param("uuid"), RUNNING)?;
    Ok(Reply::message(200, "Service starting request queued."))
}

/// `POST /services/{uuid}/stop`.
fn stop(state: &mut State, call: &Call<'_>) -> Answer {
    if !state.service(call.param("uuid"))?.is_running() {
        return Err(Reply::message(400, "Service is already stopped."));
    }
    turn(state, call.param("uuid"), STOPPED)?;
    Ok(Reply::message(200, "Service stopping request queued."))
}

/// `POST /services/{uuid}/restart`.
fn restart(state: &mut State, call: &Call<'_>) -> Answer {
    turn(state, call.param("uuid"), RUNNING)?;
    Ok(Reply::message(200, "Service restarting request queued."))
}

/// `GET /services/{uuid}/logs`.
fn logs(state: &mut State, call: &Call<'_>) -> Answer {
    let page = Page::of(state, call);
    let service = state.service_mut(call.param("uuid"))?;
    let name = call
        .query("sub_service_name")
        .ok_or_else(|| Reply::message(400, "Sub service name is required."))?;
    let mut parts = service.parts.iter_mut();
    let part = parts
        .find(|part| part.row["name"] == *name)
        .ok_or_else(|| Reply::not_found("Container"))?;
    part.logs(page, "Container is not running.")
}

fn shown(state: &State, service: &Service, sensitive: bool) -> Value {
    let mut shown = without(embedded::service(state, service, sensitive), &["id"]);
    if !sensitive {
        shown = without(shown, SERVICE_SECRETS);
    }
    // The reply contains the destination if the token may see secrets.
    if sensitive && state.release().has("4.2.0") {
        let id = &service.row["destination_id"];
        shown["destination"] = embedded::destination(state, id, true);
    }
    shown
}

fn compose_file(body: &Map<String, Value>) -> Result<String, Reply> {
    let file = body.get("docker_compose_raw").map(encoded::decoded);
    match file {
        Some(Value::String(file)) => compose::checked(file),
        _ => Err(Reply::invalid_field(
            "docker_compose_raw",
            "The docker_compose_raw should be base64 encoded.",
        )),
    }
}

/// Returns the URLs of the containers of a file that have any.
fn check_urls(
    state: &State,
    but: Option<&str>,
    file: &str,
    body: &Map<String, Value>,
) -> Result<(), Reply> {
    let containers = compose::containers(file).into_iter();
    let parts: Vec<String> = containers
        .filter(|it| !it.is_database)
        .map(|it| it.name)
        .collect();
    domains::check_urls(state, but, &parts, body)
}

fn turn(state: &mut State, uuid: &str, to: &'static str) -> Result<(), Reply> {
    if to == RUNNING {
        build::refer_again(state, uuid)?;
    }
    let lag = Job::after(state.settings.job_lag);
    state.service_mut(uuid)?.change = (lag, to);
    Ok(())
}
