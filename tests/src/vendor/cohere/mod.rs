//! Cohere, version 2: chat, embed, rerank.

mod chat;
mod embed;
mod events;
mod rerank;

use axum::Router;
use serde_json::{Value, json};

use super::dialect::{Dialect, Endpoint, Event, Framing};
use super::exchange::serve;
use super::failure::Failure;
use super::memory::Memory;
use super::usage::Tells;

const DIALECT: Dialect = Dialect {
    error,
    in_band: events::in_band,
    framing: Framing::ServerSent { done: true },
    headers: |hash| vec![("x-trace-id", hash.to_owned())],
    tells: Tells { cache_read: true, cache_write: false, reasoning: false },
};

static CHAT: Endpoint = Endpoint { dialect: &DIALECT, read: chat::read, render: chat::render };

static EMBED: Endpoint = Endpoint { dialect: &DIALECT, read: embed::read, render: embed::render };

static RERANK: Endpoint = Endpoint { dialect: &DIALECT, read: rerank::read, render: rerank::render };

pub(super) fn routes() -> Router<Memory> {
    Router::new()
        .route("/v2/chat", serve(&CHAT))
        .route("/v2/embed", serve(&EMBED))
        .route("/v2/rerank", serve(&RERANK))
}

/// `{"id", "message"}`.
fn error(failure: &Failure) -> (u16, Value) {
    let error = json!({ "id": "00000000-0000-0000-0000-000000000002", "message": failure.message() });
    (failure.status().as_u16(), error)
}

/// What answers of embed and rerank say about themselves.
fn meta(billed: &Value) -> Value {
    json!({ "api_version": { "version": "2" }, "billed_units": billed })
}

/// Ids are UUIDs.
fn id(ask: &super::ask::Ask) -> String {
    uuid::Uuid::parse_str(&ask.hash("id")).unwrap_or_default().to_string()
}

/// An event whose data names it too.
fn event(name: &'static str, mut data: Value) -> Event {
    super::json::set(&mut data, "type", json!(name));
    Event::new(name, data)
}
