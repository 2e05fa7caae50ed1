//! Chat completions: the chunks of a streamed answer.

use serde_json::{Value, json};

use super::CREATED;
use super::completion::{audio, call_id, finish_reason, frame, sound, speaks, usage};
use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::dialect::Event;
use crate::vendor::json::set;
use crate::vendor::pieces::argument_pieces;
use crate::vendor::usage::Tokens;

/// The `chat.completion.chunk` objects of an answer, the one with the usage (if asked for) last.
pub(super) fn chunks(ask: &Ask, answer: &Answer) -> Vec<Event> {
    let finish = json!(finish_reason(answer));
    let deltas = if speaks(ask) { spoken(ask, answer) } else { deltas(answer) };
    let deltas = deltas.into_iter().map(|delta| (delta, &Value::Null));
    let mut chunks: Vec<Value> = deltas
        .chain([(json!({}), &finish)])
        .flat_map(|(delta, finish)| (0..ask.choices).map(move |index| choice(index, &delta, finish)))
        .map(|choice| frame(ask, "chat.completion.chunk", &[choice]))
        .collect();
    if ask.option("/stream_options/include_usage") == &Value::Bool(true) {
        for chunk in &mut chunks {
            set(chunk, "usage", Value::Null);
        }
        let mut last = frame(ask, "chat.completion.chunk", &[]);
        set(&mut last, "usage", usage(&Tokens::of(ask, answer)));
        chunks.push(last);
    }
    chunks.into_iter().map(Event::unnamed).collect()
}

fn choice(index: usize, delta: &Value, finish: &Value) -> Value {
    json!({ "index": index, "delta": delta, "logprobs": null, "finish_reason": finish })
}

/// The role, then what is said or called.
fn deltas(answer: &Answer) -> Vec<Value> {
    let content = if answer.ending == Ending::Complete || answer.ending == Ending::CutShort {
        json!("")
    } else {
        Value::Null
    };
    let role = json!({ "role": "assistant", "content": content, "refusal": null });
    let part = if answer.ending == Ending::Refused { "refusal" } else { "content" };
    let pieces = answer.pieces.iter().map(|piece| json!({ part: piece }));
    let calls = answer.calls.iter().enumerate();
    let calls = calls.flat_map(|(index, call)| call_deltas(index, call, &call_id(call)));
    [role].into_iter().chain(pieces).chain(calls).collect()
}

/// First the id and the name, then the arguments in pieces.
fn call_deltas(index: usize, call: &ToolCall, id: &str) -> Vec<Value> {
    let first = json!({
        "index": index,
        "id": id,
        "type": "function",
        "function": { "name": call.name, "arguments": "" },
    });
    let pieces = argument_pieces(&call.arguments).into_iter();
    let pieces = pieces.map(|piece| json!({ "index": index, "function": { "arguments": piece } }));
    [first].into_iter().chain(pieces).map(|call| json!({ "tool_calls": [call] })).collect()
}

/// The transcript in pieces, then the sound, then until when it is kept.
fn spoken(ask: &Ask, answer: &Answer) -> Vec<Value> {
    let role = json!({ "role": "assistant", "content": null, "refusal": null, "audio": audio(ask) });
    let pieces = answer.pieces.iter().map(|piece| json!({ "audio": { "transcript": piece } }));
    let sound = json!({ "audio": { "data": sound(answer) } });
    let end = json!({ "audio": { "expires_at": CREATED + 3600 } });
    [role].into_iter().chain(pieces).chain([sound, end]).collect()
}
