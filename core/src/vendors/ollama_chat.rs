//! Ollama's own API: `POST /api/chat` and `/api/generate`, streamed as JSON by lines.
//! Source: Ollama's documentation, "API", and the types of the `ollama` packages.

use super::{
    Chunks, Format, Reading, Wire, answer::Answer, ollama_embed::embedded, openai_chat::tool_definition,
};
use crate::{
    json::Node,
    messages::{Conversation, Message, Part, answer, beside, instructions, read_parts},
    span::{Usage, tokens_of},
};

pub(super) const WIRE: Wire = Wire {
    name: "ollama_chat",
    format: Format::OllamaChat,
    provider: Some("ollama"),
    request,
    response,
    chunks: || Box::<Lines>::default(),
};

/// Members of `options` that are attributes as they are.
const OPTIONS: &[(&str, &str)] = &[
    ("temperature", "gen_ai.request.temperature"),
    ("top_p", "gen_ai.request.top_p"),
    ("top_k", "gen_ai.request.top_k"),
    ("frequency_penalty", "gen_ai.request.frequency_penalty"),
    ("presence_penalty", "gen_ai.request.presence_penalty"),
    ("seed", "gen_ai.request.seed"),
    ("stop", "gen_ai.request.stop_sequences"),
];

/// Reads the body of a request.
fn request(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.request.model", payload.get("model"));
    // A level, where thinking is not only switched on or off.
    reading.text("gen_ai.request.reasoning.level", payload.get("think"));
    let options = payload.get("options");
    reading.parameters(options, OPTIONS);
    // -1 and -2 stand for no limit.
    if let Some(limit) = tokens_of(options.get("num_predict")) {
        reading.attributes.set("gen_ai.request.max_tokens", limit);
    }
    embedded(payload.get("input"), reading);
    if payload.get("messages").is_some() {
        reading.input(payload.get("messages"));
    } else if reading.keep.inputs {
        reading.conversation(&prompt(payload));
    }
    reading.tools(payload.get("tools").items(), tool_definition);
}

