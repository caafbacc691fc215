//! One call of the generated layer, from its request to a result of ours.

use std::{
    fmt,
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use progenitor_client::{ByteStream, ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use reqwest::{Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    line::Line,
    reply::Reply,
    shared::{Ending, Options, Plan, Shared},
};
use crate::{
    Error, ErrorKind, Result, Uuid, error::Trail, operations::Operation, raw, scope::Scope,
};

/// What a failed call of the generated layer comes back with.
type Failure = progenitor_client::Error<()>;

/// What the generated client carries along: the transport, the options of this
/// call, and what became of it.
pub struct Call {
    shared: Arc<Shared>,
    options: Options,
    scope: Option<Arc<Scope>>,
    record: Mutex<Record>,
}

/// The failure that a `reqwest::Error` cannot express.
#[derive(Default)]
struct Record {
    trail: Trail,
    error: Option<Error>,
}

impl Call {
    pub(crate) fn new(shared: Arc<Shared>, options: Options, scope: Option<Arc<Scope>>) -> Self {
        Self {
            shared,
            options,
            scope,
            record: Mutex::default(),
        }
    }

    /// A generated client for one call.
    pub(crate) fn into_client(self) -> raw::Client {
        let shared = self.shared.clone();
        raw::Client::new_with_client(shared.base.api().as_str(), shared.http.clone(), self)
    }

    async fn run(&self, mut request: Request, id: &'static str) -> reqwest::Result<Response> {
        let operation = Operation::find(id);
        let plan = Plan {
            operation,
            id: operation.map_or(id, |operation| operation.id),
            write: *request.method() != Method::GET,
            options: &self.options,
        };
        let get = self.takes_get(operation).await;
        if get {
            *request.method_mut() = Method::GET;
        }
        if get || is_empty_object(&request) {
            *request.body_mut() = None;
            request.headers_mut().remove(CONTENT_TYPE);
        }
        match self.shared.send(request, plan).await {
            (Ending::Done(reply), trail) => {
                let (reply, error) = self.review(operation, reply).await;
                self.note(trail, error);
                Ok(reply.into_response())
            }
            (Ending::Refused(reply, mut error), trail) => {
                if error.is_unknown_route() {
                    let version = self.shared.server_version(&self.options).await.ok();
                    error = error.lacking(operation, version.as_ref());
                }
                if let Some(scope) = &self.scope {
                    Box::pin(scope.withhold(self.line(), &mut error)).await;
                }
                self.note(trail, Some(error));
                Ok(reply.into_response())
            }
            (Ending::Broken(cause), trail) => {
                self.note(trail, None);
                Err(cause)
            }
        }
    }

    /// What to say of an operation that the server is known not to have.
    async fn lacking(&self, operation: Option<&Operation>) -> Option<Error> {
        let since = &operation?.since;
        let version = self.shared.too_old_for(since, &self.options).await?;
        let error = Error::new(ErrorKind::Unsupported, "");
        Some(error.lacking(operation, Some(&version)))
    }

    /// A reply without what is beyond the scope, or one in its place.
    async fn review(
        &self,
        operation: Option<&'static Operation>,
        mut reply: Reply,
    ) -> (Reply, Option<Error>) {
        let (Some(scope), Some(operation)) = (&self.scope, operation) else {
            return (reply, None);
        };
        let url = reply.url.clone();
        let reviewed = scope.review(self.line(), operation, &url, reply.body());
        match Box::pin(reviewed).await {
            Ok(None) => (reply, None),
            Ok(Some(body)) => {
                reply.replace_body(body);
                (reply, None)
            }
            Err(error) => (Reply::in_place_of(url, StatusCode::FORBIDDEN), Some(error)),
        }
    }

    fn line(&self) -> Line<'_> {
        Line {
            shared: &self.shared,
            options: &self.options,
        }
    }

    /// Whether the operation was GET only on the server as it is. Not knowing
    /// the version means POST, which a server too old for it merely refuses.
    async fn takes_get(&self, operation: Option<&Operation>) -> bool {
        let Some(until) = operation.and_then(|operation| operation.get_until.as_ref()) else {
            return false;
        };
        let version = self.shared.server_version(&self.options).await;
        version.is_ok_and(|version| version < *until)
    }

    fn note(&self, trail: Trail, error: Option<Error>) {
        *self.record() = Record { trail, error };
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, failure: Failure) -> Error {
        let Record { trail, error } = std::mem::take(&mut *self.record());
        match failure {
            Failure::CommunicationError(cause)
            | Failure::ResponseBodyError(cause)
            | Failure::InvalidUpgrade(cause) => Error::broken(cause, trail),
            Failure::InvalidResponsePayload(body, cause) => Error::decode(&body, &cause).on(trail),
            Failure::InvalidRequest(reason) | Failure::Custom(reason) => {
                error.unwrap_or_else(|| Error::new(ErrorKind::InvalidRequest, reason).on(trail))
            }
            Failure::UnexpectedResponse(_) | Failure::ErrorResponse(_) => {
                error.unwrap_or_else(|| {
                    Error::new(ErrorKind::Decode, "a reply with an unexpected status").on(trail)
                })
            }
        }
    }
}

/// A clone is for another call: it knows nothing of what became of this one.
impl Clone for Call {
    fn clone(&self) -> Self {
        let (shared, options) = (self.shared.clone(), self.options.clone());
        Self::new(shared, options, self.scope.clone())
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("url", &self.shared.base.dashboard())
            .finish_non_exhaustive()
    }
}

impl ClientHooks<Call> for raw::Client {
    /// Refuses an id that would turn the path into another one, an update that
    /// changes nothing, what the server is known not to have, and what is beyond
    /// the scope.
    async fn pre<E>(
        &self,
        request: &mut Request,
        info: &OperationInfo,
    ) -> std::result::Result<(), progenitor_client::Error<E>> {
        let call = self.inner();
        let operation = Operation::find(info.operation_id);
        let trail = Trail {
            operation: operation.map(|operation| operation.id),
            ..Trail::default()
        };
        call.note(trail, None);
        let reason = if operation.is_some_and(|it| !call.shared.base.fits(request.url(), it.path)) {
            Some("an id in the path is empty or not an id")
        } else if changes_nothing(request) {
            Some("nothing was set that this update should change")
        } else {
            None
        };
        if let Some(reason) = reason {
            return Err(progenitor_client::Error::InvalidRequest(reason.to_owned()));
        }
        let refusal = match (call.lacking(operation).await, &call.scope) {
            (Some(error), _) => error.on(trail),
            (None, None) => return Ok(()),
            (None, Some(scope)) => {
                match Box::pin(scope.admit(call.line(), operation, request)).await {
                    Ok(()) => return Ok(()),
                    Err(error) => error,
                }
            }
        };
        call.note(trail, Some(refusal));
        // What is noted says more.
        Err(progenitor_client::Error::Custom(String::new()))
    }

    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        self.inner().run(request, info.operation_id).await
    }
}

