//! The JSON of a whole answer, and the usage that goes with every answer.

use serde_json::{Value, json};

use super::answers::{Answer, ToolCall, pieces};
use super::json::set;
use super::models;
use super::request::ChatRequest;

/// 2026-01-01T00:00:00Z, in Unix seconds: every answer was made then.
const CREATED: u64 = 1_767_225_600;

const FINGERPRINT: &str = "fp_spanwire0001";

/// Tokens that a message costs beside its words, and that every request costs beside its messages.
const TOKENS_A_MESSAGE: usize = 4;

/// Tokens that a tool on offer costs.
const TOKENS_A_TOOL: usize = 16;

/// Tokens of thought, for models that think.
const REASONING_TOKENS: usize = 64;

/// A `chat.completion` object.
pub(super) fn whole(request: &ChatRequest, answer: &Answer) -> Value {
    let choices = (0..request.choices).map(|index| {
        json!({
            "index": index,
            "message": message(answer),
            "logprobs": null,
            "finish_reason": answer.finish_reason(),
        })
    });
    let mut whole = frame(request, "chat.completion", &choices.collect::<Vec<_>>());
    set(&mut whole, "usage", usage(request, answer));
    whole
}

/// What whole answers and chunks have in common.
pub(super) fn frame(request: &ChatRequest, object: &str, choices: &[Value]) -> Value {
    json!({
        "id": format!("chatcmpl-{}", request.hash("completion")),
        "object": object,
        "created": CREATED,
        "model": models::dated(&request.model),
        "choices": choices,
        "service_tier": request.service_tier,
        "system_fingerprint": FINGERPRINT,
    })
}

fn message(answer: &Answer) -> Value {
    let mut message = json!({ "role": "assistant", "content": null, "refusal": null, "annotations": [] });
    match answer {
        Answer::Text { text, .. } => set(&mut message, "content", json!(text)),
        Answer::Calls(calls) => set(&mut message, "tool_calls", calls.iter().map(tool_call).collect()),
    }
    message
}

fn tool_call(call: &ToolCall) -> Value {
    json!({
        "id": call.id,
        "type": "function",
        "function": { "name": call.name, "arguments": call.arguments },
    })
}

/// Counts words. Half of a prompt comes out of the cache.
pub(super) fn usage(request: &ChatRequest, answer: &Answer) -> Value {
    let prompt = prompt_tokens(request);
    let reasoning = if models::reasons(&request.model) { REASONING_TOKENS } else { 0 };
    let completion = completion_tokens(answer) * request.choices + reasoning;
    json!({
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": { "cached_tokens": prompt / 2, "audio_tokens": 0 },
        "completion_tokens_details": {
            "reasoning_tokens": reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}

fn prompt_tokens(request: &ChatRequest) -> usize {
    let words = |text: &str| text.split_whitespace().count();
    let messages = request.messages.iter().map(|message| {
        let calls = message.calls.iter().map(|call| 1 + words(&call.arguments));
        TOKENS_A_MESSAGE + words(&message.text) + calls.sum::<usize>()
    });
    TOKENS_A_MESSAGE + messages.sum::<usize>() + TOKENS_A_TOOL * request.tools.len()
}

fn completion_tokens(answer: &Answer) -> usize {
    match answer {
        Answer::Text { text, .. } => pieces(text).count(),
        Answer::Calls(calls) => TOKENS_A_TOOL * calls.len(),
    }
}
