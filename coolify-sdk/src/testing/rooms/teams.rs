//! The team and its members, and the switch of the MCP server.

use serde_json::{Value, json};

use crate::testing::{
    http::{Answer, Call, Reply, php::is_truthy},
    rooms::{Does::Run, Routes},
    state::{State, forms, without},
    validation::{hold, rules::Rule},
};

/// The switch of a team that can be written since 4.4.0. It is on at first.
const FALLBACK: &str = "is_build_server_fallback_enabled";

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("list-teams", Run(list)),
    ("get-team-by-id", Run(by_id)),
    ("get-members-by-team-id", Run(members_by_id)),
    ("get-current-team", Run(current)),
    ("get-current-team-members", Run(members)),
    ("get-token-team", Run(current)),
    ("update-token-team", Run(update)),
    ("get-token-team-members", Run(members)),
    ("enable-mcp", Run(enable_mcp)),
    ("disable-mcp", Run(disable_mcp)),
];

/// `GET /teams`.
fn list(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, json!([shown(state)])))
}

/// `GET /teams/{id}`.
fn by_id(state: &mut State, call: &Call<'_>) -> Answer {
    check_id(state, call)?;
    current(state, call)
}

/// `GET /teams/{id}/members`.
fn members_by_id(state: &mut State, call: &Call<'_>) -> Answer {
    check_id(state, call)?;
    members(state, call)
}

/// `GET /team`, `GET /teams/current`.
fn current(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, shown(state)))
}

/// `PATCH /team`, known from Coolify's source.
fn update(state: &mut State, call: &Call<'_>) -> Answer {
    let body = call.object()?;
    hold(&body, &[(FALLBACK, &[Rule::Required, Rule::Switch])], state)?;
    state.team[FALLBACK] = is_truthy(&body[FALLBACK]).into();
    Ok(Reply::json(200, shown(state)))
}

/// `GET /team/members`, `GET /teams/current/members`.
fn members(_: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::json(200, json!([forms::user()])))
}

/// `POST /mcp/enable`.
fn enable_mcp(_: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::message(200, "MCP server enabled."))
}

/// `POST /mcp/disable`.
fn disable_mcp(_: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::message(200, "MCP server disabled."))
}

fn check_id(state: &State, call: &Call<'_>) -> Result<(), Reply> {
    let id = call.param("id").parse::<u64>().ok();
    if state.team["id"].as_u64() == id {
        Ok(())
    } else {
        Err(Reply::not_found("Team"))
    }
}

fn shown(state: &State) -> Value {
    let mut shown = without(state.team.clone(), &["custom_server_limit"]);
    if state.release().has("4.4.0") && shown.get(FALLBACK).is_none() {
        shown[FALLBACK] = true.into();
    }
    shown
}