/// What every generated method does with its request: through the hooks to the
/// wire, and the reply read as what the document promises.
impl raw::Client {
    pub(crate) async fn answer<T: DeserializeOwned>(
        &self,
        request: Request,
        id: &'static str,
    ) -> Result<ResponseValue<T>, Failure> {
        ResponseValue::from_response(self.reply(request, id).await?).await
    }

    pub(crate) async fn answer_stream(
        &self,
        request: Request,
        id: &'static str,
    ) -> Result<ResponseValue<ByteStream>, Failure> {
        self.reply(request, id).await.map(ResponseValue::stream)
    }

    async fn reply(&self, mut request: Request, id: &'static str) -> Result<Response, Failure> {
        let info = OperationInfo { operation_id: id };
        self.pre(&mut request, &info).await?;
        let response = self.exec(request, &info).await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(Failure::UnexpectedResponse(response))
        }
    }
}

/// Coolify answers an update that holds no field with 400 `Empty JSON.`
fn changes_nothing(request: &Request) -> bool {
    *request.method() == Method::PATCH && is_empty_object(request)
}

/// Where all of a body is optional, no body says the same as an empty object,
/// which Coolify may refuse.
fn is_empty_object(request: &Request) -> bool {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    body == Some(b"{}")
}

impl raw::Client {
    /// Turns what a method of this client returned into a result of this SDK.
    ///
    /// The client remembers what became of its latest call: finish one before
    /// making the next, and use a clone for what runs at the same time.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong with a call: see [`Error`].
    pub fn finish<T>(&self, result: Result<ResponseValue<T>, Failure>) -> Result<T> {
        match result {
            Ok(value) => Ok(value.into_inner()),
            Err(failure) => Err(self.inner().fail(failure)),
        }
    }

    /// What a GET answers by these uuids, in the order of its path, as it came. The
    /// types of the generated layer take a null for an absent field; here they stay
    /// apart.
    pub(crate) async fn read_json(&self, id: &'static str, uuids: &[Uuid]) -> Result<Value> {
        let path = Operation::find(id).map_or("", |operation| operation.path);
        let mut uuids = uuids.iter();
        let mut url = self.baseurl.clone();
        for segment in path.split('/').skip(1) {
            url.push('/');
            let uuid = segment.starts_with('{').then(|| uuids.next()).flatten();
            url.push_str(uuid.map_or(Ok(segment), Uuid::segment)?);
        }
        let reply = async {
            let request = self.client.get(url).build()?;
            self.answer(request, id).await
        };
        self.finish(reply.await)
    }

    /// The same for the operations that answer text.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong with a call: see [`Error`].
    pub async fn finish_text(
        &self,
        result: Result<ResponseValue<ByteStream>, Failure>,
    ) -> Result<String> {
        let mut stream = self.finish(result)?.into_inner();
        let mut text = Vec::new();
        while let Some(chunk) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
            let chunk = chunk.map_err(|cause| self.inner().fail(Failure::ResponseBodyError(cause)));
            text.extend_from_slice(&chunk?);
        }
        String::from_utf8(text).map_err(|_| Error::new(ErrorKind::Decode, "the reply is not text"))
    }
}
