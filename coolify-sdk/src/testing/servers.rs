//! Servers: the one that Coolify itself runs on.

use serde_json::{Value, json};

use super::{
    call::Call,
    reply::{Answer, Reply},
    state::{State, only, without},
};

/// What a token without `read:sensitive` does not see of a server's settings.
const SECRETS: &[&str] = &[
    "logdrain_axiom_api_key",
    "logdrain_custom_config",
    "logdrain_custom_config_parser",
    "logdrain_newrelic_license_key",
    "sentinel_custom_url",
    "sentinel_token",
];

/// `GET /servers`.
pub(super) fn list(state: &mut State, call: &Call<'_>) -> Answer {
    let mut server = only(
        &state.server,
        &[
            "uuid",
            "description",
            "name",
            "ip",
            "is_coolify_host",
            "port",
            "user",
        ],
    );
    server["is_reachable"] = state.server_settings["is_reachable"].clone();
    server["is_usable"] = state.server_settings["is_usable"].clone();
    server["proxy"] = only(&state.server["proxy"], &["redirect_enabled"]);
    server["settings"] = shown_settings(state, call.sensitive);
    Ok(Reply::json(200, json!([server])))
}

/// `GET /servers/{uuid}`.
pub(super) fn get(state: &mut State, call: &Call<'_>) -> Answer {
    let mut server = without(state.server_by_uuid(call.param("uuid"))?.clone(), &["id"]);
    server["settings"] = shown_settings(state, call.sensitive);
    Ok(Reply::json(200, server))
}

/// `POST /servers/{uuid}/validate`.
pub(super) fn validate(state: &mut State, call: &Call<'_>) -> Answer {
    state.server_by_uuid(call.param("uuid"))?;
    Ok(Reply::message(201, "Validation started."))
}

/// The destination of every resource with its server, as resources embed it.
pub(super) fn embedded_destination(state: &State, sensitive: bool) -> Value {
    let mut destination = state.destination.clone();
    destination["server"] = state.server.clone();
    destination["server"]["settings"] = shown_settings(state, sensitive);
    destination
}

fn shown_settings(state: &State, sensitive: bool) -> Value {
    let settings = state.server_settings.clone();
    if sensitive {
        settings
    } else {
        without(settings, SECRETS)
    }
}
