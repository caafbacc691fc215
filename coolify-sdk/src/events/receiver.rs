//! Takes events over HTTP.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{ALLOW, HeaderValue};
use http::{Method, Request, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use subtle::ConstantTimeEq;
use tokio::sync::mpsc;
use tower_service::Service;

use super::Event;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::BoxFuture;

/// The largest body that is read by default, in bytes. The output of a task is the
/// largest part of an event.
const LARGEST: usize = 1024 * 1024;

/// The number of events that wait to be taken.
const WAITING: usize = 1024;

/// A shorter secret could be guessed.
const SHORTEST_SECRET: usize = 16;

/// The reply of a [`Receiver`].
pub type Response = http::Response<String>;

/// A service that takes the notifications which Coolify sends to a webhook.
///
/// It is a `tower::Service`, for `axum`'s `route_service`, `tower` and `hyper`. The
/// last part of the path is a secret, which is compared in constant time; every other
/// path is answered with 404. It reads the body up to a limit, and answers before the
/// event is handled.
///
/// ```
/// use coolify_sdk::events::Receiver;
///
/// let (receiver, events) = Receiver::new("d3c0ys-f0r-guessers")?;
/// // axum: Router::new().route_service("/coolify/{secret}", receiver)
/// // In Coolify: https://me.example.com/coolify/d3c0ys-f0r-guessers
/// # let _ = (receiver, events);
/// # Ok::<(), coolify_sdk::Error>(())
/// ```
#[derive(Clone)]
pub struct Receiver {
    secret: Bytes,
    largest: usize,
    to: mpsc::Sender<Event>,
}

/// The events that a [`Receiver`] has taken, in the order of their arrival: a stream. It
/// ends when the receiver and its clones are dropped.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<Event>);

impl Receiver {
    /// Makes a receiver and the stream of its events.
    ///
    /// `secret` is the last part of the path in the URL of the webhook. It has at least
    /// 16 characters, and only letters, digits, `-`, `_`, `.` and `~`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the secret is too short, or contains other characters.
    pub fn new(secret: impl Into<String>) -> Result<(Self, Events)> {
        let secret = secret.into();
        let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-_.~".contains(&it);
        let problem = if secret.len() < SHORTEST_SECRET {
            Some(format!("is shorter than {SHORTEST_SECRET} characters"))
        } else if !secret.bytes().all(is_plain) {
            Some("contains other characters than letters, digits, `-`, `_`, `.` and `~`".to_owned())
        } else {
            None
        };
        if let Some(problem) = problem {
            let summary = format!("the secret of the receiver {problem}");
            return Err(Error::new(ErrorKind::Config, summary));
        }
        let (to, events) = mpsc::channel(WAITING);
        let receiver = Self {
            secret: secret.into(),
            largest: LARGEST,
            to,
        };
        Ok((receiver, Events(events)))
    }

    /// Sets the largest body that is read, in bytes. The default is 1 MiB.
    #[must_use]
    pub fn max_body_size(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// Takes the event of a request, and returns the reply.
    ///
    /// | status | reason |
    /// |---|---|
    /// | 204 | the event was taken |
    /// | 400 | the body is no event |
    /// | 404 | the path does not end with the secret |
    /// | 405 | the method is not POST |
    /// | 413 | the body is too large |
    /// | 503 | too many events wait to be taken; Coolify does not send this one again |
    pub async fn receive<B>(&self, request: Request<B>) -> Response
    where
        B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send,
    {
        let last = request.uri().path().rsplit('/').next().unwrap_or_default();
        if !bool::from(last.as_bytes().ct_eq(&self.secret)) {
            return answer(StatusCode::NOT_FOUND, "");
        }
        if request.method() != Method::POST {
            let mut reply = answer(StatusCode::METHOD_NOT_ALLOWED, "");
            let allowed = HeaderValue::from_static("POST");
            reply.headers_mut().insert(ALLOW, allowed);
            return reply;
        }
        let body = Limited::new(request.into_body(), self.largest)
            .collect()
            .await;
        let body = match body {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return answer(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large");
            }
            Err(_) => return answer(StatusCode::BAD_REQUEST, "the body cannot be read"),
        };
        let Ok(event) = Event::parse(&body) else {
            return answer(StatusCode::BAD_REQUEST, "the body is no event of Coolify");
        };
        match self.to.try_send(event) {
            Ok(()) => answer(StatusCode::NO_CONTENT, ""),
            Err(_) => answer(StatusCode::SERVICE_UNAVAILABLE, "too many events wait"),
        }
    }
}

fn answer(status: StatusCode, text: &str) -> Response {
    let mut reply = Response::new(text.to_owned());
    *reply.status_mut() = status;
    reply
}

impl<B> Service<Request<B>> for Receiver
where
    B: Body<Data: Send, Error: Into<Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answer {
        let this = self.clone();
        Answer(Box::pin(async move { this.receive(request).await }))
    }
}

/// The reply of a [`Receiver`] that is called as a service.
pub struct Answer(BoxFuture<Response>);

impl Future for Answer {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map(Ok)
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.0.poll_recv(cx)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("max_body_size", &self.largest)
            .finish_non_exhaustive()
    }
}
