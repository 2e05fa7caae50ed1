//! Streamed answers: the chunks of an answer, and a body that sends them one by one.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use super::answers::{Answer, ToolCall, pieces};
use super::completion::{frame, usage};
use super::json::set;
use super::request::ChatRequest;

/// Characters of a tool call's arguments in one chunk.
const ARGUMENT_PIECE: usize = 5;

/// The `chat.completion.chunk` objects of an answer, the one with the usage (if asked for) last.
pub(super) fn chunks(request: &ChatRequest, answer: &Answer) -> Vec<Value> {
    let finish = json!(answer.finish_reason());
    let deltas = deltas(answer).into_iter().map(|delta| (delta, &Value::Null));
    let mut chunks: Vec<Value> = deltas
        .chain([(json!({}), &finish)])
        .flat_map(|(delta, finish)| (0..request.choices).map(move |index| choice(index, &delta, finish)))
        .map(|choice| frame(request, "chat.completion.chunk", &[choice]))
        .collect();
    if request.include_usage {
        for chunk in &mut chunks {
            set(chunk, "usage", Value::Null);
        }
        let mut last = frame(request, "chat.completion.chunk", &[]);
        set(&mut last, "usage", usage(request, answer));
        chunks.push(last);
    }
    chunks
}

fn choice(index: usize, delta: &Value, finish: &Value) -> Value {
    json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": finish })
}

fn deltas(answer: &Answer) -> Vec<Value> {
    match answer {
        Answer::Text { text, .. } => {
            let role = json!({ "role": "assistant", "content": "", "refusal": null });
            [role].into_iter().chain(pieces(text).map(|piece| json!({ "content": piece }))).collect()
        }
        Answer::Calls(calls) => {
            let role = json!({ "role": "assistant", "content": null, "refusal": null });
            let calls = calls.iter().enumerate().flat_map(|(index, call)| call_deltas(index, call));
            [role].into_iter().chain(calls).collect()
        }
    }
}

/// First the id and the name, then the arguments in pieces.
fn call_deltas(index: usize, call: &ToolCall) -> Vec<Value> {
    let first = json!({
        "index": index,
        "id": call.id,
        "type": "function",
        "function": { "name": call.name, "arguments": "" },
    });
    let characters: Vec<char> = call.arguments.chars().collect();
    let pieces = characters.chunks(ARGUMENT_PIECE).map(String::from_iter);
    let pieces = pieces.map(|piece| json!({ "index": index, "function": { "arguments": piece } }));
    [first].into_iter().chain(pieces).map(|call| json!({ "tool_calls": [call] })).collect()
}

/// One thing that a body does.
#[derive(Debug)]
pub(super) enum Step {
    /// Sends a text as it is.
    Text(String),
    /// Waits.
    Pause(Duration),
    /// Closes the connection as if the server had died.
    Cut,
}

impl Step {
    /// Sends a server-sent event.
    pub(super) fn event(data: &Value) -> Self {
        Self::Text(format!("data: {data}\n\n"))
    }

    /// Sends the event that ends a stream.
    pub(super) fn done() -> Self {
        Self::Text("data: [DONE]\n\n".to_owned())
    }
}

/// A stream of server-sent events.
pub(super) fn event_stream(steps: Vec<Step>) -> Response {
    let headers = [(CONTENT_TYPE, "text/event-stream; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, body(steps)).into_response()
}

/// A body that takes its steps in order; each text leaves as one chunk of HTTP.
pub(super) fn body(steps: Vec<Step>) -> Body {
    let steps = steps.into_iter();
    Body::from_stream(stream::unfold(steps, |mut steps| async move {
        loop {
            // Once round the scheduler: what was written before leaves first, even if a cut follows.
            tokio::task::yield_now().await;
            match steps.next()? {
                Step::Text(text) => return Some((Ok(Bytes::from(text)), steps)),
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Cut => return Some((Err(std::io::Error::other("cut")), steps)),
            }
        }
    }))
}
