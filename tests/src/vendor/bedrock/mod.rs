//! Amazon Bedrock: `Converse` and `ConverseStream`. Signatures are not looked at.

mod converse;
mod event_stream;
mod request;

use axum::Router;
use serde_json::{Value, json};

pub(super) use event_stream::frame;

use super::answers::Answer;
use super::ask::Ask;
use super::dialect::{Dialect, Endpoint, Event, Framing, Rendered};
use super::exchange::serve;
use super::failure::Failure;
use super::memory::Memory;
use super::usage::{Tells, Tokens};

const DIALECT: Dialect = Dialect {
    error,
    in_band: |failure| Event::new("modelStreamErrorException", json!({ "message": failure.message() })),
    framing: Framing::Amazon,
    headers: |hash| vec![("x-amzn-requestid", hash.to_owned())],
    tells: Tells { cache_read: true, cache_write: true, reasoning: false },
};

static CONVERSE: Endpoint = Endpoint { dialect: &DIALECT, read: request::read, render };

static CONVERSE_STREAM: Endpoint = Endpoint { dialect: &DIALECT, read: request::read, render: stream };

pub(super) fn routes() -> Router<Memory> {
    Router::new()
        .route("/model/{model}/converse", serve(&CONVERSE))
        .route("/model/{model}/converse-stream", serve(&CONVERSE_STREAM))
}

fn render(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    (Tokens::of(ask, &answer), Rendered::Whole(converse::whole(ask, &answer)))
}

fn stream(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    (Tokens::of(ask, &answer), Rendered::Stream(converse::events(ask, &answer)))
}

/// `{"message"}`, and the name of the exception, which real answers have in a header.
fn error(failure: &Failure) -> (u16, Value) {
    let name = match failure {
        Failure::Unauthorized => "AccessDeniedException",
        Failure::UnknownUrl(_) => "ResourceNotFoundException",
        Failure::TooMany => "ThrottlingException",
        Failure::Overloaded => "ServiceUnavailableException",
        Failure::Server => "InternalServerException",
        _ => "ValidationException",
    };
    (failure.status().as_u16(), json!({ "__type": name, "message": failure.message() }))
}
