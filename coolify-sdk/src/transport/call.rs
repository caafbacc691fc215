//! A call of the generated layer, from its arguments to its result.

use std::{
    fmt::{self, Display},
    future::{self, Future},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    BoxFuture,
    body::Body,
    form::Form,
    gate::Gate,
    lookup::Lookup,
    outgoing::{self, OutgoingRequest},
    reply::Reply,
    runtime,
    shared::{Options, Shared},
    untyped,
};
use crate::{
    Error, ErrorKind, Result, SecretJson, Uuid, Version,
    error::CallTrace,
    json_object::Field,
    mend,
    operations::{self, Availability, Operation, Versions},
};

/// The generated client, with one method for each operation.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: Options,
    gate: Option<Arc<dyn Gate>>,
}

/// A call, as a generated method describes it.
pub(crate) struct CallBuilder<'a> {
    client: &'a Client,
    outgoing: Result<OutgoingRequest>,
}

impl CallBuilder<'_> {
    /// Adds a query parameter, unless it is `None`.
    pub(crate) fn query(mut self, name: &str, value: Option<impl Display>) -> Self {
        if let (Ok(outgoing), Some(value)) = (&mut self.outgoing, value) {
            outgoing.set_query(name, &value.to_string());
        }
        self
    }

    /// Sets the body. If the body breaks a limit, the call fails without being
    /// sent.
    #[inline]
    pub(crate) fn body<B: Body + Field>(self, body: &B) -> Self {
        self.checked_body(body.check(), body)
    }

    fn checked_body(mut self, checked: Result<()>, body: &dyn Field) -> Self {
        self.outgoing = self.outgoing.and_then(|mut outgoing| {
            checked
                .and_then(|()| outgoing.set_body(body))
                .map_err(|error| error.with_operation(outgoing.operation.id))?;
            Ok(outgoing)
        });
        self
    }

    /// Sends a form instead of a body.
    pub(crate) fn form(mut self, form: Form) -> Self {
        if let Ok(outgoing) = &mut self.outgoing {
            outgoing.form = Some(form);
        }
        self
    }

    /// Returns a call whose reply is JSON.
    pub(crate) fn json<T: DeserializeOwned + 'static>(self) -> Call<T> {
        self.read_by(|reply| {
            mend::read(reply.body()).map_err(|cause| Error::decode(reply.body(), &cause))
        })
    }

    /// Returns a call whose reply is plain text.
    pub(crate) fn text(self) -> Call<String> {
        self.read_by(|reply| {
            String::from_utf8(reply.into_body())
                .map_err(|_| Error::new(ErrorKind::Decode, "the reply is not text"))
        })
    }

    /// Returns a call whose reply is any JSON, or text.
    pub(crate) fn any(self) -> Call<SecretJson> {
        self.read_by(untyped::read)
    }

    /// Returns a call whose reply is any JSON, or text, that this type can be made of.
    pub(crate) fn any_as<T: DeserializeOwned + 'static>(self) -> Call<T> {
        self.read_by(|reply| {
            let json = untyped::read(reply)?;
            T::deserialize(json.expose())
                .map_err(|cause| Error::decode(json.expose().to_string().as_bytes(), &cause))
        })
    }

    fn read_by<T: 'static>(self, read: fn(Reply) -> Result<T>) -> Call<T> {
        Call(State::Single {
            shared: self.client.shared.clone(),
            reply: self.client.reply(self.outgoing),
            read: Box::new(read),
        })
    }
}

/// A call that is sent when it is awaited.
///
/// A call has no setters, because the method took all arguments; methods with
/// optional fields return a request with setters instead. A few calls take two
/// requests on some servers.
///
/// It borrows nothing, so it can be moved into a task, or awaited together with
/// others:
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// let projects = tokio::spawn(coolify.projects().list());
/// let (servers, teams) = tokio::join!(coolify.servers().list(), coolify.teams().list());
/// # let _ = (projects, servers, teams);
/// # Ok(()) }
/// ```
///
/// In a program without `async`, `block_on` of a runtime runs it: see
/// [`Coolify`](crate::Coolify#without-async).
///
/// Nothing is sent if an argument is invalid: the call fails at once, with
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest).
///
/// A call that is dropped while it waits may have been carried out, because
/// Coolify does not learn that it was dropped.
#[doc(alias("blocking", "block_on", "wait"))]
#[must_use = "a call is not sent before it is awaited"]
pub struct Call<T>(State<T>);