/// What `/api/generate` is asked, as the conversation that it is.
fn prompt(payload: Node<'_>) -> Conversation<'_> {
    let mut parts = read_parts(payload.get("prompt"));
    parts.extend(beside(payload));
    parts.retain(|part| !part.is_empty());
    let message = Message { role: "user".into(), parts, finish_reason: None };
    let messages = if message.parts.is_empty() { Vec::new() } else { vec![message] };
    Conversation { system: instructions(payload.get("system")), messages, removed: 0 }
}

/// Reads the body of an answer. Ollama gives it no id.
fn response(payload: Node<'_>, reading: &mut Reading) {
    reading.text("gen_ai.response.model", payload.get("model"));
    reading.usage = usage(payload);
    let reason = payload.get("done_reason");
    reading.finish_reasons(reason.str().into_iter());
    if reading.keep.outputs {
        let message = payload.get("message");
        let said = if message.is_object() { answer(message) } else { generated(payload) };
        reading.said(said.stopped(reason.words()));
    }
}

/// The answer of `/api/generate`, which is no message.
fn generated(payload: Node<'_>) -> Message<'_> {
    let thought = payload.get("thinking").words().map(Part::Reasoning);
    let said = payload.get("response").words().map(Part::Text);
    Message::answer(thought.into_iter().chain(said).collect())
}

/// What was evaluated; a prompt that was cached may have no count at all.
fn usage(payload: Node<'_>) -> Usage {
    Usage {
        input: tokens_of(payload.get("prompt_eval_count")),
        output: tokens_of(payload.get("eval_count")),
        ..Usage::default()
    }
}

/// Lines of a stream -> the answer that would have come at once.
#[derive(Clone, Debug, Default)]
struct Lines {
    model: Option<String>,
    usage: Usage,
    answer: Answer,
}

/// Where the pieces stand, in the order in which a whole message is read.
mod place {
    pub const REASONING: u64 = 0;
    pub const TEXT: u64 = 1;
    pub const CALLS: u64 = 2;
}

impl Chunks for Lines {
    fn push(&mut self, line: Node<'_>) -> bool {
        if self.model.is_none() {
            self.model = line.get("model").words().map(Into::into);
        }
        // Counts come with the last line.
        let counts = usage(line);
        self.usage = if counts == Usage::default() { self.usage } else { counts };
        self.answer.stop(line.get("done_reason"));
        let message = line.get("message");
        let text = |node: Node<'_>| node.str().unwrap_or_default().into_owned();
        let thought = text(message.get("thinking")) + &text(line.get("thinking"));
        let mut has_content = self.answer.reasoning(place::REASONING, &thought);
        let said = text(message.get("content")) + &text(line.get("response"));
        has_content |= self.answer.text(place::TEXT, &said);
        // Calls come whole, one or more in a line.
        for call in message.get("tool_calls").items() {
            has_content = true;
            let function = call.get("function");
            if let Some(target) = self.answer.call(self.answer.next().max(place::CALLS)) {
                target.push(call.get("id"), function.get("name"), function.get("arguments"));
            }
        }
        has_content
    }

    fn finish(self: Box<Self>, reading: &mut Reading) {
        if let Some(model) = self.model {
            reading.attributes.set("gen_ai.response.model", model);
        }
        reading.usage = self.usage;
        self.answer.tell(reading);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::testing::{read, stream, survives};
    use serde_json::json;

    #[test]
    fn a_request_with_every_parameter() {
        let request = json!({
            "model": "qwen3", "think": "high", "keep_alive": "5m",
            "options": {"temperature": 0.5, "num_predict": 64, "top_k": 40, "top_p": 0.75, "seed": 7,
                        "stop": ["END"], "num_ctx": 4096, "presence_penalty": 0.25, "frequency_penalty": 0.5},
            "messages": [
                {"role": "user", "content": "What is this?", "images": ["QUJDRA=="]},
                {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}]},
                {"role": "tool", "tool_name": "f", "content": "sunny"},
            ],
        });
        let said = read(&WIRE, &request, &json!({}));
        assert_eq!(said["gen_ai.request.max_tokens"], 64);
        assert_eq!(said["gen_ai.request.stop_sequences"], json!(["END"]));
        assert_eq!(said["gen_ai.request.reasoning.level"], "high");
        let messages = &said["gen_ai.input.messages"];
        assert_eq!(messages[0]["parts"][1]["size"], 4);
        assert_eq!(
            messages[2]["parts"],
            json!([{"type": "tool_call_response", "id": "f", "response": "sunny"}])
        );
        survives(&WIRE, &request);
        let unlimited = json!({"think": true, "options": {"num_predict": -1}});
        assert_eq!(read(&WIRE, &unlimited, &json!({})), json!({}));
    }

    #[test]
    fn lines_become_the_answer_that_would_have_come_at_once() {
        let call = |name: &str| json!({"function": {"name": name, "arguments": {"a": 1}}});
        let whole = json!({
            "model": "qwen3", "created_at": "2025-07-01T00:00:00Z", "done": true, "done_reason": "stop",
            "message": {"role": "assistant", "thinking": "Hm.", "content": "Look:", "tool_calls": [call("f"), call("g")]},
            "total_duration": 5_191_566_416_u64, "prompt_eval_count": 26, "eval_count": 298,
        });
        let line = |message| json!({"model": "qwen3", "message": message, "done": false});
        let chunks = [
            line(json!({"role": "assistant", "content": "", "thinking": "Hm."})),
            line(json!({"role": "assistant", "content": "Loo"})),
            line(json!({"role": "assistant", "content": "k:"})),
            line(json!({"role": "assistant", "content": "", "tool_calls": [call("f")]})),
            line(json!({"role": "assistant", "content": "", "tool_calls": [call("g")]})),
            json!({"model": "qwen3", "message": {"role": "assistant", "content": ""}, "done": true,
                   "done_reason": "stop", "prompt_eval_count": 26, "eval_count": 298}),
        ];
        let said = read(&WIRE, &json!({}), &whole);
        assert_eq!(stream(&WIRE, &chunks), said);
        assert_eq!(said["gen_ai.usage.output_tokens"], 298);
        survives(&WIRE, &whole);
    }

    #[test]
    fn what_is_generated_without_messages() {
        let request = json!({"model": "m", "prompt": "Why?", "system": "Be brief.", "images": ["QUJD"]});
        let whole = json!({"model": "m", "response": "Because.", "thinking": "Hm", "done": true,
                           "done_reason": "length", "context": [1, 2, 3], "eval_count": 5});
        let chunks = [
            json!({"model": "m", "thinking": "Hm", "response": "", "done": false}),
            json!({"model": "m", "response": "Beca", "done": false}),
            json!({"model": "m", "response": "use.", "done": true, "done_reason": "length", "eval_count": 5}),
        ];
        let said = read(&WIRE, &request, &whole);
        assert_eq!(said["gen_ai.system_instructions"], json!([{"type": "text", "content": "Be brief."}]));
        assert_eq!(said["gen_ai.input.messages"][0]["parts"][1]["type"], "blob");
        assert_eq!(stream(&WIRE, &chunks), read(&WIRE, &json!({}), &whole));
        assert!(said.get("gen_ai.usage.input_tokens").is_none());
        survives(&WIRE, &request);
    }

    #[test]
    fn embeddings() {
        let request = json!({"model": "all-minilm", "input": ["a", "b"]});
        let whole = json!({"model": "all-minilm", "embeddings": [[0.1], [0.2]], "prompt_eval_count": 8});
        assert_eq!(
            read(&WIRE, &request, &whole),
            json!({"gen_ai.request.model": "all-minilm", "gen_ai.response.model": "all-minilm",
                   "gen_ai.embeddings.input": ["a", "b"], "gen_ai.usage.input_tokens": 8})
        );
        survives(&WIRE, &request);
    }
}
