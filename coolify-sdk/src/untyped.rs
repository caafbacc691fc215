//! Calls that the SDK has no type for.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Error, ErrorKind, Result};
use crate::operations::Method;
use crate::request::awaitable;
use crate::transport::CallBuilder;
use crate::{Call, Coolify, SecretJson, raw};

/// A call to any path, for routes that the SDK does not know yet: [`Coolify::request`].
///
/// It is authenticated, paced, traced and limited like every other call. A GET is
/// repeated if it fails; another method only if it was certainly not carried out. If the
/// path is one of [`operations`](crate::operations::operations), the versions of the
/// operation are checked as well.
///
/// Awaiting it returns the JSON of the reply, hidden from `Debug`, because the SDK does
/// not know which parts are secret. A reply of plain text is a JSON string, and an empty
/// one is null.
///
/// # Errors
///
/// - [`Error::is_invalid_request`] if the path does not begin with `/`, leads elsewhere,
///   or contains a query.
/// - [`Error::is_out_of_scope`] for a client that is
///   [bound to a project](Coolify::in_project).
/// - The errors of every call.
///
/// ```no_run
/// # async fn demo(coolify: coolify_sdk::Coolify) -> coolify_sdk::Result<()> {
/// use coolify_sdk::operations::Method;
/// use serde_json::json;
///
/// let reply = coolify
///     .request(Method::Post, "/new/route")
///     .query("force", true)
///     .json(json!({"name": "shop"}))
///     .await?;
/// println!("{}", reply.expose()["uuid"]);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send()` or `.await`"]
pub struct UntypedRequest {
    raw: raw::Client,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Result<Value>>,
}

impl Coolify {
    /// Returns a request of any path below `/api/v1`, such as `/new/route`. See
    /// [`UntypedRequest`].
    ///
    /// The abilities and the versions depend on the path.
    #[doc(alias("raw", "untyped", "execute", "escape hatch"))]
    pub fn request(&self, method: Method, path: impl Into<String>) -> UntypedRequest {
        UntypedRequest {
            raw: self.raw(),
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
        }
    }
}

impl UntypedRequest {
    /// Adds a parameter to the query.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a number reads better than a reference to one"
    )]
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Sets the body: anything that can be written as JSON.
    pub fn json(mut self, body: impl Serialize) -> Self {
        let body = serde_json::to_value(body).map_err(|cause| {
            Error::new(
                ErrorKind::InvalidRequest,
                "the body cannot be written as JSON",
            )
            .with_source(cause)
        });
        self.body = Some(body);
        self
    }

    /// Sends the request, and returns the JSON of the reply.
    ///
    /// # Errors
    ///
    /// See [`UntypedRequest`].
    pub fn send(mut self) -> Call<SecretJson> {
        self.draft().any()
    }

    /// Sends the request, and returns the reply as a type of yours.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and [`Error::is_decode`] if the reply does not fit the
    /// type.
    pub fn send_as<T: DeserializeOwned + 'static>(mut self) -> Call<T> {
        self.draft().any_as()
    }

    fn draft(&mut self) -> CallBuilder<'_> {
        let body = self.body.take();
        self.raw.untyped(self.method, &self.path, &self.query, body)
    }
}

awaitable!(UntypedRequest, send -> SecretJson);

impl std::fmt::Debug for UntypedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UntypedRequest")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
