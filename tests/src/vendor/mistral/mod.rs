//! Mistral: chat completions and embeddings, below `/mistral` because the paths are OpenAI's.

mod chat;

use axum::Router;
use serde_json::{Value, json};

use super::ask::{Ask, Incoming, Message, named};
use super::dialect::{Dialect, Endpoint, Event, Framing, Rendered};
use super::embedding::{texts, vector};
use super::exchange::serve;
use super::failure::Failure;
use super::memory::Memory;
use super::usage::{Tells, Tokens};

const DIALECT: Dialect = Dialect {
    error,
    in_band: |failure| Event::unnamed(error(failure).1),
    framing: Framing::ServerSent { done: true },
    headers: |hash| vec![("mistral-correlation-id", hash.to_owned())],
    tells: Tells { cache_read: false, cache_write: false, reasoning: false },
};

static CHAT: Endpoint = Endpoint { dialect: &DIALECT, read: chat::read, render: chat::render };

static EMBEDDINGS: Endpoint = Endpoint { dialect: &DIALECT, read: read_inputs, render: embed };

pub(super) fn routes() -> Router<Memory> {
    Router::new()
        .route("/mistral/v1/chat/completions", serve(&CHAT))
        .route("/mistral/v1/embeddings", serve(&EMBEDDINGS))
}

fn error(failure: &Failure) -> (u16, Value) {
    let kind = match failure {
        Failure::Unauthorized => "unauthorized",
        Failure::TooMany => "rate_limited",
        Failure::Server | Failure::Overloaded => "internal_server_error",
        _ => "invalid_request_error",
    };
    let error = json!({
        "object": "error", "message": failure.message(), "type": kind, "param": null, "code": null,
    });
    (failure.status().as_u16(), error)
}

/// A request for embeddings; other clients than the vendor's own say `inputs` as OpenAI's say `input`.
fn read_inputs(incoming: Incoming) -> Result<Ask, Failure> {
    let body = incoming.body.clone();
    let model = named(&body, "/model").ok_or(Failure::NoModel)?;
    let input = body.get("input").or_else(|| body.get("inputs")).ok_or(Failure::Missing("input"))?;
    let messages = texts(input).into_iter().map(|text| Message::new("user", text)).collect();
    Ok(Ask { messages, ..Ask::new(incoming, model) })
}

fn embed(ask: &Ask) -> (Tokens, Rendered) {
    let texts: Vec<String> = ask.messages.iter().map(|message| message.text.clone()).collect();
    let tokens = Tokens::of_texts(&texts);
    let data = texts.iter().enumerate();
    let data = data.map(
        |(index, text)| json!({ "object": "embedding", "embedding": vector(text, None), "index": index }),
    );
    let whole = json!({
        "id": ask.hash("id"),
        "object": "list",
        "data": data.collect::<Vec<_>>(),
        "model": ask.model,
        "usage": { "prompt_tokens": tokens.input, "total_tokens": tokens.input, "completion_tokens": 0 },
    });
    (tokens, Rendered::Whole(whole))
}
