//! OpenAI: chat completions, text completions, responses, embeddings, and the list of models.
//!
//! Azure's paths, in which a deployment names the model, lead to the same endpoints.

mod chat;
mod chunks;
pub(super) mod completion;
mod embeddings;
mod error;
pub(super) mod models;
mod responses;
mod text_completion;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

pub(super) use chat::{read_call, read_choice, read_tool};

use super::dialect::{Dialect, Endpoint, Event, Framing};
use super::exchange::serve;
use super::failure::Failure;
use super::memory::Memory;
use super::usage::Tells;

/// 2026-01-01T00:00:00Z, in Unix seconds: every answer was made then.
pub(super) const CREATED: u64 = 1_767_225_600;

pub(super) const DIALECT: Dialect = Dialect {
    error: error::json,
    in_band: |failure| Event::unnamed(error::json(failure).1),
    framing: Framing::ServerSent { done: true },
    headers,
    tells: Tells { cache_read: true, cache_write: true, reasoning: true },
};

static CHAT: Endpoint = Endpoint { dialect: &DIALECT, read: chat::read, render: chat::render };

static COMPLETIONS: Endpoint =
    Endpoint { dialect: &DIALECT, read: text_completion::read, render: text_completion::render };

static EMBEDDINGS: Endpoint =
    Endpoint { dialect: &DIALECT, read: embeddings::read, render: embeddings::render };

static RESPONSES: Endpoint =
    Endpoint { dialect: &responses::DIALECT, read: responses::read, render: responses::render };

pub(super) fn routes() -> Router<Memory> {
    Router::new()
        .route("/v1/chat/completions", serve(&CHAT))
        .route("/v1/completions", serve(&COMPLETIONS))
        .route("/v1/embeddings", serve(&EMBEDDINGS))
        .route("/v1/responses", serve(&RESPONSES))
        .route("/v1/models", get(models))
        .route("/openai/deployments/{model}/chat/completions", serve(&CHAT))
        .route("/openai/deployments/{model}/completions", serve(&COMPLETIONS))
        .route("/openai/deployments/{model}/embeddings", serve(&EMBEDDINGS))
        .route("/openai/v1/chat/completions", serve(&CHAT))
        .route("/openai/v1/embeddings", serve(&EMBEDDINGS))
        .route("/openai/v1/responses", serve(&RESPONSES))
        .route("/openai/responses", serve(&RESPONSES))
}

async fn models() -> Json<Value> {
    Json(models::all())
}

fn headers(hash: &str) -> Vec<(&'static str, String)> {
    vec![
        ("x-request-id", format!("req_{hash}")),
        ("openai-version", "2020-10-01".to_owned()),
        ("openai-processing-ms", "1".to_owned()),
    ]
}

/// The model that a request names, in its path or in its body.
fn model(target: &str, body: &Value) -> Result<String, Failure> {
    let named = super::ask::named(body, "/model").unwrap_or_default();
    let model = if target.is_empty() { named } else { target };
    if model.is_empty() { Err(Failure::NoModel) } else { Ok(model.to_owned()) }
}
