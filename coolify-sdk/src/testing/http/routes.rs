//! Finds the operation of a request. Calls, versions and abilities come from the
//! SDK's own table of operations.

use crate::operations::{Ability, Operation, operations};

use crate::testing::http::{Release, auth::Needs, call::decode_segment};

/// The operation for a method and a path.
pub(in crate::testing) enum Found {
    /// An operation and the parameters of the path.
    Operation(&'static Operation, Params),
    /// A GET for an operation that only accepts POST.
    PostOnly(&'static Operation),
    /// Nothing.
    Nothing,
}

/// The parameters of a path by name.
pub(in crate::testing) type Params = Vec<(&'static str, String)>;

/// Returns what an operation requires of the token.
pub(in crate::testing) fn needs(operation: &Operation, release: Release) -> Needs {
    match release.ability(operation) {
        Some(ability) => Needs::Ability(ability.as_str()),
        None if operation.id == "healthcheck" => Needs::Nothing,
        None => Needs::Ability("read"),
    }
}

/// Finds an operation that the version has.
pub(in crate::testing) fn find(method: &str, path: &str, release: Release) -> Found {
    let known = || operations().iter().filter(|it| release.is_of(&it.versions));
    let found = known()
        .filter(|operation| takes(operation, method, release))
        .filter_map(|operation| Some((operation, params(operation.path, path)?)))
        // `/teams/current` is not a team with that id.
        .min_by_key(|(_, params)| params.len());
    if let Some((operation, params)) = found {
        return Found::Operation(operation, params);
    }
    known()
        .filter(|_| method == "GET" && release.has("4.2.0"))
        .find(|operation| once_took_get(operation) && params(operation.path, path).is_some())
        .map_or(Found::Nothing, Found::PostOnly)
}

/// Returns the operation of a method and a path, in any version. Segments of the
/// path may be parameters in braces.
pub(in crate::testing) fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    let takes =
        |it: &Operation| method == it.method.as_str() || (method == "GET" && once_took_get(it));
    let known = operations().iter().filter(|it| takes(it));
    let found = known.filter_map(|it| Some((it, params(it.path, path)?)));
    let found = found.min_by_key(|(_, params)| params.len());
    found.map(|(operation, _)| operation)
}

/// Returns the methods that a path accepts in any version.
pub(in crate::testing) fn methods(path: &str) -> Vec<&'static str> {
    let all = ["GET", "POST", "PATCH", "PUT", "DELETE"];
    let taken = all.into_iter();
    taken
        .filter(|method| operation(method, path).is_some())
        .collect()
}

/// Returns the parameters, if the path matches the template.
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

/// Returns whether a Coolify of that version accepts this method.
fn takes(operation: &Operation, method: &str, release: Release) -> bool {
    if !release.has("4.2.0") && once_took_get(operation) {
        return method == "GET"
            || (operation.get_until.is_none() && method == operation.method.as_str());
    }
    method == operation.method.as_str()
}

/// Returns whether GET worked like POST before 4.2.0. If the table has a version,
/// only GET was accepted before it.
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
        || (operation.ability() == Some(Ability::Deploy) && is_change() && !of_service_database())
}
