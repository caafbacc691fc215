//! The handlers of the requests.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::Api;
use super::answer::Answer;
use super::customer::Authenticated;
use crate::failure::{Code, Failure, Fault};
use crate::keys;
use crate::platform::Platform;
use crate::store::Customer;
use crate::validate;

/// The header that makes a creation repeatable.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header of a repeated answer.
const REPEATED: &str = "idempotency-replayed";

/// The largest valid request has 50 variables of 32,768 characters.
const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// A larger body is read up to this size, so that its sender receives the answer.
const LONGEST_UPLOAD: usize = 8 * LARGEST_BODY;

type Outcome = Result<Response, Failure>;

pub async fn health(State(api): State<Api>) -> Result<Answer, Failure> {
    // Does not check Coolify: a restart of this program would not repair it.
    api.platform
        .store
        .run(|db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?))
        .await?;
    Ok(Answer(StatusCode::OK, json!({ "status": "ok" })))
}

pub async fn list(State(api): State<Api>, Authenticated(customer): Authenticated) -> Response {
    signed(&customer, async {
        let body = api.platform.list(&customer).await?;
        Ok(Answer(StatusCode::OK, body).into_response())
    })
    .await
}

pub async fn create(
    State(api): State<Api>,
    Authenticated(customer): Authenticated,
    request: Request,
) -> Response {
    signed(&customer, async {
        let (headers, body) = json_body(request).await?;
        let wish = validate::create(&body, &api.platform.settings.suffixes)?;
        let key = idempotency_key(&headers)?;
        let idempotency = key.map(|key| (key, keys::hash(&body)));
        let work = async move |platform: Arc<Platform>, customer| {
            platform.create(customer, wish, idempotency).await
        };
        let created = api.finish(&customer, work).await?;
        let location = location(&created.body);
        let mut response = Answer(StatusCode::CREATED, created.body).into_response();
        let headers = response.headers_mut();
        if let Some(location) = location {
            headers.insert(LOCATION, location);
        }
        if created.is_repeated {
            headers.insert(REPEATED, HeaderValue::from_static("true"));
        }
        Ok(response)
    })
    .await
}

pub async fn show(
    State(api): State<Api>,
    Authenticated(customer): Authenticated,
    Path(uuid): Path<String>,
) -> Response {
    signed(&customer, async {
        let body = api.platform.show(&customer, &uuid).await?;
        Ok(Answer(StatusCode::OK, body).into_response())
    })
    .await
}

pub async fn update(
    State(api): State<Api>,
    Authenticated(customer): Authenticated,
    Path(uuid): Path<String>,
    request: Request,
) -> Response {
    signed(&customer, async {
        let (_, body) = json_body(request).await?;
        let work = async move |platform: Arc<Platform>, customer| {
            platform.update(&customer, &uuid, &body).await
        };
        let body = api.finish(&customer, work).await?;
        Ok(Answer(StatusCode::OK, body).into_response())
    })
    .await
}

pub async fn deploy(
    State(api): State<Api>,
    Authenticated(customer): Authenticated,
    Path(uuid): Path<String>,
) -> Response {
    signed(&customer, async {
        let work =
            async move |platform: Arc<Platform>, customer| platform.deploy(&customer, &uuid).await;
        let body = api.finish(&customer, work).await?;
        Ok(Answer(StatusCode::ACCEPTED, body).into_response())
    })
    .await
}

pub async fn logs(
    State(api): State<Api>,
    Authenticated(customer): Authenticated,
    Path(uuid): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    signed(&customer, async {
        let [lines] = parameters_of(query.as_deref(), ["lines"])?;
        let lines = match lines.map(str::parse) {
            None => 100,
            Some(Ok(lines @ 1..=10_000)) => lines,
            Some(_) => {
                let message = "has to be a number from 1 to 10000";
                return Err(Failure::invalid("lines", message));
            }
        };
        let body = api.platform.logs(&customer, &uuid, lines).await?;
        Ok(Answer(StatusCode::OK, body).into_response())
    })
    .await
}

pub async fn delete(
    State(api): State<Api>,
    Authenticated(customer): Authenticated,
    Path(uuid): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    signed(&customer, async {
        let [volumes] = parameters_of(query.as_deref(), ["delete_volumes"])?;
        let volumes = match volumes {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                return Err(Failure::invalid(
                    "delete_volumes",
                    "has to be true or false",
                ));
            }
        };
        let id = uuid.clone();
        let work = async move |platform: Arc<Platform>, customer| {
            platform.delete(&customer, &id, volumes).await
        };
        let (status, state) = if api.finish(&customer, work).await? {
            (StatusCode::OK, "deleted")
        } else {
            (StatusCode::ACCEPTED, "deleting")
        };
        Ok(Answer(status, json!({ "uuid": uuid, "state": state })).into_response())
    })
    .await
}

/// Adds the customer's name to the response, for the log.
async fn signed(customer: &Customer, outcome: impl Future<Output = Outcome>) -> Response {
    let response = match outcome.await {
        Ok(response) => response,
        Err(failure) => failure.into_response(),
    };
    Authenticated::sign(customer.name.clone(), response)
}

/// Reads a body of JSON with a maximum size.
async fn json_body(request: Request) -> Result<(HeaderMap, Vec<u8>), Failure> {
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|it| it.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        let message = "send JSON, with the header Content-Type: application/json";
        return Err(Failure::new(Code::UnsupportedMediaType, message));
    }
    let mut read = Vec::new();
    let mut size = 0;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let unreadable = |_| Failure::invalid("", "the body could not be read");
        let chunk = chunk.map_err(unreadable)?;
        size += chunk.len();
        if size <= LARGEST_BODY {
            read.extend_from_slice(&chunk);
        } else if size > LONGEST_UPLOAD {
            break;
        }
    }
    if size > LARGEST_BODY {
        return Err(Failure::new(Code::TooLarge, "the body is too large"));
    }
    Ok((parts.headers, read))
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default();
    if (1..=255).contains(&key.len()) {
        return Ok(Some(key.to_owned()));
    }
    let message = "has to have 1 to 255 printable characters";
    Err(Failure::invalid("Idempotency-Key", message))
}

/// Returns the parameters of a query by their names, and refuses all others. No valid
/// value needs an escape.
fn parameters_of<'q, const N: usize>(
    query: Option<&'q str>,
    names: [&str; N],
) -> Result<[Option<&'q str>; N], Failure> {
    let mut known = [None; N];
    let mut faults = Vec::new();
    let pairs = query
        .unwrap_or_default()
        .split('&')
        .filter(|it| !it.is_empty());
    for pair in pairs {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match names.iter().position(|it| *it == name) {
            Some(index) if known[index].is_none() => known[index] = Some(value),
            Some(_) => faults.push(Fault::new(name, "is given twice")),
            None => faults.push(Fault::new(name, "there is no such parameter")),
        }
    }
    if faults.is_empty() {
        return Ok(known);
    }
    Err(Failure::validation(&faults))
}

fn location(body: &Value) -> Option<HeaderValue> {
    let path = format!("/api/v1/applications/{}", body["uuid"].as_str()?);
    HeaderValue::try_from(path).ok()
}
