//! The vendor's errors: `{"error": {"message", "type", "param", "code"}}` with a status.

use axum::Json;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error as OpenAI writes it.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    message: String,
    kind: &'static str,
    param: Option<&'static str>,
    code: Option<&'static str>,
    /// Tells the client to come again at once, so that tests of retries do not wait.
    retry: bool,
}

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), kind, param: None, code: None, retry: false }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message)
    }

    pub(super) fn not_json() -> Self {
        Self::invalid("We could not parse the JSON body of your request.")
    }

    pub(super) fn no_model() -> Self {
        Self::invalid("you must provide a model parameter")
    }

    pub(super) fn no_messages() -> Self {
        let error = Self::invalid("Missing required parameter: 'messages'.");
        Self { param: Some("messages"), code: Some("missing_required_parameter"), ..error }
    }

    pub(super) fn refused() -> Self {
        let error = Self::invalid("Unsupported value: 'temperature' is not supported with this model.");
        Self { param: Some("temperature"), code: Some("unsupported_value"), ..error }
    }

    pub(super) fn unknown_url(method: &Method, uri: &Uri) -> Self {
        let message = format!("Unknown request URL: {method} {}.", uri.path());
        let error = Self::new(StatusCode::NOT_FOUND, "invalid_request_error", message);
        Self { code: Some("unknown_url"), ..error }
    }

    pub(super) fn too_many() -> Self {
        let message = "Rate limit reached for requests. Please try again in 1ms.";
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "requests", message);
        Self { code: Some("rate_limit_exceeded"), retry: true, ..error }
    }

    pub(super) fn server() -> Self {
        let message = "The server had an error while processing your request. Sorry about that!";
        let error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", message);
        Self { retry: true, ..error }
    }

    pub(super) fn json(&self) -> Value {
        let Self { message, kind, param, code, .. } = self;
        json!({ "error": { "message": message, "type": kind, "param": param, "code": code } })
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.json())).into_response();
        if self.retry {
            let headers = response.headers_mut();
            headers.insert("retry-after-ms", HeaderValue::from_static("1"));
            headers.insert("retry-after", HeaderValue::from_static("0"));
        }
        response
    }
}
