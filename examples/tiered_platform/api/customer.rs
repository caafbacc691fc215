//! Finds the customer who makes a request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;

use super::{API_KEY, Api};
use crate::failure::{Code, Failure};
use crate::store::Customer;

/// The customer whose key a request has.
pub struct Authenticated(pub Customer);

/// The name of the customer, for the log.
#[derive(Clone)]
pub struct Name(pub String);

impl FromRequestParts<Api> for Authenticated {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Failure> {
        // One answer for a missing, a wrong and a revoked key.
        let refusal = || Failure::new(Code::Unauthorized, "the header X-API-Key needs a valid key");
        let mut keys = parts.headers.get_all(API_KEY).iter();
        let (key, more) = (keys.next(), keys.next());
        let key = key
            .filter(|_| more.is_none())
            .and_then(|it| it.to_str().ok());
        let key = key.ok_or_else(refusal)?.to_owned();
        let found = api
            .platform
            .store
            .run(move |db| Customer::with_key(db, &key))
            .await?;
        found.map(Self).ok_or_else(refusal)
    }
}

impl Authenticated {
    /// Adds the name of the customer to a response, for the log.
    pub fn sign(name: String, mut response: Response) -> Response {
        response.extensions_mut().insert(Name(name));
        response
    }
}
