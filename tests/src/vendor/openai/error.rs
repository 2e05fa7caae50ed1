//! OpenAI's errors: `{"error": {"message", "type", "param", "code"}}` with a status.

use serde_json::{Value, json};

use crate::vendor::failure::Failure;

/// The status and the body of a failure.
pub(super) fn json(failure: &Failure) -> (u16, Value) {
    let (kind, param, code) = match failure {
        Failure::NotJson | Failure::NoModel => ("invalid_request_error", None, None),
        Failure::Missing(field) => {
            ("invalid_request_error", Some(*field), Some("missing_required_parameter"))
        }
        Failure::Unsupported(field) => ("invalid_request_error", Some(*field), Some("unsupported_value")),
        Failure::NoSuchResponse(_) => {
            ("invalid_request_error", Some("previous_response_id"), Some("previous_response_not_found"))
        }
        Failure::UnknownUrl(_) => ("invalid_request_error", None, Some("unknown_url")),
        Failure::Unauthorized => ("invalid_request_error", None, Some("invalid_api_key")),
        Failure::TooMany => ("requests", None, Some("rate_limit_exceeded")),
        Failure::Overloaded => ("service_unavailable_error", None, None),
        Failure::Server => ("server_error", None, None),
    };
    let message = failure.message();
    let error = json!({ "message": message, "type": kind, "param": param, "code": code });
    (failure.status().as_u16(), json!({ "error": error }))
}
