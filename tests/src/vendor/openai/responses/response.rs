//! Responses: a whole answer, and the items that it is made of.

use serde_json::{Value, json};

use super::super::completion::{call_id, service_tier};
use super::super::{CREATED, models};
use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::failure::Failure;
use crate::vendor::json::{field, list, set};
use crate::vendor::usage::Tokens;

/// How far an answer has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Status {
    InProgress,
    Completed,
    Incomplete,
    Failed,
}

impl Status {
    /// How an answer ends.
    pub(super) fn at_end(ask: &Ask, answer: &Answer) -> Self {
        match answer.ending {
            _ if ask.wishes.has("failed") => Self::Failed,
            Ending::CutShort => Self::Incomplete,
            _ => Self::Completed,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
        }
    }
}

pub(super) fn id(ask: &Ask) -> String {
    format!("resp_{}", ask.hash("response"))
}

/// A `response` object with everything in it.
pub(super) fn whole(ask: &Ask, answer: &Answer) -> Value {
    let status = Status::at_end(ask, answer);
    let mut whole = frame(ask, status);
    match status {
        Status::Failed => {
            let error = json!({ "code": "server_error", "message": Failure::Server.message() });
            set(&mut whole, "error", error);
            return whole;
        }
        Status::Incomplete => {
            set(&mut whole, "incomplete_details", json!({ "reason": "max_output_tokens" }));
        }
        _ => set(&mut whole, "completed_at", json!(CREATED + 1)),
    }
    set(&mut whole, "output", json!(items(ask, answer)));
    set(&mut whole, "usage", usage(&Tokens::of(ask, answer)));
    whole
}

/// A `response` object without anything that is said.
pub(super) fn frame(ask: &Ask, status: Status) -> Value {
    let or = |pointer: &str, default: Value| match ask.option(pointer) {
        Value::Null => default,
        value => value.clone(),
    };
    json!({
        "id": id(ask),
        "object": "response",
        "created_at": CREATED,
        "status": status.name(),
        "background": false,
        "error": null,
        "incomplete_details": null,
        "instructions": ask.option("/instructions"),
        "max_output_tokens": ask.option("/max_output_tokens"),
        "max_tool_calls": null,
        "metadata": or("/metadata", json!({})),
        "model": models::dated(&ask.model),
        "output": [],
        "parallel_tool_calls": ask.parallel_tool_calls,
        "previous_response_id": ask.option("/previous_response_id"),
        "prompt_cache_key": ask.option("/prompt_cache_key"),
        "reasoning": or("/reasoning", json!({ "effort": null, "summary": null })),
        "safety_identifier": null,
        "service_tier": service_tier(ask),
        "store": or("/store", json!(true)),
        "temperature": or("/temperature", json!(1.0)),
        "text": or("/text", json!({ "format": { "type": "text" }, "verbosity": "medium" })),
        "tool_choice": or("/tool_choice", json!("auto")),
        "tools": or("/tools", json!([])),
        "top_logprobs": 0,
        "top_p": or("/top_p", json!(1.0)),
        "truncation": "disabled",
        "usage": null,
        "user": null,
    })
}

/// The items of an answer: the thought, then what is said or the calls.
pub(super) fn items(ask: &Ask, answer: &Answer) -> Vec<Value> {
    let thought = answer.thought.iter().map(|thought| reasoning(ask, thought));
    let said = (!answer.pieces.is_empty()).then(|| message(ask, answer));
    let calls = answer.calls.iter().map(function_call);
    thought.chain(said).chain(calls).collect()
}

/// The summary is only shown to those who ask for it, and so is what can be handed back.
fn reasoning(ask: &Ask, thought: &str) -> Value {
    let is_shown = !ask.option("/reasoning/summary").is_null();
    let summary = if is_shown { json!([{ "type": "summary_text", "text": thought }]) } else { json!([]) };
    let mut item =
        json!({ "id": format!("rs_{}", ask.hash("reasoning")), "type": "reasoning", "summary": summary });
    if list(&ask.incoming.body, "/include").any(|include| include == "reasoning.encrypted_content") {
        set(&mut item, "encrypted_content", json!(ask.hash("encrypted")));
    }
    item
}

fn message(ask: &Ask, answer: &Answer) -> Value {
    let status = Status::at_end(ask, answer).name();
    json!({
        "id": format!("msg_{}", ask.hash("message")),
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": [part(answer, &answer.text())],
    })
}

/// The part of a message that a text is in.
pub(super) fn part(answer: &Answer, text: &str) -> Value {
    match answer.ending {
        Ending::Refused => json!({ "type": "refusal", "refusal": text }),
        _ => json!({ "type": "output_text", "annotations": [], "logprobs": [], "text": text }),
    }
}

fn function_call(call: &ToolCall) -> Value {
    json!({
        "id": format!("fc_{}", call.id),
        "type": "function_call",
        "status": "completed",
        "arguments": call.arguments,
        "call_id": call_id(call),
        "name": call.name,
    })
}

/// An item as it is when it begins.
pub(super) fn begun(item: &Value) -> Value {
    let mut begun = item.clone();
    for (member, empty) in [("content", json!([])), ("summary", json!([])), ("arguments", json!(""))] {
        if begun.get(member).is_some() {
            set(&mut begun, member, empty);
        }
    }
    if !field(item, "/status").is_null() {
        set(&mut begun, "status", json!("in_progress"));
    }
    begun
}

fn usage(tokens: &Tokens) -> Value {
    json!({
        "input_tokens": tokens.input,
        "input_tokens_details": {
            "cached_tokens": tokens.cache_read,
            "cache_write_tokens": tokens.cache_write,
        },
        "output_tokens": tokens.output(),
        "output_tokens_details": { "reasoning_tokens": tokens.reasoning },
        "total_tokens": tokens.total(),
    })
}
