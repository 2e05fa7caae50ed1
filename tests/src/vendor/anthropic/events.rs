//! Messages: the events of a streamed answer.

use serde_json::{Value, json};

use super::message::{blocks, ending, frame, usage};
use crate::vendor::answers::Answer;
use crate::vendor::ask::Ask;
use crate::vendor::dialect::Event;
use crate::vendor::json::{set, text};
use crate::vendor::pieces::{argument_pieces, pieces};
use crate::vendor::usage::Tokens;

/// The output that `message_start` counts, before there is any: a number that ends like no other.
const OUTPUT_AT_START: usize = 7;

pub(super) fn events(ask: &Ask, answer: &Answer) -> Vec<Event> {
    let tokens = Tokens::of(ask, answer);
    let mut message = frame(ask);
    set(&mut message, "usage", usage(&Tokens { visible: OUTPUT_AT_START, reasoning: 0, ..tokens }));
    let mut delta = json!({});
    for (name, value) in ending(answer) {
        set(&mut delta, name, value);
    }
    let blocks = blocks(ask, answer);
    let blocks = blocks.iter().enumerate().flat_map(|(index, block)| block_events(index, block, answer));
    let mut events = vec![
        ("message_start", json!({ "message": message })),
        ("message_delta", json!({ "delta": delta, "usage": final_usage(&tokens) })),
        ("message_stop", json!({})),
    ];
    events.splice(1..1, blocks);
    events.splice(2..2, [("ping", json!({}))]);
    events.into_iter().map(named).collect()
}

/// An event whose data names it too, as the first member.
fn named((name, data): (&'static str, Value)) -> Event {
    let mut named = json!({ "type": name });
    for (member, value) in data.as_object().into_iter().flatten() {
        set(&mut named, member, value.clone());
    }
    Event::new(name, named)
}

/// The last counts: the input again, and all of the output.
fn final_usage(tokens: &Tokens) -> Value {
    let mut last = usage(tokens);
    if let Some(members) = last.as_object_mut() {
        members.retain(|name, _| name != "cache_creation" && name != "service_tier");
    }
    last
}

fn block_events(index: usize, block: &Value, answer: &Answer) -> Vec<(&'static str, Value)> {
    let deltas = deltas(block, answer).into_iter();
    let deltas = deltas.map(|delta| ("content_block_delta", json!({ "index": index, "delta": delta })));
    [("content_block_start", json!({ "index": index, "content_block": begun(block) }))]
        .into_iter()
        .chain(deltas)
        .chain([("content_block_stop", json!({ "index": index }))])
        .collect()
}

/// A block as it is when it begins.
fn begun(block: &Value) -> Value {
    let mut begun = block.clone();
    for (member, empty) in [("text", ""), ("thinking", ""), ("signature", "")] {
        if begun.get(member).is_some() {
            set(&mut begun, member, json!(empty));
        }
    }
    if begun.get("input").is_some() {
        set(&mut begun, "input", json!({}));
    }
    begun
}

fn deltas(block: &Value, answer: &Answer) -> Vec<Value> {
    let said = |kind: &'static str, member: &'static str, pieces: Vec<String>| {
        pieces.into_iter().map(move |piece| json!({ "type": kind, member: piece }))
    };
    match text(block, "/type") {
        "thinking" => {
            let signature = json!({ "type": "signature_delta", "signature": text(block, "/signature") });
            let thought = said("thinking_delta", "thinking", pieces(text(block, "/thinking")));
            thought.chain([signature]).collect()
        }
        "tool_use" => {
            let input = block.get("input").map(Value::to_string).unwrap_or_default();
            let input = [String::new()].into_iter().chain(argument_pieces(&input)).collect();
            said("input_json_delta", "partial_json", input).collect()
        }
        _ if answer.pieces.is_empty() => said("text_delta", "text", pieces(text(block, "/text"))).collect(),
        _ => said("text_delta", "text", answer.pieces.clone()).collect(),
    }
}
