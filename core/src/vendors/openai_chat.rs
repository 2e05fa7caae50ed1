//! OpenAI chat completions (`POST /chat/completions`) and text completions (`POST /completions`), whole and
//! streamed, as OpenAI, Azure and the many compatible servers write them.
//! Source: the API reference, "Chat completion object" and "Chat completion chunk object".

use std::collections::BTreeMap;

use super::{Chunks, Format, Reading, Wire, answer::Answer};
use crate::{
    config::{MAX_CHOICES, MAX_MESSAGES},
    json::{Node, Object},
    messages::{Message, Part, answers},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "openai_chat",
    format: Format::OpenAiChat,
    provider: Some("openai"),
    request,
    response,
    chunks: || Box::<Choices>::default(),
};

/// Request fields that are attributes as they are.
const PARAMETERS: &[(&str, &str)] = &[
    ("model", "gen_ai.request.model"),
    ("max_tokens", "gen_ai.request.max_tokens"),
    // The newer name of the same limit, which wins where both are given.
    ("max_completion_tokens", "gen_ai.request.max_tokens"),
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("top_k", "gen_ai.request.top_k"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
    ("seed", "gen_ai.request.seed"),
    ("stop", "gen_ai.request.stop_sequences"),
    ("reasoning_effort", "gen_ai.request.reasoning.level"),
];

/// Reads the body of a request.
pub(super) fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.parameters(payload, PARAMETERS);
    reading.input(payload.any(&["messages", "prompt"]));
    let tools = ["tools", "functions"].into_iter().flat_map(|name| payload.get(name).items());
    reading.tools(tools, tool_definition);
}

/// `{type, function: {name, ...}}` as `{type, name, ...}`, the shape that the conventions show.
pub(super) fn tool_definition(out: &mut String, tool: Node<'_>) {
    let kind = tool.get("type").str();
    let inner = tool.get(kind.as_deref().unwrap_or("function"));
    if !inner.is_object() {
        return tool.write(out);
    }
    let mut definition = Object::begin(out).text("type", kind.as_deref().unwrap_or("function"));
    for (key, value) in inner.members() {
        definition = definition.entry(&key.text(), value);
    }
    definition.end();
}

/// Reads the body of an answer.
pub(super) fn response(payload: Node<'_>, reading: &mut Reading) {
    head(payload, reading);
    if payload.get("usage").is_some() {
        reading.usage = usage(payload.get("usage"));
    }
    let choices = || payload.get("choices").items().take(MAX_MESSAGES);
    reading.finish_reasons(choices().filter_map(|choice| choice.get("finish_reason").str()));
    if reading.keep.outputs {
        reading.output(&choices().flat_map(choice).collect::<Vec<_>>());
    }
}

fn head(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.model", payload.get("model"));
    reading.text("gen_ai.response.id", payload.get("id"));
}

