//! OpenAI chat completions (`POST /chat/completions`), whole and streamed.
//! Source: the API reference, "Chat completion object" and "Chat completion chunk object".

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Reading;
use crate::{
    attributes::Value as Attribute,
    messages::Conversation,
    span::{Usage, tokens},
};

/// Request fields that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("model", "gen_ai.request.model"),
    ("max_tokens", "gen_ai.request.max_tokens"),
    // The newer name of the same limit, which wins where both are given.
    ("max_completion_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
    ("seed", "gen_ai.request.seed"),
    ("stop", "gen_ai.request.stop_sequences"),
    ("reasoning_effort", "gen_ai.request.reasoning.level"),
];

/// Reads the body of a request.
pub(super) fn read_request(payload: &Value, reading: &mut Reading) {
    reading.provider = Some("openai");
    for (field, key) in PARAMETERS {
        if let Some(value) = payload.get(*field).cloned().and_then(Attribute::from_json) {
            reading.attributes.set(*key, value);
        }
    }
    if let Some(messages) = payload.get("messages") {
        let conversation = Conversation::read(messages.clone());
        reading.system = conversation.system;
        reading.input = conversation.messages;
    }
    reading.tools = ["tools", "functions"]
        .iter()
        .filter_map(|field| payload.get(*field)?.as_array())
        .flatten()
        .map(tool_definition)
        .collect();
}

/// `{type, function: {name, ...}}` as `{type, name, ...}`, the shape that the conventions show.
fn tool_definition(tool: &Value) -> Value {
    let kind = tool.get("type").and_then(Value::as_str).unwrap_or("function");
    match tool.get(kind) {
        Some(Value::Object(inner)) => {
            let mut definition = Map::new();
            definition.insert("type".to_owned(), kind.into());
            definition.extend(inner.iter().map(|(key, value)| (key.clone(), value.clone())));
            Value::Object(definition)
        }
        _ => tool.clone(),
    }
}

/// Reads the body of an answer.
pub(super) fn read_response(payload: &Value, reading: &mut Reading) {
    for (field, key) in [("model", "gen_ai.response.model"), ("id", "gen_ai.response.id")] {
        if let Some(text) = payload.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()) {
            reading.attributes.set(key, text);
        }
    }
    if let Some(usage) = payload.get("usage") {
        reading.usage = read_usage(usage);
    }
    let choices = payload.get("choices").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    reading.output = choices.iter().flat_map(read_choice).collect();
    let reasons: Vec<&str> =
        choices.iter().filter_map(|choice| choice.get("finish_reason")?.as_str()).collect();
    match reasons.as_slice() {
        [] => {}
        [reason] => reading.attributes.set("gen_ai.response.finish_reasons", *reason),
        several => reading.attributes.set("gen_ai.response.finish_reasons", json!(several).to_string()),
    }
}

fn read_choice(choice: &Value) -> Vec<crate::messages::Message> {
    let Some(message) = choice.get("message") else { return Vec::new() };
    let mut messages = Conversation::read_answers(message.clone()).messages;
    if let Some(message) = messages.last_mut() {
        message.finish_reason = choice.get("finish_reason").and_then(Value::as_str).map(str::to_owned);
    }
    messages
}

/// OpenAI counts cached tokens inside the prompt and reasoning inside the completion, as the conventions do.
fn read_usage(usage: &Value) -> Usage {
    let count = |pointer: &str| tokens(usage.pointer(pointer));
    Usage {
        input: count("/prompt_tokens"),
        output: count("/completion_tokens"),
        total: count("/total_tokens"),
        cache_read: count("/prompt_tokens_details/cached_tokens"),
        cache_creation: None,
        reasoning: count("/completion_tokens_details/reasoning_tokens"),
    }
}

/// Chunks -> one answer.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    head: Map<String, Value>,
    choices: BTreeMap<u64, Choice>,
}

#[derive(Debug, Default)]
struct Choice {
    role: Option<String>,
    content: String,
    refusal: String,
    reasoning: String,
    calls: BTreeMap<u64, Call>,
    finish_reason: Option<String>,
}

#[derive(Debug, Default)]
struct Call {
    id: Option<String>,
    name: String,
    arguments: String,
}

impl Chunks {
    /// Takes one chunk; true when it brings content (the first chunk names only the role).
    pub fn push(&mut self, chunk: &Value) -> bool {
        for field in ["id", "model", "usage"] {
            if let Some(value) = chunk.get(field).filter(|value| !value.is_null()) {
                self.head.insert(field.to_owned(), value.clone());
            }
        }
        let choices = chunk.get("choices").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut has_content = false;
        for choice in choices {
            let index = choice.get("index").and_then(Value::as_u64).unwrap_or(0);
            has_content |= self.choices.entry(index).or_default().push(choice);
        }
        has_content
    }

