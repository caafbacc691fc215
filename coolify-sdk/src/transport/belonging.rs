//! Detects replies that answer another request.
//!
//! On HTTP/1.1 only the order assigns replies to requests. If a server or a proxy
//! sends one reply too many, every following request gets the reply of the
//! previous one. hyper closes a connection on which something arrives that was
//! not requested, but it cannot notice what arrives while the next request is
//! being sent. Some of those replies can be recognised by their content.

use reqwest::StatusCode;
use serde::Deserialize;

use super::{outgoing::OutgoingRequest, reply::Reply};
use crate::operations::Method;

/// The identity of an object in a reply.
#[derive(Deserialize)]
struct Named {
    uuid: Option<String>,
    deployment_uuid: Option<String>,
}

/// Returns whether a successful reply certainly answers another request.
pub(super) fn is_of_another(outgoing: &OutgoingRequest, reply: &Reply) -> bool {
    is_of_a_write(outgoing, reply.status) || names_another(outgoing, reply.body())
}

/// Returns whether the reply is that of a write: a read never answers that
/// something was created.
fn is_of_a_write(outgoing: &OutgoingRequest, status: StatusCode) -> bool {
    outgoing.operation.method == Method::Get
        && matches!(status, StatusCode::CREATED | StatusCode::ACCEPTED)
}

/// Returns whether the reply is about another object: one that is read or changed
/// by its uuid has this uuid.
fn names_another(outgoing: &OutgoingRequest, body: &[u8]) -> bool {
    let Some(asked) = uuid_asked_for(outgoing) else {
        return false;
    };
    if !body.trim_ascii_start().starts_with(b"{") {
        return false;
    }
    // A reply that is not JSON is detected when it is decoded.
    let Ok(named) = serde_json::from_slice::<Named>(body) else {
        return false;
    };
    let named = named.deployment_uuid.or(named.uuid);
    named.is_some_and(|uuid| uuid != asked)
}

fn uuid_asked_for(outgoing: &OutgoingRequest) -> Option<&str> {
    let parameter = outgoing.operation.path.rsplit('/').next()?;
    // An environment may also be requested by its name.
    let by_uuid = parameter.ends_with("uuid}") && !parameter.contains("name");
    let answers_with_it = matches!(outgoing.operation.method, Method::Get | Method::Patch);
    outgoing
        .url
        .path_segments()
        .and_then(|mut segments| segments.next_back())
        .filter(|_| by_uuid && answers_with_it)
}
