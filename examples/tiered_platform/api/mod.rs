//! The REST API.

mod answer;
mod customer;
mod requests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Router, http};
use coolify_sdk_examples::eprintln;
use tokio::sync::mpsc;

use crate::failure::{Code, Failure};
use crate::platform::Platform;
use crate::store::Customer;

/// The header with the key of a customer.
pub const API_KEY: &str = "x-api-key";

/// The customer gets a timeout after this time, and the work continues.
const PATIENCE: Duration = Duration::from_secs(120);

/// The state that the handlers share.
#[derive(Clone)]
pub struct Api {
    pub platform: Arc<Platform>,
    /// Each running piece of work holds a clone.
    working: mpsc::Sender<()>,
}

impl Api {
    /// Returns the API, and a receiver that closes when all work is finished.
    pub fn new(platform: Arc<Platform>) -> (Self, mpsc::Receiver<()>) {
        let (working, idle) = mpsc::channel(1);
        (Self { platform, working }, idle)
    }

    /// Runs work that continues if the customer disconnects, because a started write
    /// has to be recorded.
    async fn finish<T, W>(
        &self,
        customer: &Customer,
        work: impl FnOnce(Arc<Platform>, Customer) -> W,
    ) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, Failure>> + Send + 'static,
    {
        let working = self.working.clone();
        let work = Box::pin(work(Arc::clone(&self.platform), customer.clone()));
        let work = tokio::spawn(async move {
            let done = work.await;
            drop(working);
            done
        });
        work.await.map_err(Failure::internal)?
    }

    pub fn router(self) -> Router {
        let applications = "/api/v1/applications";
        let application = "/api/v1/applications/{uuid}";
        Router::new()
            .route("/health", get(requests::health))
            .route(applications, get(requests::list).post(requests::create))
            .route(
                application,
                get(requests::show)
                    .patch(requests::update)
                    .delete(requests::delete),
            )
            .route(&format!("{application}/deploy"), post(requests::deploy))
            .route(&format!("{application}/logs"), get(requests::logs))
            .fallback(async || Failure::new(Code::NotFound, "there is no such path"))
            .method_not_allowed_fallback(async || {
                Failure::new(
                    Code::MethodNotAllowed,
                    "this path does not take this method",
                )
            })
            .layer(from_fn(in_time))
            .layer(from_fn_with_state(self.clone(), log))
            .with_state(self)
    }
}

/// Answers in time, whatever Coolify does.
async fn in_time(request: Request, next: Next) -> Response {
    let response = tokio::time::timeout(PATIENCE, next.run(request)).await;
    response.unwrap_or_else(|_| {
        let message = "this takes longer than usual; what was begun goes on, so look again \
                       before you repeat it";
        Failure::new(Code::Timeout, message).into_response()
    })
}

/// Logs each request, without its header and body.
async fn log(State(api): State<Api>, request: Request, next: Next) -> Response {
    let _working = api.working.clone();
    let begun = Instant::now();
    let (method, path) = (request.method().clone(), shown(request.uri()));
    let response = json_only(next.run(request).await);
    let customer = response.extensions().get::<customer::Name>();
    let customer = customer.map_or("-", |it| it.0.as_str());
    let (status, time) = (response.status().as_u16(), begun.elapsed().as_millis());
    eprintln!("{method} {path} {status} {time}ms {customer}");
    response
}

/// Replaces error responses of the web framework, for example for a path that is not
/// UTF-8.
fn json_only(response: Response) -> Response {
    let kind = response.headers().get(http::header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|it| it == "application/json");
    if is_json || !response.status().is_client_error() {
        return response;
    }
    Failure::invalid("", "the request cannot be read").into_response()
}

/// Returns the path without its query and without control characters.
fn shown(uri: &http::Uri) -> String {
    let path = uri.path().chars().take(120);
    path.map(|it| if it.is_ascii_graphic() { it } else { '?' })
        .collect()
}
