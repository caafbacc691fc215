//! The endpoints of the fake, by the rooms of Coolify.

pub(super) mod applications;
pub(super) mod audit_events;
mod cloning;
mod cloud_init_scripts;
mod clouds;
mod compose;
pub(super) mod databases;
mod deployments;
mod destinations;
mod domains;
mod embedded;
mod envs;
mod imports;
mod instance;
mod logs;
mod notifications;
mod owners;
pub(super) mod placement;
mod private_keys;
pub(super) mod projects;
mod resources;
mod s3_storages;
mod scheduled_tasks;
mod secret_managers;
mod servers;
pub(super) mod services;
mod shared_variables;
mod single_row;
pub(super) mod sources;
mod storages;
mod table;
mod tags;
mod teams;
mod transfers;

use self::{
    single_row::SingleRow,
    table::{Table, Verb},
};
use super::{
    http::{Answer, Call},
    state::State,
};
use crate::operations::Operation;

/// The signature of a handler.
pub(in crate::testing) type Handler = fn(&mut State, &Call<'_>) -> Answer;

/// A family's part of the table: operation ids and their endpoints.
pub(in crate::testing) type Routes = &'static [(&'static str, Does)];

/// The endpoint of an operation.
#[derive(Clone, Copy)]
pub(in crate::testing) enum Does {
    /// A handler.
    Run(Handler),
    /// One of a table's endpoints.
    Table(Verb, &'static Table),
    /// Reads or writes settings that exist once.
    Read(&'static SingleRow),
    Write(&'static SingleRow),
    /// The switch of the API, which also works while it is off.
    Switch(bool),
}

const FAMILIES: &[Routes] = &[
    applications::ROUTES,
    applications::create::ROUTES,
    applications::previews::ROUTES,
    applications::rollbacks::ROUTES,
    audit_events::ROUTES,
    cloning::ROUTES,
    cloud_init_scripts::ROUTES,
    clouds::ROUTES,
    databases::ROUTES,
    databases::backups::ROUTES,
    deployments::ROUTES,
    destinations::ROUTES,
    envs::ROUTES,
    imports::ROUTES,
    instance::ROUTES,
    notifications::ROUTES,
    placement::ROUTES,
    private_keys::ROUTES,
    projects::ROUTES,
    projects::environments::ROUTES,
    resources::ROUTES,
    s3_storages::ROUTES,
    scheduled_tasks::ROUTES,
    secret_managers::ROUTES,
    servers::ROUTES,
    servers::registries::ROUTES,
    servers::settings::ROUTES,
    services::ROUTES,
    services::parts::ROUTES,
    shared_variables::ROUTES,
    sources::ROUTES,
    storages::ROUTES,
    storages::backups::ROUTES,
    tags::ROUTES,
    teams::ROUTES,
    transfers::ROUTES,
];

/// Returns the endpoint of an operation; `None` if the fake does not have it.
pub(in crate::testing) fn does(operation: &Operation) -> Option<Does> {
    all()
        .find(|(id, _)| *id == operation.id)
        .map(|(_, does)| does)
}

/// Adds what a new Coolify has: a server, its key, and the sources of public
/// repositories.
pub(super) fn furnish(state: &mut State) {
    servers::furnish(state);
    private_keys::furnish(state);
    sources::furnish(state);
}

/// Advances by one request: jobs and deployments progress.
pub(super) fn pass_time(state: &mut State) {
    state.pass_time();
    applications::repository::pass_time(state);
    scheduled_tasks::pass_time(state);
    state.advance_deployments();
    state.advance_imports();
}

/// Returns the whole table.
fn all() -> impl Iterator<Item = (&'static str, Does)> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Operation, all};

    #[test]
    fn every_route_is_an_operation_and_stands_once() {
        let mut seen = BTreeSet::new();
        for (id, _) in all() {
            let operation = Operation::find(id).unwrap_or_else(|| panic!("{id} is no operation"));
            assert_eq!(operation.id, id);
            assert!(seen.insert(id), "{id} stands twice");
        }
    }
}
