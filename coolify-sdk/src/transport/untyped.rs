//! Calls to paths that the SDK may not know.

use serde_json::Value;

use super::{gate::Gate, reply::Reply};
use crate::{
    Error, ErrorKind, Result, SecretJson,
    operations::{Bound, Method, Operation, Versions, operations},
    segment,
    version::Version,
};

/// The id of the operations that the SDK does not know.
const UNKNOWN: &str = "untyped-request";

/// Returns the parts of a path below `/api/v1`.
pub(super) fn parts(path: &str) -> Result<Vec<&str>> {
    let invalid = |problem: &str| {
        let summary = format!("the path {problem}");
        let error = Error::new(ErrorKind::InvalidRequest, summary);
        Err(error.with_hint("write it as below the API, such as `/projects`"))
    };
    if path.contains("://") {
        return invalid("is a URL");
    }
    if path.contains(['?', '#']) {
        return invalid("contains a query: use `.query(name, value)`");
    }
    let Some(whole) = path.strip_prefix('/') else {
        return invalid("does not begin with `/`");
    };
    let below = match whole.strip_prefix("api/v1") {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(whole),
        None => whole,
    };
    if below.is_empty() {
        return invalid("is empty");
    }
    let parts: Vec<_> = below.trim_end_matches('/').split('/').collect();
    for part in &parts {
        segment::id("part of the path", part)?;
        if part.contains('%') {
            return invalid("is percent-encoded: write it plainly");
        }
    }
    Ok(parts)
}

/// Returns the operation with this path, or one that stands for all others.
pub(super) fn operation(method: Method, parts: &[&str]) -> &'static Operation {
    let fits = |operation: &&Operation| {
        let mut own = operation.path.split('/').skip(1);
        let mut parts = parts.iter();
        let fit = parts.all(|part| {
            own.next()
                .is_some_and(|it| it == *part || it.starts_with('{'))
        });
        operation.method == method && fit && own.next().is_none()
    };
    let known = operations().iter().filter(fits);
    // `/projects/{uuid}/environments` before `/projects/{uuid}/{environment}`.
    let known = known.min_by_key(|it| it.path.matches('{').count());
    known.unwrap_or(match method {
        Method::Get => &GET,
        Method::Post => &POST,
        Method::Patch => &PATCH,
        Method::Put => &PUT,
        Method::Delete => &DELETE,
    })
}

static GET: Operation = unknown(Method::Get);
static POST: Operation = unknown(Method::Post);
static PATCH: Operation = unknown(Method::Patch);
static PUT: Operation = unknown(Method::Put);
static DELETE: Operation = unknown(Method::Delete);

/// An operation that the SDK does not know, in versions that it does not know.
const fn unknown(method: Method) -> Operation {
    Operation {
        id: UNKNOWN,
        method,
        path: "",
        tag: "",
        versions: Versions {
            since: Version::new(0, 0, 0),
            until: None,
            lacked_until: None,
            gone_since: None,
        },
        abilities: &[],
        also_needs: &[],
        fields: &[],
        documented: false,
        get_until: None,
        bound: Bound::Never,
        builds: false,
        cleans_server: false,
    }
}

/// Returns whether it stands for the operations that the SDK does not know.
pub(super) fn is_unknown(operation: &Operation) -> bool {
    operation.id == UNKNOWN
}

/// Refuses a client that is bound to a project, because the SDK does not know what the
/// call reaches.
pub(super) fn unbound(gate: Option<&dyn Gate>) -> Result<()> {
    let Some(gate) = gate else {
        return Ok(());
    };
    let project = gate.project();
    let summary = format!("an untyped request may reach beyond the project {project}");
    Err(Error::new(ErrorKind::OutOfScope, summary)
        .with_hint("use the methods of the rooms, or a client that is not bound"))
}

/// Reads JSON. An empty body is null, and plain text is a JSON string.
pub(super) fn read(reply: Reply) -> Result<SecretJson> {
    let body = reply.into_body();
    if body.trim_ascii().is_empty() {
        return Ok(Value::Null.into());
    }
    match (
        serde_json::from_slice::<Value>(&body),
        str::from_utf8(&body),
    ) {
        (Ok(json), _) => Ok(json.into()),
        (Err(_), Ok(text)) if !text.trim_start().starts_with('<') => {
            Ok(Value::String(text.to_owned()).into())
        }
        (Err(cause), _) => Err(Error::decode(&body, &cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_has_the_rules_of_its_operation() {
        let id = |method, path: &str| operation(method, &parts(path).unwrap()).id;
        assert_eq!(id(Method::Get, "/projects"), "list-projects");
        assert_eq!(id(Method::Get, "/api/v1/projects/"), "list-projects");
        assert_eq!(id(Method::Get, "/projects/p1"), "get-project-by-uuid");
        assert_eq!(
            id(Method::Get, "/projects/p1/environments"),
            "get-environments"
        );
        assert_eq!(
            id(Method::Get, "/projects/p1/staging"),
            "get-environment-by-name-or-uuid"
        );
        assert_eq!(id(Method::Put, "/projects"), "untyped-request");
        assert_eq!(id(Method::Get, "/new/route"), "untyped-request");
    }

    #[test]
    fn the_path_of_the_api_itself_may_stand_before_it() {
        for path in ["/new/a", "/new/a/", "/api/v1/new/a"] {
            assert_eq!(parts(path).unwrap(), ["new", "a"], "{path}");
        }
        assert_eq!(parts("/api/v1x/a").unwrap(), ["api", "v1x", "a"]);
        for path in ["/", "/api/v1", "/api/v1/"] {
            assert_eq!(parts(path).unwrap_err().to_string(), "the path is empty");
        }
    }

    #[test]
    fn a_path_stays_below_the_api() {
        for path in [
            "",
            "/",
            "projects",
            "https://a.example/projects",
            "/projects?x=1",
            "/projects#x",
            "/a//b",
            "/a/../b",
            "/./b",
            "/a/%2e%2e/b",
            "/a/b%20c",
        ] {
            let refused = parts(path).map(|parts| parts.join("|"));
            assert!(refused.is_err(), "{path}: {refused:?}");
        }
    }
}
