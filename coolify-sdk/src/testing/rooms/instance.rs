//! The instance itself: version, health and the switch of the API.

use crate::testing::{
    http::{Answer, Call, Reply},
    rooms::{
        Does::{self, Run},
        Routes,
    },
    state::State,
};

/// The endpoints of this family.
pub(in crate::testing) const ROUTES: Routes = &[
    ("version", Run(version)),
    ("healthcheck", Run(health)),
    ("enable-api", Does::Switch(true)),
    ("disable-api", Does::Switch(false)),
];

/// `GET /version`.
fn version(state: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::html(200, state.settings.version.clone()))
}

/// `GET /health`.
fn health(_: &mut State, _: &Call<'_>) -> Answer {
    Ok(Reply::html(200, "OK"))
}
