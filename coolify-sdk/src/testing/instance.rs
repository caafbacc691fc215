//! One running fake: the door, the state behind it and the faults in between.

use std::collections::VecDeque;

use wiremock::Request;

use super::{
    auth::{Door, Needs, holds, permit},
    call::Call,
    fault::{Effect, Fault},
    received::ReceivedRequest,
    reply::Reply,
    routes::{self, Does, Found},
    state::State,
};

/// Everything that requests and the test's own hands share.
pub(super) struct Instance {
    pub(super) door: Door,
    pub(super) state: State,
    pub(super) faults: VecDeque<Fault>,
    pub(super) received: Vec<ReceivedRequest>,
}

impl Instance {
    /// Whether the connection breaks instead of a reply.
    pub(super) fn cuts(&mut self, request: &Request) -> bool {
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

    /// Takes a request in and answers it.
    pub(super) fn serve(&mut self, request: &Request) -> Reply {
        let path = api_path(request);
        self.received.push(ReceivedRequest::new(request, path));
        let fault = self
            .fault_for(request, path)
            .and_then(|position| self.faults.remove(position));
        match fault.as_ref().map(Fault::effect) {
            Some(Effect::Answer(reply)) => reply.clone(),
            Some(Effect::Slow(delay)) => self.answer(request, path).delayed(*delay),
            // `cuts` has been asked before and takes these two.
            Some(Effect::Cut | Effect::Lost) | None => self.answer(request, path),
        }
    }

    fn fault_for(&self, request: &Request, path: &str) -> Option<usize> {
        self.faults
            .iter()
            .position(|fault| fault.strikes(request, path))
    }

    /// The server's own way: token, rate limit, switch, ability, handler.
    fn answer(&mut self, request: &Request, path: &str) -> Reply {
        let Self { door, state, .. } = self;
        state.pass_time();
        let found = routes::find(request.method.as_str(), path, state.release());
        let needs = match &found {
            Found::Route(route, _) | Found::PostOnly(route) => route.needs,
            Found::Nothing => Needs::Nothing,
        };
        let abilities = match needs {
            Needs::Nothing => Vec::new(),
            Needs::Ability(_) => match door.abilities(request) {
                Ok(abilities) => abilities,
                Err(refusal) => return refusal,
            },
        };
        door.metered(|door| match found {
            Found::Nothing => Err(Reply::no_such_route()),
            Found::PostOnly(route) => {
                enter(door, route, &abilities)?;
                Err(
                    Reply::message(405, "This endpoint has changed to a POST request.")
                        .header("Allow", &"POST"),
                )
            }
            Found::Route(route, params) => {
                enter(door, route, &abilities)?;
                let sensitive = holds(&abilities, "read:sensitive");
                match route.does {
                    Does::Run(handler) => handler(state, &Call::new(request, params, sensitive)),
                    Does::Switch(on) => Ok(turn(door, on)),
                }
            }
        })
    }
}

/// The path as the API's documentation has it.
fn api_path(request: &Request) -> &str {
    let path = request.url.path();
    path.strip_prefix("/api/v1").unwrap_or(path)
}

fn enter(door: &Door, route: &routes::Route, abilities: &[String]) -> Result<(), Reply> {
    let Needs::Ability(ability) = route.needs else {
        return Ok(());
    };
    if let Does::Run(_) = route.does {
        door.check_enabled()?;
    }
    permit(abilities, ability)
}

fn turn(door: &mut Door, on: bool) -> Reply {
    door.enabled = on;
    let said = if on { "API enabled." } else { "API disabled." };
    Reply::message(200, said)
}
