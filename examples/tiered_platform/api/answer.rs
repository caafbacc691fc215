//! Turns answers and failures into responses.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::failure::{Code, Failure};

/// A JSON body with its status.
pub struct Answer(pub StatusCode, pub Value);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self(status, body) = self;
        let headers = [
            (CONTENT_TYPE, "application/json"),
            (CACHE_CONTROL, "no-store"),
        ];
        (status, headers, body.to_string()).into_response()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.code.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Answer(status, self.to_json()).into_response();
        if let Some(wait) = self.retry_after {
            response
                .headers_mut()
                .insert(RETRY_AFTER, wait.as_secs().into());
        }
        if self.code == Code::Unauthorized {
            let scheme = axum::http::HeaderValue::from_static("ApiKey");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
