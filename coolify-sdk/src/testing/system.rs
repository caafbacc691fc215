//! The instance itself: version, health and the switch of the API.

use super::{
    call::Call,
    reply::{Answer, Reply},
    state::State,
};

/// `GET /version`.
pub(super) fn version(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::html(200, state.settings.version.clone()))
}

/// `GET /health`.
pub(super) fn health(_: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::html(200, "OK"))
}

/// `GET /team`, `GET /teams/current`.
pub(super) fn team(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, shown_team(state)))
}

/// `GET /teams`.
pub(super) fn teams(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, vec![shown_team(state)].into()))
}

fn shown_team(state: &State) -> serde_json::Value {
    super::state::without(state.team.clone(), &["custom_server_limit"])
}
