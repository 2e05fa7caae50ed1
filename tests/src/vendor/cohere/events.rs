//! Chat: the events of a streamed answer.

use serde_json::{Value, json};

use super::chat::{call_id, contents, finish_reason, usage};
use super::{event, id};
use crate::vendor::answers::{Answer, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::dialect::Event;
use crate::vendor::failure::Failure;
use crate::vendor::json::text;
use crate::vendor::pieces::{argument_pieces, pieces};
use crate::vendor::usage::Tokens;

pub(super) fn events(ask: &Ask, answer: &Answer) -> Vec<Event> {
    let message =
        json!({ "role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": [] });
    let start = event("message-start", json!({ "id": id(ask), "delta": { "message": message } }));
    let said = match answer.plan() {
        Some(plan) => calling(&plan, answer),
        None => speaking(answer),
    };
    let delta = json!({ "finish_reason": finish_reason(answer), "usage": usage(&Tokens::of(ask, answer)) });
    let end = event("message-end", json!({ "delta": delta }));
    [start].into_iter().chain(said).chain([end]).collect()
}

/// A stream that breaks down ends with an error in the place of the reason.
pub(super) fn in_band(failure: &Failure) -> Event {
    let delta = json!({ "finish_reason": "ERROR", "error": failure.message() });
    event("message-end", json!({ "delta": delta }))
}

fn speaking(answer: &Answer) -> Vec<Event> {
    let contents = contents(answer);
    let contents = contents.iter().enumerate().flat_map(|(index, content)| {
        let (member, said) = match text(content, "/type") {
            "thinking" => ("thinking", pieces(text(content, "/thinking"))),
            _ => ("text", answer.pieces.clone()),
        };
        let content = |content: Value| json!({ "message": { "content": content } });
        let begin = json!({ "index": index, "delta": content(json!({ "type": member, member: "" })) });
        let deltas = said.into_iter().map(move |piece| {
            event("content-delta", json!({ "index": index, "delta": content(json!({ member: piece })) }))
        });
        [event("content-start", begin)]
            .into_iter()
            .chain(deltas)
            .chain([event("content-end", json!({ "index": index }))])
            .collect::<Vec<_>>()
    });
    contents.collect()
}

fn calling(plan: &str, answer: &Answer) -> Vec<Event> {
    let plan = pieces(plan).into_iter();
    let plan =
        plan.map(|piece| event("tool-plan-delta", json!({ "delta": { "message": { "tool_plan": piece } } })));
    let calls = answer.calls.iter().enumerate();
    plan.chain(calls.flat_map(|(index, call)| call_events(index, call))).collect()
}

fn call_events(index: usize, call: &ToolCall) -> Vec<Event> {
    let delta = |call: Value| json!({ "index": index, "delta": { "message": { "tool_calls": call } } });
    let function = json!({ "name": call.name, "arguments": "" });
    let begin = delta(json!({ "id": call_id(call), "type": "function", "function": function }));
    let pieces = argument_pieces(&call.arguments).into_iter();
    let pieces =
        pieces.map(|piece| event("tool-call-delta", delta(json!({ "function": { "arguments": piece } }))));
    [event("tool-call-start", begin)]
        .into_iter()
        .chain(pieces)
        .chain([event("tool-call-end", json!({ "index": index }))])
        .collect()
}
