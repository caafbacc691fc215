//! Whether a reply answers the request that was sent.
//!
//! On HTTP/1.1 nothing but the order says so. A server or a proxy that sends a
//! reply too many makes everyone behind it take the reply to one request for the
//! reply to another. hyper closes a connection on which something arrives that
//! nobody asked for; it cannot notice what arrives when the next request is on
//! its way. Of those some can be told by what they say.

use reqwest::StatusCode;
use serde::Deserialize;

use super::{ask::Ask, reply::Reply};
use crate::operations::Method;

/// What an object calls itself.
#[derive(Deserialize)]
struct Named {
    uuid: Option<String>,
    deployment_uuid: Option<String>,
}

/// Whether a reply of success certainly answers something else.
pub(super) fn is_of_another(ask: &Ask, reply: &Reply) -> bool {
    is_of_a_write(ask, reply.status) || names_another(ask, reply.body())
}

/// Reading creates nothing.
fn is_of_a_write(ask: &Ask, status: StatusCode) -> bool {
    ask.operation.method == Method::Get
        && matches!(status, StatusCode::CREATED | StatusCode::ACCEPTED)
}

/// What is read or changed by its uuid comes with this uuid.
fn names_another(ask: &Ask, body: &[u8]) -> bool {
    let Some(asked) = uuid_asked_for(ask) else {
        return false;
    };
    if !body.trim_ascii_start().starts_with(b"{") {
        return false;
    }
    // What is not JSON is found out when it is read.
    let Ok(named) = serde_json::from_slice::<Named>(body) else {
        return false;
    };
    let named = named.deployment_uuid.or(named.uuid);
    named.is_some_and(|uuid| uuid != asked)
}

fn uuid_asked_for(ask: &Ask) -> Option<&str> {
    let parameter = ask.operation.path.rsplit('/').next()?;
    // An environment may also be asked for by its name.
    let by_uuid = parameter.ends_with("uuid}") && !parameter.contains("name");
    let answers_with_it = matches!(ask.operation.method, Method::Get | Method::Patch);
    ask.url
        .path_segments()
        .and_then(|mut segments| segments.next_back())
        .filter(|uuid| by_uuid && answers_with_it && !uuid.contains('%'))
}
