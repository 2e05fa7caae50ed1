//! Google: `generateContent`, `streamGenerateContent`, embeddings and the count of tokens, for the Gemini API
//! and for Vertex AI.

mod embed;
mod request;
mod response;

use axum::Router;
use serde_json::{Value, json};

use super::answers::Answer;
use super::ask::Ask;
use super::dialect::{Dialect, Endpoint, Event, Framing, Rendered};
use super::exchange::choose;
use super::failure::Failure;
use super::json::field;
use super::memory::Memory;
use super::usage::{Tells, Tokens};

const DIALECT: Dialect = Dialect {
    error,
    in_band: |failure| Event::unnamed(error(failure).1),
    framing: Framing::ServerSent { done: false },
    headers: |_| vec![("server-timing", "gfet4t7; dur=1".to_owned())],
    tells: Tells { cache_read: true, cache_write: false, reasoning: true },
};

static GENERATE: Endpoint = Endpoint { dialect: &DIALECT, read: request::read, render: generate };

static STREAM: Endpoint = Endpoint { dialect: &DIALECT, read: request::read, render: stream };

static EMBED: Endpoint = Endpoint { dialect: &DIALECT, read: embed::read, render: embed::render };

static PREDICT: Endpoint =
    Endpoint { dialect: &DIALECT, read: embed::read, render: embed::render_prediction };

static COUNT_TOKENS: Endpoint = Endpoint { dialect: &DIALECT, read: request::read, render: count_tokens };

pub(super) fn routes() -> Router<Memory> {
    let vertex = "publishers/google/models/{call}";
    let project = "projects/{project}/locations/{location}";
    let mut routes = Router::new();
    for version in ["v1", "v1beta", "v1beta1"] {
        routes = routes
            .route(&format!("/{version}/models/{{call}}"), choose(endpoint))
            .route(&format!("/{version}/tunedModels/{{call}}"), choose(endpoint))
            .route(&format!("/{version}/{vertex}"), choose(endpoint))
            .route(&format!("/{version}/{project}/{vertex}"), choose(endpoint))
            .route(&format!("/{version}/{project}/endpoints/{{call}}"), choose(endpoint));
    }
    routes
}

/// `gemini-2.5-flash:generateContent` is a model and what is wanted of it.
fn endpoint(call: &str) -> Option<(&'static Endpoint, String)> {
    let (model, method) = call.rsplit_once(':')?;
    let endpoint = match method {
        "generateContent" => &GENERATE,
        "streamGenerateContent" => &STREAM,
        "embedContent" | "batchEmbedContents" => &EMBED,
        "predict" => &PREDICT,
        "countTokens" => &COUNT_TOKENS,
        _ => return None,
    };
    Some((endpoint, model.to_owned()))
}

/// The value at a pointer. The Python client sends what is inside of a dictionary in snake case, which the
/// API takes as well.
fn member<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    pointer.split('/').skip(1).fold(value, |value, name| match field(value, &format!("/{name}")) {
        Value::Null => field(value, &format!("/{}", snake_case(name))),
        member => member,
    })
}

fn snake_case(name: &str) -> String {
    let split = |letter: char| if letter.is_ascii_uppercase() { vec!['_', letter] } else { vec![letter] };
    name.chars().flat_map(split).collect::<String>().to_lowercase()
}

fn generate(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    (Tokens::of(ask, &answer), Rendered::Whole(response::whole(ask, &answer)))
}

fn stream(ask: &Ask) -> (Tokens, Rendered) {
    let answer = Answer::to(ask);
    (Tokens::of(ask, &answer), Rendered::Stream(response::chunks(ask, &answer)))
}

fn count_tokens(ask: &Ask) -> (Tokens, Rendered) {
    let tokens = Tokens::of_prompt(ask);
    let details = json!([{ "modality": "TEXT", "tokenCount": tokens.input }]);
    (tokens, Rendered::Whole(json!({ "totalTokens": tokens.input, "promptTokensDetails": details })))
}

/// `{"error": {"code", "message", "status"}}`.
fn error(failure: &Failure) -> (u16, Value) {
    let status = failure.status().as_u16();
    let name = match failure {
        Failure::Unauthorized => "UNAUTHENTICATED",
        Failure::UnknownUrl(_) => "NOT_FOUND",
        Failure::TooMany => "RESOURCE_EXHAUSTED",
        Failure::Server => "INTERNAL",
        Failure::Overloaded => "UNAVAILABLE",
        _ => "INVALID_ARGUMENT",
    };
    (status, json!({ "error": { "code": status, "message": failure.message(), "status": name } }))
}