/// The message of a choice; text completions have only a text.
fn choice(choice: Node<'_>) -> Vec<Message<'_>> {
    let reason = choice.get("finish_reason").str();
    if !choice.get("message").is_some() {
        let text =
            choice.get("text").str().map(|text| Message::answer(vec![Part::Text(text)]).stopped(reason));
        return text.into_iter().collect();
    }
    let mut messages = answers(choice.get("message"));
    if let Some(message) = messages.last_mut() {
        message.finish_reason = reason;
    }
    messages
}

/// OpenAI counts cached tokens inside the prompt and reasoning inside the completion, as the conventions do.
/// `prompt_cache_hit_tokens` is DeepSeek's name, `prompt_tokens_details.cache_write_tokens` `OpenRouter`'s.
pub(super) fn usage(usage: Node<'_>) -> Usage {
    let count = |path: &[&str]| tokens_of(usage.at(path));
    Usage {
        input: count(&["prompt_tokens"]),
        output: count(&["completion_tokens"]),
        total: count(&["total_tokens"]),
        cache_read: count(&["prompt_tokens_details", "cached_tokens"])
            .or_else(|| count(&["prompt_cache_hit_tokens"])),
        cache_creation: count(&["prompt_tokens_details", "cache_write_tokens"]),
        reasoning: count(&["completion_tokens_details", "reasoning_tokens"]),
    }
}

/// Chunks -> one answer a choice.
#[derive(Debug, Default)]
pub(super) struct Choices {
    id: Option<String>,
    model: Option<String>,
    usage: Option<Usage>,
    choices: BTreeMap<u64, Answer>,
}

/// Where the pieces of an answer stand in it.
mod place {
    pub const REASONING: u64 = 0;
    pub const TEXT: u64 = 1;
    pub const REFUSAL: u64 = 2;
    pub const AUDIO: u64 = 3;
    pub const CALLS: u64 = 16;
}

impl Chunks for Choices {
    fn push(&mut self, chunk: Node<'_>) -> bool {
        for (target, name) in [(&mut self.id, "id"), (&mut self.model, "model")] {
            if target.is_none() {
                *target = chunk.get(name).words().map(Into::into);
            }
        }
        // Groq says it in a corner of its own.
        let counts =
            [chunk.get("usage"), chunk.at(&["x_groq", "usage"])].into_iter().find(|node| node.is_some());
        if let Some(counts) = counts {
            self.usage = Some(usage(counts));
        }
        let mut has_content = false;
        for choice in chunk.get("choices").items() {
            let number = index(choice).unwrap_or(0);
            if self.choices.len() < MAX_CHOICES || self.choices.contains_key(&number) {
                has_content |= take(self.choices.entry(number).or_default(), choice);
            }
        }
        has_content
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        for (text, key) in [(self.model, "gen_ai.response.model"), (self.id, "gen_ai.response.id")] {
            if let Some(text) = text {
                reading.attributes.set(key, text);
            }
        }
        reading.usage = self.usage.unwrap_or(reading.usage);
        reading.finish_reasons(
            self.choices.values().filter_map(|answer| answer.finish_reason.as_deref().map(Into::into)),
        );
        if reading.keep.outputs {
            let answers: Vec<Message<'_>> = self
                .choices
                .values()
                .filter(|answer| !answer.is_empty())
                .map(|answer| answer.message(&[], |_| Vec::new()))
                .collect();
            reading.output(&answers);
        }
    }
}

fn index(node: Node<'_>) -> Option<u64> {
    node.get("index").i64().and_then(|index| u64::try_from(index).ok())
}

/// Takes a choice of a chunk; true when it brings content.
fn take(answer: &mut Answer, choice: Node<'_>) -> bool {
    if let Some(reason) = choice.get("finish_reason").words() {
        answer.finish_reason = Some(reason.into_owned());
    }
    let delta = choice.get("delta");
    let text = |name: &str| delta.get(name).str().unwrap_or_default();
    let mut has_content = answer.text(place::TEXT, &choice.get("text").str().unwrap_or_default());
    let reasoning = Some(text("reasoning_content")).filter(|text| !text.is_empty());
    has_content |= answer.reasoning(place::REASONING, &reasoning.unwrap_or_else(|| text("reasoning")));
    has_content |= content(answer, delta.get("content"));
    has_content |= answer.text(place::REFUSAL, &text("refusal"));
    let transcript = delta.at(&["audio", "transcript"]).str().unwrap_or_default();
    has_content |= answer.text(place::AUDIO, &transcript);
    for (position, call) in (0..).zip(delta.get("tool_calls").items()) {
        has_content = true;
        take_call(answer, index(call).unwrap_or(position), call);
    }
    let call = delta.get("function_call");
    if call.is_object() {
        has_content = true;
        take_call(answer, 0, call);
    }
    has_content
}

/// A text; Mistral also sends lists of texts and thoughts.
fn content(answer: &mut Answer, content: Node<'_>) -> bool {
    let mut has_content = answer.text(place::TEXT, &content.str().unwrap_or_default());
    for part in content.items() {
        has_content |= answer.text(place::TEXT, &part.get("text").str().unwrap_or_default());
        for thought in part.get("thinking").items() {
            has_content |= answer.reasoning(place::REASONING, &thought.get("text").str().unwrap_or_default());
        }
    }
    has_content
}

fn take_call(answer: &mut Answer, number: u64, call: Node<'_>) {
    let function = if call.get("function").is_object() { call.get("function") } else { call };
    if let Some(target) = answer.call(place::CALLS.saturating_add(number)) {
        target.push(call.get("id"), function.get("name"), function.get("arguments"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::{read, stream};
    use serde_json::json;

    fn chunk(delta: &serde_json::Value) -> serde_json::Value {
        json!({"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
    }

    #[test]
    fn chunks_become_the_answer_that_would_have_come_at_once() {
        let function = |function| json!({"tool_calls": [{"index": 0, "function": function}]});
        let chunks = [
            chunk(&json!({"role": "assistant", "content": ""})),
            chunk(&json!({"reasoning_content": "Hm"})),
            chunk(&json!({"content": "Let me "})),
            chunk(&json!({"content": "look"})),
            chunk(
                &json!({"tool_calls": [{"index": 0, "id": "c1", "function": {"name": "f", "arguments": ""}}]}),
            ),
            chunk(&function(json!({"arguments": "{\"a\""}))),
            chunk(&function(json!({"arguments": ":1}"}))),
            json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}),
            json!({"choices": [], "usage": {"prompt_tokens": 1}}),
        ];
        let whole = json!({"id": "c", "model": "m", "usage": {"prompt_tokens": 1}, "choices": [{
            "message": {"role": "assistant", "reasoning_content": "Hm", "content": "Let me look", "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}}
            ]},
            "finish_reason": "tool_calls"
        }]});
        assert_eq!(stream(&WIRE, &chunks), read(&WIRE, &json!({}), &whole));
    }

    #[test]
    fn a_chunk_that_only_names_the_role_brings_no_content() {
        let mut chunks = Choices::default();
        let says = |chunks: &mut Choices, delta| {
            let text = chunk(&delta).to_string();
            chunks.push(crate::json::Doc::parse(text.as_bytes()).unwrap().root())
        };
        assert!(!says(&mut chunks, json!({"role": "assistant", "content": ""})));
        assert!(says(&mut chunks, json!({"content": "Hi"})));
    }

    #[test]
    fn text_completions_and_their_streams() {
        let whole = json!({"id": "t", "choices": [{"text": "Hello", "finish_reason": "stop"}]});
        let chunks = [
            json!({"id": "t", "choices": [{"text": "Hel"}]}),
            json!({"choices": [{"text": "lo", "finish_reason": "stop"}]}),
        ];
        let said = read(&WIRE, &json!({"prompt": "Say hello"}), &whole);
        assert_eq!(
            said["gen_ai.output.messages"],
            json!([{"role": "assistant", "parts": [{"type": "text", "content": "Hello"}], "finish_reason": "stop"}])
        );
        assert_eq!(
            said["gen_ai.input.messages"],
            json!([{"role": "user", "parts": [{"type": "text", "content": "Say hello"}]}])
        );
        assert_eq!(stream(&WIRE, &chunks)["gen_ai.output.messages"], said["gen_ai.output.messages"]);
    }
}
