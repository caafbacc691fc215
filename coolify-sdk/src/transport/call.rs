//! One call of the generated layer, from its request to a result of ours.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use reqwest::{Method, Request, RequestBuilder, Url, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    line::Line,
    reply::Reply,
    shared::{Options, Plan, Shared},
};
use crate::{
    Error, ErrorKind, Result, Uuid, error::Trail, operations::Operation, request::BoxFuture,
    scope::Scope,
};

/// The generated client: one method an operation.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: Options,
    scope: Option<Arc<Scope>>,
}

/// A call that is about to be made; awaiting it makes it.
///
/// The way to the server and back is the same for all operations: it is in a
/// box, so that the compiler looks through it once, and not anew for each
/// operation and for everything that awaits one.
pub struct Call<T> {
    reply: BoxFuture<Result<(Reply, Trail)>>,
    read: fn(&Reply) -> Result<T>,
}

impl<T> Future for Call<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.reply.as_mut().poll(cx).map(|outcome| {
            let (reply, trail) = outcome?;
            (self.read)(&reply).map_err(|error| error.on(trail))
        })
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.shared.base.dashboard())
            .finish_non_exhaustive()
    }
}

/// What every generated method does with its request: by the rules of the
/// transport to the wire, and the reply read as what the document promises.
impl Client {
    pub(crate) fn new(shared: Arc<Shared>, options: Options, scope: Option<Arc<Scope>>) -> Self {
        Self {
            shared,
            options,
            scope,
        }
    }

    /// Where the paths of the API begin.
    pub(crate) fn base(&self) -> &str {
        self.shared.base.api().as_str()
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// A call whose reply is JSON.
    pub(crate) fn json<T: DeserializeOwned>(
        &self,
        id: &'static str,
        request: RequestBuilder,
    ) -> Call<T> {
        Call {
            reply: self.reply(id, request),
            read: |reply| {
                serde_json::from_slice(reply.body())
                    .map_err(|cause| Error::decode(reply.body(), &cause))
            },
        }
    }

    /// A call whose reply is plain text.
    pub(crate) fn text(&self, id: &'static str, request: RequestBuilder) -> Call<String> {
        Call {
            reply: self.reply(id, request),
            read: |reply| match str::from_utf8(reply.body()) {
                Ok(text) => Ok(text.to_owned()),
                Err(_) => Err(Error::new(ErrorKind::Decode, "the reply is not text")),
            },
        }
    }

    fn reply(
        &self,
        id: &'static str,
        request: RequestBuilder,
    ) -> BoxFuture<Result<(Reply, Trail)>> {
        let this = self.clone();
        Box::pin(async move {
            let operation = Operation::find(id);
            let trail = Trail {
                operation: operation.map(|operation| operation.id),
                ..Trail::default()
            };
            let mut request = request
                .build()
                .map_err(|cause| Error::broken(cause, trail))?;
            this.admit(operation, &mut request)
                .await
                .map_err(|error| error.on(trail))?;
            this.run(request, id, operation).await
        })
    }

    /// Refuses an id that would turn the path into another one, an update that
    /// changes nothing, what the server is known not to have, and what is beyond
    /// the scope.
    async fn admit(
        &self,
        operation: Option<&'static Operation>,
        request: &mut Request,
    ) -> Result<()> {
        if operation.is_some_and(|it| !self.shared.base.fits(request.url(), it.path)) {
            return Err(invalid("an id in the path is empty or not an id"));
        }
        if changes_nothing(request) {
            return Err(invalid("nothing was set that this update should change"));
        }
        if let Some(error) = self.lacking(operation).await {
            return Err(error);
        }
        match &self.scope {
            None => Ok(()),
            Some(scope) => Box::pin(scope.admit(self.line(), operation, request)).await,
        }
    }

    async fn run(
        &self,
        mut request: Request,
        id: &'static str,
        operation: Option<&'static Operation>,
    ) -> Result<(Reply, Trail)> {
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
        let scope = self.scope.as_deref();
        let scope = scope.map(|scope| (scope, request.url().clone()));
        match self.shared.send(request, plan).await {
            Ok((reply, trail)) => match self.review(operation, scope, reply).await {
                Ok(reply) => Ok((reply, trail)),
                Err(error) => Err(error.on(trail)),
            },
            Err(mut error) => {
                if error.is_unknown_route() {
                    let version = self.shared.server_version(&self.options).await.ok();
                    error = error.lacking(operation, version.as_ref());
                }
                if let Some(scope) = &self.scope {
                    Box::pin(scope.withhold(self.line(), &mut error)).await;
                }
                Err(error)
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

    /// A reply without what is beyond the scope.
    async fn review(
        &self,
        operation: Option<&'static Operation>,
        scope: Option<(&Scope, Url)>,
        mut reply: Reply,
    ) -> Result<Reply> {
        if let (Some((scope, url)), Some(operation)) = (scope, operation) {
            let reviewed = scope.review(self.line(), operation, &url, reply.body());
            if let Some(body) = Box::pin(reviewed).await? {
                reply.replace_body(body);
            }
        }
        Ok(reply)
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

    /// What a GET answers by these uuids, in the order of its path, as it came. The
    /// types of the generated layer take a null for an absent field; here they stay
    /// apart.
    pub(crate) async fn read_json(&self, id: &'static str, uuids: &[Uuid]) -> Result<Value> {
        let path = Operation::find(id).map_or("", |operation| operation.path);
        let mut uuids = uuids.iter();
        let mut url = self.base().to_owned();
        for segment in path.split('/').skip(1) {
            url.push('/');
            let uuid = segment.starts_with('{').then(|| uuids.next()).flatten();
            url.push_str(uuid.map_or(Ok(segment), Uuid::segment)?);
        }
        self.json(id, self.http().get(url)).await
    }
}

fn invalid(reason: &'static str) -> Error {
    Error::new(ErrorKind::InvalidRequest, reason)
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
