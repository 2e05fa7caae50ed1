//! Anthropic: messages, and the count of their tokens; the messages also as Amazon Bedrock invokes its models.

mod events;
mod message;
mod request;

use axum::Router;
use serde_json::{Value, json};

use super::answers::Answer;
use super::ask::{Ask, Incoming};
use super::dialect::{Dialect, Endpoint, Event, Framing, Rendered};
use super::exchange::serve;
use super::failure::Failure;
use super::json::set;
use super::memory::Memory;
use super::usage::{Tells, Tokens};

const DIALECT: Dialect = Dialect {
    error,
    in_band: |failure| Event::new("error", error(failure).1),
    framing: Framing::ServerSent { done: false },
    headers: |hash| {
        let organization = "00000000-0000-0000-0000-000000000001".to_owned();
        vec![("request-id", format!("req_{hash}")), ("anthropic-organization-id", organization)]
    },
    tells: Tells { cache_read: true, cache_write: true, reasoning: true },
};

static MESSAGES: Endpoint = Endpoint { dialect: &DIALECT, read: request::read, render };

/// Bedrock has the model in the path, and its own framing.
const INVOKED: Dialect = Dialect {
    framing: Framing::AmazonChunks,
    headers: |hash| vec![("x-amzn-requestid", hash.to_owned())],
    ..DIALECT
};

static INVOKE: Endpoint =
    Endpoint { dialect: &INVOKED, read: |incoming| read_invoked(incoming, false), render };

static INVOKE_STREAM: Endpoint =
    Endpoint { dialect: &INVOKED, read: |incoming| read_invoked(incoming, true), render };

static COUNT_TOKENS: Endpoint =
    Endpoint { dialect: &DIALECT, read: request::read_prompt, render: count_tokens };

pub(super) fn routes() -> Router<Memory> {
    Router::new()
        .route("/v1/messages", serve(&MESSAGES))
        .route("/v1/messages/count_tokens", serve(&COUNT_TOKENS))
        .route("/model/{model}/invoke", serve(&INVOKE))
        .route("/model/{model}/invoke-with-response-stream", serve(&INVOKE_STREAM))
}

fn read_invoked(mut incoming: Incoming, stream: bool) -> Result<Ask, Failure> {
    let model = Value::from(incoming.target.as_str());
    set(&mut incoming.body, "model", model);
    set(&mut incoming.body, "stream", stream.into());
    request::read(incoming)
}

fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    let rendered = if ask.stream {
        Rendered::Stream(events::events(ask, &answer))
    } else {
        Rendered::Whole(message::whole(ask, &answer))
    };
    (Tokens::of(ask, &answer), rendered)
}

fn count_tokens(ask: &Ask) -> (Tokens, Rendered) {
    let tokens = Tokens::of_prompt(ask);
    (tokens, Rendered::Whole(json!({ "input_tokens": tokens.input })))
}

/// `{"type": "error", "error": {"type", "message"}, "request_id"}`.
fn error(failure: &Failure) -> (u16, Value) {
    let (status, kind) = match failure {
        Failure::Unauthorized => (401, "authentication_error"),
        Failure::UnknownUrl(_) => (404, "not_found_error"),
        Failure::TooMany => (429, "rate_limit_error"),
        Failure::Server => (500, "api_error"),
        Failure::Overloaded => (529, "overloaded_error"),
        failure => (failure.status().as_u16(), "invalid_request_error"),
    };
    let error = json!({ "type": kind, "message": failure.message() });
    (status, json!({ "type": "error", "error": error, "request_id": "req_of_an_error" }))
}
