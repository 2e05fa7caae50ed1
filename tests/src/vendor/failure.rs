//! What a vendor answers instead of an answer, before it is put into one vendor's words.

use axum::http::{Method, StatusCode, Uri};

/// Why there is no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Failure {
    /// The body is no JSON.
    NotJson,
    /// No model is named.
    NoModel,
    /// A field that has to be there is not.
    Missing(&'static str),
    /// A parameter that the model does not take.
    Unsupported(&'static str),
    /// The answer that is referred to is not known.
    NoSuchResponse(String),
    /// Nothing is served here.
    UnknownUrl(String),
    /// The key is wrong.
    Unauthorized,
    /// Too many requests.
    TooMany,
    /// The vendor has too much to do.
    Overloaded,
    /// The vendor broke down.
    Server,
}

impl Failure {
    pub(super) fn unknown_url(method: &Method, uri: &Uri) -> Self {
        Self::UnknownUrl(format!("{method} {}", uri.path()))
    }

    /// The usual status; a vendor may have its own for one of them.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotJson | Self::NoModel | Self::Missing(_) | Self::Unsupported(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::NoSuchResponse(_) => StatusCode::BAD_REQUEST,
            Self::UnknownUrl(_) => StatusCode::NOT_FOUND,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::NotJson => "We could not parse the JSON body of your request.".to_owned(),
            Self::NoModel => "you must provide a model parameter".to_owned(),
            Self::Missing(field) => format!("Missing required parameter: '{field}'."),
            Self::Unsupported(field) => {
                format!("Unsupported value: '{field}' is not supported with this model.")
            }
            Self::NoSuchResponse(id) => format!("Previous response with id '{id}' not found."),
            Self::UnknownUrl(url) => format!("Unknown request URL: {url}."),
            Self::Unauthorized => "Incorrect API key provided.".to_owned(),
            Self::TooMany => "Rate limit reached for requests. Please try again in 1ms.".to_owned(),
            Self::Overloaded => "The model is overloaded. Please try again later.".to_owned(),
            Self::Server => {
                "The server had an error while processing your request. Sorry about that!".to_owned()
            }
        }
    }

    /// Whether the client is told to come again, which it may at once, so that tests of retries do not wait.
    pub(super) fn passes(&self) -> bool {
        matches!(self, Self::TooMany | Self::Overloaded | Self::Server)
    }
}
