//! Ollama: chat, generate, embed; lines of JSON where it streams, which it does unless told not to.

mod chat;
mod embed;
mod generate;

use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::answers::{Answer, Ending};
use super::ask::{Ask, Incoming, named};
use super::dialect::{Dialect, Endpoint, Event, Framing};
use super::exchange::serve;
use super::failure::Failure;
use super::json::{field, set};
use super::memory::Memory;
use super::usage::{Tells, Tokens};

/// When every answer was made.
const CREATED: &str = "2026-01-01T00:00:00.000000Z";

const DIALECT: Dialect = Dialect {
    error,
    in_band: |failure| Event::unnamed(error(failure).1),
    framing: Framing::Lines,
    headers: |_| Vec::new(),
    tells: Tells { cache_read: false, cache_write: false, reasoning: false },
};

static CHAT: Endpoint = Endpoint { dialect: &DIALECT, read: chat::read, render: chat::render };

static GENERATE: Endpoint = Endpoint { dialect: &DIALECT, read: generate::read, render: generate::render };

static EMBED: Endpoint = Endpoint { dialect: &DIALECT, read: embed::read, render: embed::render };

static EMBEDDINGS: Endpoint =
    Endpoint { dialect: &DIALECT, read: embed::read_prompt, render: embed::render_one };

pub(super) fn routes() -> Router<Memory> {
    Router::new()
        .route("/api/chat", serve(&CHAT))
        .route("/api/generate", serve(&GENERATE))
        .route("/api/embed", serve(&EMBED))
        .route("/api/embeddings", serve(&EMBEDDINGS))
        .route("/api/tags", get(|| async { Json(json!({ "models": [] })) }))
        .route("/api/show", post(|| async { Json(what_a_model_can()) }))
}

/// LiteLLM asks for this before every chat. It is no request to a model, so it is not remembered.
fn what_a_model_can() -> Value {
    json!({
        "template": "{{ .Prompt }}",
        "capabilities": ["completion", "tools", "thinking"],
        "model_info": { "general.architecture": "llama", "llama.context_length": 8192 },
    })
}

/// `{"error": "..."}`.
fn error(failure: &Failure) -> (u16, Value) {
    (failure.status().as_u16(), json!({ "error": failure.message() }))
}

/// What requests of all kinds have.
fn read(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let blank = Ask::new(incoming, model);
    let thinks = field(&body, "/think");
    Ok(Ask {
        stream: field(&body, "/stream").as_bool().unwrap_or(true),
        schema: read_schema(field(&body, "/format")),
        max_tokens: super::ask::count(&body, "/options/num_predict"),
        thinks: blank.thinks || thinks.is_string() || thinks == &Value::Bool(true),
        ..blank
    })
}

fn read_schema(format: &Value) -> Option<Value> {
    match format {
        Value::String(format) if format == "json" => Some(Value::Null),
        Value::Object(_) => Some(format.clone()),
        _ => None,
    }
}

/// A piece of an answer: what it says is put under `member`.
fn piece(ask: &Ask, member: &str, said: &Value) -> Value {
    json!({ "model": ask.model, "created_at": CREATED, member: said, "done": false })
}

/// Makes a piece the last one, with the counts and the times, which are in nanoseconds.
fn finish(mut last: Value, answer: &Answer, tokens: &Tokens) -> Value {
    let reason = if answer.ending == Ending::CutShort { "length" } else { "stop" };
    let members = [
        ("done", json!(true)),
        ("done_reason", json!(reason)),
        ("total_duration", json!(5_000_000)),
        ("load_duration", json!(1_000_000)),
        ("prompt_eval_count", json!(tokens.input)),
        ("prompt_eval_duration", json!(1_500_000)),
        ("eval_count", json!(tokens.output())),
        ("eval_duration", json!(2_500_000)),
    ];
    for (name, value) in members {
        set(&mut last, name, value);
    }
    last
}
