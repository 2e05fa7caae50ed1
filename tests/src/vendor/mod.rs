//! The model vendor: OpenAI chat completions, the answer chosen by the request alone.
//!
//! - `POST /v1/chat/completions` and `POST /openai/deployments/{model}/chat/completions`
//! - `GET /__requests`: what was received, in order; `POST /__reset`: forgets it, and the counters
//!
//! The same request gets the same answer, ids and times included, whoever sends it and in whatever
//! language; `answers` has the scenario, `faults` what a model's name can ask to go wrong.

mod answers;
mod completion;
mod error;
mod faults;
mod json;
mod models;
mod request;
mod sample;
mod stream;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use self::answers::Answer;
use self::error::ApiError;
use self::faults::Fault;
use self::request::ChatRequest;
use crate::cors;

/// Headers that are kept beside a request's body, with all that begin with `x-stainless-`.
const KEPT_HEADERS: [&str; 12] = [
    "accept",
    "api-key",
    "authorization",
    "baggage",
    "content-type",
    "idempotency-key",
    "openai-organization",
    "openai-project",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "user-agent",
];

/// The vendor with an empty memory.
pub fn routes() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/openai/deployments/{model}/chat/completions", post(deployed_chat))
        .route("/__requests", get(requests))
        .route("/__reset", post(reset))
        .fallback(unknown)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(cors::allow))
        .with_state(Memory::default())
}

/// What is shared by all connections.
#[derive(Clone, Debug, Default)]
struct Memory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    requests: Vec<Value>,
    /// The requests that were told to come again, and have not yet.
    refused: HashSet<(String, String)>,
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) {
        let request = json!({
            "path": uri.to_string(),
            "headers": kept_headers(headers),
            "body": serde_json::from_slice(body).unwrap_or(Value::Null),
            "raw": String::from_utf8_lossy(body),
        });
        self.lock().requests.push(request);
    }

    /// Whether this is the first of a pair: every second request with the same model and last user
    /// message is let through, so that the next program that sends them meets the same.
    fn is_first(&self, request: &ChatRequest) -> bool {
        let key = (request.model.clone(), request.last_user_text().to_owned());
        let mut contents = self.lock();
        let first = !contents.refused.remove(&key);
        if first {
            contents.refused.insert(key);
        }
        first
    }
}

fn kept_headers(headers: &HeaderMap) -> Map<String, Value> {
    let kept = |name: &str| KEPT_HEADERS.contains(&name) || name.starts_with("x-stainless-");
    let kept = headers.iter().filter(|(name, _)| kept(name.as_str()));
    kept.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into())).collect()
}

async fn chat(State(memory): State<Memory>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    memory.record(&uri, &headers, &body);
    match ChatRequest::read(&body, None) {
        Ok(request) => respond(&memory, &request).await,
        Err(error) => error.into_response(),
    }
}

async fn deployed_chat(
    State(memory): State<Memory>,
    Path(model): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    memory.record(&uri, &headers, &body);
    match ChatRequest::read(&body, Some(model)) {
        Ok(request) => respond(&memory, &request).await,
        Err(error) => error.into_response(),
    }
}

async fn respond(memory: &Memory, request: &ChatRequest) -> Response {
    let fault = Fault::of(&request.model);
    let mut response = match faults::refusal(fault, || memory.is_first(request)) {
        Some(error) => error.into_response(),
        None => answer(fault, request).await,
    };
    let headers = [
        ("x-request-id", format!("req_{}", request.hash("request"))),
        ("openai-version", "2020-10-01".to_owned()),
        ("openai-processing-ms", "1".to_owned()),
    ];
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

async fn answer(fault: Option<Fault>, request: &ChatRequest) -> Response {
    let answer = Answer::to(request);
    if request.stream {
        faults::stream(fault, stream::chunks(request, &answer))
    } else {
        faults::whole(fault, completion::whole(request, &answer)).await
    }
}

async fn requests(State(memory): State<Memory>) -> Json<Vec<Value>> {
    Json(memory.lock().requests.clone())
}

async fn reset(State(memory): State<Memory>) -> Json<Value> {
    *memory.lock() = Contents::default();
    Json(json!({}))
}

async fn unknown(
    State(memory): State<Memory>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> ApiError {
    memory.record(&uri, &headers, &body);
    ApiError::unknown_url(&method, &uri)
}

#[cfg(test)]
mod tests;
