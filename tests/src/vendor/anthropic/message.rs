//! Messages: a whole answer, its blocks and its usage.

use serde_json::{Value, json};

use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::json::set;
use crate::vendor::usage::Tokens;

/// The date of models that are named without one.
const DATE: &str = "20260101";

/// A `message` object.
pub(super) fn whole(ask: &Ask, answer: &Answer) -> Value {
    let mut whole = frame(ask);
    set(&mut whole, "content", json!(blocks(ask, answer)));
    for (name, value) in ending(answer) {
        set(&mut whole, name, value);
    }
    set(&mut whole, "usage", usage(&Tokens::of(ask, answer)));
    whole
}

/// A `message` object that says nothing yet.
pub(super) fn frame(ask: &Ask) -> Value {
    json!({
        "id": format!("msg_{}", ask.short_hash("message", 24)),
        "type": "message",
        "role": "assistant",
        "model": dated(&ask.model),
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
        "usage": null,
    })
}

/// `claude-sonnet-4-5` becomes `claude-sonnet-4-5-20260101`; a name with a date stays.
fn dated(model: &str) -> String {
    let last = model.rsplit('-').next().unwrap_or_default();
    let is_date = last.len() == DATE.len() && last.bytes().all(|byte| byte.is_ascii_digit());
    if is_date { model.to_owned() } else { format!("{model}-{DATE}") }
}

/// The thought, the text, the calls; before calls stands what the model is about to do.
pub(super) fn blocks(ask: &Ask, answer: &Answer) -> Vec<Value> {
    let thought = answer.thought.iter().map(
        |thought| json!({ "type": "thinking", "thinking": thought, "signature": ask.hash("signature") }),
    );
    let text = answer.plan().or_else(|| (!answer.pieces.is_empty()).then(|| answer.text()));
    let text = text.map(|text| json!({ "type": "text", "text": text }));
    thought.chain(text).chain(answer.calls.iter().map(tool_use)).collect()
}

fn tool_use(call: &ToolCall) -> Value {
    let id = format!("toolu_{}", call.id);
    json!({ "type": "tool_use", "id": id, "name": call.name, "input": call.input() })
}

/// The members that say why an answer ended.
pub(super) fn ending(answer: &Answer) -> Vec<(&'static str, Value)> {
    let reason = match answer.ending {
        Ending::Complete => "end_turn",
        Ending::CutShort => "max_tokens",
        Ending::Calls => "tool_use",
        Ending::Refused => "refusal",
        Ending::Paused => "pause_turn",
    };
    let details = json!({ "type": "refusal", "category": null, "explanation": null });
    let details = (answer.ending == Ending::Refused).then_some(("stop_details", details));
    [("stop_reason", json!(reason)), ("stop_sequence", Value::Null)].into_iter().chain(details).collect()
}

/// Cached input is counted beside the rest, and thoughts within the output.
pub(super) fn usage(tokens: &Tokens) -> Value {
    let mut usage = json!({
        "input_tokens": tokens.uncached(),
        "cache_creation_input_tokens": tokens.cache_write,
        "cache_read_input_tokens": tokens.cache_read,
        "cache_creation": { "ephemeral_5m_input_tokens": tokens.cache_write, "ephemeral_1h_input_tokens": 0 },
        "output_tokens": tokens.output(),
        "service_tier": "standard",
    });
    if tokens.reasoning > 0 {
        set(&mut usage, "output_tokens_details", json!({ "thinking_tokens": tokens.reasoning }));
    }
    usage
}