    /// The answer, as if it had come at once.
    pub fn finish(self) -> Value {
        let mut whole = self.head;
        let choices: Vec<Value> = self.choices.into_values().map(Choice::finish).collect();
        whole.insert("choices".to_owned(), choices.into());
        Value::Object(whole)
    }
}

impl Choice {
    fn push(&mut self, choice: &Value) -> bool {
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish_reason = Some(reason.to_owned());
        }
        let Some(delta) = choice.get("delta") else { return false };
        let text = |key: &str| delta.get(key).and_then(Value::as_str).unwrap_or_default();
        if let Some(role) = delta.get("role").and_then(Value::as_str) {
            self.role = Some(role.to_owned());
        }
        let reasoning = Some(text("reasoning_content")).filter(|text| !text.is_empty());
        let pieces = [text("content"), text("refusal"), reasoning.unwrap_or_else(|| text("reasoning"))];
        for (target, piece) in
            [&mut self.content, &mut self.refusal, &mut self.reasoning].into_iter().zip(pieces)
        {
            target.push_str(piece);
        }
        let calls = delta.get("tool_calls").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (position, call) in (0..).zip(calls) {
            let index = call.get("index").and_then(Value::as_u64).unwrap_or(position);
            self.calls.entry(index).or_default().push(call);
        }
        !calls.is_empty() || pieces.iter().any(|piece| !piece.is_empty())
    }

    fn finish(self) -> Value {
        let mut message = Map::new();
        message.insert("role".to_owned(), self.role.unwrap_or_else(|| "assistant".to_owned()).into());
        let texts =
            [("content", self.content), ("refusal", self.refusal), ("reasoning_content", self.reasoning)];
        for (key, text) in texts {
            if !text.is_empty() {
                message.insert(key.to_owned(), text.into());
            }
        }
        if !self.calls.is_empty() {
            let calls: Vec<Value> = self.calls.into_values().map(Call::finish).collect();
            message.insert("tool_calls".to_owned(), calls.into());
        }
        json!({"message": message, "finish_reason": self.finish_reason})
    }
}

impl Call {
    fn push(&mut self, call: &Value) {
        let text = |pointer: &str| call.pointer(pointer).and_then(Value::as_str);
        if let Some(id) = text("/id").filter(|id| !id.is_empty()) {
            self.id = Some(id.to_owned());
        }
        self.name.push_str(text("/function/name").unwrap_or_default());
        self.arguments.push_str(text("/function/arguments").unwrap_or_default());
    }

    fn finish(self) -> Value {
        json!({"id": self.id, "type": "function",
               "function": {"name": self.name, "arguments": self.arguments}})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(delta: &Value) -> Value {
        json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
    }

    #[test]
    fn chunks_become_the_answer_that_would_have_come_at_once() {
        let mut chunks = Chunks::default();
        assert!(!chunks.push(&chunk(&json!({"role": "assistant", "content": ""}))));
        assert!(chunks.push(&chunk(&json!({"content": "Let me "}))));
        assert!(chunks.push(&chunk(&json!({"content": "look"}))));
        let call = |function: Value| json!({"tool_calls": [{"index": 0, "function": function}]});
        let first =
            json!({"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]});
        assert!(chunks.push(&chunk(&first)));
        chunks.push(&chunk(&call(json!({"arguments": "{\"a\""}))));
        chunks.push(&chunk(&call(json!({"arguments": ":1}"}))));
        chunks.push(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}));
        chunks.push(&json!({"choices": [], "usage": {"prompt_tokens": 1}}));
        assert_eq!(
            chunks.finish(),
            json!({"id": "c", "model": "m", "usage": {"prompt_tokens": 1}, "choices": [{
                "message": {"role": "assistant", "content": "Let me look", "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}
                ]},
                "finish_reason": "tool_calls"
            }]})
        );
    }

    #[test]
    fn nonsense_reads_as_nothing() {
        for odd in
            [json!(null), json!(5), json!([]), json!({"choices": null, "usage": []}), json!({"choices": [7]})]
        {
            let mut reading = Reading::default();
            read_request(&odd, &mut reading);
            read_response(&odd, &mut reading);
            assert!(reading.output.is_empty());
            assert_eq!(reading.usage, Usage::default());
            assert!(!Chunks::default().push(&odd));
        }
    }
}
