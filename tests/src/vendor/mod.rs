//! The model vendor: every wire format, the answer chosen by the request alone.

mod account;
mod answers;
mod anthropic;
mod ask;
mod bedrock;
mod body;
mod cohere;
mod dialect;
mod embedding;
mod exchange;
mod failure;
mod faults;
mod google;
mod json;
mod memory;
mod mistral;
mod ollama;
mod openai;
mod pieces;
mod sample;
mod usage;
mod wishes;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use self::failure::Failure;
use self::memory::Memory;
use crate::cors;

/// The vendor with an empty memory.
pub fn routes() -> Router {
    Router::new()
        .merge(openai::routes())
        .merge(anthropic::routes())
        .merge(google::routes())
        .merge(cohere::routes())
        .merge(mistral::routes())
        .merge(ollama::routes())
        .merge(bedrock::routes())
        .route("/__requests", get(requests))
        .route("/__reset", post(reset))
        .fallback(unknown)
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(cors::allow))
        .with_state(Memory::default())
}

async fn requests(State(memory): State<Memory>) -> Json<Vec<Value>> {
    Json(memory.requests())
}

async fn reset(State(memory): State<Memory>) -> Json<Value> {
    memory.forget();
    Json(json!({}))
}

async fn unknown(
    State(memory): State<Memory>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let ticket = memory.record(&uri, &headers, &body);
    let (response, told) = exchange::refuse(&openai::DIALECT, &Failure::unknown_url(&method, &uri));
    memory.answered(ticket, told);
    response
}

#[cfg(test)]
mod tests;
