//! Which operation of the API is carried out by what. How an operation is called,
//! since when it exists and what it needs is the SDK's own table's to say.

use crate::operations::{Ability, Method, Operation, operations};

use super::{
    application_creation, applications,
    auth::Needs,
    backups,
    call::{Call, decode_segment},
    cloning, clouds, databases, deployments, destinations, environments, envs, notifications,
    placement, previews, private_keys, projects,
    release::Release,
    reply::Answer,
    resources,
    room::{Room, Verb},
    server_settings, servers, service_parts, services, shared_variables,
    sheet::Sheet,
    shelves, sources,
    state::State,
    storage_backups, storages, system, tags, tasks, team,
};

/// How an endpoint is carried out.
pub(super) type Handler = fn(&mut State, &Call<'_>) -> Answer;

/// A family's part of the table: operation ids and what they lead to.
pub(super) type Routes = &'static [(&'static str, Does)];

/// What an operation leads to.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// A handler.
    Run(Handler),
    /// One of a room's endpoints.
    Room(Verb, &'static Room),
    /// Reading and writing a sheet of settings.
    Read(&'static Sheet),
    Write(&'static Sheet),
    /// The switch of the API, which also works while it is off.
    Switch(bool),
}

/// What the table has for a method and a path.
pub(super) enum Found {
    /// An operation and the parameters of the path.
    Operation(&'static Operation, Params),
    /// GET where only POST is left.
    PostOnly(&'static Operation),
    /// Nothing.
    Nothing,
}

/// The parameters of a path by their names.
pub(super) type Params = Vec<(&'static str, String)>;

const FAMILIES: &[Routes] = &[
    application_creation::ROUTES,
    applications::ROUTES,
    backups::ROUTES,
    clouds::ROUTES,
    databases::ROUTES,
    deployments::ROUTES,
    destinations::ROUTES,
    environments::ROUTES,
    envs::ROUTES,
    notifications::ROUTES,
    placement::ROUTES,
    cloning::ROUTES,
    previews::ROUTES,
    private_keys::ROUTES,
    projects::ROUTES,
    resources::ROUTES,
    server_settings::ROUTES,
    servers::ROUTES,
    service_parts::ROUTES,
    services::ROUTES,
    shared_variables::ROUTES,
    shelves::ROUTES,
    sources::ROUTES,
    storage_backups::ROUTES,
    storages::ROUTES,
    system::ROUTES,
    tags::ROUTES,
    tasks::ROUTES,
    team::ROUTES,
];

/// What an operation leads to; nothing where the fake does not have it.
pub(super) fn does(operation: &Operation) -> Option<Does> {
    all()
        .find(|(id, _)| *id == operation.id)
        .map(|(_, does)| does)
}

/// What an operation asks of the token.
pub(super) fn needs(operation: &Operation) -> Needs {
    match operation.ability {
        Some(ability) => Needs::Ability(ability.as_str()),
        None if operation.id == "healthcheck" => Needs::Nothing,
        // The switches look at the user, and at what a token may do at all.
        None if operation.method == Method::Post => Needs::Ability("write"),
        None => Needs::Ability("read"),
    }
}

/// Finds an operation. One that is newer than the version is not there.
pub(super) fn find(method: &str, path: &str, release: Release) -> Found {
    let known = || operations().iter().filter(|it| release.knows(it));
    let found = known()
        .filter(|operation| takes(operation, method, release))
        .filter_map(|operation| Some((operation, params(operation.path, path)?)))
        // `/teams/current` is no team of that id.
        .min_by_key(|(_, params)| params.len());
    if let Some((operation, params)) = found {
        return Found::Operation(operation, params);
    }
    known()
        .filter(|_| method == "GET" && release.has("4.2.0"))
        .find(|operation| once_took_get(operation) && params(operation.path, path).is_some())
        .map_or(Found::Nothing, Found::PostOnly)
}

/// The operation of a method and a path, in whatever version; a segment of the path may
/// be a parameter in braces.
pub(super) fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let takes =
        |it: &Operation| method == it.method.as_str() || (method == "GET" && once_took_get(it));
    let known = operations().iter().filter(|it| takes(it));
    let found = known.filter_map(|it| Some((it, params(it.path, path)?)));
    let found = found.min_by_key(|(_, params)| params.len());
    found.map(|(operation, _)| operation)
}

/// The methods that a path takes in some version.
pub(super) fn methods(path: &str) -> Vec<&'static str> {
    let all = ["GET", "POST", "PATCH", "PUT", "DELETE"];
    let taken = all.into_iter();
    taken
        .filter(|method| operation(method, path).is_some())
        .collect()
}

/// The parameters, if the path is that of the template.
fn params(template: &'static str, path: &str) -> Option<Params> {
    let mut given = path.split('/');
    let mut params = Vec::new();
    for expected in template.split('/') {
        let segment = given.next()?;
        match expected
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'))
        {
            Some(name) if !segment.is_empty() => params.push((name, decode_segment(segment))),
            None if segment == expected => {}
            Some(_) | None => return None,
        }
    }
    given.next().is_none().then_some(params)
}

/// Whether a Coolify of that version takes this method here.
fn takes(operation: &Operation, method: &str, release: Release) -> bool {
    if !release.has("4.2.0") && once_took_get(operation) {
        return method == "GET"
            || (operation.get_until.is_none() && method == operation.method.as_str());
    }
    method == operation.method.as_str()
}

/// Whether GET did before 4.2.0 what POST does. Where the table gives a version, there
/// was GET only.
fn once_took_get(operation: &Operation) -> bool {
    let segments = || operation.path.rsplit('/');
    let is_change = || {
        matches!(
            segments().next(),
            Some("deploy" | "start" | "stop" | "restart")
        )
    };
    let of_service_database = || segments().any(|segment| segment == "{database_uuid}");
    operation.get_until.is_some()
        || (operation.ability == Some(Ability::Deploy) && is_change() && !of_service_database())
}

/// The whole table.
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
