//! `generateContent`: an answer at once or in chunks, and the usage, which counts up in a stream.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::member;
use crate::vendor::answers::{Answer, Ending, ToolCall};
use crate::vendor::ask::Ask;
use crate::vendor::dialect::Event;
use crate::vendor::json::set;
use crate::vendor::usage::Tokens;

/// An answer as a whole.
pub(super) fn whole(ask: &Ask, answer: &Answer) -> Value {
    let said = json!({ "text": answer.text() });
    let said = (!answer.pieces.is_empty()).then_some(said);
    let parts: Vec<Value> = thought(ask, answer).into_iter().chain(said).chain(calls(ask, answer)).collect();
    response(ask, answer, &parts, Some(finish_reason(answer)), &Tokens::of(ask, answer))
}

/// An answer in chunks: the thought, each piece, the calls; the last chunk says why it ended.
pub(super) fn chunks(ask: &Ask, answer: &Answer) -> Vec<Event> {
    let said = answer.pieces.iter().map(|piece| vec![json!({ "text": piece })]);
    let calls = calls(ask, answer);
    let calls = (!calls.is_empty()).then_some(calls);
    let thought = thought(ask, answer).map(|thought| vec![thought]);
    let mut parts: Vec<Vec<Value>> = thought.into_iter().chain(said).chain(calls).collect();
    parts.push(vec![json!({ "text": "" })]);
    let tokens = Tokens::of(ask, answer);
    let last = parts.len() - 1;
    let chunks = parts.iter().enumerate().map(|(index, parts)| {
        let visible = tokens.visible * index / last.max(1);
        let finish = (index == last).then(|| finish_reason(answer));
        response(ask, answer, parts, finish, &Tokens { visible, ..tokens })
    });
    chunks.map(Event::unnamed).collect()
}

fn response(ask: &Ask, answer: &Answer, parts: &[Value], finish: Option<&str>, tokens: &Tokens) -> Value {
    let candidates = (0..ask.choices).map(|index| {
        let mut candidate = json!({ "content": { "parts": parts, "role": "model" }, "index": index });
        if answer.ending == Ending::Refused {
            candidate = json!({ "index": index });
        }
        if let Some(finish) = finish {
            set(&mut candidate, "finishReason", json!(finish));
            if answer.ending == Ending::Paused {
                set(&mut candidate, "continuationToken", json!(STANDARD.encode("go on")));
            }
        }
        candidate
    });
    json!({
        "candidates": candidates.collect::<Vec<_>>(),
        "usageMetadata": usage(tokens),
        "modelVersion": format!("{}-001", ask.model),
        "responseId": ask.short_hash(if ask.goes_on { "rest" } else { "response" }, 22),
    })
}

/// Calls end an answer like anything else; a refusal has no text.
fn finish_reason(answer: &Answer) -> &'static str {
    match answer.ending {
        Ending::CutShort => "MAX_TOKENS",
        Ending::Refused => "SAFETY",
        Ending::Paused => "CONTINUATION",
        Ending::Complete | Ending::Calls => "STOP",
    }
}

/// The thought is shown to those who ask for it.
fn thought(ask: &Ask, answer: &Answer) -> Option<Value> {
    let is_shown =
        member(&ask.incoming.body, "/generationConfig/thinkingConfig/includeThoughts") == &Value::Bool(true);
    let thought = answer.thought.as_ref().filter(|_| is_shown)?;
    Some(json!({ "text": thought, "thought": true }))
}

/// Models that think sign their calls, and newer ones give them ids.
fn calls(ask: &Ask, answer: &Answer) -> Vec<Value> {
    let has_ids = ask.model.starts_with("gemini-3");
    let part = |call: &ToolCall| {
        let mut function = json!({ "name": call.name, "args": call.input() });
        if has_ids {
            set(&mut function, "id", json!(call.id));
        }
        let mut part = json!({ "functionCall": function });
        if ask.thinks {
            set(&mut part, "thoughtSignature", json!(STANDARD.encode(&call.id)));
        }
        part
    };
    answer.calls.iter().map(part).collect()
}

/// Thoughts are counted beside the candidates, cached input within the prompt.
fn usage(tokens: &Tokens) -> Value {
    let text = |count: usize| json!([{ "modality": "TEXT", "tokenCount": count }]);
    let mut usage = json!({
        "promptTokenCount": tokens.input,
        "candidatesTokenCount": tokens.visible,
        "totalTokenCount": tokens.total(),
        "cachedContentTokenCount": tokens.cache_read,
        "promptTokensDetails": text(tokens.input),
        "cacheTokensDetails": text(tokens.cache_read),
    });
    if tokens.reasoning > 0 {
        set(&mut usage, "thoughtsTokenCount", json!(tokens.reasoning));
    }
    usage
}