enum State<T> {
    Single {
        // The part that all operations share is boxed, so that the compiler handles
        // it once instead of again for every caller.
        reply: BoxFuture<Result<(Reply, CallTrace)>>,
        read: Box<dyn FnMut(Reply) -> Result<T> + Send>,
        shared: Arc<Shared>,
    },
    Several(BoxFuture<Result<T>>),
}

impl<T: 'static> Call<T> {
    /// Makes a call that takes several requests.
    pub(crate) fn several(requests: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self::boxed(Box::pin(requests))
    }

    pub(crate) fn boxed(requests: BoxFuture<Result<T>>) -> Self {
        Self(State::Several(requests))
    }

    /// Makes a call that fails before anything is sent.
    pub(crate) fn failed(error: Error) -> Self {
        Self::several(async { Err(error) })
    }

    /// Returns the call with a converted result.
    pub(crate) fn map<U: 'static>(self, change: fn(T) -> U) -> Call<U> {
        Call(match self.0 {
            State::Single {
                reply,
                mut read,
                shared,
            } => State::Single {
                reply,
                read: Box::new(move |reply| read(reply).map(change)),
                shared,
            },
            State::Several(requests) => {
                State::Several(Box::pin(async move { requests.await.map(change) }))
            }
        })
    }
}

impl<T> Future for Call<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Single {
                reply,
                read,
                shared,
            } => reply.as_mut().poll(cx).map(|outcome| {
                let (reply, trace) = outcome?;
                read(reply).map_err(|error| {
                    shared.distrust();
                    error.on(trace)
                })
            }),
            State::Several(requests) => requests.as_mut().poll(cx),
        }
    }
}

/// Makes a builder a future: awaiting it calls its method.
macro_rules! awaitable {
    ($builder:ty $(where $generic:ident: $bound:path)?, $method:ident -> $output:ty) => {
        impl $(<$generic: $bound>)? ::std::future::IntoFuture for $builder {
            type Output = $crate::Result<$output>;
            type IntoFuture = $crate::Call<$output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                $crate::Call::several(self.$method())
            }
        }
    };
}

pub(crate) use awaitable;

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

impl Client {
    pub(crate) fn new(shared: Arc<Shared>, options: Options, gate: Option<Arc<dyn Gate>>) -> Self {
        Self {
            shared,
            options,
            gate,
        }
    }

    /// Makes a call of this operation for these ids, in the order of its path.
    pub(crate) fn draft(&self, id: &'static str, ids: &[&dyn Display]) -> CallBuilder<'_> {
        let outgoing = outgoing::known(id).and_then(|operation| {
            OutgoingRequest::new(operation, &self.shared.base, ids)
                .map_err(|error| error.with_operation(operation.id))
        });
        CallBuilder {
            client: self,
            outgoing,
        }
    }

    /// Makes a call to a path that the caller has written.
    pub(crate) fn untyped(
        &self,
        method: operations::Method,
        path: &str,
        query: &[(String, String)],
        body: Option<Result<Value>>,
    ) -> CallBuilder<'_> {
        let outgoing = untyped::unbound(self.gate.as_deref()).and_then(|()| {
            let mut outgoing = OutgoingRequest::untyped(method, path, &self.shared.base)?;
            for (name, value) in query {
                outgoing.set_query(name, value);
            }
            if let Some(body) = body {
                outgoing.set_json(&body?)?;
            }
            Ok(outgoing)
        });
        CallBuilder {
            client: self,
            outgoing,
        }
    }

    /// Reads the reply of a GET for these uuids as plain JSON. The generated
    /// types read null as an absent field; here the two differ.
    pub(crate) fn read_json(&self, id: &'static str, uuids: &[Uuid]) -> Call<Value> {
        let ids: Vec<&dyn Display> = uuids.iter().map(|uuid| uuid as &dyn Display).collect();
        self.draft(id, &ids).json()
    }

