//! `Converse`: an answer at once, or as events.

use serde_json::{Value, json};

use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::dialect::Event;
use crate::vendor::json::field;
use crate::vendor::pieces::{argument_pieces, pieces};
use crate::vendor::usage::Tokens;

/// Milliseconds that every answer took.
const LATENCY: u64 = 5;

pub(super) fn whole(ask: &Ask, answer: &Answer) -> Value {
    let message = json!({ "role": "assistant", "content": blocks(ask, answer) });
    json!({
        "metrics": { "latencyMs": LATENCY },
        "output": { "message": message },
        "stopReason": stop_reason(answer),
        "usage": usage(&Tokens::of(ask, answer)),
    })
}

/// The thought, the text, the calls; before calls stands what the model is about to do.
fn blocks(ask: &Ask, answer: &Answer) -> Vec<Value> {
    let thought = answer.thought.iter().map(|thought| {
        let text = json!({ "text": thought, "signature": ask.hash("signature") });
        json!({ "reasoningContent": { "reasoningText": text } })
    });
    let text = answer.plan().unwrap_or_else(|| answer.text());
    thought.chain([json!({ "text": text })]).chain(answer.calls.iter().map(tool_use)).collect()
}

fn tool_use(call: &ToolCall) -> Value {
    json!({ "toolUse": { "toolUseId": id(call), "name": call.name, "input": call.input() } })
}

fn id(call: &ToolCall) -> String {
    format!("tooluse_{}", call.id)
}

fn stop_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::Complete | Ending::Paused => "end_turn",
        Ending::CutShort => "max_tokens",
        Ending::Calls => "tool_use",
        Ending::Refused => "content_filtered",
    }
}

/// Cached input is counted beside the rest.
fn usage(tokens: &Tokens) -> Value {
    json!({
        "inputTokens": tokens.uncached(),
        "outputTokens": tokens.output(),
        "totalTokens": tokens.total(),
        "cacheReadInputTokens": tokens.cache_read,
        "cacheWriteInputTokens": tokens.cache_write,
    })
}

pub(super) fn events(ask: &Ask, answer: &Answer) -> Vec<Event> {
    let blocks = blocks(ask, answer);
    let blocks = blocks.iter().enumerate().flat_map(|(index, block)| block_events(index, block, answer));
    let metadata = json!({ "usage": usage(&Tokens::of(ask, answer)), "metrics": { "latencyMs": LATENCY } });
    [Event::new("messageStart", json!({ "role": "assistant" }))]
        .into_iter()
        .chain(blocks)
        .chain([
            Event::new("messageStop", json!({ "stopReason": stop_reason(answer) })),
            Event::new("metadata", metadata),
        ])
        .collect()
}

/// Only the blocks of calls say that they start.
fn block_events(index: usize, block: &Value, answer: &Answer) -> Vec<Event> {
    let start = block.get("toolUse").map(|call| {
        let start = json!({ "toolUse": { "toolUseId": call.get("toolUseId"), "name": call.get("name") } });
        Event::new("contentBlockStart", json!({ "contentBlockIndex": index, "start": start }))
    });
    let deltas = deltas(block, answer)
        .into_iter()
        .map(|delta| Event::new("contentBlockDelta", json!({ "contentBlockIndex": index, "delta": delta })));
    let stop = Event::new("contentBlockStop", json!({ "contentBlockIndex": index }));
    start.into_iter().chain(deltas).chain([stop]).collect()
}

fn deltas(block: &Value, answer: &Answer) -> Vec<Value> {
    let reasoning = field(block, "/reasoningContent/reasoningText");
    if let (Some(thought), Some(signature)) = (reasoning.get("text"), reasoning.get("signature")) {
        let pieces = pieces(thought.as_str().unwrap_or_default()).into_iter();
        let pieces = pieces.map(|piece| json!({ "reasoningContent": { "text": piece } }));
        return pieces.chain([json!({ "reasoningContent": { "signature": signature } })]).collect();
    }
    if let Some(input) = block.pointer("/toolUse/input") {
        let pieces = argument_pieces(&input.to_string()).into_iter();
        return pieces.map(|piece| json!({ "toolUse": { "input": piece } })).collect();
    }
    let said = if answer.pieces.is_empty() {
        pieces(field(block, "/text").as_str().unwrap_or_default())
    } else {
        answer.pieces.clone()
    };
    said.into_iter().map(|piece| json!({ "text": piece })).collect()
}
