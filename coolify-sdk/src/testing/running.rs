//! A running fake: access control, state and faults.

use std::collections::VecDeque;

use serde_json::{Value, json};
use wiremock::Request;

use crate::operations::{NEWEST_RECORDED, Operation, RequestField, When};
use crate::testing::{
    http::{
        Call, Release, Reply,
        auth::{Access, Door, Needs, Role},
        fault::{Effect, Fault},
        php,
        received::ReceivedRequest,
        routes::{self, Found},
    },
    rooms::{self, Does, audit_events},
    state::State,
    validation::Findings,
};

/// The data that requests and the test share.
pub(in crate::testing) struct Running {
    pub(in crate::testing) door: Door,
    pub(in crate::testing) state: State,
    pub(in crate::testing) faults: VecDeque<Fault>,
    pub(in crate::testing) received: Vec<ReceivedRequest>,
}

impl Running {
    /// Returns whether the connection breaks instead of a reply.
    pub(in crate::testing) fn cuts(&mut self, request: &Request) -> bool {
        let path = api_path(request);
        let Some(position) = self.fault_for(request, path) else {
            return false;
        };
        match self.faults[position].effect() {
            Effect::Answer(_) | Effect::Slow(_) => return false,
            Effect::Cut => {}
            Effect::Lost => {
                self.answer(request, path);
            }
        }
        self.faults.remove(position);
        self.received.push(ReceivedRequest::new(request, path));
        true
    }

    /// Receives a request and answers it.
    pub(in crate::testing) fn serve(&mut self, request: &Request) -> Reply {
        let path = api_path(request);
        self.received.push(ReceivedRequest::new(request, path));
        let fault = self
            .fault_for(request, path)
            .and_then(|position| self.faults.remove(position));
        match fault.as_ref().map(Fault::effect) {
            Some(Effect::Answer(reply)) => reply.clone(),
            Some(Effect::Slow(delay)) => self.answer(request, path).delayed(*delay),
            // `cuts` was called before and handles these two.
            Some(Effect::Cut | Effect::Lost) | None => self.answer(request, path),
        }
    }

    fn fault_for(&self, request: &Request, path: &str) -> Option<usize> {
        self.faults
            .iter()
            .position(|fault| fault.strikes(request.method.as_str(), path))
    }

    /// Answers like the server: token, rate limit, switch, ability, handler.
    fn answer(&mut self, request: &Request, path: &str) -> Reply {
        let Self { door, state, .. } = self;
        rooms::pass_time(state);
        let found = routes::find(request.method.as_str(), path, state.release());
        let needs = match &found {
            Found::Operation(operation, _) | Found::PostOnly(operation) => {
                routes::needs(operation, state.release())
            }
            Found::Nothing => Needs::Nothing,
        };
        let access = match needs {
            Needs::Nothing => Access::none(),
            Needs::Ability(_) => match door.access(request) {
                Ok(access) => access,
                Err(refusal) => return refusal,
            },
        };
        let reply = door.metered(|door| match found {
            Found::Nothing => Err(Reply::no_such_route()),
            Found::PostOnly(operation) => {
                enter(door, operation, &access, state.release())?;
                Err(
                    Reply::message(405, "This endpoint has changed to a POST request.")
                        .header("Allow", &"POST"),
                )
            }
            Found::Operation(operation, params) => {
                enter(door, operation, &access, state.release())?;
                let call = Call::new(request, params, access.holds("read:sensitive"));
                let body = call.body();
                permit_also(operation, &access, &body, state.release())?;
                refuse_fields(operation, &body, state.release())?;
                let answer = match rooms::does(operation) {
                    Some(Does::Switch(on)) => Ok(turn(door, on)),
                    Some(_)
                        if access.role == Role::Member && operation.id == "list-audit-events" =>
                    {
                        Err(Reply::message(403, audit_events::ONLY_ADMINS))
                    }
                    Some(_)
                        if access.role == Role::Member && FOR_ADMINS.contains(&operation.id) =>
                    {
                        Err(Reply::json(
                            403,
                            json!({
                                "message": "You are not authorized to perform this action.",
                                "error": "Unauthorized",
                            }),
                        ))
                    }
                    Some(_) if access.role == Role::Member && HIDDEN.contains(&operation.id) => {
                        Ok(Reply::json(200, json!([])))
                    }
                    Some(Does::Run(handler)) => handler(state, &call),
                    Some(Does::Table(verb, table)) => table.answer(verb, state, &call),
                    Some(Does::Read(settings)) => settings.read(state, &call),
                    Some(Does::Write(settings)) => settings.write(state, &call),
                    None => Err(Reply::not_played(operation)),
                };
                if let Ok(reply) = &answer {
                    audit_events::record(state, operation, &call, reply);
                }
                answer
            }
        });
        reply.of(state.release())
    }
}

/// Operations that a plain member of the team may not call even for reading.
const FOR_ADMINS: &[&str] = &["get-instance-email-settings"];

/// The lists that are empty for a plain member of the team.
const HIDDEN: &[&str] = &[
    "list-applications",
    "list-cloud-tokens",
    "list-databases",
    "list-deployments",
    "list-projects",
    "list-resources",
    "list-s3-storages",
    "list-services",
    "list-tags",
];

/// Returns the path below `/api/v1`.
fn api_path(request: &Request) -> &str {
    let path = request.url.path();
    path.strip_prefix("/api/v1").unwrap_or(path)
}

fn enter(
    door: &Door,
    operation: &Operation,
    access: &Access,
    release: Release,
) -> Result<(), Reply> {
    let Needs::Ability(ability) = routes::needs(operation, release) else {
        return Ok(());
    };
    if !matches!(rooms::does(operation), Some(Does::Switch(_))) {
        door.check_open()?;
    }
    access.permit(ability, release)
}

/// Refuses a token that lacks an ability that this request needs in addition.
fn permit_also(
    operation: &Operation,
    access: &Access,
    body: &Value,
    release: Release,
) -> Result<(), Reply> {
    for also in operation.also_needs {
        let applies = match also.when {
            When::Always => true,
            When::True(field) => php::is_truthy(&body[field]),
            When::Is(field, value) => body[field] == value,
            // The rooms know.
            When::Case(_) => false,
        };
        if applies && release.is_at_least(&also.since) {
            access.permit(also.ability.as_str(), release)?;
        }
    }
    Ok(())
}

/// Refuses fields that the version does not take.
fn refuse_fields(operation: &Operation, body: &Value, release: Release) -> Result<(), Reply> {
    let Some(body) = body.as_object() else {
        return Ok(());
    };
    let mut findings = Findings::default();
    // What recorded versions take, the rooms know.
    let newer = |field: &&RequestField| {
        field.versions.until.is_some() || field.versions.since > NEWEST_RECORDED
    };
    for field in operation.fields.iter().filter(newer) {
        if body.contains_key(field.name) && !release.is_of(&field.versions) {
            findings.add(field.name, "This field is not allowed.");
        }
    }
    findings.refuse()
}

fn turn(door: &mut Door, on: bool) -> Reply {
    door.enabled = on;
    let said = if on { "API enabled." } else { "API disabled." };
    Reply::message(200, said)
}