    fn reply(&self, outgoing: Result<OutgoingRequest>) -> BoxFuture<Result<(Reply, CallTrace)>> {
        match outgoing {
            Ok(outgoing) => {
                let this = self.clone();
                Box::pin(async move {
                    let id = outgoing.operation.id;
                    let made = runtime::guard(this.make(outgoing)).await;
                    made.map_err(|error| error.with_operation(id))
                })
            }
            Err(error) => Box::pin(future::ready(Err(error))),
        }
    }

    /// Sends the request by the rules of the transport, and returns the part of
    /// the reply that may be seen.
    async fn make(&self, mut outgoing: OutgoingRequest) -> Result<(Reply, CallTrace)> {
        let operation = outgoing.operation;
        self.admit(&mut outgoing).await?;
        match self.shared.send(&outgoing, &self.options).await {
            Ok((reply, trace)) => match self.review(operation, &outgoing.url, reply).await {
                Ok(reply) => Ok((reply, trace)),
                Err(error) => Err(error.on(trace)),
            },
            Err(mut error) => {
                if error.is_unknown_route() {
                    error = self.explain_missing_route(error, operation).await;
                }
                if let Some(gate) = &self.gate {
                    gate.withhold(self.lookup(), &mut error).await;
                }
                Err(error)
            }
        }
    }

    /// Explains a missing route: says which Coolify has it, or that there is no
    /// API.
    async fn explain_missing_route(&self, error: Error, operation: &Operation) -> Error {
        if untyped::is_unknown(operation) {
            return error;
        }
        let version = self.shared.learn_version(&self.options).await;
        match version.ok().flatten() {
            None if self.shared.is_elsewhere() => error.elsewhere(self.shared.base.api()),
            version => error.lacking(operation, version.as_ref()),
        }
    }

    /// Refuses an operation that the server does not have, what the gate refuses, and a
    /// field that the server does not take.
    async fn admit(&self, outgoing: &mut OutgoingRequest) -> Result<()> {
        let operation = outgoing.operation;
        if outgoing.form.is_some() {
            // A file is not sent to a server that cannot take it.
            self.shared.learn_version(&self.options).await?;
        }
        if let Some(server) = self.known_to_lack(&operation.versions).await {
            let error = Error::new(ErrorKind::Unsupported, "");
            return Err(error.lacking(operation, Some(&server)));
        }
        if let Some(gate) = &self.gate {
            gate.admit(self.lookup(), outgoing).await?;
        }
        if !outgoing.bounded.is_empty() {
            self.shared.learn_version(&self.options).await?;
        }
        for field in &outgoing.bounded {
            if let Some(server) = self.known_to_lack(&field.versions).await {
                return Err(Error::refused_field(field, server));
            }
        }
        if self.takes_get(operation).await {
            outgoing.method = Method::GET;
            outgoing.body = None;
        }
        Ok(())
    }

    /// Returns the version of the server, if it is known to be none of these.
    async fn known_to_lack(&self, versions: &Versions) -> Option<Version> {
        let lacks = |server: &Version| {
            matches!(
                versions.on(server),
                Availability::NotYet | Availability::NoLonger
            )
        };
        self.shared.certain(lacks, &self.options).await
    }

    /// Returns the reply without what the gate removes.
    async fn review(&self, operation: &Operation, url: &Url, mut reply: Reply) -> Result<Reply> {
        if let Some(gate) = &self.gate {
            let reviewed = gate.review(self.lookup(), operation, url, reply.body());
            if let Some(body) = reviewed.await? {
                reply.replace_body(body);
            }
        }
        Ok(reply)
    }

    fn lookup(&self) -> Lookup<'_> {
        Lookup {
            shared: &self.shared,
            options: &self.options,
        }
    }

    /// Returns whether the server only accepts GET for the operation. If the
    /// version is unknown it is POST, which a server that is too old merely
    /// rejects.
    async fn takes_get(&self, operation: &Operation) -> bool {
        let Some(until) = &operation.get_until else {
            return false;
        };
        let version = self.shared.learn_version(&self.options).await;
        matches!(version, Ok(Some(version)) if version < *until)
    }
}
