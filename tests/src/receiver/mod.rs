//! The Sentry receiver: takes envelopes, keeps them with what is wrong about them, answers by script.
//!
//! - `POST {prefix}/api/{project}/envelope/`: an envelope; `{}` with 200, or what the script says
//! - `GET /__envelopes`: all of them as JSON; `GET /__envelopes.raw`: the bytes of the accepted ones
//! - `GET /__summary`: the same as counts
//! - `POST /__answer`: the next answers; `POST /__faults`: what goes wrong after them, at random
//! - `GET /__preflights`: how often a browser asked first
//! - `POST /__reset`: forgets everything

mod auth;
mod faults;
mod finding;
pub mod framing;
mod json;
mod record;
mod rules;
mod script;
mod summary;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use self::faults::Faults;
use self::record::Record;
use self::script::{Answer, Script};
use crate::cors;

pub use self::finding::{Finding, Line};

/// The receiver with nothing in it.
pub fn routes() -> Router {
    let memory = Memory::default();
    Router::new()
        .route("/__envelopes", get(envelopes))
        .route("/__envelopes.raw", get(raw_envelopes))
        .route("/__summary", get(summary))
        .route("/__answer", post(answer))
        .route("/__faults", post(faults))
        .route("/__preflights", get(preflights))
        .route("/__reset", post(reset))
        // Not a route: any prefix may stand before `/api/`.
        .fallback(receive)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(cors::allow))
        .layer(middleware::from_fn_with_state(memory.clone(), count_preflight))
        .with_state(memory)
}

/// What is shared by all connections.
#[derive(Clone, Debug, Default)]
struct Memory(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    records: Vec<Record>,
    script: Script,
    faults: Faults,
    preflights: usize,
}

impl Contents {
    /// Keeps an envelope, and says how it is answered.
    fn take(&mut self, now: Instant, record: impl FnOnce(Option<u16>) -> Record) -> Answer {
        if self.faults.is_down(now) {
            return Answer::cut_off();
        }
        let answer = self.script.next().or_else(|| self.faults.next()).unwrap_or_default();
        self.records.push(record(answer.seen_status()));
        answer
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn receive(
    State(memory): State<Memory>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method != Method::POST || !is_envelope_path(uri.path()) {
        let detail = format!("{method} {} is not POST .../api/{{project}}/envelope/", uri.path());
        return (StatusCode::NOT_FOUND, Json(json!({ "detail": detail }))).into_response();
    }
    let answer = memory.lock().take(Instant::now(), |status| Record::new(uri, headers, &body, status));
    answer.give().await
}

/// Whether a path ends with `/api/{project}/envelope/`, the project being a number.
fn is_envelope_path(path: &str) -> bool {
    let project = path.strip_suffix("/envelope/").and_then(|path| path.rsplit_once("/api/"));
    project
        .is_some_and(|(_, project)| !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit()))
}

async fn envelopes(State(memory): State<Memory>) -> Json<Vec<Value>> {
    Json(memory.lock().records.iter().map(Record::json).collect())
}

async fn summary(State(memory): State<Memory>) -> Json<Value> {
    Json(summary::of(&memory.lock().records))
}

async fn raw_envelopes(State(memory): State<Memory>) -> impl IntoResponse {
    let contents = memory.lock();
    let bytes: Vec<&[u8]> = contents.records.iter().filter_map(Record::accepted).collect();
    ([(CONTENT_TYPE, "application/x-sentry-envelope")], bytes.concat())
}

async fn answer(State(memory): State<Memory>, body: Bytes) -> (StatusCode, Json<Value>) {
    taken(Script::read(&body).map(|script| memory.lock().script = script))
}

async fn faults(State(memory): State<Memory>, body: Bytes) -> (StatusCode, Json<Value>) {
    taken(Faults::read(&body, Instant::now()).map(|faults| memory.lock().faults = faults))
}

fn taken(result: Result<(), String>) -> (StatusCode, Json<Value>) {
    match result {
        Ok(()) => (StatusCode::OK, Json(json!({}))),
        Err(detail) => (StatusCode::BAD_REQUEST, Json(json!({ "detail": detail }))),
    }
}

async fn preflights(State(memory): State<Memory>) -> Json<usize> {
    Json(memory.lock().preflights)
}

async fn reset(State(memory): State<Memory>) -> Json<Value> {
    *memory.lock() = Contents::default();
    Json(json!({}))
}

/// Counts the preflights for envelopes; those for the control endpoints are the test's own.
async fn count_preflight(State(memory): State<Memory>, request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS && !request.uri().path().starts_with("/__") {
        memory.lock().preflights += 1;
    }
    next.run(request).await
}

#[cfg(test)]
mod tests;
