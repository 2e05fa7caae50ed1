//! Chat completions: a whole answer, and the usage that goes with every answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{CREATED, models};
use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::json::{set, text};
use crate::vendor::usage::Tokens;

const FINGERPRINT: &str = "fp_spanwire0001";

/// A `chat.completion` object.
pub(super) fn whole(ask: &Ask, answer: &Answer) -> Value {
    let choices = (0..ask.choices).map(|index| {
        json!({
            "index": index,
            "message": message(ask, answer),
            "logprobs": null,
            "finish_reason": finish_reason(answer),
        })
    });
    let mut whole = frame(ask, "chat.completion", &choices.collect::<Vec<_>>());
    set(&mut whole, "usage", usage(&Tokens::of(ask, answer)));
    whole
}

/// What whole answers and chunks have in common.
pub(super) fn frame(ask: &Ask, object: &str, choices: &[Value]) -> Value {
    json!({
        "id": format!("chatcmpl-{}", ask.hash("completion")),
        "object": object,
        "created": CREATED,
        "model": models::dated(&ask.model),
        "choices": choices,
        "service_tier": service_tier(ask),
        "system_fingerprint": FINGERPRINT,
    })
}

/// What was asked for is what is given; `auto` is `default`.
pub(super) fn service_tier(ask: &Ask) -> &str {
    match text(&ask.incoming.body, "/service_tier") {
        "" | "auto" => "default",
        tier => tier,
    }
}

/// Why an answer ended.
pub(in crate::vendor) fn finish_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::Calls => "tool_calls",
        Ending::CutShort => "length",
        Ending::Complete | Ending::Refused | Ending::Paused => "stop",
    }
}

fn message(ask: &Ask, answer: &Answer) -> Value {
    let mut message = json!({ "role": "assistant", "content": null, "refusal": null, "annotations": [] });
    match answer.ending {
        Ending::Calls => {
            set(&mut message, "tool_calls", answer.calls.iter().map(tool_call).collect());
        }
        Ending::Refused => set(&mut message, "refusal", json!(answer.text())),
        _ if speaks(ask) => {
            let mut audio = audio(ask);
            set(&mut audio, "data", json!(sound(answer)));
            set(&mut audio, "transcript", json!(answer.text()));
            set(&mut audio, "expires_at", json!(CREATED + 3600));
            set(&mut message, "audio", audio);
        }
        _ => set(&mut message, "content", json!(answer.text())),
    }
    message
}

/// Whether the answer is spoken.
pub(super) fn speaks(ask: &Ask) -> bool {
    ask.wishes.has("audio")
}

pub(super) fn audio(ask: &Ask) -> Value {
    json!({ "id": format!("audio_{}", ask.short_hash("audio", 24)) })
}

/// The text stands for its sound.
pub(super) fn sound(answer: &Answer) -> String {
    STANDARD.encode(answer.text())
}

fn tool_call(call: &ToolCall) -> Value {
    json!({
        "id": call_id(call),
        "type": "function",
        "function": { "name": call.name, "arguments": call.arguments },
    })
}

pub(super) fn call_id(call: &ToolCall) -> String {
    format!("call_{}", call.id)
}

pub(super) fn usage(tokens: &Tokens) -> Value {
    json!({
        "prompt_tokens": tokens.input,
        "completion_tokens": tokens.output(),
        "total_tokens": tokens.total(),
        "prompt_tokens_details": {
            "cached_tokens": tokens.cache_read,
            "cache_write_tokens": tokens.cache_write,
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": tokens.reasoning,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    })
}
